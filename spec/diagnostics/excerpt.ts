import type { Span } from '../source/span.js'
import type { SourceText } from '../source/text.js'

/** One line of a source as it is shown, and which columns of it are meant. */
export interface Excerpt {
  readonly text: string
  readonly indent: number
  /** At least 1: an empty span is shown as one column. */
  readonly length: number
}

const TAB = 8
const WIDTH = 100
/** How much of a long line is kept before the place. */
const LEAD = 30

/** The columns a text takes when tabs are blanks; control characters are shown as one column each. */
function expand(text: string): string {
  let shown = ''
  let column = 0
  for (const character of text) {
    const blanks = character === '\t' ? TAB - (column % TAB) : 1
    shown += character === '\t' ? ' '.repeat(blanks) : visible(character)
    column += blanks
  }
  return shown
}

const visible = (character: string): string => (/\p{Cc}/u.test(character) ? '\uFFFD' : character)

const columns = (text: string): number => [...text].length

/** The line of a span with its columns; a span over several lines is shown to the end of the first. */
export function excerpt(source: SourceText, span: Span): Excerpt {
  const { line, column } = source.position(span.from)
  const whole = source.line(line)
  const last = Math.min(column - 1 + Math.max(0, span.to - span.from), whole.length)
  const before = expand(whole.slice(0, column - 1))
  const upTo = expand(whole.slice(0, Math.max(last, column - 1)).trimEnd())
  const shown = expand(whole)
  const indent = columns(before)
  const length = Math.max(1, columns(upTo) - indent)
  return cut([...shown], indent, length)
}

/** Keeps WIDTH columns around the place, with `…` where something was left out. */
function cut(shown: string[], indent: number, length: number): Excerpt {
  if (shown.length <= WIDTH) return { text: shown.join(''), indent, length }
  const from = indent + length <= WIDTH - 1 ? 0 : Math.max(0, indent - LEAD)
  const kept = shown.slice(from, from + WIDTH)
  if (from > 0) kept[0] = '…'
  if (from + WIDTH < shown.length) kept[kept.length - 1] = '…'
  const start = indent - from
  return { text: kept.join(''), indent: start, length: Math.min(length, WIDTH - start) }
}
