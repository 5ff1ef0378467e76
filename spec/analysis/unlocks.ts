import type { Diagnostic } from '../diagnostics/diagnostic.js'
import { builtins } from './builtins.js'
import type { CheckedModel, Expression, Label, Local, Op, Statement } from './model.js'
import { expressionText } from './text-of.js'
import { expressionsOf, partsOf, statementsIn } from './walk.js'
import { unlockNotLocked } from './warning-messages.js'

/**
 * Unlocks that no path of their process has locked before. Only what is certain counts: the set of locks a
 * process may hold is too large rather than too small, and locks reached through unknown pointers make it
 * unknown. Locks are told apart by their text: a shared variable, or members of one.
 */
export function findUnlocks(model: CheckedModel): readonly Diagnostic[] {
  const search: Search = {
    bad: new Map(),
    good: new Set(),
    touches: new Map(),
    results: new Map(),
  }
  for (const process of model.processes) {
    const held = walkBody(search, process.body, new Map(), nothing)
    // what one run of a daemon leaves locked, the next may unlock
    if (process.daemon && held.size > 0) walkBody(search, process.body, new Map(), held)
  }
  return [...search.bad].flatMap(([call, diagnostic]) => (search.good.has(call) ? [] : diagnostic))
}

/** Keys of locks that may be held; `anything` stands for all of them. */
type Held = ReadonlySet<string>
const anything = '*'
const again = '(again)'
const nothing: Held = new Set()
type Bindings = ReadonlyMap<Local, string>

interface Search {
  /** Unlocks met while their lock cannot be held. */
  readonly bad: Map<Expression, Diagnostic>
  /** Unlocks met while it may: in another round of a loop, from another caller. */
  readonly good: Set<Expression>
  /** Whether an op locks or unlocks, itself or through others. */
  readonly touches: Map<Op, boolean>
  readonly results: Map<string, Held>
}

interface Walk {
  readonly search: Search
  readonly bindings: Bindings
  /** Locks that may be held where control arrives by a jump. */
  readonly labels: Map<Label, Held>
  returned: Held
  broken: Held
  continued: Held
  changed: boolean
}

const union = (first: Held, second: Held): Held =>
  second.size === 0 ? first : first.size === 0 ? second : new Set([...first, ...second])

function walkBody(
  search: Search,
  body: readonly Statement[],
  bindings: Bindings,
  entry: Held,
): Held {
  const walk: Walk = {
    search,
    bindings,
    labels: new Map(),
    returned: nothing,
    broken: nothing,
    continued: nothing,
    changed: true,
  }
  let end: Held = nothing
  while (walk.changed) {
    walk.changed = false
    end = walkList(walk, body, entry)
  }
  return union(end, walk.returned)
}

const walkList = (walk: Walk, body: readonly Statement[], entry: Held): Held =>
  body.reduce((held, statement) => walkStatement(walk, statement, held), entry)

function walkStatement(walk: Walk, statement: Statement, entry: Held): Held {
  switch (statement.kind) {
    case 'label':
      return union(entry, walk.labels.get(statement.label) ?? nothing)
    case 'goto': {
      const before = walk.labels.get(statement.label) ?? nothing
      const after = union(before, entry)
      if (after.size > before.size) walk.changed = true
      walk.labels.set(statement.label, after)
      return nothing
    }
    case 'break':
      walk.broken = union(walk.broken, entry)
      return nothing
    case 'continue':
      walk.continued = union(walk.continued, entry)
      return nothing
    case 'while':
    case 'for-range':
    case 'for-pool':
      return walkLoop(walk, statement, entry)
    case 'either': {
      const ends = statement.branches.map((branch) => walkList(walk, branch, entry))
      return ends.reduce(union, nothing)
    }
    default:
      break
  }
  const held = expressionsOf(statement).reduce(
    (before, each) => evaluated(walk, each, before),
    entry,
  )
  switch (statement.kind) {
    case 'return':
      walk.returned = union(walk.returned, held)
      return nothing
    case 'fail':
      return nothing
    case 'if': {
      const then = walkStatement(walk, statement.then, held)
      return union(
        then,
        statement.otherwise ? walkStatement(walk, statement.otherwise, held) : held,
      )
    }
    default:
      return walkList(walk, statementsIn(statement), held)
  }
}

