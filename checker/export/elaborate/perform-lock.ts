import type { Instruction, Location } from '../../../spec/index.js'
import type { Num, Test } from '../program.js'
import { scopeAtRest } from './at-rest.js'
import { mightSleep, ownsLock, readsLock } from './contexts.js'
import { ownRead } from './locals.js'
import { locate, lockOf, resolve } from './places.js'
import { forAll, guarded, waitLocations } from './procedures.js'
import { type LockStore, readersMax } from './storage.js'
import type { Stretch } from './stretch.js'
import { always, among, and, differs, equal, equals, not, number, or, plus, read } from './terms.js'
import type { Scope } from './world.js'

type LockInstruction = Instruction & { kind: 'lock' }

/** A lock that somebody acts on. */
interface Found {
  readonly lock: LockStore
  readonly indexes: readonly Num[]
}

export const isRelease = ({ action }: LockInstruction): boolean =>
  action.endsWith('-unlock') || action === 'downgrade' || action === 'section-leave'

export const isFree = ({ lock, indexes }: Found): Test =>
  and(isUnowned({ lock, indexes }), not(hasMembers(lock, 'readers', indexes)))

export const isUnowned = ({ lock, indexes }: Found): Test =>
  lock.owner ? equals(read(lock.owner, indexes), -1) : always

/** Somebody is in for reading, or waits to write. */
export function hasMembers(
  lock: LockStore,
  which: 'readers' | 'waiting',
  indexes: readonly Num[],
): Test {
  const variable = lock[which]
  if (!variable) return or()
  return or(
    ...[...lock.users[which]]
      .sort((a, b) => a - b)
      .map((one) => isMember(lock, which, indexes, one)),
  )
}

export const isMember = (
  lock: LockStore,
  which: 'readers' | 'waiting',
  indexes: readonly Num[],
  process: number,
): Test => {
  const variable = lock[which]
  return variable ? differs(read(variable, [...indexes, number(process)]), 0) : or()
}

/** A reader enters unless somebody writes, or readers are in and a writer waits, whom a handler ignores. */
function mayRead(s: Scope, found: Found): Test {
  const inHandler = s.store !== null && !s.store.isTask
  const { lock, indexes } = found
  const queued = and(hasMembers(lock, 'readers', indexes), hasMembers(lock, 'waiting', indexes))
  return inHandler ? isUnowned(found) : and(isUnowned(found), not(queued))
}

/** Whether the lock lets the process in now; and the fault of taking again what it holds. */
export function attempt(
  s: Scope,
  i: LockInstruction,
): { readonly found: Found; readonly free: Test } {
  const found = lockOf(resolve(s, i.place, false))
  const { lock, indexes } = found
  if (lock.which === 'mutex' || lock.which === 'rwsem') mightSleep(s, i.name)
  const owns = ownsLock(lock, indexes, s.self, s.store)
  const reads = i.action === 'write-lock' ? readsLock(lock, indexes, s.self, s.store) : or()
  if (i.action === 'section-enter') return { found, free: always }
  s.fault(or(owns, reads), 'self-deadlock', 'takes a lock that it holds already')
  if (i.action === 'read-lock') return { found, free: mayRead(s, found) }
  return { found, free: i.action === 'write-lock' ? isFree(found) : isUnowned(found) }
}

/** Whether a process that is at a lock can take a step: into the lock, or into the queue. */
export function canTry(s: Scope, i: LockInstruction): Test {
  const { found, free } = attempt(s, i)
  if (i.action !== 'write-lock' || !found.lock.waiting) return free
  return or(free, equals(read(found.lock.waiting, [...found.indexes, s.self]), 0))
}

export function performLock(s: Stretch, i: LockInstruction): Location | null {
  if (i.result !== null) return tryLock(s, i, i.result)
  if (isRelease(i)) return release(s, i)
  const { found, free } = attempt(s, i)
  if (s.isAlone) {
    s.fault(not(free), 'deadlock', 'init waits for a lock, which nobody is there to release')
  } else if (i.action === 'write-lock' && free !== always) {
    const { lock, indexes } = found
    const { waiting } = lock
    if (!waiting) throw new Error('a writer that cannot wait')
    const queue = s.fork(free)
    const { at, known } = s
    const taken = s.current
    s.enter(queue, at, known)
    s.emit({ kind: 'set', variable: waiting, indexes: [...indexes, s.self], value: number(1) })
    s.stay()
    s.enter(taken, at, known)
    s.emit({ kind: 'set', variable: waiting, indexes: [...indexes, s.self], value: number(0) })
  }
  take(s, found, i)
  return i.next
}

function take(s: Stretch, found: Found, { action }: LockInstruction): void {
  const { lock, indexes } = found
  if (action === 'read-lock' || action === 'section-enter') return enter(s, found)
  if (!lock.owner) throw new Error('a lock that nobody owns')
  s.emit({ kind: 'set', variable: lock.owner, indexes, value: s.self })
}

