import type { Section, TransitionSystem } from '../system/system.js'
import type { Memory } from './frame.js'
import { holds, type LockPlace, lockAt } from './locks.js'

/** Rule 7: what keeps a process from sleeping, and what makes it a reader of RCU. */

export const sectionNames: Readonly<Record<Section, string>> = {
  preempt: 'preemption is off',
  irqs: 'interrupts are off',
  bh: 'softirqs are off',
  rcu: 'it is in an RCU read section',
}

const sections = ['preempt', 'irqs', 'bh', 'rcu'] as const

export const isSpinning = (place: LockPlace): boolean =>
  place.which === 'spinlock_t' || place.which === 'rwlock_t'

/** The spinning lock a process holds, which turns preemption off. */
export function spinningHeld(
  locks: readonly LockPlace[],
  memory: Memory,
  process: number,
): LockPlace | null {
  const held = locks.find(
    (place) => isSpinning(place) && holds(lockAt(memory, place.path), process),
  )
  return held ?? null
}

/** Why a process may not sleep, sections that are to be ignored aside; null when it may. */
export function atomicContext(
  system: TransitionSystem,
  locks: readonly LockPlace[],
  memory: Memory,
  process: number,
  ignored: readonly Section[] = [],
): string | null {
  const context = system.processes[process]?.context ?? 'task'
  if (context !== 'task') return `it runs in ${context} context`
  const depths = memory.processes[process]?.sections
  for (const section of sections) {
    if ((depths?.[section] ?? 0) > 0 && !ignored.includes(section)) return sectionNames[section]
  }
  const held = spinningHeld(locks, memory, process)
  return held ? `${held.name} is held` : null
}

/**
 * A reader of RCU: in a read section, or anywhere with preemption off (since 5.0 those are one flavour).
 * A handler between two runs is none.
 */
export function readsRcu(
  system: TransitionSystem,
  locks: readonly LockPlace[],
  memory: Memory,
  process: number,
): boolean {
  const instance = system.processes[process]
  if (!instance) return false
  const state = memory.processes[process]
  const code = system.codes[instance.code]
  if (instance.context !== 'task' && state && code && !isResting(code, state.at)) return true
  const depths = state?.sections
  if (depths && sections.some((section) => depths[section] > 0)) return true
  return spinningHeld(locks, memory, process) !== null
}

type Code = TransitionSystem['codes'][number]

/** A handler or the callback runner that has not begun, or is done. */
export const isResting = (code: Code, at: number): boolean =>
  code.idle.has(at) || code.instructions[at]?.kind === 'end'

/** The handler that runs on a process's CPU now; the hardirq when both kinds do. */
export function interruptedBy(
  system: TransitionSystem,
  processes: readonly { readonly at: number }[],
  process: number,
): number | null {
  let found: number | null = null
  for (const [handler, instance] of system.processes.entries()) {
    if (instance.on === null || handler === process) continue
    const blocks = instance.on === process || interrupts(system, handler, process)
    const code = system.codes[instance.code]
    const at = processes[handler]?.at ?? -1
    if (!blocks || !code || isResting(code, at)) continue
    if (found === null || instance.context === 'hardirq') found = handler
  }
  return found
}

/** A hardirq interrupts the softirq handlers of its CPU as well. */
export function interrupts(system: TransitionSystem, handler: number, other: number): boolean {
  const one = system.processes[handler]
  const two = system.processes[other]
  return one?.context === 'hardirq' && two?.context === 'softirq' && one.on === two.on
}

/** Whether its CPU lets a handler begin now. */
export function mayInterrupt(system: TransitionSystem, memory: Memory, handler: number): boolean {
  const instance = system.processes[handler]
  if (!instance || instance.on === null) return true
  const active = system.processes.flatMap((other, at) => {
    const code = system.codes[other.code]
    const running = code && !isResting(code, memory.processes[at]?.at ?? -1)
    return other.on === instance.on && at !== handler && running ? [at] : []
  })
  const contexts = active.map((at) => system.processes[at]?.context)
  if (contexts.includes('hardirq')) return false
  if (instance.context === 'softirq') {
    const depths = memory.processes[instance.on]?.sections
    return active.length === 0 && depths?.irqs === 0 && depths.bh === 0
  }
  const running = active[0] ?? instance.on
  return memory.processes[running]?.sections.irqs === 0
}
