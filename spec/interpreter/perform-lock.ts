import type { Instruction, Location } from '../system/system.js'
import type { Mutable } from './frame.js'
import { leaveDomain, leftSection } from './leave.js'
import { acquire, readsIt, release, tryAcquire } from './locks.js'
import { mightSleep, sleeps } from './might-sleep.js'
import { pathOf, printPlace, resolve } from './place.js'
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
  if (i.action.endsWith('-unlock') || i.action === 'downgrade' || i.action === 'section-leave') {
    write(traps(() => release(lock, i.action, frame.process, name)))
    released(run, i)
    return i.next
  }
  if (i.place.type.kind === 'lock' && sleeps(i.place.type.which)) mightSleep(run, i.name)
  const attempt = traps(() => acquire(lock, i.action, frame.process, name, inHandler(run)))
  if (attempt.kind === 'blocked' || (run.alone && attempt.kind === 'queued')) {
    if (!run.alone) throw new BlockedSignal(run)
    throw new TrapSignal('deadlock', `init waits for ${name}, which nobody is there to release`)
  }
  write(attempt.lock)
  return attempt.kind === 'taken' ? i.next : null
}

/** Handlers do not queue behind waiting writers. */
export const inHandler = (run: Run): boolean =>
  (run.facts.system.processes[run.frame.process]?.context ?? 'task') !== 'task'

/** A spinning lock or an SRCU domain was a read section. */
function released(run: Run, i: LockInstruction): void {
  if (run.alone || i.place.type.kind !== 'lock') return
  if (i.place.type.which === 'srcu') {
    const cell = resolve(i.place, run.frame, run.memory, false)
    const domain = cell.container[cell.key] as LockValue
    if (!readsIt(domain, run.frame.process)) leaveDomain(run, pathOf(i.place, run.frame))
  }
  leftSection(run)
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
