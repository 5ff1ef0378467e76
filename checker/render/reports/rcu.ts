import { processName } from '../../trace/changes.js'
import type { Trace } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import { heldLines, placeOf, siteText, stackLines } from './words.js'

/** kernel/locking/lockdep.c:lockdep_rcu_suspicious, with the words of kernel/rcu/tree.c and srcutree.c. */
export function rcuWaitReport(trace: Trace): string[] {
  const { system, trap } = trace
  const { site, process } = trap
  if (site === null || process === null) return []
  const place = placeOf(system, site.span)
  return [
    'WARNING: suspicious RCU usage',
    ...wrap(`${place} ${illegalText(trace)}`, WIDTH),
    '',
    'other info that might help us debug this:',
    ...heldLines(trace, process),
    'Call Trace:',
    ...stackLines(system, site, process),
  ]
}

function illegalText(trace: Trace): string {
  const instruction = trace.steps.at(-1)?.instruction
  if (instruction?.kind === 'rcu-barrier') {
    return 'Illegal rcu_barrier() in RCU read-side critical section!'
  }
  const name = instruction?.kind === 'grace' ? instruction.name : 'synchronize_rcu'
  const isSrcu = instruction?.kind === 'grace' && instruction.domain !== null
  const where = isSrcu ? 'same-type SRCU (or in RCU)' : 'RCU'
  return `Illegal ${name}() in ${where} read-side critical section!`
}

/** A read section left twice, or never: kernel/locking/lockdep.c:print_unlock_imbalance_bug, lockdep_sys_exit. */
export function rcuUnbalancedReport(trace: Trace): string[] {
  const { system, trap } = trace
  const { site, process } = trap
  if (site === null || process === null) return []
  const name = processName(system, process)
  const held = heldLines(trace, process)
  if (trap.message.startsWith('ends')) {
    return [
      'WARNING: lock held when returning to user space!',
      `${name} is leaving the kernel with locks still held!`,
      ...held,
    ]
  }
  const instruction = trace.steps.at(-1)?.instruction
  const lock = instruction?.kind === 'lock' ? 'srcu' : 'rcu_read_lock'
  return [
    'WARNING: bad unlock balance detected!',
    `${name} is trying to release lock (${lock}) at:`,
    ` ${siteText(system, site, process)}`,
    'but there are no more locks to release!',
    '',
    'other info that might help us debug this:',
    ...held,
    'Call Trace:',
    ...stackLines(system, site, process),
  ]
}
