import type { Trap } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import { type Holding, holdings } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import { heldLines, lockText, scenario, sinceText, siteText, stackLines } from './words.js'

/** Misuse of one lock by one process, as kernel/locking/lockdep.c words it. */

interface Misuse {
  readonly trace: Trace
  readonly site: NonNullable<Trap['site']>
  readonly process: number
  readonly name: string
}

/** The report of a kind of misuse, or null when the kind has none of its own. */
export function lockReport(trace: Trace): string[] | null {
  const { site, process, kind } = trace.trap
  if (site === null || process === null) return null
  const misuse = { trace, site, process, name: processName(trace.system, process) }
  switch (kind) {
    case 'self-deadlock':
      return recursive(misuse)
    case 'unlock-not-held':
    case 'unlock-not-owner':
      return imbalance(misuse)
    case 'held-at-exit':
      return heldAtExit(misuse)
    case 'freed-while-held':
      return freed(misuse)
    default:
      return null
  }
}

/** print_deadlock_bug */
function recursive({ trace, site, process, name }: Misuse): string[] {
  const { system } = trace
  const held = wanted(trace).find((each) => each.process === process)
  const lock = held === undefined ? '(lock)' : lockText(held)
  const since = sinceText(system, held?.since ?? null)
  return [
    'WARNING: possible recursive locking detected',
    `${name} is trying to acquire lock:`,
    ...wrap(` ${lock}, at: ${siteText(system, site, process)}`, WIDTH, 3),
    '',
    'but task is already holding lock:',
    ...wrap(` ${lock}, at: ${since}`, WIDTH, 3),
    '',
    'other info that might help us debug this:',
    ' Possible unsafe locking scenario:',
    '',
    ...scenario([
      [0, `lock(${held?.name ?? ''});`],
      [0, `lock(${held?.name ?? ''});`],
    ]),
    '',
    ' *** DEADLOCK ***',
    '',
    ...heldLines(trace, process),
    'Call Trace:',
    ...stackLines(system, site, process),
  ]
}

/** print_unlock_imbalance_bug */
function imbalance({ trace, site, process, name }: Misuse): string[] {
  const { system } = trace
  const others = wanted(trace).filter((each) => each.process !== process)
  const lock = lockOf(trace)
  return [
    'WARNING: bad unlock balance detected!',
    `${name} is trying to release lock (${lock}) at:`,
    ` ${siteText(system, site, process)}`,
    others.length === 0
      ? 'but there are no more locks to release!'
      : 'but it is another task that holds it!',
    '',
    'other info that might help us debug this:',
    ...heldLines(trace, process),
    ...[...new Set(others.map((each) => each.process))].flatMap((each) => heldLines(trace, each)),
    'Call Trace:',
    ...stackLines(system, site, process),
  ]
}

/** lockdep_sys_exit */
function heldAtExit({ trace, process, name }: Misuse): string[] {
  return [
    'WARNING: lock held when returning to user space!',
    `${name} is leaving the kernel with locks still held!`,
    ...heldLines(trace, process),
  ]
}

/** print_freed_lock_bug */
function freed({ trace, site, process, name }: Misuse): string[] {
  const held = wanted(trace)
  const owners = [...new Set(held.map((each) => each.process))]
  const object = lockOf(trace).replace(/\..*$/, '')
  return [
    'WARNING: held lock freed!',
    `${name} is freeing memory ${object}, with a lock still held there!`,
    ...held.flatMap((each) =>
      wrap(` ${lockText(each)}, at: ${sinceText(trace.system, each.since)}`, WIDTH, 3),
    ),
    '',
    'other info that might help us debug this:',
    ...owners.flatMap((each) => heldLines(trace, each)),
    'Call Trace:',
    ...stackLines(trace.system, site, process),
  ]
}

/** Who holds the lock that the failing step was about. */
function wanted(trace: Trace): Holding[] {
  const name = lockOf(trace)
  return trace.system.processes
    .flatMap((_, process) => holdings(trace, process))
    .filter((each) => each.place === name || each.name === name)
}

function lockOf(trace: Trace): string {
  const [operand] = trace.operands
  if (operand === undefined) return 'lock'
  return operand.object === null ? operand.name : `${operand.object}.${operand.name}`
}
