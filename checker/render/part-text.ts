import type { TransitionSystem } from '../../spec/index.js'
import { processName } from '../trace/changes.js'
import type { Event } from './call-tree.js'

/** What a column says besides the text of statements: whose it is, where a handler comes in, which part of a statement a line is. */

/** `vcpu0`; `timer (hardirq on vcpu)`; `rcu (callbacks)`. */
export function contextText(system: TransitionSystem, process: number): string {
  const instance = system.processes[process]
  const name = processName(system, process)
  if (instance === undefined || instance.context === 'task') return name
  if (instance.callbacks) return `${name} (callbacks)`
  const where = instance.on === null ? '' : ` on ${processName(system, instance.on)}`
  return `${name} (${instance.context}${where})`
}

/** `<Interrupt>`, as lockdep writes it, for the step by which a handler begins; else null. */
export function entryText(system: TransitionSystem, { step, process }: Event): string | null {
  if (step?.instruction.kind !== 'atomic' || step.instruction.what !== 'interrupt') return null
  return system.processes[process]?.context === 'softirq' ? '<Softirq>' : '<Interrupt>'
}

/** `  (load)`, `  (store)`, `  (begins)`, `  (ends)`: what one run of a statement's steps is, among all of them. */
export function partText(run: readonly Event[], runs: readonly (readonly Event[])[]): string {
  const isGrace = ({ step }: Event): boolean =>
    step?.instruction.kind === 'grace' || step?.instruction.kind === 'rcu-barrier'
  if (run.some(isGrace)) return run === runs[0] ? '  (begins)' : '  (ends)'
  if (runs.filter((each) => each.some(isAccess)).length < 2 || !run.some(isAccess)) return ''
  const kinds = new Set(run.map(({ step }) => step?.instruction.kind))
  const [kind] = kinds
  return kinds.size === 1 ? `  (${kind})` : ''
}

const isAccess = ({ step }: Event): boolean =>
  step !== null && (step.instruction.kind === 'load' || step.instruction.kind === 'store')
