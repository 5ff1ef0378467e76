import type { Sources, Span } from '../../spec/index.js'
import { sourcePlace, sourceText } from '../trace/place.js'
import { statementText } from './statement-text.js'

/** What stands in a file and was never exercised, as the texts of the list need it. */
export interface MissingPart {
  readonly span: Span
  readonly what: 'body' | 'statement' | 'true' | 'false' | 'row'
  /** Of a body: `op folio_put`. */
  readonly title: string | null
}

export interface CoveredFile {
  readonly file: string
  readonly statements: number
  readonly executed: number
  readonly missing: readonly MissingPart[]
}

/**
 * What no row exercised: a line for each file with its counts, and below it a line for each thing,
 * `file:line: text`, as compilers write places.
 */
export function renderCoverage(files: readonly CoveredFile[], sources: Sources): string {
  const lines = files.flatMap((file) => {
    const { statements, executed, missing } = file
    return [
      `coverage: ${file.file}: ${executed} of ${statements} statements${missing.length === 0 ? ', all exercised' : ''}`,
      ...missing.map((part) => `  ${partText(part, sources)}`),
    ]
  })
  return `${lines.join('\n')}\n`
}

function partText({ span, what, title }: MissingPart, sources: Sources): string {
  const { file, line } = sourcePlace({ sources }, span)
  const text = sourceText({ sources }, span)
  return `${file}:${line}: ${title === null ? wordsOf(what, text) : `${title}: never executed`}`
}

function wordsOf(what: MissingPart['what'], text: string): string {
  const head = statementText(text)
  switch (what) {
    case 'body':
    case 'statement':
      return `${head}: never executed`
    case 'true':
      return `${conditionText(text)}: never true`
    case 'false':
      return `${conditionText(text)}: never false`
    case 'row':
      return `${text.replace(/;$/, '')}: no row of the design space comes to it`
  }
}

/** `if (…)` or `while (…)` without the body. */
function conditionText(text: string): string {
  let depth = 0
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1
    if (text[at] !== ')') continue
    depth -= 1
    if (depth === 0) return text.slice(0, at + 1)
  }
  return text
}
