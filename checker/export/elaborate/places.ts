import type { Place, ValueType } from '../../../spec/index.js'
import type { Num, Test } from '../program.js'
import { rangeOf } from '../ranges.js'
import { readsRcu } from './contexts.js'
import { inBounds, isInPool, numOf, poolOf } from './evaluate.js'
import type { HeadStore, LockStore, Store } from './storage.js'
import {
  and,
  compare,
  equals,
  isEmpty,
  magnitude,
  never,
  not,
  number,
  or,
  plus,
  read,
} from './terms.js'
import type { LocalCell, Scope } from './world.js'

/** A place that was found: what is stored there, and the indexes to it. */
export type Target =
  | { readonly kind: 'stored'; readonly store: Store; readonly indexes: readonly Num[] }
  | Exclude<LocalCell, { kind: 'stored' }>

/** Finds a place; what rule 4 says about the object behind a pointer becomes faults on the way. */
export function resolve(scope: Scope, place: Place, marked: boolean): Target {
  const found: Num[] = []
  let name = rootName(scope, place)
  for (const selector of place.path) {
    if (selector.kind === 'field') {
      name = selector.name
      continue
    }
    const index = numOf(scope, selector.index)
    inBounds(scope, index, selector.length, name)
    found.push(index)
  }
  const { root } = place
  switch (root.kind) {
    case 'shared': {
      const store = scope.world.storage.shared[root.variable]
      if (!store) throw new Error(`no variable ${root.variable}`)
      return { kind: 'stored', store: select(store, place), indexes: found }
    }
    case 'local': {
      const cell = scope.cell(root.slot)
      if (cell.kind !== 'stored') return cell
      const indexes = [...cell.indexes, ...found]
      return { kind: 'stored', store: select(cell.store, place), indexes }
    }
    case 'object': {
      const pointer = numOf(scope, root.pointer)
      const object = usable(scope, root.pools, pointer, marked)
      const [pool] = root.pools
      const struct = pool === undefined ? '' : poolOf(scope, pool).type.name
      const fields = scope.world.storage.structs.get(struct)?.fields
      if (!fields) return scope.refuse('a pointer to a struct that no pool is of')
      const store = select({ kind: 'struct', fields }, place)
      return { kind: 'stored', store, indexes: [object, ...found] }
    }
  }
}

/** Where a place is, without asking whether it may be used. */
export function locate(scope: Scope, place: Place): Target & { kind: 'stored' } {
  const { world, store, role, self } = scope
  const silent: Scope = {
    world,
    store,
    role,
    self,
    local: (slot) => scope.local(slot),
    cell: (slot) => scope.cell(slot),
    fault: () => {},
    refuse: (construct) => scope.refuse(construct),
  }
  const target = resolve(silent, place, true)
  if (target.kind !== 'stored') return scope.refuse('a lock or a bit that is a local')
  return target
}

function rootName({ world }: Scope, { root }: Place): string {
  if (root.kind === 'shared') return world.system.shared[root.variable]?.name ?? ''
  return root.kind === 'local' ? root.slot.name : 'the array'
}

function select(store: Store, { path }: Place): Store {
  let here = store
  for (const selector of path) {
    const next =
      selector.kind === 'index'
        ? here.kind === 'array' && here.of
        : here.kind === 'struct' && here.fields.get(selector.name)
    if (!next) throw new Error(`no such part of a ${here.kind}`)
    here = next
  }
  return here
}

/** The number of the object that a pointer may be used for, by the kind of its pool and of the access. */
export function usable(scope: Scope, pools: readonly number[], pointer: Num, marked: boolean): Num {
  scope.fault(equals(pointer, 0), 'null-dereference', 'a null pointer is used')
  const address = magnitude(pointer)
  const object = plus(address, -1)
  const isStale = compare('<', pointer, number(0))
  const storages = pools.map((at) => poolOf(scope, at))
  const [first] = storages
  const alive = first && scope.world.storage.structs.get(first.type.name)?.alive
  if (!first || !alive) return object
  const isDead = equals(read(alive, [object]), 0)
  const misuse = (safety: (typeof first)['safety']): Test => {
    switch (safety) {
      case 'tasks':
        return never
      case 'typesafe':
        return marked ? never : isDead
      case 'ordinary':
        return or(isStale, isDead)
      case 'typesafe_by_rcu':
        return marked ? and(or(isStale, isDead), not(isReading(scope))) : or(isStale, isDead)
    }
  }
  const uniform = storages.every(({ safety }) => safety === first.safety)
  const when = uniform
    ? misuse(first.safety)
    : or(...storages.map((pool) => and(isInPool(address, pool), misuse(pool.safety))))
  scope.fault(when, 'use-after-free', 'an object is used that is free, or was')
  // Of a pointer that is not stale the address is itself.
  const isFresh = uniform && !marked && first.safety !== 'typesafe'
  return isFresh || (uniform && first.safety === 'ordinary') ? plus(pointer, -1) : object
}

const isReading = ({ world, store, self, role }: Scope): Test =>
  role === 'process' && store ? readsRcu(world, store, self) : never

/** The value of a scalar place, and whether it is missing. */
export function valueAt(target: Target): { readonly value: Num; readonly empty: Test } {
  switch (target.kind) {
    case 'value':
      return { value: target.value, empty: never }
    case 'temporary': {
      const value: Num = { kind: 'temporary', temporary: target.temporary }
      const missing = rangeOf(value).from > target.temporary.from
      return { value, empty: missing ? isEmpty(value, target.temporary.from) : never }
    }
    case 'stored': {
      const { variable } = scalarOf(target)
      const value = read(variable, target.indexes)
      return { value, empty: variable.empty === null ? never : isEmpty(value, variable.empty) }
    }
  }
}

function scalarOf({ store }: Target & { kind: 'stored' }): Store & { kind: 'scalar' } {
  if (store.kind !== 'scalar') throw new Error(`a ${store.kind} is no scalar`)
  return store
}

/** A lock, and the indexes to it. */
export function lockOf(target: Target): {
  readonly lock: LockStore
  readonly indexes: readonly Num[]
} {
  if (target.kind !== 'stored' || target.store.kind !== 'lock') throw new Error('no lock')
  return { lock: target.store.lock, indexes: target.indexes }
}

export function headOf(target: Target): { readonly head: HeadStore; readonly object: Num } {
  const [object] = target.kind === 'stored' ? target.indexes : []
  if (target.kind !== 'stored' || target.store.kind !== 'head' || !object)
    throw new Error('no head')
  return { head: target.store.head, object }
}

/** Rule 3: leaving a range is a violation where somebody declared it, else a bound. */
export function checkRange(scope: Scope, value: Num, type: ValueType, name: string): void {
  if (type.kind !== 'int') return
  const outside = or(compare('<', value, number(type.from)), compare('>', value, number(type.to)))
  const kind = type.inferred ? null : 'count-overflow'
  const range = `${type.from}..${type.to}`
  const what = type.inferred ? `the range ${range} inferred for it` : range
  scope.fault(outside, kind, `\`${name}\` would be outside ${what}`)
}
