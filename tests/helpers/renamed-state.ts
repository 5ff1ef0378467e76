import {
  type HeadValue,
  headPlaces,
  type LockValue,
  objectOf,
  pointerTo,
  type State,
  stateKey,
  type TransitionSystem,
  type Value,
  type ValueType,
} from '../../spec/index.js'

/** What takes whose place: by process, by object of each pool, by value of each array index there is. */
export interface Renaming {
  readonly processes: readonly number[]
  readonly pools: readonly (readonly number[])[]
  /** Of the values 0, 1, 2 …; every int of the model is one of these, every array is as long. */
  readonly values: readonly number[]
}

/** A state with everything renamed, by the types of what is in it: knows nothing of layouts, fields and keys. */
export function renamed(system: TransitionSystem, state: State, by: Renaming): State {
  const heads = headPlaces(system)
  const head = (number: number): number => {
    const { pool, index, field } = heads[number] as (typeof heads)[number]
    const at = system.pools.findIndex(({ name }) => name === pool)
    const to = by.pools[at]?.[index] ?? index
    return heads.findIndex((one) => one.pool === pool && one.field === field && one.index === to)
  }
  const process = (number: number): number => by.processes[number] ?? number
  const ascending = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b)
  const pointer = (value: number, pools: readonly number[]): number => {
    if (value === 0) return 0
    const { pool, index } = objectOf(system, pools, value)
    const to = pointerTo(pool, by.pools[system.pools.indexOf(pool)]?.[index] ?? index)
    return value < 0 ? -to : to
  }
  const of = (value: Value | undefined, type: ValueType): Value => {
    if (value === null || value === undefined) return null
    switch (type.kind) {
      case 'pointer':
        return pointer(value as number, type.pools)
      case 'int':
        return by.values[value as number] ?? value
      case 'lock': {
        const { owner, readers, waiting } = value as LockValue
        const lists = { readers: readers.map(process), waiting: waiting.map(process) }
        const [read, wait] = [ascending(lists.readers), ascending(lists.waiting)]
        return { owner: process(owner), readers: read, waiting: wait }
      }
      case 'head': {
        const { callback, readers } = value as HeadValue
        return { callback, readers: ascending(readers.map(process)) }
      }
      case 'array': {
        const items = value as readonly Value[]
        return placed(
          items.map((item) => of(item, type.of)),
          by.values,
        )
      }
      case 'struct': {
        const fields = value as { readonly [field: string]: Value }
        const named = type.fields.map(({ name, type: inner }) => [name, of(fields[name], inner)])
        return Object.fromEntries(named)
      }
      default:
        return value
    }
  }
  const shared = system.shared.map(({ name, type }) => [name, of(state.shared[name], type)])
  const pools = system.pools.map(({ name, type }, at) => {
    const objects = (state.pools[name] ?? []).map(({ alive, value }) => {
      return { alive, value: of(value, type) as { readonly [field: string]: Value } }
    })
    return [name, placed(objects, by.pools[at] ?? [])]
  })
  const processes = state.processes.map((one, number) => {
    const code = system.codes[system.processes[number]?.code ?? -1]
    const i = code?.instructions[one.at]
    const begin = code?.instructions.find((each) => each.kind === 'callback-begin')
    const locals = one.locals.map((value, cell) => {
      const slot = code?.kept[one.at]?.find(({ index }) => index === cell)
      if (slot === undefined) return value
      const isHead = begin?.kind === 'callback-begin' && slot === begin.head
      const isCallback = begin?.kind === 'callback-begin' && slot === begin.callback
      if (isCallback) return value
      return isHead && value !== null ? head(value as number) : of(value, slot.type)
    })
    const awaits = one.awaits?.map(i?.kind === 'rcu-barrier' ? head : process) ?? null
    return { ...one, locals, awaits: awaits === null ? null : ascending(awaits) }
  })
  return {
    shared: Object.fromEntries(shared),
    pools: Object.fromEntries(pools),
    processes: placed(processes, by.processes),
  }
}

/** Each item where its number is sent. */
function placed<Item>(items: readonly Item[], to: readonly number[]): Item[] {
  const found = [...items]
  for (const [at, item] of items.entries()) found[to[at] ?? at] = item
  return found
}

/** The same text for the states of one orbit. */
export function orbitKey(system: TransitionSystem, state: State, all: readonly Renaming[]): string {
  const keys = all.map((by) => stateKey(renamed(system, state, by)))
  return keys.reduce((least, key) => (key < least ? key : least))
}

/** Every way to exchange what is in the groups; the rest stays. `count`: how many there are with the rest. */
export function permutations(count: number, groups: readonly (readonly number[])[]): number[][] {
  const [group, ...others] = groups
  if (group === undefined) return [Array.from({ length: count }, (_, at) => at)]
  return permutations(count, others).flatMap((rest) =>
    orders(group).map((order) => {
      const found = [...rest]
      for (const [at, member] of group.entries()) found[member] = order[at] as number
      return found
    }),
  )
}

const orders = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) =>
        orders(items.filter((one) => one !== item)).map((rest) => [item, ...rest]),
      )
