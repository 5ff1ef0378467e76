import {
  type Call,
  type Code,
  definitions,
  type Slot,
  type State,
  type TransitionSystem,
} from '../../spec/index.js'
import { statementText, substitute } from '../render/statement-text.js'
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
  if (call === null) return statementText(sourceText(system, site.statement))
  const valueIn = (slot: Slot): string | null => {
    const value = code.kept[here.at]?.includes(slot) ? (here.locals[slot.index] ?? null) : null
    return value === null ? null : valueText(system, slot.type, value)
  }
  const names = new Map<string, string>()
  for (const slot of bodySlots(code)) {
    const value = slot.type.kind === 'int' ? valueIn(slot) : null
    if (value !== null) names.set(slot.name, value)
  }
  const passed = call.parameters.map(({ slot, text }) => {
    return (slot === null ? null : valueIn(slot)) ?? substitute(text, names)
  })
  return `${call.op}(${passed.join(', ')})`
}

function outermost(call: Call): Call | null {
  if (call.op === null) return null
  return (call.parent === null ? null : outermost(call.parent)) ?? call
}

const known = new WeakMap<Code, readonly Slot[]>()

/** The locals of the body of a process, which the arguments of its calls are written with. */
function bodySlots(code: Code): readonly Slot[] {
  const before = known.get(code)
  if (before !== undefined) return before
  const calls = code.instructions.flatMap((i) => (i.kind === 'enter' ? [i.call] : []))
  const passed = new Set(calls.flatMap((call) => call.parameters.map(({ slot }) => slot)))
  const slots = code.instructions
    .filter(({ site }) => site.call.op === null)
    .flatMap((instruction) => [...definitions(instruction)])
    .filter((slot) => !slot.temporary && !passed.has(slot))
  known.set(code, slots)
  return slots
}
