import { gfp, type Instruction, type Location, type PoolStorage } from '../../../spec/index.js'
import type { Num, Test } from '../program.js'
import { mightSleep, someLock } from './contexts.js'
import { isInPool, numOf, poolOf } from './evaluate.js'
import { isAggregate } from './flow.js'
import { hasMembers, isUnowned } from './perform-lock.js'
import { isPointerTo } from './procedures.js'
import type { LockStore, StructStore } from './storage.js'
import type { Stretch } from './stretch.js'
import {
  always,
  and,
  arithmetic,
  compare,
  conditional,
  differs,
  equal,
  equals,
  isAlways,
  isNever,
  isTrue,
  literal,
  magnitude,
  negate,
  not,
  number,
  or,
  plus,
  read,
  take,
} from './terms.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

const structOf = (s: Stretch, pool: PoolStorage): StructStore => {
  const store = s.world.storage.structs.get(pool.type.name)
  if (!store) throw new Error(`no struct ${pool.type.name}`)
  return store
}

/** Whether the object with a number is in use. */
const isAlive = (s: Stretch, pool: PoolStorage, object: Num): Test => {
  const { alive } = structOf(s, pool)
  return alive ? differs(read(alive, [object]), 0) : always
}

/** The numbers of a pool's objects. */
const objectsOf = ({ base, size }: PoolStorage): readonly number[] =>
  Array.from({ length: size }, (_, at) => base + at)

/** Rule 4: any dead slot may be taken, each choice is explored; then, where it may happen, failure. */
export function performAlloc(s: Stretch, i: Of<'alloc'>): Location | null {
  const pool = poolOf(s, i.pool)
  if (i.object !== null) {
    const object = plus(numOf(s, i.object), -1)
    const held = s.hold('object', object, {
      kind: 'int',
      from: pool.base,
      to: pool.base + pool.size - 1,
      inferred: false,
    })
    s.fault(isAlive(s, pool, held), 'bug-on', `alloc of an object of ${pool.name} that is in use`)
    revive(s, i, pool, held)
    return i.next
  }
  const flags = i.flags === null ? number(gfp.kernel) : numOf(s, i.flags)
  const reclaims = isTrue(arithmetic('&', flags, number(gfp.directReclaim)))
  s.when(reclaims, () => mightSleep(s, 'alloc'))
  const neverFails = isTrue(arithmetic('&', flags, number(gfp.noFail)))
  if (s.isAlone || isAlways(neverFails)) return takeAny(s, i, pool)
  if (!isNever(neverFails))
    return s.refuse('an alloc of which only the run decides whether it may fail')
  const { at, known } = s
  const failing = s.choose()
  takeAny(s, i, pool)
  s.goOn(i.next)
  s.enter(failing, at, known)
  s.assign(i.slot, number(0))
  return i.next
}

function takeAny(s: Stretch, i: Of<'alloc'>, pool: PoolStorage): Location {
  const alive = objectsOf(pool).map((object) => isAlive(s, pool, number(object)))
  s.fault(and(...alive), null, `pool ${pool.name}[${pool.size}] is empty`)
  const object = s.fresh('object', pool.base, pool.base + pool.size - 1)
  const options = objectsOf(pool).map((value, at) => ({
    when: not(alive[at] ?? always),
    value: number(value),
  }))
  s.emit({ kind: 'select', temporary: object, options })
  revive(s, i, pool, pool.size === 1 ? number(pool.base) : take(object))
  return i.next
}

function revive(s: Stretch, i: Of<'alloc'>, pool: PoolStorage, object: Num): void {
  const { alive } = structOf(s, pool)
  if (alive) s.emit({ kind: 'set', variable: alive, indexes: [object], value: number(1) })
  const { safety } = pool
  // An ordinary object was given its initial values when it was freed, and nobody has used it since.
  const members =
    safety === 'typesafe_by_rcu' ? pool.initialised : pool.type.fields.map(({ name }) => name)
  const initialise = s.procedures.initialise(pool, members)
  if (initialise) s.emit({ kind: 'call', procedure: initialise, arguments: [object] })
  s.assign(i.slot, plus(object, 1))
}

