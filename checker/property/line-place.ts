import type { Span, TransitionSystem } from '../../spec/index.js'

/** `x.gmem:12`. */
export function linePlace(system: TransitionSystem, span: Span): string {
  const line = system.sources.get(span.file)?.position(span.from).line
  return `${span.file.split('/').at(-1)}:${line ?? '?'}`
}
