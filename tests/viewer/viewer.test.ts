import { readFileSync } from 'node:fs'
import type { Browser, Page } from 'playwright-core'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pageOfVerdict } from '../../checker/page/page.js'
import { projectRoot } from '../helpers/spawn.js'
import { shownRun } from '../page/shown.js'
import { browserPath, contrast, listen, type Noise, pageFile, startBrowser } from './browser.js'

if (browserPath === null) console.log('no browser is installed: the viewer is not tried in one')

const shown = shownRun('guest_memfd/truncate-vs-fault.gmem')
const loop = shownRun('guest_memfd/truncate-vs-fault.gmem', {
  unmap: 'until_unmapped',
  unmap_units: 'pages',
})
const { params, design, interpreter, engine } = shown.row
const context = { file: 'm.gmem', params, design, summary: 'bounds: x', interpreter, engine }
const url = pageFile('run.html', shown.page)
const loopUrl = pageFile('loop.html', loop.page)
const quietUrl = pageFile('quiet.html', shownRun('invalidation/slot-deletion.gmem').page)
const cleanUrl = pageFile(
  'clean.html',
  pageOfVerdict('incomplete', 'incomplete, limit states: 5', context),
)

let browser: Browser | null = null
let page: Page
let noise: Noise

const viewer = suite('the viewer in a browser')
const shows = browserPath === null ? viewer.skip : viewer

viewer.before(async () => {
  if (browserPath === null) return
  browser = await startBrowser(browserPath)
  page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
  page.setDefaultTimeout(120_000)
  noise = listen(page)
})
viewer.before.each(async () => {
  if (browser === null) return
  await page.emulateMedia({ media: 'screen', colorScheme: 'light' })
  // Otherwise only what stands behind the # would be gone to.
  await page.goto('about:blank')
  await page.goto(url)
})
viewer.after(async () => browser?.close())

const texts = (selector: string): Promise<string[]> => page.locator(selector).allTextContents()
const where = async (): Promise<string> => (await texts('.where')).join()
const current = async (): Promise<string> => (await texts('.picture .line.current code')).join()
const hash = async (): Promise<string> => new URL(page.url()).hash
const press = async (...keys: readonly string[]): Promise<void> => {
  for (const key of keys) await page.keyboard.press(key)
}
const row = (place: string) => page.locator(`.state tr:has(button[title="${place}"])`)

shows('the columns of the terminal, line for line', async () => {
  const written = readFileSync(`${projectRoot}counterexamples/truncate-vs-fault.txt`, 'utf8')
  const lines = written.split('\n')
  const rule = lines.findIndex((line) => /^-+ -+$/.test(line))
  const statements = lines
    .slice(rule + 1, lines.indexOf('', rule))
    .filter((line) => /^(?: {36})?\S/.test(line))
  const shownLines = await page.evaluate<string[]>(`
    [...document.querySelectorAll('.picture .line:not(.start)')].map((line) => {
      const lanes = [...line.querySelectorAll('.lane')]
      const at = lanes.findIndex((lane) => lane.textContent !== '')
      return ' '.repeat(36 * at) + line.querySelector('code').textContent
    })
  `)
  assert.equal(shownLines, statements)
  assert.equal(await texts('.head .lane'), ['vcpu0: fault(0, 1)', 'vmm: punch_hole(4, 4)'])
  assert.equal(await texts('h1'), [lines[0]])
  assert.equal(await texts('.picture .line.star .wrong'), ['*** _mapcount 0, _refcount 3'])
})

shows('nothing is loaded, nothing else may run, and nothing is complained of', async () => {
  assert.equal([...new Set(noise.requests)], [url])
  assert.equal(noise.complaints, [])
  const ran = await page.evaluate(`(async () => {
    const script = document.createElement('script')
    script.textContent = 'globalThis.ran = true'
    document.body.append(script)
    const loaded = await fetch('data:,x').then(() => true, () => false)
    return [globalThis.ran === true, loaded]
  })()`)
  assert.equal(ran, [false, false])
  assert.ok(noise.complaints.every((text) => /Content Security Policy/.test(text)))
  noise.complaints.length = 0
})

shows('keys step, over statements and over single steps', async () => {
  assert.is(await where(), 'step 16 of 16')
  await press('Home')
  assert.is(await where(), 'step 0 of 16')
  await press('j', 'ArrowDown')
  assert.is(await where(), 'step 6 of 16')
  assert.is(await current(), 'f = filemap_lock_folio(1)')
  await press('k')
  assert.is(await current(), 'down_read(&invalidate_lock)')
  await press('f', 'f', 'j')
  assert.match(await hash(), /detail=steps/)
  assert.is(await where(), 'step 2 of 16')
  assert.is((await texts('.picture .line .number')).filter((text) => text !== '').length, 17)
  await press('End', 'j')
  assert.is(await where(), 'step 16 of 16')
})

shows('s goes where another thread takes over', async () => {
  await press('Home', 's')
  assert.is(await current(), 'down_write(&invalidate_lock)')
  await press('s')
  assert.is(await current(), 'set_pte(0, 1, f)')
  await press('S')
  assert.is(await where(), 'step 8 of 16')
})

shows('c follows the variable that is selected', async () => {
  await row('mem_map[0]._refcount').locator('button').first().click()
  assert.equal(await texts('.picture .line.marked code'), [
    'f = filemap_lock_folio(1)',
    'f = filemap_get_entry(1)',
  ])
  await press('Home', 'c')
  assert.is(await where(), 'step 3 of 16')
  await press('c', 'c')
  assert.is(await where(), 'step 13 of 16')
  await press('C')
  assert.is(await where(), 'step 3 of 16')
  assert.is(await hash(), '#step=3&place=mem_map%5B0%5D._refcount')
})