/** Makes every pointer to the object stale, wherever it is kept. */
export function performFree(s: Stretch, i: Of<'free'>): Location {
  const given = numOf(s, i.pointer)
  s.fault(equals(given, 0), 'null-dereference', 'free(null)')
  const pools = i.pools.map((at) => poolOf(s, at))
  const [only] = pools
  if (!only) return i.next
  const to = Math.max(...pools.map(({ base, size }) => base + size))
  const from = Math.min(...pools.map(({ base }) => base + 1))
  const address = magnitude(given)
  const isDead = not(isAlive(s, only, plus(address, -1)))
  const message = 'an object is freed, and was free already'
  s.fault(or(compare('<', given, number(0)), isDead), 'double-free', message)
  if (s.hasEnded) return i.next
  const pointer = s.hold('freed', given, { kind: 'int', from, to, inferred: false })
  const object = plus(pointer, -1)
  for (const lock of locksIn(s, only)) {
    const held = someLock({ ...lock, dimensions: lock.dimensions.slice(1) }, (inner) => {
      const found = { lock, indexes: [object, ...inner] }
      return or(not(isUnowned(found)), hasMembers(lock, 'readers', found.indexes))
    })
    s.fault(held, 'freed-while-held', `${lock.name} is held while its object is freed`)
  }
  for (const { struct, callback, field } of s.world.storage.heads) {
    if (struct !== only.type.name) continue
    const queued = compare('>=', read(callback, [object]), number(0))
    s.fault(queued, 'callback-pending', `an object is freed while its ${field} is queued`)
  }
  const { alive } = structOf(s, only)
  if (alive) s.emit({ kind: 'set', variable: alive, indexes: [object], value: number(0) })
  for (const pool of pools) {
    const inPool = pools.length === 1 ? always : isInPool(pointer, pool)
    s.when(inPool, () => bury(s, i, pool, pointer))
  }
  return i.next
}

function bury(s: Stretch, i: Of<'free'>, pool: PoolStorage, pointer: Num): void {
  if (pool.safety === 'ordinary') {
    const members = pool.type.fields.map(({ name }) => name)
    const initialise = s.procedures.initialise(pool, members)
    if (initialise) s.emit({ kind: 'call', procedure: initialise, arguments: [plus(pointer, -1)] })
  }
  if (pool.safety === 'typesafe') return
  const stale = s.procedures.stale(pool)
  if (stale) s.emit({ kind: 'call', procedure: stale, arguments: [pointer] })
  const struct = pool.type.name
  for (const [slot, value] of s.known) {
    if (isPointerTo(slot.type, struct) && value !== 0) s.known.delete(slot)
  }
  const spared = pool.safety === 'typesafe_by_rcu' ? s.isReading : or()
  for (const temporary of s.liveTemporaries(
    i.next,
    (slot) => !isAggregate(slot) && isPointerTo(slot.type, struct),
  )) {
    const here = take(temporary)
    const goes = and(equal(here, pointer), not(spared))
    s.emit({ kind: 'let', temporary, value: conditional(goes, negate(pointer), here) })
  }
}

const locksIn = (s: Stretch, pool: PoolStorage): readonly LockStore[] =>
  s.world.storage.locks.filter((lock) => lock.struct === pool.type.name)

export function performDestroy(s: Stretch, i: Of<'destroy'>): Location {
  const pool = poolOf(s, i.pool)
  const alive = objectsOf(pool).map((object) => isAlive(s, pool, number(object)))
  s.fault(
    or(...alive),
    'destroy-nonempty',
    `${pool.name} is destroyed while an object of it is in use`,
  )
  return i.next
}

export function performNextLive(s: Stretch, i: Of<'next-live'>): Location {
  const pool = poolOf(s, i.pool)
  const from = numOf(s, i.from)
  const start = literal(from)
  if (start !== null) return eachLive(s, i, pool, start)
  const value = objectsOf(pool).reduceRight<Num>((later, object, at) => {
    const here = and(compare('<=', from, number(at)), isAlive(s, pool, number(object)))
    return conditional(here, number(object + 1), later)
  }, number(0))
  s.assign(i.slot, value)
  return i.next
}

/** A way for each object, so that loops over the objects of a pool are written out. */
function eachLive(s: Stretch, i: Of<'next-live'>, pool: PoolStorage, start: number): Location {
  for (const object of objectsOf(pool).slice(Math.max(0, start))) {
    const alive = isAlive(s, pool, number(object))
    if (isAlways(alive)) {
      s.assign(i.slot, number(object + 1))
      return i.next
    }
    const { at, known } = s
    const later = s.fork(alive)
    s.assign(i.slot, number(object + 1))
    s.goOn(i.next)
    s.enter(later, at, known)
  }
  s.assign(i.slot, number(0))
  return i.next
}
