import type { Span } from '../source/span.js'
import type { Sources, SourceText } from '../source/text.js'
import type { Diagnostic } from './diagnostic.js'
import { excerpt } from './excerpt.js'

/** The parts of a frame that a terminal may colour. */
export type FrameStyle = (
  kind: 'error' | 'warning' | 'message' | 'gutter' | 'primary' | 'secondary' | 'hint',
  text: string,
) => string

interface Mark {
  readonly span: Span
  readonly text: string
  readonly primary: boolean
}

/**
 * A diagnostic as people read it: what, the lines it is about with carets under the place, then why and
 * how. Ends without a line end. A place in a file that `sources` lacks is shown by its path alone.
 */
export function frame(
  diagnostic: Diagnostic,
  sources: Sources,
  style: FrameStyle = (_kind, text) => text,
): string {
  const { at, caption, labels, severity } = diagnostic
  const marks: Mark[] = [
    { span: at, text: caption, primary: true },
    ...labels.map((label) => ({ ...label, primary: false })),
  ]
  const width = Math.max(...marks.map((mark) => lineNumber(mark, sources).length))
  const margin = ' '.repeat(width)
  const hint = (kind: string, text: string): string => {
    const indent = ' '.repeat(margin.length + kind.length + 4)
    return `${style('gutter', `${margin}=`)} ${style('hint', `${kind}:`)} ${text.replaceAll('\n', `\n${indent}`)}`
  }
  return [
    `${style(severity, `${severity}[${diagnostic.code}]`)}${style('message', `: ${diagnostic.message}`)}`,
    ...places(marks, sources, width, style),
    ...diagnostic.notes.map((text) => hint('note', text)),
    ...diagnostic.help.map((text) => hint('help', text)),
  ].join('\n')
}

function sourceOf(mark: Mark, sources: Sources): SourceText | undefined {
  return sources.get(mark.span.file)
}

function lineNumber(mark: Mark, sources: Sources): string {
  return String(sourceOf(mark, sources)?.position(mark.span.from).line ?? '')
}

/** The lines with their carets; a line is not repeated for the next mark on it, nor a file's head. */
function places(
  marks: readonly Mark[],
  sources: Sources,
  width: number,
  style: FrameStyle,
): string[] {
  const margin = ' '.repeat(width)
  const gutter = (number: string): string => style('gutter', `${number.padStart(width)}│`)
  const rows: string[] = []
  let file: string | undefined
  let line: number | undefined
  for (const mark of marks) {
    const source = sourceOf(mark, sources)
    const place = source?.position(mark.span.from)
    if (mark.span.file !== file) {
      const where = place === undefined ? '' : `:${place.line}:${place.column}`
      rows.push(`${style('gutter', `${margin}┌`)} ${mark.span.file}${where}`)
      line = undefined
    }
    file = mark.span.file
    if (source === undefined || place === undefined) continue
    const shown = excerpt(source, mark.span)
    if (place.line !== line) rows.push(`${gutter(String(place.line))} ${shown.text}`.trimEnd())
    line = place.line
    const pointer = (mark.primary ? '^' : '-').repeat(shown.length)
    const said = mark.text === '' ? pointer : `${pointer} ${mark.text}`
    const kind = mark.primary ? 'primary' : 'secondary'
    rows.push(`${gutter('')} ${' '.repeat(shown.indent)}${style(kind, said)}`)
  }
  return rows
}