function enter(s: Stretch, { lock, indexes }: Found): void {
  const { readers } = lock
  if (!readers) throw new Error('a lock that nobody reads')
  const own = [...indexes, s.self]
  const count = read(readers, own)
  const message = `one process holds ${lock.name} for reading more than ${readersMax} times`
  s.fault(equals(count, readersMax), null, message)
  s.emit({ kind: 'set', variable: readers, indexes: own, value: plus(count, 1) })
}

function tryLock(
  s: Stretch,
  i: LockInstruction,
  result: NonNullable<LockInstruction['result']>,
): Location | null {
  const found = lockOf(resolve(s, i.place, false))
  const { lock, indexes } = found
  const isQuiet = not(hasMembers(lock, 'waiting', indexes))
  const free =
    i.action === 'read-lock'
      ? and(isUnowned(found), isQuiet)
      : i.action === 'write-lock'
        ? and(isFree(found), isQuiet)
        : isUnowned(found)
  if (free === always) {
    take(s, found, i)
    s.assign(result, number(1))
    return i.next
  }
  const otherwise = s.fork(free)
  const { at, known } = s
  take(s, found, i)
  s.assign(result, number(1))
  s.goOn(i.next)
  s.enter(otherwise, at, known)
  s.assign(result, number(0))
  return i.next
}

function release(s: Stretch, i: LockInstruction): Location {
  const found = lockOf(resolve(s, i.place, false))
  const { lock, indexes } = found
  const owns = ownsLock(lock, indexes, s.self, s.store)
  const reads = readsLock(lock, indexes, s.self, s.store)
  if (i.action === 'section-leave') {
    s.fault(not(reads), 'rcu-unbalanced', `leaves ${lock.name} without having entered it`)
  } else {
    const right = i.action === 'read-unlock' ? reads : owns
    const wrongMode = i.action === 'read-unlock' ? owns : reads
    const notHeld = or(wrongMode, isFree(found))
    s.fault(
      and(not(right), notHeld),
      'unlock-not-held',
      `releases ${lock.name}, which it does not hold so`,
    )
    s.fault(not(right), 'unlock-not-owner', `releases ${lock.name}, which another process holds`)
  }
  if (s.hasEnded) return i.next
  if (i.action === 'read-unlock' || i.action === 'section-leave') {
    const { readers } = lock
    if (!readers) throw new Error('a lock that nobody reads')
    const own = [...indexes, s.self]
    s.emit({ kind: 'set', variable: readers, indexes: own, value: plus(read(readers, own), -1) })
  } else {
    if (!lock.owner) throw new Error('a lock that nobody owns')
    s.emit({ kind: 'set', variable: lock.owner, indexes, value: number(-1) })
    if (i.action === 'downgrade') enter(s, found)
  }
  if (!s.isAlone) {
    if (lock.which === 'srcu') leaveDomain(s, found)
    s.leftSection()
  }
  return i.next
}

/** A process has left a domain: whoever waited for it there does so no longer. */
function leaveDomain(s: Stretch, { lock, indexes }: Found): void {
  const left = not(readsLock(lock, indexes, s.self, s.store))
  const statements = s.world.codes.flatMap((other) => {
    const { awaited } = other
    if (!awaited) return []
    return forAll(awaited.dimensions.slice(0, -1), (processes) => {
      const process = processes[0] ?? other.self
      const here = waitLocations(other, 'srcu').map((at) => {
        const wait = other.code.instructions[at]
        if (wait?.kind !== 'grace' || wait.domain === null) throw new Error('no domain')
        const place = lockOf(locate(scopeAtRest(s.world, other, process, at), wait.domain))
        return place.lock === lock
          ? and(
              among(ownRead(other, other.at, process), [at]),
              ...place.indexes.map((index, level) => equal(index, indexes[level] ?? number(0))),
            )
          : or()
      })
      return guarded(or(...here), [
        { kind: 'set', variable: awaited, indexes: [...processes, s.self], value: number(0) },
      ])
    })
  })
  for (const statement of guarded(left, statements)) s.emit(statement)
}

/** lockdep_assert_held and its kin look at the caller's own holdings only. */
export function performHeld(s: Stretch, i: Instruction & { kind: 'assert-held' }): Location {
  const { lock, indexes } = lockOf(resolve(s, i.place, false))
  const writes = ownsLock(lock, indexes, s.self, s.store)
  const reads = readsLock(lock, indexes, s.self, s.store)
  const either = or(writes, reads)
  const fine = { any: either, write: writes, read: reads, not: not(either) }[i.mode]
  if (s.world.system.ignored.has('lock-not-held')) return i.next
  const state = i.mode === 'not' ? 'is held' : 'is not held so'
  s.fault(not(fine), 'lock-not-held', `${i.name}: ${lock.name} ${state}`)
  return i.next
}
