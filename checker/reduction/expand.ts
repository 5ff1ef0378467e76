import { type Interpreter, isVisible, type State, type TransitionSystem } from '../../spec/index.js'
import type { Step, Trail } from '../engine/engine.js'

/**
 * A run of a reduced system as a run of the full one: each of its steps taken apart into the steps it was made of. The
 * process goes on until control is where it rests in the reduced system, and the picks are dealt out as they come.
 *
 * Null where the full system does not follow: then the reduction is wrong.
 */
export function expandTrail(
  full: Interpreter,
  reduced: TransitionSystem,
  trail: Trail,
): Trail | null {
  const begin = full.replayInitial(trail.initial)
  if (begin === null) return null
  if (begin.kind !== 'next') return trail
  const steps: Step[] = []
  let state = begin.state
  for (const step of trail.steps) {
    const taken = expandStep(full, reduced, state, step)
    if (taken === null) return null
    steps.push(...taken.steps)
    if (taken.state === null) return { initial: trail.initial, steps }
    state = taken.state
  }
  return { initial: trail.initial, steps }
}

/** The fine steps of one, and the state after them: null after a violation. */
export function expandStep(
  full: Interpreter,
  reduced: TransitionSystem,
  from: State,
  { process, choices }: Step,
): { readonly steps: readonly Step[]; readonly state: State | null } | null {
  const code = reduced.codes[reduced.processes[process]?.code ?? -1]
  const steps: Step[] = []
  let state = from
  let left = choices
  for (;;) {
    const outcome = full
      .fire(state, process)
      .find((one) => one.choices.every((pick, at) => pick === left[at]) && one.choices.length <= left.length)
    if (outcome === undefined) return null
    steps.push({ process, choices: outcome.choices })
    left = left.slice(outcome.choices.length)
    if (outcome.kind !== 'next') return { steps, state: null }
    state = outcome.state
    const i = code?.instructions[state.processes[process]?.at ?? -1]
    if (i === undefined) return null
    if (isVisible(i) || i.kind === 'end') return left.length === 0 ? { steps, state } : null
  }
}
