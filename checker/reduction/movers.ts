import {
  type Instruction,
  type Location,
  type Place,
  type Slot,
  successors,
  type TransitionSystem,
} from '../../spec/index.js'
import {
  type Access,
  accessesOf,
  keysOf,
  placeOf,
  watchedKeys,
  watchesObjects,
} from './accesses.js'
import { allocatedPools, bitLocks, freedPools, isBitLock } from './bit-locks.js'
import { type AllHeld, type Held, type HeldLock, heldInAll, readHeld } from './held.js'

/**
 * Which steps commute with whatever other processes do (Lipton 1975). A step is a right mover when it may as well come
 * later than any step of others that follows it: the run is the same but for that, or a violation comes instead. It is a
 * left mover when it may as well come earlier than any step of others before it.
 */
export interface Mover {
  readonly right: boolean
  readonly left: boolean
}

const NONE: Mover = { right: false, left: false }
const BOTH: Mover = { right: true, left: true }
const both = (a: Mover, b: Mover): Mover => ({ right: a.right && b.right, left: a.left && b.left })

export interface Movers {
  /** Of the visible instruction at a location of a code. */
  of(code: number, at: Location): Mover
  readonly bitLocks: ReadonlySet<string>
}

/** `withoutLocks`: only what commutes whoever holds what. */
export function moversOf(system: TransitionSystem): {
  readonly withLocks: Movers
  readonly withoutLocks: Movers
} {
  const nothing = system.codes.map(({ instructions }) => instructions.map(() => none))
  return {
    withLocks: new MoverFinder(system, heldInAll(system), true),
    withoutLocks: new MoverFinder(system, nothing, false),
  }
}

const none: Held = new Set()

class MoverFinder implements Movers {
  readonly #system: TransitionSystem
  readonly #accesses: ReadonlyMap<string, readonly Access[]>
  readonly #held: AllHeld
  readonly #withLocks: boolean
  readonly #watched: ReadonlySet<string>
  readonly #freed: ReadonlySet<number>
  readonly #allocated: ReadonlySet<number>
  /** Pools in which processes look for objects that are alive. */
  readonly #counted: ReadonlySet<number>
  readonly #watchesObjects: boolean
  /** Somebody waits for readers of RCU: what makes or unmakes a reader is seen. */
  readonly #countsReaders: boolean
  readonly #instances: readonly number[]
  readonly bitLocks: ReadonlySet<string>

