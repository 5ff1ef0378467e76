import type { Interpreter, State } from '../../spec/index.js'
import { waitedFor } from '../render/text.js'
import { valueText } from '../trace/changes.js'
import { placesOf } from '../trace/places.js'
import type { Trace } from '../trace/trace.js'
import type { Place, ProcessView, Snapshot, Step } from './document.js'
import type { SiteTable } from './sites.js'

/** What one step leaves different. */
type Difference = Pick<Step, 'values' | 'processes'>

/** All states of a run: the first one whole, of each other what is new. */
export interface States {
  readonly places: readonly Place[]
  readonly start: Snapshot
  readonly differences: readonly Difference[]
}

/** The states a trace passes, loop included, as the viewer shows them. */
export function statesOf(interpreter: Interpreter, trace: Trace, sites: SiteTable): States {
  const { system } = trace
  const view = (state: State) => processViews(interpreter, trace, state, sites)
  const { state: first } = trace.initial
  const found = placesOf(system, first)
  const start: Snapshot = { values: found.map(({ value }) => value), processes: view(first) }
  let values = start.values
  let processes = start.processes
  const differences = [...trace.steps, ...trace.loop].map(({ after }): Difference => {
    const old = { values, processes }
    values = placesOf(system, after).map(({ value }) => value)
    processes = view(after)
    return {
      values: changed(old.values, values, (one, other) => one === other),
      processes: changed(old.processes, processes, sameView),
    }
  })
  return { places: found.map(({ object, name }) => ({ object, name })), start, differences }
}

function changed<Item>(
  before: readonly Item[],
  after: readonly Item[],
  same: (one: Item, other: Item) => boolean,
): (readonly [number, Item])[] {
  return after.flatMap((item, index) =>
    same(before[index] as Item, item) ? [] : [[index, item] as const],
  )
}

const sameView = (one: ProcessView, other: ProcessView): boolean =>
  JSON.stringify(one) === JSON.stringify(other)

function processViews(
  interpreter: Interpreter,
  trace: Trace,
  state: State,
  sites: SiteTable,
): ProcessView[] {
  const { system } = trace
  return system.processes.map((instance, process): ProcessView => {
    const code = system.codes[instance.code]
    const here = state.processes[process]
    const instruction = code?.instructions[here?.at ?? -1]
    if (code === undefined || here === undefined || instruction === undefined) {
      throw new Error(`${instance.name} stands nowhere`)
    }
    const wait = interpreter.wait(state, process)
    const waits = wait === null || wait.movable ? null : waitedFor(trace.system, wait)
    const locals = (code.kept[here.at] ?? []).flatMap((slot) => {
      const value = here.locals[slot.index] ?? null
      if (slot.temporary || slot.name === '' || value === null) return []
      return [[slot.name, valueText(system, slot.type, value)] as const]
    })
    const status = interpreter.finished(state, process)
      ? 'finished'
      : waits !== null
        ? 'waits'
        : code.idle.has(here.at)
          ? 'idle'
          : 'runs'
    return { site: sites.indexOf(instruction.site), status, waits, locals }
  })
}
