import type { PoolStorage, State, TransitionSystem, Value, ValueType } from '../../spec/index.js'
import { objectName, valueText } from './changes.js'

/** A place of a state as people see it: a number, a pointer, a lock, one bit of a word, or the life of an object. */
interface PlaceValue {
  /** The object it is inside of, or null for a shared variable and for an object as a whole. */
  readonly object: string | null
  readonly name: string
  /** Null: what the memory of a dead object holds says nothing to anybody. */
  readonly value: string | null
}

/**
 * Every place of a state, in the order of declaration. All states of a system have the same places in the same order,
 * under the names that `differences` gives them.
 */
export function placesOf(system: TransitionSystem, state: State): PlaceValue[] {
  const found: PlaceValue[] = []
  for (const { name, type } of system.shared) {
    walk(system, type, state.shared[name] ?? null, { object: null, name }, found)
  }
  for (const pool of system.pools) {
    for (let index = 0; index < pool.size; index++) objectPlaces(system, pool, index, state, found)
  }
  return found
}

function objectPlaces(
  system: TransitionSystem,
  pool: PoolStorage,
  index: number,
  state: State,
  found: PlaceValue[],
): void {
  const object = objectName(system, pool, index)
  const { alive, value } = state.pools[pool.name]?.[index] ?? { alive: 0, value: null }
  if (pool.safety !== 'tasks') {
    found.push({ object: null, name: object, value: alive === 1 ? 'allocated' : 'free' })
  }
  const isSeen = alive === 1 || pool.safety !== 'ordinary'
  const from = found.length
  walk(system, pool.type, value, { object, name: '' }, found)
  if (isSeen) return
  for (let at = from; at < found.length; at++) {
    found[at] = { ...(found[at] as PlaceValue), value: null }
  }
}

function walk(
  system: TransitionSystem,
  type: ValueType,
  value: Value,
  place: Omit<PlaceValue, 'value'>,
  found: PlaceValue[],
): void {
  const { object, name } = place
  const inside = (key: string | number): Value =>
    value === null ? null : ((value as Readonly<Record<string | number, Value>>)[key] ?? null)
  const member = (field: string) => ({ object, name: name === '' ? field : `${name}.${field}` })
  switch (type.kind) {
    case 'struct':
      for (const field of type.fields) {
        walk(system, field.type, inside(field.name), member(field.name), found)
      }
      return
    case 'array':
      for (let index = 0; index < type.length; index++) {
        walk(system, type.of, inside(index), { object, name: `${name}[${index}]` }, found)
      }
      return
    case 'bits':
      type.bits.forEach((bit, index) => {
        found.push({ ...member(bit), value: String((Number(value ?? 0) >> index) & 1) })
      })
      return
    default:
      found.push({ ...place, value: valueText(system, type, value) })
  }
}
