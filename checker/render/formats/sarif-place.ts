import type { Span, TransitionSystem } from '../../../spec/index.js'
import { sourcePlace } from '../../trace/place.js'

/** A path as a URI: relative ones stay relative to where the command was run. */
export function uriOf(path: string): string {
  const encoded = encodeURI(path).replace(/[?#]/g, encodeURIComponent)
  return path.startsWith('/') ? `file://${encoded}` : encoded
}

/** A span as SARIF names it: where it begins and ends, and what stands there. */
export function physicalLocation(system: TransitionSystem, span: Span): object {
  const from = sourcePlace(system, span)
  const to = sourcePlace(system, { ...span, from: span.to })
  return {
    artifactLocation: { uri: uriOf(from.file) },
    region: {
      startLine: from.line,
      startColumn: from.column,
      endLine: to.line,
      endColumn: to.column,
      snippet: { text: system.sources.get(span.file)?.excerpt(span) ?? '' },
    },
  }
}

/** A place with what happens there. */
export const location = (system: TransitionSystem, span: Span, text: string): object => ({
  physicalLocation: physicalLocation(system, span),
  message: { text },
})
