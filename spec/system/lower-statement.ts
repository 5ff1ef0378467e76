import type { Expression, Label, Range, Statement } from '../analysis/model.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import { awaitInAtomic } from './errors.js'
import type { Expr, Slot } from './expression.js'
import { binary, literal, one } from './fold.js'
import { lowerAssign } from './lower-assign.js'
import { lowerCondition, lowerValue } from './lower-expression.js'
import { touchesShared } from './purity.js'
import { settled } from './steady.js'
import { type Target, target } from './target.js'

/** A whole body: its labels are its own. */
export function lowerBody(b: Builder, env: Environment, body: readonly Statement[]): void {
  lowerBlock(b, env, body)
  for (const jump of b.takeJumps(env)) {
    const label = env.labels.get(jump.label)
    const entered = (label?.scope ?? []).filter((slot) => !jump.scope.includes(slot))
    jump.cleared.push(...entered)
  }
}

function lowerBlock(b: Builder, env: Environment, body: readonly Statement[]): void {
  b.frame(() => {
    for (const statement of body) lowerStatement(b, env, statement)
  })
}

function lowerStatement(b: Builder, env: Environment, s: Statement): void {
  const site = { span: s.span, statement: s.span, annotation: s.annotation }
  b.at(site, () => b.statement(() => lower(b, env, s)))
}

function lower(b: Builder, env: Environment, s: Statement): void {
  switch (s.kind) {
    case 'block':
      return lowerBlock(b, env, s.body)
    case 'declare':
      return lowerDeclare(b, env, s)
    case 'assign':
      return lowerAssign(b, env, s)
    case 'evaluate':
      lowerValue(b, env, s.expression)
      return
    case 'if':
      return lowerIf(b, env, s)
    case 'while':
      return lowerWhile(b, env, s)
    case 'for-range':
      return lowerForRange(b, env, s)
    case 'for-pool':
      return lowerForPool(b, env, s)
    case 'break':
      return b.goto(known(env.breaks))
    case 'continue':
      return b.goto(known(env.continues))
    case 'return':
      return lowerReturn(b, env, s.value)
    case 'label': {
      const label = labelOf(env, s.label)
      b.place(label.target)
      label.scope = b.scope
      return
    }
    case 'goto': {
      const cleared: Slot[] = []
      b.emit({ kind: 'clear', slots: cleared })
      b.jumps.push({ environment: env.labels, label: s.label, scope: b.scope, cleared })
      return b.goto(labelOf(env, s.label).target)
    }
    case 'either':
      return lowerEither(b, env, s.branches)
    case 'choose':
      return lowerChoose(b, env, s)
    case 'await':
      return lowerAwait(b, env, s)
    case 'atomic':
      return b.inRegion('atomic', () => lowerBlock(b, env, s.body))
    case 'assert':
      return lowerRequire(b, env, s.condition, 'assert', s.message)
    case 'fail': {
      const headline = b.shared.headlines.get(s.violation) ?? s.violation
      return b.emit({ kind: 'fail', violation: s.violation, message: s.message ?? headline })
    }
    case 'skip':
      return
  }
}

const known = (to: Target | null): Target => {
  if (to === null) throw new Error('a jump out of no loop')
  return to
}

function labelOf(
  env: Environment,
  label: Label,
): { target: Target; scope: readonly Slot[] | null } {
  const found = env.labels.get(label) ?? { target: target(), scope: null }
  env.labels.set(label, found)
  return found
}

function lowerDeclare(b: Builder, env: Environment, s: Statement & { kind: 'declare' }): void {
  const { local, initial, span, annotation } = s
  const slot = b.reserve(local.name, b.shared.types.resolve(local.type))
  const isStruct = local.type.kind === 'struct'
  if (initial === null || isStruct) b.emit({ kind: 'clear', slots: [slot] })
  else b.emit({ kind: 'assign', slot, value: lowerValue(b, env, initial) })
  b.enterScope(slot)
  env.bindings.set(local, { kind: 'slot', slot })
  if (initial === null || !isStruct) return
  // Like a struct assignment, member by member.
  const target: Expression = { kind: 'local', local, span: local.span, type: local.type }
  lowerAssign(b, env, { kind: 'assign', target, operator: null, value: initial, span, annotation })
}

function lowerIf(b: Builder, env: Environment, s: Statement & { kind: 'if' }): void {
  const then = target()
  const otherwise = target()
  const done = target()
  const test = b.frame(() => {
    const value = lowerCondition(b, env, s.test)
    if (value.kind !== 'literal') {
      b.emit({ kind: 'branch', test: value, then, otherwise: s.otherwise ? otherwise : done })
    }
    return value
  })
  if (test.kind === 'literal') {
    const taken = test.value !== 0 ? s.then : s.otherwise
    if (taken) lowerNested(b, env, taken)
    return
  }
  b.place(then)
  lowerNested(b, env, s.then)
  if (s.otherwise) {
    b.goto(done)
    b.place(otherwise)
    lowerNested(b, env, s.otherwise)
  }
  b.place(done)
}

/** A statement that is a scope of its own: an arm of an `if`, the body of a loop. */
const lowerNested = (b: Builder, env: Environment, s: Statement): void =>
  lowerBlock(b, env, s.kind === 'block' ? s.body : [s])

