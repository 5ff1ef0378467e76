import {
  headPlaces,
  type ProcessState,
  processName,
  type Section,
  type State,
  type TransitionSystem,
} from '../../spec/index.js'
import type { Change } from './trace.js'

/** What a process can be inside of, besides locks. */
export const SECTIONS = ['preempt', 'irqs', 'bh', 'rcu'] as const

/** What differs in the contexts of processes: the sections they are in, and whom they wait for. */
export function processDifferences(
  system: TransitionSystem,
  before: State,
  after: State,
): Change[] {
  if (before.processes === after.processes) return []
  return after.processes.flatMap((now, process) => {
    const old = before.processes[process]
    if (old === undefined || old === now) return []
    const object = processName(process, system)
    const path = ['processes', process]
    const found: Change[] = []
    for (const which of SECTIONS) {
      if (old.sections[which] === now.sections[which]) continue
      const texts = { before: depthText(which, old), after: depthText(which, now) }
      const place = { path: [...path, 'sections', which], object, name: which }
      found.push({ ...place, kind: 'section', ...texts })
    }
    const texts = {
      before: awaitsText(system, process, old),
      after: awaitsText(system, process, now),
    }
    if (texts.before !== texts.after) {
      found.push({ path: [...path, 'awaits'], kind: 'awaits', object, name: 'awaits', ...texts })
    }
    return found
  })
}

/** `on` and `off` for what is turned off, `outside` and `inside` for a read section. */
function depthText(which: Section, { sections }: ProcessState): string {
  const depth = sections[which]
  const word = which === 'rcu' ? ['outside', 'inside'] : ['on', 'off']
  return depth > 1 ? `${word[1]} (${depth} deep)` : (word[depth] ?? '')
}

/** `nothing` outside of a wait, `nobody` when it may go on, else `reader vcpu0`, `callback of f[0].rcu`. */
function awaitsText(system: TransitionSystem, process: number, state: ProcessState): string {
  const { awaits } = state
  if (awaits === null) return 'nothing'
  if (awaits.length === 0) return 'nobody'
  const code = system.codes[system.processes[process]?.code ?? -1]
  const many = (word: string) => (awaits.length > 1 ? `${word}s` : word)
  if (code?.instructions[state.at]?.kind !== 'rcu-barrier') {
    return `${many('reader')} ${awaits.map((each) => processName(each, system)).join(' ')}`
  }
  const heads = headPlaces(system)
  const names = awaits.map((each) => {
    const head = heads[each]
    return head === undefined ? '?' : `${head.pool}[${head.index}].${head.field}`
  })
  return `${many('callback')} of ${names.join(' ')}`
}
