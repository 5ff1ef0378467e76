import type { PageDocument } from './document.js'

/** What the built viewer has in the places of the title, the text for readers without scripts, and the data. */
const HOLES = {
  title: '<!--title-->',
  text: '<!--text-->',
  data: '/*data*/',
} as const

/**
 * The viewer with a document in it: one file that needs nothing else. `text` is what a reader sees who runs no scripts.
 * Throws where the viewer is not what the build makes.
 */
export function pageHtml(viewer: string, page: PageDocument, text: string): string {
  const title = `${page.report[0] ?? ''} - ${page.model}`
  // The data is an element of a type that browsers do not run; only the end tag could get out of it.
  const data = JSON.stringify(page).replaceAll('<', '\\u003c')
  return fill(viewer, { title: escaped(title), text: escaped(text), data })
}

function fill(viewer: string, texts: Readonly<Record<keyof typeof HOLES, string>>): string {
  const holes = Object.entries(HOLES) as [keyof typeof HOLES, string][]
  const ends = holes.map(([name, hole]) => ({ name, hole, at: viewer.indexOf(hole) }))
  const missing = ends.find(({ at }) => at < 0)
  if (missing !== undefined) throw new Error(`the viewer has no place for its ${missing.name}`)
  let html = ''
  let from = 0
  for (const { name, hole, at } of ends.sort((a, b) => a.at - b.at)) {
    html += viewer.slice(from, at) + texts[name]
    from = at + hole.length
  }
  return html + viewer.slice(from)
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

const escaped = (text: string): string => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)
