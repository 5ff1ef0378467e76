import type { Instruction, TransitionSystem, ValueType } from '../../spec/index.js'
import { keysOf, placeOf } from './accesses.js'

/**
 * Numbers that no process and no property ever looks at or changes keep the value they have: `init` does not write them,
 * and a state need not hold them. So what a library declares and a model does not use costs nothing. Pointers stay, for
 * leaks are found by following them; so do locks, which take no bits unless somebody takes them.
 */
export function elidingUnused(system: TransitionSystem): TransitionSystem {
  const used = usedKeys(system)
  const isUnused = (key: string): boolean => !used.has(key)
  const shared = system.shared.map((variable, at) => {
    return { ...variable, type: narrowed(variable.type, variable.initial, `s${at}`, isUnused) }
  })
  const pools = system.pools.map((pool, at) => {
    const type = narrowed(pool.type, pool.initial, `p${at}`, isUnused)
    return type.kind === 'struct' ? { ...pool, type } : pool
  })
  const init = system.init.map((code) => ({
    ...code,
    instructions: code.instructions.map((i) => withoutStore(i, isUnused)),
  }))
  return { ...system, shared, pools, init }
}

function usedKeys(system: TransitionSystem): ReadonlySet<string> {
  const properties = [...system.invariants, ...system.finals, ...system.covers]
  const everybody = [...system.codes, ...properties.map(({ code }) => code)]
  const used = new Set<string>()
  const add = (i: Instruction): void => {
    const place = placeOf(i)
    if (place !== null) for (const key of keysOf(place)) used.add(key)
  }
  for (const { instructions } of everybody) for (const i of instructions) add(i)
  // A store of init is left out only if init does not look at what it has stored.
  for (const { instructions } of system.init) {
    for (const i of instructions) if (i.kind !== 'store') add(i)
  }
  return used
}

/** The type with every unused number in it narrowed to its initial value. */
function narrowed(
  type: ValueType,
  initial: unknown,
  key: string,
  isUnused: (key: string) => boolean,
): ValueType {
  switch (type.kind) {
    case 'bool':
    case 'int':
    case 'enum':
    case 'bits':
      if (!isUnused(key) || typeof initial !== 'number') return type
      return { kind: 'int', from: initial, to: initial, inferred: false }
    case 'array': {
      const items = initial as readonly unknown[]
      // Elements have one type, so they must have one value.
      const isUniform = items.every((item) => JSON.stringify(item) === JSON.stringify(items[0]))
      if (!isUniform) return type
      return { ...type, of: narrowed(type.of, items[0], `${key}.[]`, isUnused) }
    }
    case 'struct': {
      const members = initial as Readonly<Record<string, unknown>>
      const fields = type.fields.map((field) => {
        const { name } = field
        return { name, type: narrowed(field.type, members[name], `${key}.${name}`, isUnused) }
      })
      return { ...type, fields }
    }
    default:
      return type
  }
}

/** Nothing, where something unused is written. */
function withoutStore(i: Instruction, isUnused: (key: string) => boolean): Instruction {
  if (i.kind !== 'store' || i.place.root.kind === 'local') return i
  const { type } = i.place
  const isNumber = ['bool', 'int', 'enum', 'bits'].includes(type.kind)
  if (!isNumber || !keysOf(i.place).every(isUnused)) return i
  const { site, next, region } = i
  return { site, next, region, kind: 'clear', slots: [] }
}
