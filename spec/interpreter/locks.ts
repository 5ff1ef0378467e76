import type { ValueType } from '../system/expression.js'
import type { LockAction, TransitionSystem } from '../system/system.js'
import type { Memory, Mutable } from './frame.js'
import { type Path, TrapSignal } from './signal.js'
import type { LockValue } from './state.js'
import { free } from './value.js'

/** Rule 6. What an attempt on a lock comes to. */
export type Attempt =
  | { readonly kind: 'taken'; readonly lock: LockValue }
  /** A writer's step to "waiting", which readers see. */
  | { readonly kind: 'queued'; readonly lock: LockValue }
  | { readonly kind: 'blocked' }

const sorted = (list: readonly number[]): readonly number[] => [...list].sort((a, b) => a - b)
const without = (list: readonly number[], process: number): readonly number[] => {
  const at = list.indexOf(process)
  return list.filter((_, index) => index !== at)
}

export const readsIt = (lock: LockValue, process: number): boolean => lock.readers.includes(process)
const isFree = (lock: LockValue): boolean => lock.owner === -1 && lock.readers.length === 0

/** Taking a lock, or blocking. Taking again what one holds is misuse, contended or not. */
export function acquire(
  lock: LockValue,
  action: LockAction,
  me: number,
  name: string,
  inHandler = false,
): Attempt {
  const again = (): never => {
    throw new TrapSignal('self-deadlock', `takes ${name}, which it holds already`)
  }
  switch (action) {
    case 'spin-lock':
    case 'mutex-lock':
      if (lock.owner === me) return again()
      return lock.owner === -1
        ? { kind: 'taken', lock: { ...lock, owner: me } }
        : { kind: 'blocked' }
    case 'read-lock':
      if (lock.owner === me) return again()
      return mayRead(lock) || (inHandler && lock.owner === -1)
        ? { kind: 'taken', lock: { ...lock, readers: sorted([...lock.readers, me]) } }
        : { kind: 'blocked' }
    case 'write-lock': {
      if (lock.owner === me || readsIt(lock, me)) return again()
      const waiting = without(lock.waiting, me)
      if (isFree(lock)) return { kind: 'taken', lock: { ...lock, owner: me, waiting } }
      if (lock.waiting.includes(me)) return { kind: 'blocked' }
      return { kind: 'queued', lock: { ...lock, waiting: sorted([...lock.waiting, me]) } }
    }
    case 'section-enter':
      return { kind: 'taken', lock: { ...lock, readers: sorted([...lock.readers, me]) } }
    default:
      throw new Error(`${action} takes no lock`)
  }
}

/**
 * A reader enters unless somebody writes, or readers are in and a writer waits. A handler does not wait for waiters
 * (kernel/locking/qrwlock.c:queued_read_lock_slowpath).
 */
const mayRead = (lock: LockValue): boolean =>
  lock.owner === -1 && (lock.readers.length === 0 || lock.waiting.length === 0)

/** A trylock's result: the lock taken, or null. */
export function tryAcquire(lock: LockValue, action: LockAction, me: number): LockValue | null {
  switch (action) {
    case 'spin-lock':
    case 'mutex-lock':
      return lock.owner === -1 ? { ...lock, owner: me } : null
    case 'read-lock':
      if (lock.owner !== -1 || lock.waiting.length > 0) return null
      return { ...lock, readers: sorted([...lock.readers, me]) }
    case 'write-lock':
      return isFree(lock) && lock.waiting.length === 0 ? { ...lock, owner: me } : null
    default:
      throw new Error(`${action} takes no lock`)
  }
}

/** Releasing or downgrading. Owners are strict. */
export function release(lock: LockValue, action: LockAction, me: number, name: string): LockValue {
  const misuse = (): never => {
    if (holds(lock, me)) {
      throw new TrapSignal('unlock-not-held', `releases ${name} in a mode it does not hold it in`)
    }
    if (isFree(lock))
      throw new TrapSignal('unlock-not-held', `releases ${name}, which nobody holds`)
    throw new TrapSignal('unlock-not-owner', `releases ${name}, which another process holds`)
  }
  if (action === 'section-leave') {
    if (readsIt(lock, me)) return { ...lock, readers: without(lock.readers, me) }
    throw new TrapSignal('rcu-unbalanced', `leaves ${name} without having entered it`)
  }
  if (action === 'read-unlock') {
    if (!readsIt(lock, me)) return misuse()
    return { ...lock, readers: without(lock.readers, me) }
  }
  if (lock.owner !== me) return misuse()
  if (action === 'downgrade') return { ...lock, owner: -1, readers: sorted([...lock.readers, me]) }
  return { ...lock, owner: -1 }
}

/**
 * Whom a blocked process waits for. A reader that no owner stops waits for the queued writers, who wait for the
 * readers that are in.
 */
export function holders(lock: LockValue, action: LockAction): readonly number[] {
  if (lock.owner !== -1) return [lock.owner]
  return action === 'read-lock' ? lock.waiting : [...new Set(lock.readers)]
}

// ---- all locks of a system

export interface LockPlace {
  readonly path: Path
  readonly name: string
  readonly which: (ValueType & { kind: 'lock' })['which']
}

const places = new WeakMap<TransitionSystem, readonly LockPlace[]>()

/** Every lock there is: shared ones and those inside objects. */
export function lockPlaces(system: TransitionSystem): readonly LockPlace[] {
  const known = places.get(system) ?? findLocks(system)
  places.set(system, known)
  return known
}

function findLocks(system: TransitionSystem): readonly LockPlace[] {
  const found: LockPlace[] = []
  const search = (type: ValueType, path: Path, name: string): void => {
    if (type.kind === 'lock') found.push({ path, name, which: type.which })
    if (type.kind === 'struct') {
      for (const field of type.fields) {
        search(field.type, [...path, field.name], `${name}.${field.name}`)
      }
    }
    if (type.kind === 'array') {
      for (let at = 0; at < type.length; at++) search(type.of, [...path, at], `${name}[${at}]`)
    }
  }
  for (const { name, type } of system.shared) search(type, ['shared', name], name)
  for (const pool of system.pools) {
    for (let at = 0; at < pool.size; at++) {
      search(pool.type, ['pools', pool.name, at, 'value'], `${pool.name}[${at}]`)
    }
  }
  return found
}

export function lockAt(memory: Memory, path: Path): LockValue {
  let here = memory as unknown as Record<string | number, Mutable>
  for (const key of path) here = here[key] as Record<string | number, Mutable>
  return (here as unknown as LockValue) ?? free
}

export const holds = (lock: LockValue, process: number): boolean =>
  lock.owner === process || readsIt(lock, process)
