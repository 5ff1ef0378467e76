import {
  type InitialValue,
  type LockType,
  processName,
  type TransitionSystem,
  type ValueType,
} from '../../../spec/index.js'
import { type LockKey, poolLockKey, sharedLockKey } from '../../engine/place-keys.js'
import type { Dimension, Variable } from '../program.js'
import { int32, type Range } from '../ranges.js'
import type { Catalogue } from './catalogue.js'
import { type Users, usersOf } from './users.js'

/** Where every part of the shared memory is: arrays of integers, each of one member of one declaration. */
export type Store =
  | { readonly kind: 'scalar'; readonly variable: Variable; readonly type: ValueType }
  | { readonly kind: 'lock'; readonly lock: LockStore }
  | { readonly kind: 'head'; readonly head: HeadStore }
  | { readonly kind: 'array'; readonly of: Store; readonly length: number }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, Store> }

/** All locks of one declaration. What nobody does has no variable. */
export interface LockStore {
  readonly name: string
  readonly which: LockType
  /** Of whose objects it is a member. */
  readonly struct: string | null
  readonly dimensions: readonly Dimension[]
  readonly users: Users
  /** -1: nobody. */
  readonly owner: Variable | null
  /** How often each process is in; the process is the last dimension. */
  readonly readers: Variable | null
  /** Whether a process has queued to write; the process is the last dimension. */
  readonly waiting: Variable | null
}

/** All heads of one member of a struct. */
export interface HeadStore {
  readonly field: string
  readonly struct: string
  readonly callback: Variable
  /** By object and process: whether the callback still waits for it. */
  readonly readers: Variable | null
}

export interface StructStore {
  readonly fields: ReadonlyMap<string, Store>
  /** Null: all its objects are always there. */
  readonly alive: Variable | null
  /** How many objects all its pools have. */
  readonly count: number
}

export interface Storage {
  readonly shared: readonly Store[]
  /** By name of the struct. */
  readonly structs: ReadonlyMap<string, StructStore>
  readonly locks: readonly LockStore[]
  readonly heads: readonly HeadStore[]
}

/** How many times one process may hold one lock for reading; more is a bound that was met. */
export const readersMax = 3

export function storageOf(system: TransitionSystem, catalogue: Catalogue): Storage {
  const locks: LockStore[] = []
  const heads: HeadStore[] = []
  const users = usersOf(system)
  const maker = { system, catalogue, locks, heads, users }
  const shared = system.shared.map(({ name, type, initial }, at) =>
    make(
      maker,
      { name, keys: (path) => [sharedLockKey(at, path)], path: [], struct: null },
      type,
      [],
      [initial],
    ),
  )
  const structs = new Map<string, StructStore>()
  for (const { type } of system.pools) {
    if (!structs.has(type.name)) structs.set(type.name, structStore(maker, type))
  }
  return { shared, structs, locks, heads }
}

interface Maker {
  readonly system: TransitionSystem
  readonly catalogue: Catalogue
  readonly locks: LockStore[]
  readonly heads: HeadStore[]
  readonly users: ReturnType<typeof usersOf>
}

/** What a store is part of. */
interface Context {
  readonly name: string
  readonly keys: (path: readonly string[]) => readonly LockKey[]
  readonly path: readonly string[]
  /** Of which it is a member. */
  readonly struct: string | null
}

function structStore(maker: Maker, type: ValueType & { kind: 'struct' }): StructStore {
  const { system, catalogue } = maker
  const pools = system.pools.flatMap((pool, at) =>
    pool.type.name === type.name ? [{ pool, at }] : [],
  )
  const count = pools.reduce((sum, { pool }) => sum + pool.size, 0)
  const dimensions = [{ from: 0, to: count - 1, over: 'object' }] as const
  const name = pools.length === 1 ? (pools[0]?.pool.name ?? type.name) : type.name
  const each = <T>(of: (pool: (typeof pools)[number]['pool']) => T): T[] =>
    pools.flatMap(({ pool }) => Array.from({ length: pool.size }, () => of(pool)))
  const fields = new Map<string, Store>()
  for (const field of type.fields) {
    const context = {
      name: `${name}.${field.name}`,
      keys: (path: readonly string[]) => pools.map(({ at }) => poolLockKey(at, path)),
      path: [field.name],
      struct: type.name,
    }
    const initials = each((pool) => pool.initial[field.name] ?? 0)
    fields.set(field.name, make(maker, context, field.type, dimensions, initials))
  }
  if (pools.every(({ pool }) => pool.safety === 'tasks')) return { fields, alive: null, count }
  const alive = catalogue.variable({
    name: `${name}.alive`,
    dimensions,
    from: 0,
    to: 1,
    initial: each((pool) => (pool.safety === 'tasks' ? 1 : 0)),
    note: pools.map(({ pool }) => `${pool.name}[i] is object ${pool.base} + i`).join(', '),
  })
  return { fields, alive, count }
}

