/** Marks a place where a line that is too long may be broken; no text of a model can contain it. */
export const BREAK = '\u0001'

/** The width of a formatted line. */
const LINE_WIDTH = 100

const CONTINUATION = '    '

/** The text on one line. */
export const flat = (text: string): string => text.replaceAll(BREAK, '')

export const fits = (indent: string, text: string): boolean =>
  indent.length + flat(text).length <= LINE_WIDTH

/** The text on as many lines as it needs, broken where the fewest brackets are open. */
export function fill(indent: string, text: string): string[] {
  const lines: string[] = []
  let rest = text
  let margin = indent
  while (!fits(margin, rest)) {
    const at = bestBreak(rest, LINE_WIDTH - margin.length)
    if (at === undefined) break
    lines.push(margin + flat(rest.slice(0, at)).trimEnd())
    rest = rest.slice(at + 1).trimStart()
    margin = indent + CONTINUATION
  }
  lines.push(margin + flat(rest))
  return lines
}

/** Of the breaks within the width, the last one with the fewest open brackets; else the first of all. */
function bestBreak(text: string, width: number): number | undefined {
  let best: { at: number; depth: number } | undefined
  let first: number | undefined
  let depth = 0
  let column = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === BREAK) {
      first ??= at
      if (column <= width && (best === undefined || depth <= best.depth)) best = { at, depth }
      continue
    }
    column++
    if (character === '"') isString = !isString
    if (isString) {
      if (character !== '\\') continue
      at++
      column++
    }
    if ('([{'.includes(character)) depth++
    if (')]}'.includes(character)) depth--
  }
  return best?.at ?? first
}
