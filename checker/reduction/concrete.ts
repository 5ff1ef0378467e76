import type { Engine, PackedState, Step, Trail, Transition } from '../engine/engine.js'
import { canonicalState } from '../engine/symmetry.js'

/** More often than this nobody goes round a loop until everybody is who they were: 7! processes in different places. */
const LAPS_MAX = 5040

/** A run, and for a lost rest the steps once around its terminal loop. */
export interface Schedule {
  readonly trail: Trail
  readonly loop: readonly Step[]
}

/**
 * A run of an engine that takes processes, objects and values for one another, as a run in which each of them stays itself:
 * from the same beginning, each step by some process that leads into the same orbit. There always is one; of several, that
 * of the process that moved last is taken, then the least. A loop is gone round until everybody is back.
 *
 * `engine` is the symmetric one, `plain` the one it was made of.
 */
export function concrete(engine: Engine, plain: Engine, { trail, loop }: Schedule): Schedule {
  const start = plain.initial().find((transition) => sameChoices(transition, trail.initial))
  if (start === undefined) throw new Error('a run begins nowhere')
  if (start.kind !== 'next') return { trail, loop }
  const walk = new Walk(engine, plain, start.state)
  for (const step of trail.steps) walk.take(step)
  const { steps } = walk
  if (loop.length === 0) return { trail: { initial: trail.initial, steps }, loop }
  // Where each lap began: the walk may come back to a later beginning than its first.
  const begun = new Map<string, number>()
  for (let lap = 0; lap < LAPS_MAX; lap++) {
    const before = begun.get(walk.here.join())
    if (before !== undefined) {
      return {
        trail: { initial: trail.initial, steps: steps.slice(0, before) },
        loop: steps.slice(before),
      }
    }
    begun.set(walk.here.join(), steps.length)
    for (const step of loop) walk.take(step)
  }
  throw new Error('a run never comes back to where it was')
}

class Walk {
  readonly steps: Step[] = []
  here: PackedState
  readonly #engine: Engine
  readonly #plain: Engine
  #least: PackedState

  constructor(engine: Engine, plain: Engine, start: PackedState) {
    this.#engine = engine
    this.#plain = plain
    this.here = start
    this.#least = canonicalState(engine.symmetry, start)
  }

  take(step: Step): void {
    const next = taken(this.#engine, this.#least, step)
    const last = this.steps.at(-1)?.process ?? null
    const way = wayTo(this.#engine, this.#plain, this.here, next, last)
    this.steps.push({ process: way.process, choices: way.choices })
    if (way.kind !== 'next' || next.kind !== 'next') return
    this.here = way.state
    this.#least = next.state
  }
}

const sameChoices = ({ choices }: Step, others: readonly number[]): boolean =>
  choices.length === others.length && choices.every((choice, at) => choice === others[at])

function taken(engine: Engine, state: PackedState, step: Step): Transition {
  let found: Transition | null = null
  engine.successors(state, (transition) => {
    const isIt = transition.process === step.process && sameChoices(transition, step.choices)
    if (isIt) found = transition
  })
  if (found === null) throw new Error('a run takes a step that is none')
  return found
}

function wayTo(
  engine: Engine,
  plain: Engine,
  from: PackedState,
  to: Transition,
  last: number | null,
): Transition {
  const ways: Transition[] = []
  plain.successors(from, (transition) => {
    if (leadsTo(engine, transition, to)) ways.push(transition)
  })
  const way = ways.find(({ process }) => process === last) ?? ways[0]
  if (way === undefined) throw new Error('no process takes a step that one of its orbit takes')
  return way
}

function leadsTo(engine: Engine, transition: Transition, to: Transition): boolean {
  if (transition.kind === 'next' && to.kind === 'next') {
    return sameWords(canonicalState(engine.symmetry, transition.state), to.state)
  }
  if (transition.kind !== 'violation' || to.kind !== 'violation') return false
  const { trap } = transition
  return (
    trap.kind === to.trap.kind &&
    trap.at.file === to.trap.at.file &&
    trap.at.from === to.trap.at.from &&
    trap.at.to === to.trap.at.to
  )
}

const sameWords = (a: PackedState, b: PackedState): boolean => a.every((word, at) => word === b[at])
