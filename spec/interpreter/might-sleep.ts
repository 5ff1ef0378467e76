import type { Run } from './run.js'
import { atomicContext, spinningHeld } from './sections.js'
import { TrapSignal } from './signal.js'

export const sleeps = (which: string): boolean => which === 'mutex' || which === 'rwsem'

/** Sleeping where nobody may: with preemption off, in a handler, in an RCU read section. */
export function mightSleep(run: Run, name: string): void {
  const { system } = run.facts
  if (system.ignored.has('sleep-in-atomic')) return
  const { process } = run.frame
  if (process < 0) return
  const why = atomicContext(system, run.facts.locks, run.memory, process)
  if (why === null) return
  const held = spinningHeld(run.facts.locks, run.memory, process)
  throw new TrapSignal('sleep-in-atomic', `${name} may sleep, and ${why}`, held ? [held.path] : [])
}
