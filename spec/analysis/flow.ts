import type { Label, Statement } from './model.js'
import { statementsIn } from './walk.js'

/** Where control can go in one body: whether its end is reached, and what is never reached. */

export interface Flow {
  /** Whether control can fall off the end. */
  readonly ends: boolean
  /** Statements that no path leads to; of neighbours only the first. */
  readonly unreachable: readonly Statement[]
}

interface Walk {
  /** Labels some reachable `goto` names. */
  readonly aimed: Set<Label>
  unreachable: Statement[]
  /** Whether the innermost loop can be left by `break`. */
  broken: boolean
}

/** Conditions count as undecided, but for a literal: `while (true)` ends by `break` only. */
export function flowOf(body: readonly Statement[]): Flow {
  const walk: Walk = { aimed: new Set(), unreachable: [], broken: false }
  for (;;) {
    const before = walk.aimed.size
    walk.unreachable = []
    const ends = follow(walk, body, true)
    // a label reached by a jump backwards makes more of the body reachable
    if (walk.aimed.size === before) return { ends, unreachable: walk.unreachable }
  }
}

/** Whether the end of the list is reached when its beginning is (or by a jump to a label inside). */
function follow(walk: Walk, statements: readonly Statement[], entered: boolean): boolean {
  let reached = entered
  let reported = !entered // what is inside of something unreachable is not reported again
  for (const statement of statements) {
    const dead = !reached && statement.kind !== 'label' && !holdsAimedLabel(walk, statement)
    if (dead && !reported) {
      walk.unreachable.push(statement)
      reported = true
    }
    reached = step(walk, statement, reached)
    if (reached) reported = false
  }
  return reached
}

function holdsAimedLabel(walk: Walk, statement: Statement): boolean {
  if (statement.kind === 'label') return walk.aimed.has(statement.label)
  return statementsIn(statement).some((child) => holdsAimedLabel(walk, child))
}

function step(walk: Walk, statement: Statement, entered: boolean): boolean {
  switch (statement.kind) {
    case 'label':
      return entered || walk.aimed.has(statement.label)
    case 'goto':
      if (entered) walk.aimed.add(statement.label)
      return false
    case 'return':
    case 'fail':
    case 'continue':
      return false
    case 'break':
      if (entered) walk.broken = true
      return false
    case 'block':
    case 'atomic':
      return follow(walk, statement.body, entered)
    case 'if': {
      const then = follow(walk, [statement.then], entered)
      if (!statement.otherwise) return then || entered
      return follow(walk, [statement.otherwise], entered) || then
    }
    case 'either': {
      const ends = statement.branches.map((branch) => follow(walk, branch, entered))
      return ends.some(Boolean)
    }
    case 'while': {
      const { broken } = loop(walk, statement.body, entered)
      const forever = statement.test.kind === 'literal' && statement.test.value !== 0
      // a jump into the body also reaches the test
      const tested = entered || holdsAimedLabel(walk, statement.body)
      return broken || (tested && !forever)
    }
    case 'for-range':
    case 'for-pool': {
      const { broken } = loop(walk, statement.body, entered)
      return broken || entered
    }
    default:
      return entered
  }
}

function loop(walk: Walk, body: Statement, entered: boolean): { readonly broken: boolean } {
  const outer = walk.broken
  walk.broken = false
  follow(walk, [body], entered)
  const { broken } = walk
  walk.broken = outer
  return { broken }
}
