import type { Expression, Local, Op, Statement } from '../analysis/model.js'
import { expressionsOf, walkExpression, walkStatements } from '../analysis/walk.js'
import type { Span } from '../source/span.js'
import type { Builder } from './builder.js'
import { type Binding, type Environment, environment } from './environment.js'
import type { Expr, Place, Slot } from './expression.js'
import { literal } from './fold.js'
import { lowerPointed } from './lower-place.js'
import { slotsIn } from './slots.js'
import { changesLocals, settledPlace } from './steady.js'
import type { Call, CallParameter } from './system.js'
import { target } from './target.js'

/** Unfolds a call: the op's body where the call stands, its parameters bound to what was passed. */
export function lowerCall(b: Builder, env: Environment, e: Expression & { kind: 'call' }): Expr {
  const op = b.shared.ops.get(e.op.name) ?? e.op
  const result =
    op.result.kind === 'void' ? null : b.temporary('', b.shared.types.resolve(op.result))
  b.frame(() => {
    const inner = environment({ target: target(), slot: result })
    const parameters = op.parameters.map((parameter, at) => {
      const argument = e.arguments[at]
      if (!argument) throw new Error(`missing argument of ${op.name}`)
      const binding = b.at({ span: argument.span }, () =>
        bind(b, env, op, parameter, e.arguments, argument),
      )
      inner.bindings.set(parameter, binding)
      return describe(b, parameter, binding, argument)
    })
    unfold(b, inner, op, parameters, e.span)
  })
  return result === null ? literal(0) : { kind: 'slot', slot: result }
}

/** A body that is called: an op, or a shrinker. */
export interface Called {
  readonly name: string
  readonly atomic: boolean
  readonly annotation: string | null
  readonly body: readonly Statement[]
}

/** Writes the body of what is called, between the marks a trace folds by. */
export function unfold(
  b: Builder,
  inner: Environment,
  called: Called,
  parameters: readonly CallParameter[],
  span: Span,
): void {
  const call: Call = {
    id: b.shared.nextCall++,
    op: called.name,
    annotation: called.annotation,
    parent: b.site.call,
    span,
    statement: b.site.statement,
    parameters,
  }
  b.at({ call, annotation: null, span }, () => {
    b.emit({ kind: 'enter', call })
    const body = (): void => b.body(inner, called.body)
    if (called.atomic) b.inRegion('atomic', body)
    else body()
    if (inner.returns) b.place(inner.returns.target)
    b.emit({ kind: 'leave', call })
  })
}

function bind(
  b: Builder,
  env: Environment,
  op: Op,
  parameter: Local,
  all: readonly Expression[],
  argument: Expression,
): Binding {
  if (parameter.role === 'macro') return { kind: 'macro', expression: argument, environment: env }
  if (takesPlace(env, parameter, argument)) {
    return {
      kind: 'place',
      place: frozen(b, settledPlace(b, env, lowerPointed(b, env, argument), all)),
    }
  }
  const value = b.value(env, argument)
  const exposed = slotsIn(value).length > 0 && all.some((each) => changesLocals(env, each))
  // A declared range is checked when the value is passed.
  const ranged = parameter.type.kind === 'int' && parameter.type.range !== null
  const kept = exposed || ranged || assignedIn(op).has(parameter)
  if (isSteady(value) && !kept) return { kind: 'value', value }
  const slot = b.reserve(parameter.name, b.shared.types.resolve(parameter.type))
  b.emit({ kind: 'assign', slot, value })
  b.enterScope(slot)
  return { kind: 'slot', slot }
}

/** True when the parameter stands for a place: what it points to lies in no pool. */
function takesPlace(env: Environment, parameter: Local, argument: Expression): boolean {
  if (parameter.type.kind !== 'pointer') return false
  const to = parameter.type.to
  if (to.kind !== 'struct' || to.struct.pools.length === 0) return true
  if (argument.kind === 'local') {
    const binding = env.bindings.get(argument.local)
    if (binding?.kind === 'macro') {
      return takesPlace(binding.environment, parameter, binding.expression)
    }
    return binding?.kind === 'place'
  }
  if (argument.kind !== 'address') return false
  const of = argument.of
  return of.kind !== 'deref' && !(of.kind === 'index' && of.array.kind === 'pool')
}

/**
 * The place with its pointers and indexes fixed, as C fixes an address when it is taken: what they were computed
 * from may change while the op runs.
 */
function frozen(b: Builder, place: Place): Place {
  const keep = (value: Expr): Expr => {
    if (isSteady(value)) return value
    const slot = b.temporary('', { kind: 'int', from: -128, to: 127, inferred: true })
    b.emit({ kind: 'assign', slot, value })
    return { kind: 'slot', slot }
  }
  const path = place.path.map((selector) =>
    selector.kind === 'index' ? { ...selector, index: keep(selector.index) } : selector,
  )
  return { ...place, path }
}

/** Nobody can change it while an op runs that was not given its address: other processes have their own locals. */
function isSteady(value: Expr): boolean {
  if (value.kind === 'slot') return !value.slot.temporary
  if (value.kind === 'object') return isSteady(value.index)
  return value.kind === 'literal' || value.kind === 'family' || value.kind === 'current'
}

function describe(
  b: Builder,
  parameter: Local,
  binding: Binding,
  argument: Expression,
): CallParameter {
  const text = b.shared.text(argument.span)
  const slot: Slot | null =
    binding.kind === 'slot'
      ? binding.slot
      : binding.kind === 'value' && binding.value.kind === 'slot'
        ? binding.value.slot
        : null
  const number =
    binding.kind === 'value' && binding.value.kind === 'literal' && parameter.type.kind === 'int'
  return {
    name: parameter.name,
    slot,
    text: number && binding.value.kind === 'literal' ? String(binding.value.value) : text,
  }
}

const assignments = new WeakMap<Op, ReadonlySet<Local>>()

/** The parameters an op assigns to, or passes on by address. */
function assignedIn(op: Op): ReadonlySet<Local> {
  const known = assignments.get(op)
  if (known) return known
  const found = new Set<Local>()
  walkStatements(op.body, (statement) => {
    if (statement.kind === 'choose') found.add(statement.local)
    if (statement.kind === 'assign') rootOf(statement.target, found)
    for (const expression of expressionsOf(statement)) {
      walkExpression(expression, (part) => {
        if (part.kind === 'address') rootOf(part.of, found)
      })
    }
  })
  assignments.set(op, found)
  return found
}

function rootOf(target: Expression, found: Set<Local>): void {
  if (target.kind === 'local') found.add(target.local)
  if (target.kind === 'member') rootOf(target.object, found)
  if (target.kind === 'index') rootOf(target.array, found)
}
