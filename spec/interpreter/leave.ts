import type { Frame } from './frame.js'
import { pathOf } from './place.js'
import { leaveRcu, waitsFor } from './rcu.js'
import type { Run } from './run.js'
import { readsRcu } from './sections.js'

/** After anything that may have ended a read section. */
export function leftSection(run: Run): void {
  const { system, locks, heads } = run.facts
  const { process } = run.frame
  if (!run.facts.waitsForReaders || process < 0) return
  if (!readsRcu(system, locks, run.memory, process)) {
    leaveRcu(system, heads, run.memory, process)
  }
}

/** A process has left a domain: whoever waited for it there does so no longer. */
export function leaveDomain(run: Run, path: string): void {
  const { system } = run.facts
  const { process } = run.frame
  for (const [other, state] of run.memory.processes.entries()) {
    if (!state.awaits?.includes(process) || waitsFor(system, other, state.at) !== 'srcu') continue
    const instance = system.processes[other]
    const code = instance && system.codes[instance.code]
    const i = code?.instructions[state.at]
    if (!code || i?.kind !== 'grace' || i.domain === null) continue
    const { locals } = state
    const frame: Frame = { system, code, process: other, family: instance.family, locals }
    if (pathOf(i.domain, frame) !== path) continue
    state.awaits = state.awaits.filter((each) => each !== process)
  }
}
