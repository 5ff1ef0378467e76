import type { Instruction, Place } from '../../../spec/index.js'
import { READERS_MAX } from '../layout.js'
import { lockCells, PROCESS } from './cells.js'
import {
  add,
  and,
  type Code,
  call,
  constant,
  equal,
  greater,
  isZero,
  load,
  local,
  notEqual,
  or,
  result,
  shiftLeft,
  shiftRightUnsigned,
  store,
  subtract,
  when,
  xor,
} from './code.js'
import { type Emitter, LOCAL, STATUS } from './emitter.js'
import { type Address, at, emitPlace } from './places.js'

/** Lock operations (rule 6), cell by cell as `spec/interpreter/locks.ts` says them. */

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

const me = local(LOCAL.process)
export const myBit = shiftLeft(constant(1), me)

/** A lock's owner, its readers and its waiting writers. */
function parts(e: Emitter, lock: Address) {
  const count = e.cells.processCount
  const waitingOffset = lock.offset + 4 * (lockCells(count) - 1)
  const mine = add(lock.get, shiftLeft(me, constant(2)))
  const readers = Array.from({ length: count }, (_, process) => at(lock, 1 + process))
  return {
    owner: at(lock),
    setOwner: (value: Code) => store(lock.get, lock.offset, value),
    myReads: load(mine, lock.offset + 4),
    setMyReads: (value: Code) => store(mine, lock.offset + 4, value),
    anyReader: readers.reduce<Code>((all, one) => or(all, one), constant(0)),
    waiting: load(lock.get, waitingOffset),
    setWaiting: (value: Code) => store(lock.get, waitingOffset, value),
  }
}

type Parts = ReturnType<typeof parts>

/** `executed` marks the instruction, once it is clear that it does not block. */
export function emitLock(e: Emitter, i: Of<'lock'>, executed: Code, go: Code): Code {
  const lock = emitPlace(e, i.place, false)
  const part = parts(e, lock)
  const before: Code = [lock.set, sleepCheck(e, i)]
  if (i.result !== null) {
    const cells = local(LOCAL.cells)
    const put = (value: number): Code =>
      store(cells, e.slotOffset(i.result ?? never()), constant(value))
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
        call(e.helpers.leave.index, me),
        go,
      ]
    case 'downgrade':
      return [
        before,
        executed,
        e.askIf(notEqual(part.owner, me)),
        part.setOwner(constant(-1)),
        takeRead(e, part),
        call(e.helpers.leave.index, me),
        go,
      ]
    default:
      return [
        before,
        executed,
        e.askIf(notEqual(part.owner, me)),
        part.setOwner(constant(-1)),
        call(e.helpers.leave.index, me),
        go,
      ]
  }
}

const never = (): never => {
  throw new Error('no slot')
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
  return e.askIf(call(e.helpers.atomicContext.index, me))
}

/** The contexts of the processes that run a code: the same for all of them. */
const isHandler = (e: Emitter): boolean =>
  e.system.processes.some(({ code, context }) => code === e.codeNumber && context !== 'task')

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
  const waits = and(shiftRightUnsigned(part.waiting, me), constant(1))
  const queue: Code = [
    e.blockIf(waits),
    executed,
    part.setWaiting(or(part.waiting, myBit)),
    result(constant(STATUS.next)),
  ]
  return [
    before,
    e.askIf(or(equal(part.owner, me), part.myReads)),
    when(isZero(isFree), queue),
    executed,
    part.setOwner(me),
    part.setWaiting(and(part.waiting, xor(myBit, constant(-1)))),
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
      return { possible: and(unowned, isZero(nobody)), take: part.setOwner(me) }
    }
    default:
      return { possible: unowned, take: part.setOwner(me) }
  }
}

/** Leaving an SRCU domain ends what others waited there for. */
function leaveAfter(e: Emitter, i: Of<'lock'>, lock: Address, part: Parts): Code {
  const type = i.place.type
  const rcu = call(e.helpers.leave.index, me)
  if (type.kind !== 'lock' || type.which !== 'srcu') return rcu
  return [when(isZero(part.myReads), leaveDomain(e, lock)), rcu]
}

function leaveDomain(e: Emitter, lock: Address): Code {
  return others(e, 'grace', (other, i) =>
    i.domain === null ? [] : sameAddress(other, i.domain, lock, clearAwaited(other.own)),
  )
}

const clearAwaited = (cells: Code): Code => {
  const offset = 4 * PROCESS.awaits
  return store(cells, offset, and(load(cells, offset), xor(myBit, constant(-1))))
}

/** `then` when another process's place is this one. */
export function sameAddress(other: Emitter, place: Place, here: Address, then: Code): Code {
  const there = emitPlace(other, place, true, true)
  const mine = add(here.get, constant(here.offset))
  const theirs = add(there.get, constant(there.offset))
  return [there.set, when(equal(mine, theirs), then)]
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
    const found = (code?.instructions ?? []).flatMap((i, location) =>
      i.kind === kind ? [{ i: i as Of<K>, location }] : [],
    )
    if (!code || found.length === 0) return []
    const { emitter, enter } = e.as(process)
    const bodies = found.map(({ i, location }) =>
      when(equal(load(emitter.own, 0), constant(location)), body(emitter, i)),
    )
    return [enter, when(notEqual(me, constant(process)), bodies)]
  })
}
