import { stateKey } from '../../spec/index.js'
import type { Step } from '../engine/engine.js'
import { processName } from '../trace/changes.js'
import { type Desk, isOver, stateHere, stepHere, trapHere } from './desk.js'
import { type Moved, scheduled } from './move.js'

/** A run that comes to no end is broken off. */
const STEPS_MAX = 10_000

/**
 * On to the end of the schedule; from there as long as nobody need be asked: whoever moved last goes on while there is
 * one way, and where that process is stuck the only other one that can move. Says why it stopped.
 */
export function runOn(desk: Desk): { readonly moved: Moved; readonly why: string | null } {
  const { schedule, at } = desk
  if (at < schedule.steps.length) {
    return { moved: { desk: { ...desk, at: schedule.steps.length }, problem: null }, why: null }
  }
  if (isOver(desk)) {
    return {
      moved: { desk: null, problem: `the run ends here, in ${trapHere(desk)?.kind}` },
      why: null,
    }
  }
  const { steps, why } = untilAsked(desk)
  if (steps.length === 0) return { moved: { desk: null, problem: `not run on: ${why}` }, why: null }
  const on = scheduled(desk, steps)
  return { moved: { desk: { ...on, at: on.schedule.steps.length }, problem: null }, why }
}

function untilAsked(desk: Desk): { readonly steps: readonly Step[]; readonly why: string | null } {
  const { interpreter } = desk.matter.row
  const { system } = interpreter
  const steps: Step[] = []
  const seen = new Set<string>()
  let state = stateHere(desk)
  let last = stepHere(desk)?.process ?? -1
  while (steps.length < STEPS_MAX) {
    const stop = (why: string | null) => ({ steps, why })
    if (seen.has(stateKey(state))) return stop('the run is in a loop: this state was here before')
    seen.add(stateKey(state))
    if (interpreter.judge(state) !== null) return stop(null)
    if (interpreter.mayRest(state)) return stop(steps.length === 0 ? 'the run is at rest' : null)
    const movers = system.processes
      .map((_, process) => ({ process, ways: interpreter.fire(state, process) }))
      .filter(({ ways }) => ways.length > 0)
    const mover = movers.find(({ process }) => process === last) ?? movers[0]
    if (mover === undefined) return stop(steps.length === 0 ? 'nobody can move' : null)
    if (mover.process !== last && movers.length > 1) {
      const names = movers.map(({ process }) => processName(system, process))
      return stop(`${names.join(' or ')}: \`take\` one`)
    }
    const [way, ...others] = mover.ways
    const name = processName(system, mover.process)
    if (way === undefined || others.length > 0) {
      return stop(`${name} has more than one way to go: \`enabled\` shows them, \`take\` one`)
    }
    if (way.kind === 'cut') return stop(`${name} meets a bound: ${way.bound.message}`)
    steps.push({ process: mover.process, choices: way.choices })
    if (way.kind === 'violation') return stop(null)
    state = way.state
    last = mover.process
  }
  return { steps, why: `broken off after ${STEPS_MAX} steps` }
}
