import type { PoolStorage, ValueType } from '../../../spec/index.js'
import type {
  Dimension,
  Index,
  Num,
  Procedure,
  Statement,
  Temporary,
  Test,
  Variable,
} from '../program.js'
import { readsRcu } from './contexts.js'
import { type CodeStore, ownIndexes, ownRead } from './locals.js'
import type { Store } from './storage.js'
import {
  always,
  among,
  and,
  compare,
  indexNum,
  isAlways,
  isNever,
  negate,
  not,
  number,
  read,
  take,
} from './terms.js'
import type { World } from './world.js'

/** Effects on many places at once, each written down once: what goes stale, who is no longer waited for. */
export class Procedures {
  readonly list: Procedure[] = []
  readonly #world: World
  readonly #known = new Map<string, Procedure | null>()

  constructor(world: World) {
    this.#world = world
  }

  #once(
    name: string,
    make: () => { parameters: Temporary[]; statements: Statement[] },
  ): Procedure | null {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const { parameters, statements } = make()
    const procedure = statements.length === 0 ? null : { name, parameters, statements }
    if (procedure) this.list.push(procedure)
    this.#known.set(name, procedure)
    return procedure
  }

  /** All pointers to an object of a pool go stale; null where there are none. Parameter: the pointer. */
  stale(pool: PoolStorage): Procedure | null {
    return this.#once(`free_${pool.name}`, () => {
      const pointer: Temporary = {
        name: 'pointer',
        from: pool.base + 1,
        to: pool.base + pool.size,
      }
      const statements: Statement[] = []
      const { storage, codes } = this.#world
      const struct = pool.type.name
      const stores: Store[] = [...storage.shared]
      for (const each of storage.structs.values()) stores.push(...each.fields.values())
      for (const variable of pointersIn(stores, struct)) {
        statements.push(...staleIn(variable, take(pointer), null))
      }
      for (const store of codes) {
        // A reader may keep what it found: the memory will be an object of the kind.
        const spared = (process: Num): Test =>
          pool.safety === 'typesafe_by_rcu' ? not(readsRcu(this.#world, store, process)) : always
        for (const variable of pointersIn(store.cells, struct)) {
          statements.push(...staleIn(variable, take(pointer), { store, goes: spared }))
        }
      }
      return { parameters: [pointer], statements }
    })
  }

  /** The members of an object get their initial values. Parameter: the number of the object. */
  initialise(pool: PoolStorage, members: readonly string[]): Procedure | null {
    return this.#once(`initialise_${pool.name}`, () => {
      const object: Temporary = {
        name: 'object',
        from: pool.base,
        to: pool.base + pool.size - 1,
      }
      const fields = this.#world.storage.structs.get(pool.type.name)?.fields
      const statements = members.flatMap((member) => {
        const store = fields?.get(member)
        return store ? initialised(store, take(object), pool.base) : []
      })
      return { parameters: [object], statements }
    })
  }

  /** A process of a code reads no longer, unless it still does: nobody waits for it. Parameter: the process. */
  leaves(store: CodeStore): Procedure | null {
    return this.#once(`${store.code.name}_reads_no_longer`, () => {
      const { first, last } = store
      const process: Temporary = { name: 'process', from: first, to: last, holds: 'process' }
      const who = first === last ? store.self : take(process)
      const forgotten = [...this.#graceWaits(store, who), ...this.#headWaits(store, who)]
      const statements = guarded(not(readsRcu(this.#world, store, who)), forgotten)
      return { parameters: [process], statements }
    })
  }

  #graceWaits(store: CodeStore, who: Num): Statement[] {
    return this.#world.codes.flatMap((other) => {
      const { awaited } = other
      if (!awaited || !mayBeIn(awaited, store)) return []
      const graces = waitLocations(other, 'rcu')
      if (graces.length === 0) return []
      const isMixed = waitLocations(other, 'srcu').length > 0
      return forAll(awaited.dimensions.slice(0, -1), (indexes) => {
        const process = indexes[0] ?? other.self
        const waits = isMixed ? among(ownRead(other, other.at, process), graces) : always
        return guarded(waits, [
          { kind: 'set', variable: awaited, indexes: [...indexes, who], value: number(0) },
        ])
      })
    })
  }

  #headWaits(store: CodeStore, who: Num): Statement[] {
    return this.#world.storage.heads.flatMap(({ readers }) =>
      readers && mayBeIn(readers, store)
        ? forAll(readers.dimensions.slice(0, -1), (indexes) => [
            { kind: 'set', variable: readers, indexes: [...indexes, who], value: number(0) },
          ])
        : [],
    )
  }
}

/** Whether the last dimension has room for all processes of a code. */
function mayBeIn({ dimensions }: Variable, store: CodeStore): boolean {
  const last = dimensions.at(-1)
  return last !== undefined && last.from <= store.first && last.to >= store.last
}

