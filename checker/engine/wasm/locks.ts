import type { Instruction, Place, ValueType } from '../../../spec/index.js'
import { READERS_MAX } from '../layout.js'
import { lockCells, PROCESS } from './cells.js'
import {
  add,
  and,
  anyOf,
  type Code,
  constant,
  equal,
  greater,
  isZero,
  notEqual,
  or,
  result,
  subtract,
  when,
} from './code.js'
import { type Address, type Emitter, moved, read, STATUS } from './emitter.js'
import { emitPlace } from './places.js'

/** Lock operations (rule 6), cell by cell as `spec/interpreter/locks.ts` says them. */

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** A mask of nobody else. */
export const bitOf = (e: Emitter): number => 1 << e.processNumber

/** A lock's owner, its readers and its waiting writers. */
function parts(e: Emitter, lock: Address) {
  const count = e.cells.processCount
  const waiting = moved(lock, lockCells(count) - 1)
  const mine = moved(lock, 1 + e.processNumber)
  const readers = Array.from({ length: count }, (_, process) => read(moved(lock, 1 + process)))
  return {
    owner: read(lock),
    setOwner: (value: Code) => e.write(lock, value),
    myReads: read(mine),
    setMyReads: (value: Code) => e.write(mine, value),
    anyReader: anyOf(readers),
    waiting: read(waiting),
    setWaiting: (value: Code) => e.write(waiting, value),
  }
}

type Parts = ReturnType<typeof parts>

/** `executed` marks the instruction, once it is clear that it does not block. */
export function emitLock(e: Emitter, i: Of<'lock'>, executed: Code, go: Code): Code {
  const lock = emitPlace(e, i.place, false)
  const part = parts(e, lock)
  const me = e.process
  const before: Code = [lock.set, sleepCheck(e, i)]
  if (i.result !== null) {
    const slot = i.result
    const put = (value: number): Code => e.setSlot(slot, constant(value))
    const taken = tryTake(e, i, part)
    return [before, executed, put(0), when(taken.possible, [taken.take, put(1)]), go]
  }
  switch (i.action) {
    case 'spin-lock':
    case 'mutex-lock':
      return [
        before,
        e.askIf(equal(part.owner, me)),
        e.blockIf(notEqual(part.owner, constant(-1))),
        executed,
        part.setOwner(me),
        go,
      ]
    case 'read-lock':
      return [
        before,
        e.askIf(equal(part.owner, me)),
        e.blockIf(isZero(mayRead(e, part))),
        executed,
        takeRead(e, part),
        go,
      ]
    case 'write-lock':
      return emitWriteLock(e, part, before, executed, go)
    case 'section-enter':
      return [before, executed, takeRead(e, part), go]
    case 'section-leave':
      return [
        before,
        executed,
        e.askIf(isZero(part.myReads)),
        part.setMyReads(subtract(part.myReads, constant(1))),
        leaveAfter(e, i, lock, part),
        go,
      ]
    case 'read-unlock':
      return [
        before,
        executed,
        e.askIf(isZero(part.myReads)),
        part.setMyReads(subtract(part.myReads, constant(1))),
        leaveRcu(e, i),
        go,
      ]
    case 'downgrade':
      return [
        before,
        executed,
        e.askIf(notEqual(part.owner, me)),
        part.setOwner(constant(-1)),
        takeRead(e, part),
        go,
      ]
    default:
      return [
        before,
        executed,
        e.askIf(notEqual(part.owner, me)),
        part.setOwner(constant(-1)),
        leaveRcu(e, i),
        go,
      ]
  }
}

/** Sleeping locks look first whether sleeping is allowed. */
function sleepCheck(e: Emitter, i: Of<'lock'>): Code {
  const type = i.place.type
  const sleeps = type.kind === 'lock' && (type.which === 'mutex' || type.which === 'rwsem')
  if (!sleeps || i.result !== null || !i.action.endsWith('-lock')) return []
  return emitMightSleep(e)
}

export function emitMightSleep(e: Emitter): Code {
  if (e.system.ignored.has('sleep-in-atomic') || e.alone) return []
  return e.askIf(e.helpers.atomicContext[e.processNumber] ?? constant(0))
}

/** A lock that spins makes an RCU reader of its holder. */
const isSpinning = (type: ValueType): boolean =>
  type.kind === 'lock' && (type.which === 'spinlock_t' || type.which === 'rwlock_t')

