import type { Engine, PackedState, Transition } from './engine.js'
import { canonicalState, isEmpty, type Symmetry } from './symmetry.js'

/** An engine that gives of every orbit of states one. What it asks the other about such a state is true of all of them. */
export function symmetricEngine(engine: Engine, symmetry: Symmetry): Engine {
  if (isEmpty(symmetry)) return engine
  const least = (transition: Transition): Transition =>
    transition.kind === 'next'
      ? { ...transition, state: canonicalState(symmetry, transition.state) }
      : transition
  return {
    name: engine.name,
    system: engine.system,
    stateBits: engine.stateBits,
    stateWords: engine.stateWords,
    symmetry,
    ...(engine.ample === undefined ? {} : { ample: engine.ample }),
    initial: () => engine.initial().map(least),
    successors: (state, visit) =>
      engine.successors(state, (transition) => visit(least(transition))),
    judge: (state) => engine.judge(state),
    mayRest: (state) => engine.mayRest(state),
    judgeRest: (state) => engine.judgeRest(state),
    finished: (state, process) => engine.finished(state, process),
    location: (state: PackedState, process) => engine.location(state, process),
    waits: (state) => engine.waits(state),
    acquisition: (state, process) => engine.acquisition(state, process),
    exposures: (state) => engine.exposures(state),
    covered: (state) => engine.covered(state),
    get executed() {
      return engine.executed
    },
  }
}
