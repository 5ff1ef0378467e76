import type { Instruction, Location } from '../system/system.js'
import type { Mutable } from './frame.js'
import { acquire, holds, lockAt, readsIt, release, tryAcquire } from './locks.js'
import { printPlace, resolve } from './place.js'
import { put } from './put.js'
import type { Run } from './run.js'
import { BlockedSignal, TrapSignal } from './signal.js'
import type { LockValue } from './state.js'

type LockInstruction = Instruction & { kind: 'lock' }

/** Rule 6: blocking is by enabledness; misuse is reported on arrival, contended or not. */
export function performLock(run: Run, i: LockInstruction): Location | null {
  const { frame } = run
  const cell = resolve(i.place, frame, run.memory, false)
  const lock = cell.container[cell.key] as LockValue
  const name = printPlace(i.place, frame)
  const write = (value: LockValue): void => {
    cell.container[cell.key] = value as unknown as Mutable
  }
  run.operands.push(cell.path)
  const traps = <T>(attempt: () => T): T => {
    try {
      return attempt()
    } catch (signal) {
      if (!(signal instanceof TrapSignal)) throw signal
      throw new TrapSignal(signal.kind, signal.message, [cell.path])
    }
  }
  if (i.result !== null) {
    const taken = tryAcquire(lock, i.action, frame.process)
    if (taken) write(taken)
    put(run.frame, i.result, taken ? 1 : 0)
    return i.next
  }
  if (i.action.endsWith('-unlock') || i.action === 'downgrade') {
    write(traps(() => release(lock, i.action, frame.process, name)))
    return i.next
  }
  if (i.place.type.kind === 'lock' && sleeps(i.place.type.which)) mightSleep(run, i.name)
  const attempt = traps(() => acquire(lock, i.action, frame.process, name))
  if (attempt.kind === 'blocked' || (run.alone && attempt.kind === 'queued')) {
    if (!run.alone) throw new BlockedSignal(run)
    throw new TrapSignal('deadlock', `init waits for ${name}, which nobody is there to release`)
  }
  write(attempt.lock)
  return attempt.kind === 'taken' ? i.next : null
}

export const sleeps = (which: string): boolean => which === 'mutex' || which === 'rwsem'

/** Sleeping with a spinning lock held, which turns preemption off. */
export function mightSleep(run: Run, name: string): void {
  const { system } = run.facts
  if (system.ignored.has('sleep-in-atomic')) return
  for (const place of run.facts.locks) {
    if (sleeps(place.which) || !holds(lockAt(run.memory, place.path), run.frame.process)) continue
    const message = `${name} may sleep, and ${place.name} is held`
    throw new TrapSignal('sleep-in-atomic', message, [place.path])
  }
}

/** lockdep_assert_held and its kin look at the caller's own holdings only. */
export function performHeld(run: Run, i: Instruction & { kind: 'assert-held' }): Location {
  const { frame } = run
  const cell = resolve(i.place, frame, run.memory, false)
  const lock = cell.container[cell.key] as LockValue
  const writes = lock.owner === frame.process
  const reads = readsIt(lock, frame.process)
  const fine = { any: writes || reads, write: writes, read: reads, not: !writes && !reads }[i.mode]
  if (fine || run.facts.system.ignored.has('lock-not-held')) return i.next
  const state = i.mode === 'not' ? 'held' : `not held${i.mode === 'any' ? '' : ` for ${i.mode}`}`
  const message = `${i.name}: ${printPlace(i.place, frame)} is ${state}`
  throw new TrapSignal('lock-not-held', message, [cell.path])
}
