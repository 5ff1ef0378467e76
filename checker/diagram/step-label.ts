import type { Call, State, TransitionSystem } from '../../spec/index.js'
import { statementText } from '../render/statement-text.js'
import { valueText } from '../trace/changes.js'
import { sourceText } from '../trace/place.js'

/** What a process is in as it takes its next step: the outermost call, or the statement of its body. */
export function stepLabel(system: TransitionSystem, state: State, process: number): string {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const here = state.processes[process]
  const site = code?.instructions[here?.at ?? -1]?.site
  if (code === undefined || here === undefined || site === undefined) {
    throw new Error(`process ${process} has no next step`)
  }
  const call = outermost(site.call)
  if (call === null) return statementText(sourceText(system, site.statement)).replace(/;$/, '')
  const kept = code.kept[here.at] ?? []
  const values = call.parameters.map(({ slot, text }) => {
    const value = slot !== null && kept.includes(slot) ? (here.locals[slot.index] ?? null) : null
    return slot === null || value === null ? text : valueText(system, slot.type, value)
  })
  return `${call.op}(${values.join(', ')})`
}

function outermost(call: Call): Call | null {
  let found: Call | null = null
  for (let each: Call | null = call; each !== null; each = each.parent) {
    if (each.op !== null) found = each
  }
  return found
}
