import { type CheckedModel, type Statement, statementsIn } from '../../../spec/index.js'

/** A memory barrier as it is written. Lowering drops them: under sequential consistency they order nothing. */
export interface Fence {
  readonly name: string
  /** The op or process it is written in. */
  readonly body: string
  readonly from: number
  /** Inside of a condition or a loop: a run does not tell whether it came by. */
  readonly nested: boolean
}

const NAMES: ReadonlySet<string> = new Set(['smp_mb', 'smp_rmb', 'smp_wmb'])

export function fencesOf({ ops, processes }: CheckedModel): readonly Fence[] {
  return [...ops, ...processes].flatMap(({ name, body }) =>
    body.flatMap((statement) => fencesIn(name, statement, false)),
  )
}

function fencesIn(body: string, statement: Statement, nested: boolean): readonly Fence[] {
  if (statement.kind === 'evaluate') {
    const { expression } = statement
    if (expression.kind !== 'builtin' || !NAMES.has(expression.builtin)) return []
    return [{ name: expression.builtin, body, from: statement.span.from, nested }]
  }
  const inside = nested || statement.kind !== 'block'
  return statementsIn(statement).flatMap((inner) => fencesIn(body, inner, inside))
}
