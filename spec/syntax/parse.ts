import { type Diagnostic, hasErrors, type Outcome } from '../diagnostics/diagnostic.js'
import type { SourceText } from '../source/text.js'
import { build } from './build.js'
import { deepest, deepestNode, NODE_DEPTH, TOKEN_DEPTH } from './depth.js'
import { carriageReturns, emptyModel, notText, tooDeep, unterminated } from './errors.js'
import { explain } from './explain.js'
import grammar from './generated/language.ohm-bundle.js'
import { scan, type Token } from './scan.js'
import type { SourceFile } from './tree.js'

/** Characters no text has: everything below the blank but tab and line ends, and undecodable bytes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const binary = /[\u0000-\u0008\u000E-\u001F\u007F\uFFFD]/

const failed = (...diagnostics: Diagnostic[]): Outcome<SourceFile> => ({
  result: null,
  diagnostics,
})

/**
 * Reads one file. Never throws on what a user wrote: a text that is no model gives no tree and one error.
 * A tree is at most NODE_DEPTH nodes deep, so that recursion over it is safe.
 */
export function parse(source: SourceText): Outcome<SourceFile> {
  const { path, text } = source
  const strange = text.search(binary)
  if (strange >= 0) return failed(notText(source, strange))

  const { tokens, comments, unterminated: open } = scan(source)
  if (open !== null) return failed(unterminated(open.what, { file: path, ...open }))
  if (tokens.length === 0) return failed(emptyModel(path))
  const deep = deepest(tokens)
  if (deep.depth > TOKEN_DEPTH) return failed(tooDeep(path, deep.token))

  const outcome = readGuarded(source, tokens, deep.token)
  const lineEnd = text.indexOf('\r\n')
  const warnings =
    lineEnd < 0 ? [] : [carriageReturns({ file: path, from: lineEnd, to: lineEnd + 1 })]
  if (outcome.result === null) return outcome
  return {
    result: { ...outcome.result, comments },
    diagnostics: [...warnings, ...outcome.diagnostics],
  }
}

/** A caller may have used up most of the stack already; that is no reason to throw. */
function readGuarded(
  source: SourceText,
  tokens: readonly Token[],
  deep: Token,
): Outcome<SourceFile> {
  try {
    return read(source, tokens)
  } catch (thrown) {
    if (thrown instanceof RangeError) return failed(tooDeep(source.path, deep))
    throw thrown
  }
}

function read(source: SourceText, tokens: readonly Token[]): Outcome<SourceFile> {
  const { path, text } = source
  const match = grammar.match(text)
  if (match.failed()) return failed(explain(match, source, tokens))

  const { declarations, diagnostics } = build(match, path)
  if (declarations.length === 0) return failed(emptyModel(path))
  const deep = deepestNode(declarations)
  if (deep.depth > NODE_DEPTH) return failed(tooDeep(path, deep.span))
  const span = { file: path, from: 0, to: text.length }
  const file: SourceFile = { kind: 'file', path, span, declarations, comments: [] }
  return { result: hasErrors(diagnostics) ? null : file, diagnostics }
}
