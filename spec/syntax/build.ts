import type { MatchResult } from 'ohm-js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { building } from './build-context.js'
import { declarationActions } from './build-declarations.js'
import { expressionActions } from './build-expressions.js'
import { statementActions } from './build-statements.js'
import { typeActions } from './build-types.js'
import grammar from './generated/language.ohm-bundle.js'
import type { Declaration } from './tree.js'

// Made once, when the module is loaded: Ohm compares the actions with the rules then.
const semantics = grammar.createSemantics().addOperation<unknown>('build', {
  ...typeActions,
  ...expressionActions,
  ...statementActions,
  ...declarationActions,
})

/** The declarations of a matched file, with what can only be told from the parts (numbers, escapes). */
export function build(
  match: MatchResult,
  path: string,
): { declarations: Declaration[]; diagnostics: Diagnostic[] } {
  const { built, diagnostics } = building(path, () => semantics(match).build() as Declaration[])
  return { declarations: built, diagnostics }
}
