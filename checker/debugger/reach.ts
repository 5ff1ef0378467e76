import { chooseEngine, defaultEngine } from '../engine/choose.js'
import type { Engine, PackedState, Step, Trail, Transition } from '../engine/engine.js'
import type { Violation } from '../property/violation.js'
import { exploringGraph } from '../search/explore.js'
import { defaultSearchOptions } from '../search/options.js'
import type { SearchResult } from '../search/verdict.js'
import { processName } from '../trace/changes.js'
import { orderKind } from '../trace/order-end.js'
import { sourcePlace } from '../trace/place.js'
import { type Desk, isOver, trapHere } from './desk.js'
import { scheduled } from './move.js'

/** States that are seen unless another number is asked for. */
export const REACH_STATES = 100_000

/** Whether the violation of the trace still follows from here: a search with a bound, and the shortest way as a schedule. */
export function reach(desk: Desk, states: number): { readonly desk: Desk; readonly text: string } {
  const { kind } = desk
  if (isOver(desk)) return { desk, text: `the run ends here, in ${trapHere(desk)?.kind}` }
  if (kind === orderKind) {
    // An order taken on the way here would be missing, and with it the circle.
    return { desk, text: `${kind} is about the orders of several runs: one state does not tell` }
  }
  const result = searchFrom(desk, states)
  const { violations, statistics, limit } = result
  const found = theSame(desk, violations)
  const seen = counted(statistics.distinctStates, 'state')
  const others = violations.filter((each) => each.kind !== kind).map((each) => each.kind)
  const besides = others.length === 0 ? '' : `; ${[...new Set(others)].join(', ')} does`
  if (found === undefined && statistics.exhaustive) {
    return {
      desk,
      text: `${kind} does not follow from here${besides}: ${seen} seen, all there are`,
    }
  }
  if (found === undefined) {
    const how =
      limit?.name === 'states' ? `: \`reach ${states * 10}\` looks further` : `: ${limit?.message}`
    return { desk, text: `${kind} was not found from here${besides}; ${seen} seen, not all${how}` }
  }
  const { steps } = found.trail
  const on = scheduled(desk, steps, found.loop, found.trap)
  const here = sourcePlace(on.matter.row.interpreter.system, found.trap.at)
  const elsewhere = isSamePlace(desk, found) ? '' : `, but at ${here.file}:${here.line}`
  const text = `${found.kind} follows from here${elsewhere}, in ${counted(steps.length, 'step')}: ${turnsText(desk, steps)}; ${seen} seen`
  if (isScheduled(desk, steps)) return { desk, text: `${text}\nthis is what is scheduled` }
  return { desk: on, text: `${text}\nscheduled: \`run\` goes there, \`save FILE\` keeps it` }
}

const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`

const isSamePlace = ({ matter, recorded }: Desk, { trap }: Violation): boolean => {
  const { system } = matter.row.interpreter
  const [one, other] = [trap, recorded.trap].map((each) => each && sourcePlace(system, each.at))
  return JSON.stringify(one) === JSON.stringify(other)
}

function theSame(desk: Desk, violations: readonly Violation[]): Violation | undefined {
  const same = violations.filter(({ kind }) => kind === desk.kind)
  return same.find((each) => isSamePlace(desk, each)) ?? same[0]
}

function isScheduled({ schedule, at }: Desk, steps: readonly Step[]): boolean {
  const coming = schedule.steps.slice(at, schedule.count)
  const same = (step: Step, index: number) =>
    step.process === steps[index]?.process && String(step.choices) === String(steps[index]?.choices)
  return coming.length === steps.length && coming.every(same)
}

/** `vmm 3, vcpu0 1`: who takes how many steps, in turn. */
function turnsText(desk: Desk, steps: readonly Step[]): string {
  const turns: { process: number; count: number }[] = []
  for (const { process } of steps) {
    const turn = turns.at(-1)
    if (turn?.process === process) turn.count++
    else turns.push({ process, count: 1 })
  }
  const { system } = desk.matter.row.interpreter
  return turns.map(({ process, count }) => `${processName(system, process)} ${count}`).join(', ')
}

function searchFrom(desk: Desk, states: number): SearchResult {
  const { schedule, at, matter, kind } = desk
  const engine = chooseEngine(matter.row.interpreter.system, defaultEngine)
  const { initial } = schedule.run.trail
  const state = packedAfter(engine, { initial, steps: schedule.steps.slice(0, at) })
  const here: Transition = { process: -1, choices: [], kind: 'next', state }
  const options = { ...defaultSearchOptions, maxStates: states, wanted: [kind], preferred: [kind] }
  const search = exploringGraph(engine, options, [here])
  for (;;) {
    const next = search.next()
    if (next.done === true) return next.value
  }
}

/** The packed state that a trail leads to. */
function packedAfter(engine: Engine, { initial, steps }: Trail): PackedState {
  const start = engine.initial().find(({ choices }) => String(choices) === String(initial))
  let state = start?.kind === 'next' ? start.state : null
  for (const step of steps) {
    let next: PackedState | null = null
    if (state !== null) {
      engine.successors(state, (transition) => {
        const { process, choices, kind } = transition
        if (process !== step.process || String(choices) !== String(step.choices)) return
        if (kind === 'next') next = transition.state
      })
    }
    state = next
  }
  if (state === null)
    throw new Error('the engine does not follow the run that the interpreter took')
  return state
}