/** Where a code waits for readers of RCU, or of a domain. */
export const waitLocations = ({ code, flow }: CodeStore, what: 'rcu' | 'srcu'): readonly number[] =>
  [...flow.resting].filter((at) => {
    const i = code.instructions[at]
    return i?.kind === 'grace' && (i.domain === null) === (what === 'rcu')
  })

export function guarded(test: Test, then: readonly Statement[]): Statement[] {
  if (isAlways(test)) return [...then]
  if (isNever(test) || then.length === 0) return []
  return [{ kind: 'if', test, then, otherwise: [] }]
}

/** For every element of an array: one loop at most, so that it reads easily; what is left is written out. */
export function forAll(
  dimensions: readonly Dimension[],
  make: (indexes: readonly Num[]) => readonly Statement[],
): Statement[] {
  const longest = dimensions.reduce(
    (best, { from, to }, at) => {
      const length = to - from + 1
      return length > best.length ? { at, length } : best
    },
    { at: -1, length: 1 },
  )
  const dimension = dimensions[longest.at]
  const index: Index | null = dimension ? { name: nameOf(dimension), ...dimension } : null
  const all = (indexes: readonly Num[]): readonly Statement[] => {
    const here = dimensions[indexes.length]
    if (!here) return make(indexes)
    if (index && indexes.length === longest.at) return all([...indexes, indexNum(index)])
    const values = Array.from({ length: here.to - here.from + 1 }, (_, at) => here.from + at)
    return values.flatMap((value) => all([...indexes, number(value)]))
  }
  const statements = all([])
  if (index === null || statements.length === 0) return [...statements]
  return [{ kind: 'each', index, statements }]
}

const nameOf = ({ over }: Dimension): string =>
  over === 'process' ? 'p' : over === 'object' ? 'o' : 'i'

function pointersIn(stores: readonly Store[], struct: string): readonly Variable[] {
  return stores.flatMap((store): readonly Variable[] => {
    switch (store.kind) {
      case 'array':
        return pointersIn([store.of], struct)
      case 'struct':
        return pointersIn([...store.fields.values()], struct)
      case 'scalar':
        return isPointerTo(store.type, struct) ? [store.variable] : []
      default:
        return []
    }
  })
}

export const isPointerTo = (type: ValueType, struct: string): boolean =>
  type.kind === 'pointer' && type.struct === struct

function staleIn(
  variable: Variable,
  pointer: Num,
  local: { readonly store: CodeStore; readonly goes: (process: Num) => Test } | null,
): Statement[] {
  return forAll(variable.dimensions, (indexes) => {
    const found = compare('==', read(variable, indexes), pointer)
    const process =
      local && ownIndexes(local.store, local.store.self).length > 0 ? indexes[0] : null
    const goes = local ? local.goes(process ?? local.store.self) : always
    return guarded(and(found, goes), [{ kind: 'set', variable, indexes, value: negate(pointer) }])
  })
}

/** The statements that give a member of an object what it has at the start; objects of one pool are all alike. */
function initialised(store: Store, object: Num, sample: number): Statement[] {
  const fill = (variable: Variable | null, value: (at: number) => number): Statement[] => {
    if (!variable) return []
    const inner = variable.dimensions.slice(1)
    const counts = inner.map(({ from, to }) => to - from + 1)
    const size = counts.reduce((product, count) => product * count, 1)
    const values = Array.from({ length: size }, (_, at) => value(at))
    const [first = 0] = values
    if (values.every((one) => one === first)) {
      return forAll(inner, (indexes) => [
        { kind: 'set', variable, indexes: [object, ...indexes], value: number(first) },
      ])
    }
    return values.map((one, at): Statement => {
      const indexes: Num[] = []
      let rest = at
      for (let level = inner.length - 1; level >= 0; level--) {
        const count = counts[level] ?? 1
        indexes.unshift(number((inner[level]?.from ?? 0) + (rest % count)))
        rest = Math.floor(rest / count)
      }
      return { kind: 'set', variable, indexes: [object, ...indexes], value: number(one) }
    })
  }
  switch (store.kind) {
    case 'scalar': {
      const { variable } = store
      const { initial } = variable
      const size = variable.dimensions.slice(1).reduce((n, { from, to }) => n * (to - from + 1), 1)
      return fill(variable, (at) =>
        typeof initial === 'number' ? initial : (initial[sample * size + at] ?? 0),
      )
    }
    case 'lock': {
      const { owner, readers, waiting } = store.lock
      return [...fill(owner, () => -1), ...fill(readers, () => 0), ...fill(waiting, () => 0)]
    }
    case 'head':
      return [...fill(store.head.callback, () => -1), ...fill(store.head.readers, () => 0)]
    case 'array':
      return initialised(store.of, object, sample)
    case 'struct':
      return [...store.fields.values()].flatMap((field) => initialised(field, object, sample))
  }
}