shows('an address is a place in the run', async () => {
  await page.goto('about:blank')
  await page.goto(`${url}#step=10&place=mem_map%5B0%5D._mapcount`)
  assert.is(await current(), 'set_pte(0, 1, f)')
  assert.equal(await row('mem_map[0]._mapcount').locator('td').allTextContents(), [
    '-1 0',
    '10 vcpu0',
  ])
  assert.equal(await row('invalidate_lock').locator('td').allTextContents(), [
    ' held by vmm',
    '8 vmm',
  ])
  assert.equal((await texts('.state .changed th')).length, 3)
  assert.equal(await texts('.state [aria-pressed=true]'), ['_mapcount'])
  assert.match(
    (await texts('.executed code')).join('\n'),
    /^ {2}atomic \{[\s\S]*pte\[p\]\[index\] = f;/,
  )
  await page.evaluate(`location.hash = '#step=1'`)
  await page.locator('.picture .line.current:has-text("down_read")').waitFor()
  await page.goto(`${url}#step=99&detail=none&place=nothing`)
  assert.is(await where(), 'step 16 of 16')
})

shows('a click goes to a line, and to who wrote a value', async () => {
  await page.locator('.picture .line:has-text("up_read")').click()
  assert.is(await where(), 'step 7 of 16')
  await row('mem_map[0]._refcount').locator('button').last().click()
  assert.is(await where(), 'step 3 of 16')
})

shows('places that never change are left out until they are asked for', async () => {
  const few = (await texts('.state tbody button[title]')).sort()
  assert.equal(few, [
    '_mapcount',
    '_refcount',
    'flags.PG_locked',
    'invalidate_lock',
    'pte[0][1]',
    'tlb[0][1]',
  ])
  await page.getByLabel('all of it').check()
  assert.is(await page.locator('.state tbody button[title]').count(), shown.page.run?.places.length)
})

shows('what else could have happened, and what can come of it', async () => {
  await page.goto(`${url}#step=1`)
  const choices = await texts('.choices li')
  assert.is(choices.length, shown.page.run?.choices[1]?.length)
  assert.is((await texts('.choices .taken .tag')).join(), 'this run')
  assert.match(choices.join('\n'), /a violation can follow in \d+ steps/)
})

shows('bars for locks, a curve for each count', async () => {
  const bars = await page.locator('.picture .line:has-text("folio_unlock") .hold').count()
  assert.is(bars, 2)
  assert.is(await page.locator('.hold.read.taken').count(), 1)
  assert.equal(await texts('.head .counter'), ['_refcount3', '_mapcount0'])
  assert.equal(await texts('.new b'), ['2', '0', '3'])
})

shows('roles and names for those who do not see it', async () => {
  const grid = page.getByRole('grid', { name: 'Steps by thread' })
  const id = await grid.getAttribute('aria-activedescendant')
  assert.is(await page.locator(`#${id}[aria-selected=true]`).count(), 1)
  assert.is(await page.locator('[aria-selected=true]').count(), 1)
  const nameless = await page.evaluate(`
    [...document.querySelectorAll('button, select, input')].filter((each) => {
      return !each.ariaLabel && !each.textContent && !each.labels?.length
    }).length
  `)
  assert.is(nameless, 0)
  await page.getByRole('button', { name: 'To the start' }).press('Enter')
  assert.equal(await texts('[role=status]'), ['step 0 of 16: initial state'])
})

for (const colorScheme of ['light', 'dark'] as const) {
  shows(`what is written can be read: ${colorScheme}`, async () => {
    await page.emulateMedia({ colorScheme })
    await page.goto(`${url}#step=10`)
    const ground = await page.evaluate(`getComputedStyle(document.body).backgroundColor`)
    assert.is(ground === 'rgb(255, 255, 255)', colorScheme === 'light')
    for (const text of ['.process', '.changes', '.wrong', '.quiet', '.number', 'i', 's', '.bad']) {
      assert.ok((await contrast(page, text)) >= 4.5, `${text} ${await contrast(page, text)}`)
    }
  })
}

shows('on paper the whole run is there, and nothing to press', async () => {
  await page.emulateMedia({ media: 'print' })
  assert.is(await page.locator('.toolbar').isVisible(), false)
  assert.is(await page.locator('.picture .line').last().isVisible(), true)
  const height = await page.evaluate(`(() => {
    const grid = document.querySelector('.grid')
    return grid.scrollHeight - grid.clientHeight
  })()`)
  assert.is(height, 0)
})

shows('what changes nothing is folded, stretch by stretch', async () => {
  await page.goto(`${quietUrl}#detail=statements`)
  const all = await texts('.picture .line .said > code')
  await press('f')
  const few = await texts('.picture .line .said > code')
  assert.is(few.length, all.length - 1)
  assert.is(few[2], `${all[2]} … and 1 more: nothing changes`)
  await press('Home', 'j', 'j')
  assert.is(await current(), few[2])
})

shows('a loop is told, and a row without a violation has its verdict and its model', async () => {
  await page.goto(loopUrl)
  assert.equal(await texts('.picture .line.turn .all'), ['from here on for ever'])
  await page.goto(cleanUrl)
  assert.equal(await texts('h1'), ['incomplete, limit states: 5'])
  // What is not proved must not look as if it were.
  assert.is(await page.locator('header').getAttribute('class'), 'incomplete')
  assert.is(await page.locator('.grid').count(), 0)
  assert.match((await texts('.sources .text')).join(), /model truncate-vs-fault;/)
  assert.equal(noise.complaints, [])
})

viewer.run()
