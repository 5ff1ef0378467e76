import type { Expression } from '../analysis/model.js'
import { partsOf } from '../analysis/walk.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import type { Expr, Place, ValueType } from './expression.js'
import { slotsIn } from './slots.js'

/**
 * Values are computed where they are used, and reading a local is no step, so a value may be computed late. That is
 * seen only when something evaluated in between is handed the address of a local.
 */

/** True when evaluating `e` may change a local whose address, or whose name in a macro, it hands on. */
export function changesLocals(env: Environment, e: Expression): boolean {
  if (e.kind === 'address' && hasLocalRoot(e.of)) return true
  if (e.kind === 'local') {
    const binding = env.bindings.get(e.local)
    if (binding?.kind === 'macro') return changesLocals(binding.environment, binding.expression)
    return binding?.kind === 'place' && binding.place.root.kind === 'local'
  }
  return partsOf(e).some((part) => changesLocals(env, part))
}

function hasLocalRoot(place: Expression): boolean {
  if (place.kind === 'member') return hasLocalRoot(place.object)
  if (place.kind === 'index') return hasLocalRoot(place.array)
  return place.kind === 'local'
}

/** The value as it is now, whatever `later` does before it is used. */
export function settled(
  b: Builder,
  env: Environment,
  value: Expr,
  type: ValueType,
  later: readonly Expression[],
): Expr {
  return later.some((e) => changesLocals(env, e)) ? fixed(b, value, type) : value
}

function fixed(b: Builder, value: Expr, type: ValueType): Expr {
  if (slotsIn(value).every((slot) => slot.temporary)) return value
  const slot = b.temporary('', type)
  b.emit({ kind: 'assign', slot, value })
  return { kind: 'slot', slot }
}

/** The place with its pointer and indexes as they are now, whatever `later` does before it is accessed. */
export function settledPlace(
  b: Builder,
  env: Environment,
  place: Place,
  later: readonly Expression[],
): Place {
  return later.some((e) => changesLocals(env, e)) ? fixedPlace(b, place) : place
}

const index: ValueType = { kind: 'int', from: -128, to: 127, inferred: true }

function fixedPlace(b: Builder, place: Place): Place {
  const path = place.path.map((selector) =>
    selector.kind === 'index' ? { ...selector, index: fixed(b, selector.index, index) } : selector,
  )
  const { root } = place
  if (root.kind !== 'object') return { ...place, path }
  const struct = structOf(b, root.pools)
  const pointer = fixed(b, root.pointer, { kind: 'pointer', struct, pools: root.pools })
  return { ...place, root: { ...root, pointer }, path }
}

function structOf(b: Builder, pools: readonly number[]): string {
  for (const [pool, number] of b.shared.pools) if (number === pools[0]) return pool.struct.name
  return 'null'
}
