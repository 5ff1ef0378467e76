import type { Interpreter, Outcome, State } from '../../spec/index.js'
import type { Engine, Step } from '../engine/engine.js'
import { changeTexts, type Naming } from '../render/change-text.js'
import { orderKind } from '../trace/order-end.js'
import type { Trace } from '../trace/trace.js'
import type { Choice, Leads } from './document.js'
import { Futures } from './futures.js'
import type { SiteTable } from './sites.js'

/** A model of more states is too large to say of every step where it leads: a page is to be written at once. */
const STATES_MAX = 20_000

/** A longer run has its enabled steps left out: they would be most of the page. */
const STEPS_MAX = 500

export interface Choices {
  readonly choices: readonly (readonly Choice[])[]
  readonly leadsUnknown: string | null
}

/** What was enabled at each position of a run, before its last step, and where each of these steps leads. */
export function choicesOf(
  interpreter: Interpreter,
  engine: Engine,
  trace: Trace,
  { sites, naming }: { readonly sites: SiteTable; readonly naming: Naming },
): Choices {
  const steps = [...trace.steps, ...trace.loop]
  if (steps.length > STEPS_MAX) {
    return { choices: [], leadsUnknown: `the run has more than ${STEPS_MAX} steps` }
  }
  const { futures, leadsUnknown } = futuresFor(engine, trace)
  const ids = futures?.along({ ...trace.trail, steps }) ?? []
  const choices = steps.map((taken, position) =>
    enabled(interpreter, taken.before).map(({ outcome, process }): Choice => {
      const { choices: picks } = outcome
      const step = { process, choices: picks }
      const id = ids[position]
      return {
        process,
        site: sites.indexOf(siteAt(trace, taken.before, process)),
        says:
          outcome.kind === 'next' ? says(trace, taken.before, outcome.state, process, naming) : [],
        taken: isSame(step, taken),
        leads: leadsOf(outcome, id === undefined ? null : (futures?.leads(id, step) ?? null)),
      }
    }),
  )
  return { choices, leadsUnknown }
}

function futuresFor(
  engine: Engine,
  trace: Trace,
): { readonly futures: Futures | null; readonly leadsUnknown: string | null } {
  // An order is no state and no step, so no state is one from which it can or cannot be reached.
  if (trace.kind === orderKind) {
    return { futures: null, leadsUnknown: 'the violation is an order of locks, not a state' }
  }
  const futures = Futures.of(engine, STATES_MAX)
  const leadsUnknown = futures === null ? `the model has more than ${STATES_MAX} states` : null
  return { futures, leadsUnknown }
}

function enabled(
  interpreter: Interpreter,
  state: State,
): { readonly process: number; readonly outcome: Outcome }[] {
  return interpreter.system.processes.flatMap((_, process) =>
    interpreter.fire(state, process).map((outcome) => ({ process, outcome })),
  )
}

function leadsOf(outcome: Outcome, future: Leads | null): Leads {
  if (outcome.kind === 'violation') return { kind: 'violation', violation: outcome.trap.kind }
  if (outcome.kind === 'cut') return { kind: 'cut', bound: outcome.bound.message }
  return future ?? { kind: 'unknown' }
}

const isSame = (one: Step, other: Step): boolean =>
  one.process === other.process && one.choices.join() === other.choices.join()

function siteAt({ system }: Trace, state: State, process: number) {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const site = code?.instructions[state.processes[process]?.at ?? -1]?.site
  if (site === undefined) throw new Error(`process ${process} stands nowhere`)
  return site
}

/** What a step changes, each a short text. */
export const says = (
  { system }: Trace,
  before: State,
  after: State,
  process: number,
  naming: Naming,
): string[] => changeTexts(system, before, after, naming, { process, text: '', whole: false })