function lowerWhile(b: Builder, env: Environment, s: Statement & { kind: 'while' }): void {
  const head = target()
  const body = target()
  const done = target()
  b.place(head)
  b.frame(() => b.branch(lowerCondition(b, env, s.test), body, done))
  b.place(body)
  lowerNested(b, { ...env, breaks: done, continues: head }, s.body)
  b.goto(head)
  b.place(done)
}

/** The lower bound, which comes before the upper one. */
const boundOf = (b: Builder, env: Environment, range: Range): Expr => {
  const type = b.shared.types.resolve(range.from.type)
  return settled(b, env, lowerValue(b, env, range.from), type, [range.to])
}

/** The loop variable never leaves its range: the test comes before the increment. */
function lowerForRange(b: Builder, env: Environment, s: Statement & { kind: 'for-range' }): void {
  b.frame(() => {
    const from = boundOf(b, env, s.range)
    const bound = lowerValue(b, env, s.range.to)
    const slot = b.reserve(s.local.name, b.shared.types.resolve(s.local.type))
    let to = bound
    if (bound.kind !== 'literal') {
      const kept = b.temporary('', { kind: 'int', from: -128, to: 127, inferred: true })
      b.emit({ kind: 'assign', slot: kept, value: bound })
      to = { kind: 'slot', slot: kept }
    }
    b.loops.set(slot, { from, to: bound })
    b.emit({ kind: 'assign', slot, value: from })
    b.enterScope(slot)
    env.bindings.set(s.local, { kind: 'slot', slot })
    const value = { kind: 'slot', slot } as const
    const body = target()
    const more = target()
    const next = target()
    const done = target()
    b.branch(binary('<=', from, to), body, done)
    b.place(body)
    lowerNested(b, { ...env, breaks: done, continues: next }, s.body)
    b.place(next)
    b.branch(binary('<', value, to), more, done)
    b.place(more)
    b.emit({ kind: 'assign', slot, value: binary('+', value, one) })
    b.goto(body, true)
    b.place(done)
  })
}

/** Each look for the next live object is one access. */
function lowerForPool(b: Builder, env: Environment, s: Statement & { kind: 'for-pool' }): void {
  b.frame(() => {
    const pool = b.shared.pools.get(s.pool) ?? 0
    const slot = b.reserve(s.local.name, b.shared.types.resolve(s.local.type))
    const pointer = { kind: 'slot', slot } as const
    b.emit({ kind: 'next-live', pool, from: literal(0), slot })
    b.enterScope(slot)
    env.bindings.set(s.local, { kind: 'slot', slot })
    const head = target()
    const body = target()
    const next = target()
    const done = target()
    b.place(head)
    b.branch(binary('!=', pointer, literal(0)), body, done)
    b.place(body)
    lowerNested(b, { ...env, breaks: done, continues: next }, s.body)
    b.place(next)
    const from = binary('+', { kind: 'index-in-pool', pointer, pool }, one)
    b.emit({ kind: 'next-live', pool, from, slot })
    b.goto(head, true)
    b.place(done)
  })
}

function lowerReturn(b: Builder, env: Environment, value: Expression | null): void {
  if (env.returns === null) throw new Error('nothing to return from')
  if (value !== null && env.returns.slot !== null) {
    b.emit({ kind: 'assign', slot: env.returns.slot, value: lowerValue(b, env, value) })
  }
  b.goto(env.returns.target)
}

function lowerEither(
  b: Builder,
  env: Environment,
  branches: readonly (readonly Statement[])[],
): void {
  const targets = branches.map(() => target())
  const done = target()
  b.emit({ kind: 'either', targets })
  for (const [at, branch] of branches.entries()) {
    b.place(targets[at] ?? done)
    lowerBlock(b, env, branch)
    b.goto(done)
  }
  b.place(done)
}

function lowerChoose(b: Builder, env: Environment, s: Statement & { kind: 'choose' }): void {
  const binding = env.bindings.get(s.local)
  if (binding?.kind !== 'slot') throw new Error(`${s.local.name} cannot be chosen`)
  const from = boundOf(b, env, s.range)
  const to = lowerValue(b, env, s.range.to)
  b.emit({ kind: 'choose', slot: binding.slot, from, to })
}

function lowerAwait(b: Builder, env: Environment, s: Statement & { kind: 'await' }): void {
  if (b.region !== 0 && !b.leading) b.report(awaitInAtomic(s.span))
  b.inRegion('await', () => {
    const condition = lowerCondition(b, env, s.condition)
    b.emit({ kind: 'guard', condition, otherwise: s.otherwise })
  })
}

/** `assert`, `BUG_ON` (negated by its caller): the condition is read in one instant. */
function lowerRequire(
  b: Builder,
  env: Environment,
  condition: Expression,
  violation: string,
  message: string | null,
): void {
  const body = (): void => {
    const text = message ?? b.shared.text(condition.span)
    b.emit({
      kind: 'require',
      condition: lowerCondition(b, env, condition),
      violation,
      message: text,
    })
  }
  if (touchesShared(env, condition)) b.inRegion('check', body)
  else body()
}