function walkLoop(walk: Walk, statement: Statement, entry: Held): Held {
  const outer = { broken: walk.broken, continued: walk.continued }
  let head = entry
  for (;;) {
    walk.broken = nothing
    walk.continued = nothing
    const tested = expressionsOf(statement).reduce(
      (held, each) => evaluated(walk, each, held),
      head,
    )
    const end = walkList(walk, statementsIn(statement), tested)
    const next = union(union(head, end), walk.continued)
    if (next.size === head.size) {
      const after = union(tested, walk.broken)
      walk.broken = outer.broken
      walk.continued = outer.continued
      return after
    }
    head = next
  }
}

/** The locks that may be held after an expression. */
function evaluated(walk: Walk, expression: Expression, entry: Held): Held {
  const held = partsOf(expression).reduce((before, part) => evaluated(walk, part, before), entry)
  if (expression.kind === 'builtin') return lockCall(walk, expression, held)
  if (expression.kind !== 'call' || !touchesLocks(walk.search, expression.op)) return held
  const { op } = expression
  const bindings = new Map<Local, string>()
  for (const [index, parameter] of op.parameters.entries()) {
    const argument = expression.arguments[index]
    if (!argument || parameter.type.kind !== 'pointer') continue
    bindings.set(parameter, pointedKey(walk, argument))
  }
  return inOp(walk.search, op, bindings, held)
}

function inOp(search: Search, op: Op, bindings: Bindings, entry: Held): Held {
  const key = `${op.name}(${[...bindings.values()].join()}) ${[...entry].sort().join()}`
  const known = search.results.get(key)
  if (known) return known
  const end = walkBody(search, op.body, bindings, entry)
  search.results.set(key, end)
  return end
}

/** The lock a pointer leads to: its text, or `*` when it could be any. */
function pointedKey(walk: Walk, pointer: Expression): string {
  if (pointer.kind === 'address') return placeKey(walk, pointer.of)
  if (pointer.kind === 'local') return walk.bindings.get(pointer.local) ?? anything
  return anything
}

function placeKey(walk: Walk, place: Expression): string {
  switch (place.kind) {
    case 'shared':
      return place.variable.name
    case 'member': {
      const object = placeKey(walk, place.object)
      return object === anything ? anything : `${object}.${place.member.name}`
    }
    case 'deref':
      return pointedKey(walk, place.pointer)
    default:
      return anything
  }
}

function lockCall(walk: Walk, call: Expression & { readonly kind: 'builtin' }, held: Held): Held {
  const [sort] = builtins[call.builtin].arguments as readonly string[]
  const [pointer] = call.arguments
  if (!sort?.startsWith('lock:') || !pointer || call.builtin.startsWith('lockdep_')) return held
  const key = pointedKey(walk, pointer)
  const releases = /_unlock(_irq|_irqrestore|_bh)?$|_release$|^up_/.test(call.builtin)
  if (!releases && call.builtin !== 'downgrade_write') {
    // taken again while it may be held: from then on nobody knows how often
    const keys = held.has(key) ? [key, `${key} ${again}`] : [key]
    return union(held, new Set(keys))
  }
  const { good, bad } = walk.search
  if (key !== anything && !held.has(anything) && !held.has(key)) {
    bad.set(call, unlockNotLocked(call.span, call.builtin, expressionText(pointer)))
    return held
  }
  good.add(call)
  if (key === anything || held.has(anything)) return held
  // a lock with readers may be held more than once, in either way
  if (!releases || !/^(spin|mutex)_/.test(call.builtin) || held.has(`${key} ${again}`)) return held
  return new Set([...held].filter((each) => each !== key))
}

function touchesLocks(search: Search, op: Op): boolean {
  const known = search.touches.get(op)
  if (known !== undefined) return known
  search.touches.set(op, false)
  const inExpression = (expression: Expression): boolean => {
    if (expression.kind === 'call' && touchesLocks(search, expression.op)) return true
    if (expression.kind === 'builtin') {
      const [sort] = builtins[expression.builtin].arguments as readonly string[]
      if (sort?.startsWith('lock:')) return true
    }
    return partsOf(expression).some(inExpression)
  }
  const inStatement = (statement: Statement): boolean =>
    expressionsOf(statement).some(inExpression) || statementsIn(statement).some(inStatement)
  const touches = op.body.some(inStatement)
  search.touches.set(op, touches)
  return touches
}
