import type * as syntax from '../syntax/tree.js'
import { duplicateLabel } from './model-errors.js'
import type { Barrier, Globals, LabelEntry } from './scopes.js'

/** The labels of one body, each with the bodies around it that `goto` cannot enter. */
export function collectLabels(
  globals: Globals,
  body: readonly syntax.Statement[],
): ReadonlyMap<string, LabelEntry> {
  const labels = new Map<string, LabelEntry>()
  const visit = (statement: syntax.Statement, enclosing: readonly Barrier[]): void => {
    if (statement.kind === 'label') {
      const { text, span } = statement.name
      const before = labels.get(text)
      if (before) globals.report(duplicateLabel(span, text, before.label.span))
      else labels.set(text, { label: { kind: 'label', name: text, span }, enclosing })
    }
    for (const part of partsOf(statement)) {
      const inside = part.barrier ? [...enclosing, part.barrier] : enclosing
      for (const each of part.statements) visit(each, inside)
    }
  }
  for (const statement of body) visit(statement, [])
  return labels
}

export interface Part {
  readonly barrier: Barrier | null
  readonly statements: readonly syntax.Statement[]
}

/** What stands inside of a statement, and whether it must be entered at its beginning. */
function partsOf(statement: syntax.Statement): readonly Part[] {
  switch (statement.kind) {
    case 'block':
      return [{ barrier: null, statements: statement.body.statements }]
    case 'atomic':
      return [{ barrier: barrierOf(statement), statements: statement.body.statements }]
    case 'if': {
      const arms = statement.otherwise ? [statement.then, statement.otherwise] : [statement.then]
      return [{ barrier: null, statements: arms }]
    }
    case 'while':
      return [{ barrier: null, statements: [statement.body] }]
    case 'for-range':
    case 'for-pool':
      return [{ barrier: barrierOf(statement), statements: [statement.body] }]
    case 'either':
      return statement.branches.map((branch) => ({
        barrier: branchBarrier(branch),
        statements: branch.statements,
      }))
    default:
      return []
  }
}

/** Two barriers are one when their spans are the same object: that of the statement in the tree. */
export const barrierOf = (statement: syntax.Statement): Barrier => ({
  what: statement.kind === 'atomic' ? 'an `atomic` block' : 'a `for` loop',
  span: statement.span,
})

export const branchBarrier = (branch: syntax.Block): Barrier => ({
  what: 'a branch of `either`',
  span: branch.span,
})

/** The first body that a jump would enter, or null when it only leaves bodies. */
export const enteredBy = (label: LabelEntry, enclosing: readonly Barrier[]): Barrier | null =>
  label.enclosing.find((barrier, depth) => enclosing[depth]?.span !== barrier.span) ?? null