function leaveRcu(e: Emitter, i: Of<'lock'>): Code {
  const leave = e.helpers.leave[e.processNumber]
  return leave && isSpinning(i.place.type) ? e.writing(leave) : []
}

/** It runs as a handler or callback, where no waiting writer is waited for. */
export const isHandler = (e: Emitter): boolean =>
  (e.system.processes[e.processNumber]?.context ?? 'task') !== 'task'

function mayRead(e: Emitter, part: Parts): Code {
  const unowned = equal(part.owner, constant(-1))
  if (isHandler(e)) return unowned
  return and(unowned, or(isZero(part.anyReader), isZero(part.waiting)))
}

/** One more read; a state holds only so many. */
function takeRead(e: Emitter, part: Parts): Code {
  const more = e.keep(add(part.myReads, constant(1)))
  return [more.set, e.askIf(greater(more.get, constant(READERS_MAX))), part.setMyReads(more.get)]
}

function emitWriteLock(e: Emitter, part: Parts, before: Code, executed: Code, go: Code): Code {
  const isFree = and(equal(part.owner, constant(-1)), isZero(part.anyReader))
  const waits = and(part.waiting, constant(bitOf(e)))
  const queue: Code = [
    e.blockIf(waits),
    executed,
    part.setWaiting(or(part.waiting, constant(bitOf(e)))),
    result(constant(STATUS.next)),
  ]
  return [
    before,
    e.askIf(or(equal(part.owner, e.process), part.myReads)),
    when(isZero(isFree), queue),
    executed,
    part.setOwner(e.process),
    part.setWaiting(and(part.waiting, constant(~bitOf(e)))),
    go,
  ]
}

function tryTake(
  e: Emitter,
  i: Of<'lock'>,
  part: Parts,
): { readonly possible: Code; readonly take: Code } {
  const unowned = equal(part.owner, constant(-1))
  switch (i.action) {
    case 'read-lock':
      return { possible: and(unowned, isZero(part.waiting)), take: takeRead(e, part) }
    case 'write-lock': {
      const nobody = or(part.anyReader, part.waiting)
      return { possible: and(unowned, isZero(nobody)), take: part.setOwner(e.process) }
    }
    default:
      return { possible: unowned, take: part.setOwner(e.process) }
  }
}

/** Leaving an SRCU domain ends what others waited there for. */
function leaveAfter(e: Emitter, i: Of<'lock'>, lock: Address, part: Parts): Code {
  const type = i.place.type
  if (type.kind !== 'lock' || type.which !== 'srcu') return []
  const leave = others(e, 'grace', (other, { domain }) => {
    if (domain === null) return []
    const awaits = other.own(PROCESS.awaits)
    const clear = () => e.write(awaits, and(read(awaits), constant(~bitOf(e))))
    return sameAddress(other, domain, lock, clear)
  })
  return when(isZero(part.myReads), leave)
}

/** `then` when another process's place is this one. `only`: looked at before its place is computed. */
export function sameAddress(
  other: Emitter,
  place: Place,
  here: Address,
  then: () => Code,
  only: (code: Code) => Code = (code) => code,
): Code {
  const there = emitPlace(other, place, true, true)
  const mine = new Set(here.cells())
  if (!there.cells().some((cell) => mine.has(cell))) return []
  const same = equal(add(here.get, constant(here.offset)), add(there.get, constant(there.offset)))
  return only([there.set, when(same, then())])
}

/**
 * For every other process and every location of its code with such an instruction: `body`, when it is there. The code
 * is emitted for the other process: its cells, its slots.
 */
export function others<K extends Instruction['kind']>(
  e: Emitter,
  kind: K,
  body: (other: Emitter, i: Of<K>) => Code,
): Code {
  return e.system.processes.map((instance, process) => {
    const code = e.system.codes[instance.code]
    if (!code || process === e.processNumber) return []
    const other = e.as(process)
    return code.instructions.map((i, location) => {
      if (i.kind !== kind) return []
      const done = body(other, i as Of<K>)
      const isEmpty = Array.isArray(done) && done.length === 0
      return isEmpty ? [] : when(equal(read(other.own(PROCESS.at)), constant(location)), done)
    })
  })
}