function make(
  maker: Maker,
  context: Context,
  type: ValueType,
  dimensions: readonly Dimension[],
  initials: readonly InitialValue[],
): Store {
  switch (type.kind) {
    case 'lock': {
      const lock = lockStore(maker, context, type.which, dimensions)
      maker.locks.push(lock)
      return { kind: 'lock', lock }
    }
    case 'head': {
      const head = headStore(maker, context, dimensions)
      maker.heads.push(head)
      return { kind: 'head', head }
    }
    case 'array': {
      const more = [...dimensions, { from: 0, to: type.length - 1, over: 'index' } as const]
      const elements = initials.flatMap((initial) => initial as readonly InitialValue[])
      const of = make(maker, context, type.of, more, elements)
      return { kind: 'array', of, length: type.length }
    }
    case 'struct': {
      const fields = type.fields.map((field) => {
        const path = [...context.path, field.name]
        const inner = { ...context, name: `${context.name}.${field.name}`, path }
        const values = initials.map(
          (one) => (one as { [field: string]: InitialValue })[field.name] ?? 0,
        )
        return [field.name, make(maker, inner, field.type, dimensions, values)] as const
      })
      return { kind: 'struct', fields: new Map(fields) }
    }
    default: {
      const range = rangeOfType(maker.system, type)
      const variable = maker.catalogue.variable({
        name: context.name,
        dimensions,
        ...range,
        initial: initials as readonly number[],
        note: noteOf(maker.system, type),
      })
      return { kind: 'scalar', variable, type }
    }
  }
}

function lockStore(
  { system, catalogue, users: find }: Maker,
  { name, keys, path, struct }: Context,
  which: LockType,
  dimensions: readonly Dimension[],
): LockStore {
  const users = find(keys(path))
  const most = system.processes.length
  const who = system.processes.map((_, at) => `${at} = ${processName(at, system)}`).join(', ')
  const owner =
    users.owners.size === 0
      ? null
      : catalogue.variable({
          name: `${name}.owner`,
          dimensions,
          from: -1,
          to: Math.max(...users.owners),
          initial: -1,
          holds: 'process',
          note: `-1 = nobody, ${who}${users.owners.has(most) ? `, ${most} = init` : ''}`,
        })
  const perProcess = (what: string, set: ReadonlySet<number>, to: number): Variable | null =>
    set.size === 0
      ? null
      : catalogue.variable({
          name: `${name}.${what}`,
          dimensions: [...dimensions, processDimension(set)],
          from: 0,
          to,
          initial: 0,
          note: '',
        })
  const readers = perProcess('readers', users.readers, readersMax)
  const waiting = perProcess('waiting', users.waiting, 1)
  return { name, which, struct, dimensions, users, owner, readers, waiting }
}

const processDimension = (set: ReadonlySet<number>): Dimension => ({
  from: Math.min(...set),
  to: Math.max(...set),
  over: 'process',
})

function headStore(
  { catalogue, users }: Maker,
  { name, keys, path, struct }: Context,
  dimensions: readonly Dimension[],
): HeadStore {
  const { callbacks, rcuReaders } = users.ofHead(keys(path))
  const callback = catalogue.variable({
    name: `${name}.callback`,
    dimensions,
    from: -1,
    to: Math.max(-1, ...callbacks),
    initial: -1,
    note: '-1 = idle, else the number of the callback it is queued with',
  })
  const readers =
    callbacks.length === 0 || rcuReaders.length === 0
      ? null
      : catalogue.variable({
          name: `${name}.readers`,
          dimensions: [...dimensions, processDimension(new Set(rcuReaders))],
          from: 0,
          to: 1,
          initial: 0,
          note: 'whether the callback still waits for the process',
        })
  return { field: path.join('.'), struct: struct ?? '', callback, readers }
}

/** What a scalar can be, a missing value aside. */
export function rangeOfType(system: TransitionSystem, type: ValueType): Range {
  switch (type.kind) {
    case 'bool':
      return { from: 0, to: 1 }
    case 'int':
      return { from: type.from, to: type.to }
    case 'enum':
      return { from: 0, to: type.values.length - 1 }
    case 'bits':
      return type.bits.length >= 32 ? int32 : { from: 0, to: 2 ** type.bits.length - 1 }
    case 'pointer': {
      const pools = type.pools.flatMap((at) => system.pools[at] ?? [])
      const to = Math.max(0, ...pools.map(({ base, size }) => base + size))
      const goesStale = pools.some(({ safety }) => safety !== 'typesafe' && safety !== 'tasks')
      return { from: goesStale ? -to : 0, to }
    }
    default:
      throw new Error(`a ${type.kind} is no scalar`)
  }
}

/** What the numbers of a scalar stand for. */
export function noteOf(system: TransitionSystem, type: ValueType): string {
  switch (type.kind) {
    case 'enum':
      return type.values.map((value, at) => `${at} = ${value}`).join(', ')
    case 'bits':
      return type.bits.map((bit, at) => `bit ${at} = ${bit}`).join(', ')
    case 'pointer': {
      const parts = type.pools.flatMap((at) => {
        const pool = system.pools[at]
        return pool ? [`${pool.base + 1} + i = &${pool.name}[i]`] : []
      })
      const stale = rangeOfType(system, type).from < 0 ? ['negative = stale'] : []
      return ['0 = null', ...parts, ...stale].join(', ')
    }
    default:
      return ''
  }
}
