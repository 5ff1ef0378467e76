import * as assert from 'uvu/assert'
import type { Engine, PackedState, Transition } from '../../checker/engine/engine.js'
import type { Trap } from '../../spec/index.js'

/** What a comparison has seen. */
export interface Seen {
  readonly states: number
  /** No state was left out. */
  readonly isWhole: boolean
  /** Kinds of violation in a step or a state, and `bound` where one was met. */
  readonly kinds: ReadonlySet<string>
}

/**
 * Asks two engines of one system everything about every state, up to so many states; throws where they do not say the
 * same. By turns the state that was found first, last, and half-way, so that few states are near and far.
 */
export function compareEngines(reference: Engine, engine: Engine, statesMax: number): Seen {
  assert.is(engine.stateBits, reference.stateBits)
  const known = new Set<string>()
  const waiting: PackedState[] = []
  const kinds = new Set<string>()
  const reach = (transitions: readonly Transition[]): void => {
    for (const transition of transitions) {
      if (transition.kind === 'violation') kinds.add(transition.trap.kind)
      if (transition.kind === 'cut') kinds.add('bound')
      if (transition.kind !== 'next' || known.has(transition.state.join())) continue
      known.add(transition.state.join())
      waiting.push(transition.state)
    }
  }
  const initial = reference.initial()
  same(engine.initial().map(transitionText), initial.map(transitionText), 'initial')
  reach(initial)
  let states = 0
  for (; waiting.length > 0 && states < statesMax; states++) {
    const at = [0, waiting.length - 1, waiting.length >> 1][states % 3] as number
    const [state] = waiting.splice(at, 1) as [PackedState]
    const given = successorsOf(engine, state)
    const expected = successorsOf(reference, state)
    same(given.map(transitionText), expected.map(transitionText), `successors of ${state}`)
    const trap = reference.judge(state)
    if (trap !== null) kinds.add(trap.kind)
    same(trapText(engine.judge(state)), trapText(trap), `judge ${state}`)
    same(engine.mayRest(state), reference.mayRest(state), `mayRest ${state}`)
    same(engine.covered(state), reference.covered(state), `covered ${state}`)
    for (const process of reference.system.processes.keys()) {
      const acquisition = reference.acquisition(state, process)
      same(engine.acquisition(state, process), acquisition, `acquisition of ${process} in ${state}`)
    }
    if (states % 4 === 0) compareRare(state)
    reach(expected)
  }
  // The engines execute the same instructions in the same states, but only where all were asked the same.
  same(engine.executed.map(String), reference.executed.map(String), 'executed')
  return { states, isWhole: waiting.length === 0, kinds }

  /** What a search asks of few states, or for a report: dear, and mostly answered by the reference itself. */
  function compareRare(state: PackedState): void {
    same(engine.waits(state), reference.waits(state), `waits ${state}`)
    same(engine.exposures(state), reference.exposures(state), `exposures ${state}`)
    for (const process of reference.system.processes.keys()) {
      const where = `of ${process} in ${state}`
      same(engine.finished(state, process), reference.finished(state, process), `finished ${where}`)
      same(engine.location(state, process), reference.location(state, process), `location ${where}`)
    }
  }
}

function same(given: unknown, expected: unknown, what: string): void {
  // Texts are cheap to compare; only a difference is worth more.
  if (JSON.stringify(given) !== JSON.stringify(expected)) assert.equal(given, expected, what)
}

function successorsOf(engine: Engine, state: PackedState): readonly Transition[] {
  const found: Transition[] = []
  engine.successors(state, (transition) => found.push(transition))
  return found
}

function transitionText(transition: Transition): string {
  const step = `${transition.process}.${transition.choices.join('.')} ${transition.kind}`
  switch (transition.kind) {
    case 'next':
      return `${step} ${transition.state.join(' ')}`
    case 'violation':
      return `${step} ${trapText(transition.trap)}`
    case 'cut':
      return `${step} ${transition.bound.message} ${JSON.stringify(transition.bound.at)}`
  }
}

export const trapText = (trap: Trap | null): string =>
  trap === null ? 'nothing' : `${trap.kind}: ${trap.message} ${JSON.stringify(trap.site?.span)}`
