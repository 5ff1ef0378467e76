import { type Diagnostic, parse, type SourceText, type Span } from '../../spec/index.js'

/** `@ "mm/gup.c:try_get_folio"` of an op or a statement: which part of the kernel it stands for. */
export interface Annotation {
  readonly file: string
  /** Null where only a file is named. */
  readonly name: string | null
  readonly at: Span
}

/** The annotations of a file, in order; none of one that is not written as it should be, whose diagnostics say why. */
export function annotationsOf(source: SourceText): {
  readonly annotations: readonly Annotation[]
  readonly diagnostics: readonly Diagnostic[]
} {
  const { result, diagnostics } = parse(source)
  if (result === null) return { annotations: [], diagnostics }
  let { text } = source
  for (const { span } of result.comments) {
    text = text.slice(0, span.from) + ' '.repeat(span.to - span.from) + text.slice(span.to)
  }
  const annotations = [...text.matchAll(/@\s*"([^"]*)"/g)].map((match): Annotation => {
    const [whole, what = ''] = match
    const [file = '', name = ''] = what.trim().split(':')
    const at = { file: source.path, from: match.index, to: match.index + whole.length }
    return { file, name: name === '' ? null : name, at }
  })
  return { annotations, diagnostics }
}
