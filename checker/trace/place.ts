import type { Sources, Span } from '../../spec/index.js'
import type { SourcePlace } from './trace.js'

/** Whatever has the texts: a system, or a checked model. */
interface HasSources {
  readonly sources: Sources
}

/** File, line and column of the start of a span. */
export function sourcePlace({ sources }: HasSources, span: Span): SourcePlace {
  const source = sources.get(span.file)
  const { line, column } = source?.position(span.from) ?? { line: 1, column: 1 }
  return { file: span.file, line, column }
}

/** The text of a span, without comments, on one line; `trimmed` false keeps a blank at its ends. */
export function sourceText({ sources }: HasSources, span: Span, trimmed = true): string {
  const text = (sources.get(span.file)?.excerpt(span) ?? '')
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
  return trimmed ? text.trim() : text
}

/** `file:line`. */
export const placeText = (place: SourcePlace): string => `${place.file}:${place.line}`
