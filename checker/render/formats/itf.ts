import type { State, TransitionSystem } from '../../../spec/index.js'
import { processName, valueText } from '../../trace/changes.js'
import { fullPlace } from '../../trace/format.js'
import { placeText, sourcePlace } from '../../trace/place.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { headline } from '../headline.js'
import type { Shown } from './finding.js'
import { type Itf, itfInteger, itfValue } from './itf-values.js'
import { stepName } from './step-name.js'

/** Variables that are not the model's: where each process stands, its locals, and who came here from which location. */
const OWN = ['at', 'locals', 'moved'] as const

/**
 * The run in the Informal Trace Format (Apalache, ADR 015): a state for each step, with the variables and pools of the
 * model under their names. `moved` is what the exported TLA+ has under this name, so `replay --from itf` reads it. All
 * that is no state is under `#meta`. A step that is itself the violation leads to the state before its failing
 * instruction; the last step of a loop leads to the state the loop begins with, which is not told twice.
 */
export function itf({ run, row, file }: Shown): string {
  const { trace, token } = run
  const { system, steps, loop } = trace
  const told = [...steps, ...loop.slice(0, -1)]
  const back = loop.at(-1)
  const meta = {
    format: 'ITF',
    description: headline(trace),
    source: file,
    model: system.name,
    row,
    kind: trace.kind,
    message: trace.trap.message,
    token,
    ...(back === undefined ? {} : { back: stepMeta(trace, back) }),
  }
  const head = {
    '#meta': meta,
    vars: [...names(system).values(), ...OWN],
    ...(back === undefined ? {} : { loop: steps.length }),
  }
  const states = [
    { '#meta': { index: 0 }, ...variables(system, trace.initial.state, null) },
    ...told.map((step) => {
      return { '#meta': stepMeta(trace, step), ...variables(system, step.after, step) }
    }),
  ]
  // A state a line, so that two of them can be compared by eye.
  const rows = states.map((state) => `    ${JSON.stringify(state)}`).join(',\n')
  return `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "states": [\n${rows}\n  ]\n}\n`
}

function stepMeta({ system }: Trace, step: TraceStep): object {
  return {
    index: step.index,
    process: processName(system, step.process),
    action: stepName(system, step.site),
    op: step.site.call.op,
    function: step.site.annotation ?? step.site.call.annotation,
    site: placeText(sourcePlace(system, step.site.span)),
    changes: step.changes.map(
      (change) => `${fullPlace(change)}: ${change.before} -> ${change.after}`,
    ),
  }
}

/** What the variables and pools of a model are called here: like in the model, unless that is the name of one of ours. */
function names(system: TransitionSystem): ReadonlyMap<string, string> {
  const own = [...system.shared, ...system.pools].map(({ name }) => name)
  const taken = new Set<string>([...own, ...OWN])
  return new Map(
    own.map((name) => {
      let shown = name
      if ((OWN as readonly string[]).includes(name)) while (taken.has(shown)) shown += '_'
      taken.add(shown)
      return [name, shown]
    }),
  )
}

function variables(
  system: TransitionSystem,
  state: State,
  step: TraceStep | null,
): Readonly<Record<string, Itf>> {
  const shown = names(system)
  const found: Record<string, Itf> = {}
  for (const { name, type } of system.shared) {
    found[shown.get(name) ?? name] = itfValue(system, type, state.shared[name] ?? null)
  }
  for (const { name, type } of system.pools) {
    const objects = state.pools[name] ?? []
    found[shown.get(name) ?? name] = objects.map(({ alive, value }) => {
      return { alive: alive === 1, value: itfValue(system, type, value) }
    })
  }
  const moved =
    step === null ? [-1, -1] : [step.process, step.before.processes[step.process]?.at ?? 0]
  const locals = byProcess(system, (process) => localsOf(system, state, process))
  const at = byProcess(system, (process) => itfInteger(state.processes[process]?.at ?? 0))
  return { ...found, at, locals, moved: { '#tup': moved.map(itfInteger) } }
}

const byProcess = (
  system: TransitionSystem,
  of: (process: number) => Itf,
): Readonly<Record<string, Itf>> =>
  Object.fromEntries(system.processes.map(({ name }, process) => [name, of(process)]))

/** Which locals there are differs from place to place, so they are a map: from names to values in words. */
function localsOf(system: TransitionSystem, state: State, process: number): Itf {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const here = state.processes[process]
  const slots = (code?.kept[here?.at ?? 0] ?? []).filter(
    (slot) => !slot.temporary && slot.name !== '',
  )
  return {
    '#map': slots.map(({ name, type, index }) => {
      return [name, valueText(system, type, here?.locals[index] ?? null)] as const
    }),
  }
}
