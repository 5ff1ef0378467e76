import type { Span } from '../source/span.js'
import type { Statement } from '../syntax/tree.js'
import {
  callOf,
  isFixed,
  leaves,
  type Scene,
  statementsOf,
  statementText,
  textOf,
} from './bodies.js'
import type { Mutation, MutationKind } from './mutation.js'

/** Mutations that take one statement out. */

const UNMAPS = /(?:^|_)(?:unmap|zap)(?:_|$)|^truncate_cleanup|(?:^|_)flush_(?:remote_)?tlb/
const REFERENCES = new RegExp(
  [
    '(?:^|_)(?:get|put|pin|unpin)(?:_(?:refs|page|folio|many))?$',
    '_ref_(?:add|sub|inc|dec)$',
    '^refcount_(?:inc|add|dec)$',
    // Of files, inodes, dentries, mounts and address spaces.
    '^(?:f|i|d|mnt)(?:get|put)$|^ihold$|^mm(?:grab|drop)$',
  ].join('|'),
)
const ASSERTIONS = /^(?:VM_)?BUG_ON$|^WARN_ON(?:_ONCE)?$|^lockdep_assert_|^might_sleep$/

export function statementMutations(scene: Scene): readonly Mutation[] {
  const { source, body } = scene
  const found: Mutation[] = []
  const take = (kind: MutationKind, what: string, at: Span, touches: Span = at): void => {
    const name = `${what} in ${body.name}`
    const edits = [{ kind: 'remove' as const, at }]
    found.push({ kind, name, at, done: 'taken out', edits, touches: [touches] })
  }
  const visit = (statement: Statement, around: Span): void => {
    const { span } = statement
    const kind = kindOf(scene, statement)
    if (kind === null || (body.judges && kind !== 'assertions')) return
    if (statement.kind === 'if') take(kind, `if (${textOf(source, statement.test.span)})`, span)
    else take(kind, statementText(source, statement), span, around)
  }
  for (const statement of statementsOf(body.block)) {
    // That a `fail` is never executed is what holding means; the test before it is.
    const inner = statement.kind === 'if' ? onlyStatement(statement.then) : null
    if (inner?.kind === 'fail') visit(inner, statement.span)
  }
  const guarded = new Set(found.map(({ at }) => at))
  for (const statement of statementsOf(body.block)) {
    if (!guarded.has(statement.span)) visit(statement, statement.span)
  }
  return found
}

function kindOf({ constants }: Scene, statement: Statement): MutationKind | null {
  if (statement.kind === 'assert' || statement.kind === 'fail') return 'assertions'
  if (statement.kind === 'if') {
    const { otherwise, then, test } = statement
    return otherwise === null && leaves(then) && !isFixed(test, constants) ? 'rechecks' : null
  }
  if (statement.kind !== 'call') return null
  const callee = callOf(statement)?.callee.text ?? ''
  if (UNMAPS.test(callee)) return 'unmaps'
  if (ASSERTIONS.test(callee)) return 'assertions'
  return REFERENCES.test(callee) ? 'references' : null
}

/** The statement that another one is, blocks around it aside. */
function onlyStatement(statement: Statement): Statement {
  if (statement.kind !== 'block') return statement
  const [only, ...others] = statement.body.statements
  return only !== undefined && others.length === 0 ? onlyStatement(only) : statement
}
