import type { Span, TransitionSystem } from '../../spec/index.js'
import type { SourcePlace } from './trace.js'

/** File, line and column of the start of a span. */
export function sourcePlace(system: TransitionSystem, span: Span): SourcePlace {
  const source = system.sources.get(span.file)
  const { line, column } = source?.position(span.from) ?? { line: 1, column: 1 }
  return { file: span.file, line, column }
}

/** The text of a span, without comments, on one line; `trimmed` false keeps a blank at its ends. */
export function sourceText(system: TransitionSystem, span: Span, trimmed = true): string {
  const text = (system.sources.get(span.file)?.excerpt(span) ?? '')
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
  return trimmed ? text.trim() : text
}

/** `file:line`. */
export const placeText = (place: SourcePlace): string => `${place.file}:${place.line}`