  constructor(system: TransitionSystem, held: AllHeld, withLocks: boolean) {
    this.#system = system
    this.#accesses = accessesOf(system)
    this.#held = held
    this.#withLocks = withLocks
    this.#watched = watchedKeys(system)
    this.#freed = freedPools(system)
    this.#allocated = allocatedPools(system)
    this.#watchesObjects = watchesObjects(system)
    const all = system.codes.flatMap(({ instructions }) => instructions)
    this.#counted = new Set(
      all.flatMap((i) => (i.kind === 'next-live' || i.kind === 'destroy' ? [i.pool] : [])),
    )
    this.#countsReaders = all.some((i) => i.kind === 'grace' || i.kind === 'call-rcu')
    this.#instances = system.codes.map(
      (_, code) => system.processes.filter((process) => process.code === code).length,
    )
    this.bitLocks = withLocks ? bitLocks(system, this.#accesses, held) : new Set()
  }

  of(code: number, at: Location): Mover {
    const i = this.#system.codes[code]?.instructions[at]
    if (i === undefined || i.region !== 0) return NONE
    switch (i.kind) {
      case 'load':
      case 'store':
      case 'update':
        return this.#access(code, at, i)
      case 'lock':
        return this.#lock(i)
      case 'bit-wait':
      case 'bit-wake':
        return this.#bit(code, i)
      case 'might-sleep':
        return BOTH
      case 'assert-held':
        return this.#reaching(i.place, false)
      case 'touch':
        return this.#part(code, at, i)
      case 'free':
        return this.#free(i)
      case 'atomic':
        return this.#block(code, at)
      default:
        return NONE
    }
  }

  /** An access commutes where nobody can make a conflicting one meanwhile. */
  #access(code: number, at: Location, i: Instruction): Mover {
    const place = placeOf(i)
    if (place === null) return NONE
    if (place.root.kind === 'local') return BOTH
    const isMarked =
      i.kind === 'update' || (i.kind === 'load' && i.marked) || (i.kind === 'store' && i.marked)
    const isWrite = i.kind !== 'load'
    const keys = keysOf(place)
    if (isWrite && this.#isWatched(place)) return NONE
    for (const key of keys) {
      for (const other of this.#accesses.get(key) ?? []) {
        if (!isWrite && !other.isWrite) continue
        if (this.#neverMeet(code, at, place, other)) continue
        return NONE
      }
    }
    return this.#reaching(place, isMarked)
  }

  /** An invariant or a cover looks at it in every state. */
  #isWatched(place: Place): boolean {
    return keysOf(place).some((key) => this.#watched.has(key))
  }

  /** Two accesses by different processes, at these places, at one time: impossible. */
  #neverMeet(code: number, at: Location, place: Place, other: Access): boolean {
    if (other.code === code && this.#instances[code] === 1) return true
    // Each its own element, or its own task.
    if (isOwn(place) && isOwn(other.place) && (other.code === code || isTask(place))) return true
    return this.#exclude(code, at, place, other)
  }

  /** Both processes would have to hold one lock, one of them alone. */
  #exclude(code: number, at: Location, place: Place, other: Access): boolean {
    const mine = this.#held[code]?.[at] ?? new Set<string>()
    const theirs = this.#held[other.code]?.[other.at] ?? new Set<string>()
    const root = pointerSlot(place)
    const otherRoot = pointerSlot(other.place)
    return [...mine].map(readHeld).some((lock) =>
      [...theirs].map(readHeld).some((one) => {
        if (lock.path !== one.path || (lock.shared && one.shared)) return false
        if (lock.path.includes('#') && !this.#isKnownBit(code, lock)) return false
        if (lock.slotId === null || one.slotId === null) {
          return lock.slotId === null && one.slotId === null
        }
        if (this.#isOnly(code, lock.slotId) && this.#isOnly(other.code, one.slotId)) return true
        // The lock of the very object that is accessed: either it is another object, or the same lock.
        return lock.slotId === root && one.slotId === otherRoot
      }),
    )
  }

  /** A pointer to the only object its struct has. */
  #isOnly(code: number, slotId: number): boolean {
    const type = this.#slot(code, slotId)?.type
    if (type?.kind !== 'pointer') return false
    const { struct } = type
    const all = this.#system.pools.filter(({ type }) => type.name === struct)
    return all.reduce((sum, { size }) => sum + size, 0) === 1
  }

  #isKnownBit(code: number, { slotId, path }: HeldLock): boolean {
    if (slotId === null) return this.bitLocks.has(`s${path}`)
    const type = this.#slot(code, slotId)?.type
    return (
      type?.kind === 'pointer' && type.pools.every((pool) => this.bitLocks.has(`p${pool}${path}`))
    )
  }

  #slot(code: number, id: number): Slot | undefined {
    return this.#system.codes[code]?.slots.find((slot) => slot.id === id)
  }

  /**
   * Behind a pointer, others may free the object. Later than that, a step that the dead object does not survive is a
   * violation, which is found too; earlier than that it is none. To a marked access a page that is free is as good as
   * any, until it is allocated anew.
   */
  #reaching({ root }: Place, isMarked: boolean): Mover {
    if (root.kind !== 'object') return BOTH
    return root.pools.map((pool) => this.#reachingPool(pool, isMarked)).reduce(both, BOTH)
  }

  #reachingPool(pool: number, isMarked: boolean): Mover {
    const safety = this.#system.pools[pool]?.safety
    const isAllocated = this.#allocated.has(pool)
    const changes = this.#freed.has(pool) || isAllocated
    if (safety === 'tasks' || !changes) return BOTH
    if (this.#watchesObjects) return NONE
    if (safety === 'typesafe' && isMarked) return isAllocated ? NONE : BOTH
    if (safety === 'typesafe_by_rcu' && isMarked) return NONE
    return { right: true, left: false }
  }

  /**
   * Between the last put and the free, whatever others do to the object would be a violation after it, or makes no
   * difference to it; so the free may as well come at once. Not where a free slot is looked for.
   */
  #free(i: Instruction & { kind: 'free' }): Mover {
    const left = i.pools.every((pool) => {
      const safety = this.#system.pools[pool]?.safety
      const isKnown = safety === 'ordinary' || safety === 'typesafe'
      return isKnown && !this.#allocated.has(pool) && !this.#counted.has(pool)
    })
    return { right: false, left: left && !this.#watchesObjects }
  }

  /** A block is what all its parts are; one that may have to wait is more than that. */
  #block(code: number, at: Location): Mover {
    const { instructions } = this.#system.codes[code] as TransitionSystem['codes'][number]
    const reached = new Set(successors(instructions[at] as Instruction))
    let mover = BOTH
    for (const to of reached) {
      const i = instructions[to]
      if (i === undefined || i.region === 0) continue
      mover = both(mover, this.#part(code, to, i))
      for (const next of successors(i)) reached.add(next)
    }
    return mover
  }

  #part(code: number, at: Location, i: Instruction): Mover {
    switch (i.kind) {
      case 'load':
      case 'store':
      case 'update':
        return this.#access(code, at, i)
      case 'touch':
        return i.pools.map((pool) => this.#reachingPool(pool, false)).reduce(both, BOTH)
      case 'assign':
      case 'clear':
      case 'branch':
      case 'either':
      case 'choose':
      case 'enter':
      case 'leave':
      case 'require':
      case 'fail':
      case 'might-sleep':
      case 'atomic':
      case 'end':
        return BOTH
      default:
        return NONE
    }
  }

  /** Taking a lock that others only ever wait for moves right, releasing it moves left. */
  #lock(i: Instruction & { kind: 'lock' }): Mover {
    if (!this.#withLocks || i.result !== null || this.#isWatched(i.place)) return NONE
    const takes = i.action === 'spin-lock' || i.action === 'mutex-lock'
    if (!takes && i.action !== 'spin-unlock' && i.action !== 'mutex-unlock') return NONE
    if (this.#countsReaders && i.action.startsWith('spin')) return NONE
    const all = keysOf(i.place).flatMap((key) => this.#accesses.get(key) ?? [])
    const isSeen = all.some(
      ({ instruction }) =>
        instruction.kind !== 'assert-held' &&
        (instruction.kind !== 'lock' || instruction.result !== null),
    )
    if (isSeen) return NONE
    const reaching = this.#reaching(i.place, false)
    return takes ? { right: reaching.right, left: false } : { right: false, left: reaching.left }
  }

  #bit(code: number, i: Instruction & { kind: 'bit-wait' | 'bit-wake' }): Mover {
    if (!isBitLock(i, this.bitLocks) || this.#isWatched(i.place)) return NONE
    // To be enabled while the bit is clear is a look at it that a later taker would spoil.
    if (i.kind === 'bit-wait' && !i.take) return NONE
    const { root } = i.place
    const pools = root.kind === 'object' ? root.pools : []
    // Marked: on a dead page the bit is still there, and stays what it is.
    const isSafe = pools.every((pool) => {
      const safety = this.#system.pools[pool]?.safety
      return safety === 'typesafe' || safety === 'tasks' || !this.#freed.has(pool)
    })
    const waits = keysOf(i.place).some((key) =>
      (this.#accesses.get(key) ?? []).some(
        (other) =>
          other.instruction.kind === 'bit-wait' &&
          !other.instruction.take &&
          !(other.code === code && this.#instances[code] === 1),
      ),
    )
    if (i.kind === 'bit-wait') return { right: !waits, left: false }
    return { right: false, left: isSafe }
  }
}

/** Reached by the process's own index alone: no other instance of the family comes there. */
const isOwn = (place: Place): boolean =>
  isTask(place) || place.path.some((one) => one.kind === 'index' && one.index.kind === 'family')

const isTask = ({ root }: Place): boolean =>
  root.kind === 'object' && root.pointer.kind === 'current'

const pointerSlot = ({ root }: Place): number | null =>
  root.kind === 'object' && root.pointer.kind === 'slot' ? root.pointer.slot.id : null
