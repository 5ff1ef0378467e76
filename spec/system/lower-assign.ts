import type { Expression, Statement } from '../analysis/model.js'
import { load, poolsOf, store, wholeSlot } from './access.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import type { Expr, Place, ValueType } from './expression.js'
import { binary, literal } from './fold.js'
import { lowerPlace } from './lower-place.js'
import { settled, settledPlace } from './steady.js'

/** Rule 1: the loads of the right side, then those of the left side's address, then the store. */
export function lowerAssign(b: Builder, env: Environment, s: Statement & { kind: 'assign' }): void {
  if (s.target.type.kind === 'struct' || s.target.type.kind === 'array') {
    return copy(b, env, s.target, s.value)
  }
  if (s.operator !== null) return update(b, env, s, s.operator)
  const type = b.shared.types.resolve(s.target.type)
  const value = settled(b, env, b.value(env, s.value), type, [s.target])
  store(b, lowerPlace(b, env, s.target), value, false, s.target)
}

/** `x op= v` is `x = x op v` with the address computed once. */
function update(
  b: Builder,
  env: Environment,
  s: Statement & { kind: 'assign' },
  operator: NonNullable<(Statement & { kind: 'assign' })['operator']>,
): void {
  const place = settledPlace(b, env, lowerPlace(b, env, s.target), [s.value])
  const whole = wholeSlot(place)
  const now: Expr = whole ? { kind: 'slot', slot: whole } : load(b, place, false, s.target)
  const old = settled(b, env, now, place.type, [s.value])
  const right = b.value(env, s.value)
  const pointer = s.target.type.kind === 'pointer'
  const by = operator === '-' ? binary('-', literal(0), right) : right
  const value: Expr = pointer
    ? { kind: 'advance', pointer: old, by, pools: poolsOf(b, s.target) }
    : binary(operator, old, right)
  store(b, place, value, false, s.target)
}

/** A struct assignment goes member by member. */
function copy(b: Builder, env: Environment, target: Expression, value: Expression): void {
  const from = settledPlace(b, env, lowerPlace(b, env, value), [target])
  const to = lowerPlace(b, env, target)
  for (const path of leaves(from.type)) {
    const source: Place = { ...from, path: [...from.path, ...path.selectors], type: path.type }
    const goal: Place = { ...to, path: [...to.path, ...path.selectors], type: path.type }
    const whole = wholeSlot(source)
    const read: Expr = whole ? { kind: 'slot', slot: whole } : load(b, source, false, value)
    store(b, goal, read, false, target)
  }
}

interface Leaf {
  readonly selectors: Place['path']
  readonly type: ValueType
}

/** The scalar parts of a type, in the order of declaration. */
function leaves(type: ValueType): readonly Leaf[] {
  if (type.kind === 'struct') {
    return type.fields.flatMap((field) =>
      leaves(field.type).map((leaf) => ({
        selectors: [{ kind: 'field' as const, name: field.name }, ...leaf.selectors],
        type: leaf.type,
      })),
    )
  }
  if (type.kind === 'array') {
    const inner = leaves(type.of)
    return Array.from({ length: type.length }, (_, at) => at).flatMap((at) =>
      inner.map((leaf) => ({
        selectors: [
          { kind: 'index' as const, index: literal(at), length: type.length },
          ...leaf.selectors,
        ],
        type: leaf.type,
      })),
    )
  }
  return [{ selectors: [], type }]
}
