import type { Statement } from '../syntax/tree.js'
import { blocksIn, callOf, type Scene, statementsOf, statementText, withInner } from './bodies.js'
import { isExchangeable, isLocal, mentionsWritten } from './independent.js'
import { endOf, lockIn } from './locks.js'
import type { Mutation } from './mutation.js'

/** Statements that mean nothing where they stand: they are taken out, if anything. */
const NOTHING = /^(?:smp_|might_sleep$|lockdep_assert|(?:VM_)?BUG_ON$|WARN_ON)/

/** Neighbours that change places. Where one of them is a lock or unlock, that is a mutation of the section. */
export function orderMutations(scene: Scene): readonly Mutation[] {
  const { source, body } = scene
  const locals = localsOf(scene)
  return blocksIn(body.block).flatMap(({ statements }) =>
    statements.slice(1).flatMap((second, at) => {
      const first = statements[at]
      if (first === undefined || !areIndependent(scene, first, second, locals)) return []
      return [
        {
          kind: 'order' as const,
          name: `${statementText(source, second)} before ${statementText(source, first)} in ${body.name}`,
          at: first.span,
          done: 'exchanged',
          edits: [{ kind: 'swap' as const, first: first.span, second: second.span }],
          touches: [first, second].flatMap(withInner).map(({ span }) => span),
        },
      ]
    }),
  )
}

function areIndependent(
  scene: Scene,
  first: Statement,
  second: Statement,
  locals: ReadonlySet<string>,
): boolean {
  const both = [first, second]
  if (!both.every(isShort) || both.some((each) => isLocal(each, locals))) return false
  const calls = both.flatMap((each) => callOf(each) ?? [])
  if (calls.some((call) => NOTHING.test(call.callee.text))) return false
  // Two locks may change places; a lock and what it protects are another matter.
  const locks = both.flatMap((each) => lockIn(scene, each) ?? [])
  const taken = locks.filter((lock) => endOf(scene, lock) !== null)
  if (locks.length > 0 && taken.length < 2) return false
  return !mentionsWritten(first, second) && !mentionsWritten(second, first)
}

/** One thing, done or not. */
const isShort = (statement: Statement): boolean =>
  isExchangeable(statement) && withInner(statement).every(({ kind }) => !kind.match(/block|atomic/))

const localsOf = ({ body, constants }: Scene): ReadonlySet<string> =>
  new Set([
    ...constants,
    ...body.parameters,
    ...statementsOf(body.block).flatMap((statement) => {
      if (statement.kind === 'declare') return statement.declarators.map(({ name }) => name.text)
      return ['choose', 'for-range', 'for-pool'].includes(statement.kind) && 'name' in statement
        ? [statement.name.text]
        : []
    }),
  ])
