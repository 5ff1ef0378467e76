import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'
import { type PageDocument, pageHtml } from '../../checker/index.js'
import { put, temporaryFolder } from '../cli/folder.js'
import { projectRoot } from '../helpers/spawn.js'

/** Where the browsers of distributions are. */
const PLACES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** A browser that is installed here, or null. */
export const browserPath: string | null =
  PLACES.map((name) => `/usr/bin/${name}`).find((path) => existsSync(path)) ?? null

export const startBrowser = (executablePath: string): Promise<Browser> =>
  // Who runs the tests as root, as in a container, gets no sandbox.
  chromium.launch({ executablePath, timeout: 120_000, args: ['--no-sandbox', '--disable-gpu'] })

const folder = temporaryFolder()

/** Writes a page as the command line does; where it is. */
export function pageFile(name: string, page: PageDocument): string {
  const viewer = readFileSync(`${projectRoot}build/viewer.html`, 'utf8')
  const path = join(folder, name)
  put(path, pageHtml(viewer, page, page.report.join('\n')))
  return `file://${path}`
}

/** What a page has asked for and complained of. */
export interface Noise {
  readonly requests: string[]
  readonly complaints: string[]
}

export function listen(page: Page): Noise {
  const noise: Noise = { requests: [], complaints: [] }
  page.on('request', (request) => noise.requests.push(request.url()))
  page.on('pageerror', (problem) => noise.complaints.push(problem.message))
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) noise.complaints.push(message.text())
  })
  return noise
}

/**
 * The least contrast of the texts that a selector finds against what is behind them, by the formula of WCAG 2.1. Colours
 * are drawn to be read back, so that any way of writing them will do.
 */
export const contrast = (page: Page, selector: string): Promise<number> =>
  page.evaluate<number>(`(() => {
    const canvas = document.createElement('canvas')
    const pen = canvas.getContext('2d', { willReadFrequently: true })
    const rgba = (colour) => {
      pen.clearRect(0, 0, 1, 1)
      pen.fillStyle = colour
      pen.fillRect(0, 0, 1, 1)
      return [...pen.getImageData(0, 0, 1, 1).data]
    }
    const luminance = (colour) => {
      const [red, green, blue] = colour.slice(0, 3).map((part) => {
        const share = part / 255
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
      })
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue
    }
    const behind = (element) => {
      for (let each = element; each !== null; each = each.parentElement) {
        const colour = rgba(getComputedStyle(each).backgroundColor)
        if (colour[3] === 255) return colour
      }
      return [255, 255, 255, 255]
    }
    const found = [...document.querySelectorAll(${JSON.stringify(selector)})]
    return Math.min(...found.map((element) => {
      const values = [rgba(getComputedStyle(element).color), behind(element)].map(luminance)
      return (Math.max(...values) + 0.05) / (Math.min(...values) + 0.05)
    }))
  })()`)
