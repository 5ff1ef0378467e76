import { type Interpreter, isVisible, type State, type TransitionSystem } from '../../spec/index.js'
import type { Step } from '../engine/engine.js'
import type { Schedule } from './concrete.js'

/**
 * A run of a reduced system as a run of the full one: each of its steps taken apart into the steps it was made of. The
 * process goes on until control is where it rests in the reduced system, and the picks are dealt out as they come. Where
 * nothing moves any more, those that wait for a bit go to sleep.
 *
 * Throws where the full system does not follow: then the reduction is wrong.
 */
export function expand(
  full: Interpreter,
  reduced: TransitionSystem,
  { trail, loop }: Schedule,
  isLostRest: boolean,
): Schedule {
  const begin = full.replayInitial(trail.initial)
  if (begin === null) throw new Error('a reduced run begins where the model does not')
  if (begin.kind !== 'next') return { trail, loop }
  const run = new Expansion(full, reduced, begin.state)
  for (const step of trail.steps) run.take(step)
  if (isLostRest) run.park()
  const { steps } = run
  const before = steps.length
  for (const step of loop) run.take(step)
  return {
    trail: { initial: trail.initial, steps: steps.slice(0, before) },
    loop: steps.slice(before),
  }
}

class Expansion {
  readonly steps: Step[] = []
  readonly #full: Interpreter
  readonly #reduced: TransitionSystem
  #state: State

  constructor(full: Interpreter, reduced: TransitionSystem, start: State) {
    this.#full = full
    this.#reduced = reduced
    this.#state = start
  }

  take({ process, choices }: Step): void {
    const code = this.#reduced.codes[this.#reduced.processes[process]?.code ?? -1]
    let left = choices
    for (;;) {
      const outcome = this.#full.fire(this.#state, process).find(({ choices: picks }) => {
        return picks.length <= left.length && picks.every((pick, at) => pick === left[at])
      })
      if (outcome === undefined) throw new Error('a reduced step is none of the model')
      this.steps.push({ process, choices: outcome.choices })
      left = left.slice(outcome.choices.length)
      if (outcome.kind !== 'next') return
      this.#state = outcome.state
      const i = code?.instructions[outcome.state.processes[process]?.at ?? -1]
      if (i === undefined) throw new Error('a reduced step leads nowhere')
      if (isVisible(i) || i.kind === 'end') break
    }
    if (left.length > 0) throw new Error('a reduced step has picks to spare')
  }

  /** In the reduced system nobody sleeps on a bit that is a lock: there a step is missing. */
  park(): void {
    for (const process of this.#full.system.processes.keys()) {
      const before = this.#state.processes[process]
      const [outcome, ...others] = this.#full.fire(this.#state, process)
      if (outcome?.kind !== 'next' || others.length > 0) continue
      const after = outcome.state.processes[process]
      if (before?.at !== after?.at || before?.parked === after?.parked) continue
      this.steps.push({ process, choices: [] })
      this.#state = outcome.state
    }
  }
}
