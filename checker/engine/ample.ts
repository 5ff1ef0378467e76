import type { Location } from '../../spec/index.js'
import type { AmplePlan, AmpleSteps } from './ample-plan.js'
import type { Engine, PackedState, Transition } from './engine.js'

/**
 * An engine that gives, where it may, the steps of one process only: of the first that has any. The order of the
 * processes decides, so every engine and every thread chooses alike.
 */
export function ampleEngine(engine: Engine, ample: AmplePlan): Engine {
  if (ample.every((steps) => steps.length === 0)) return engine
  const successors = (state: PackedState, visit: (transition: Transition) => void): void => {
    const all: Transition[] = []
    engine.successors(state, (transition) => all.push(transition))
    const locations = ample.map((_, process) => engine.location(state, process))
    const chosen = ample.findIndex(
      (steps, process) =>
        steps.some((one) => isAmple(one, process, locations)) &&
        all.some((transition) => transition.process === process),
    )
    for (const transition of all) {
      if (chosen < 0 || transition.process === chosen) visit(transition)
    }
  }
  return {
    name: engine.name,
    system: engine.system,
    stateBits: engine.stateBits,
    stateWords: engine.stateWords,
    symmetry: engine.symmetry,
    ample,
    initial: () => engine.initial(),
    successors,
    judge: (state) => engine.judge(state),
    mayRest: (state) => engine.mayRest(state),
    judgeRest: (state) => engine.judgeRest(state),
    finished: (state, process) => engine.finished(state, process),
    location: (state, process) => engine.location(state, process),
    waits: (state) => engine.waits(state),
    acquisition: (state, process) => engine.acquisition(state, process),
    exposures: (state) => engine.exposures(state),
    covered: (state) => engine.covered(state),
    get executed() {
      return engine.executed
    },
  }
}

const isAmple = (
  { from, conflicts }: AmpleSteps,
  process: number,
  locations: readonly Location[],
): boolean =>
  from.has(locations[process] ?? -1) &&
  locations.every((at, other) => other === process || conflicts[other]?.has(at) !== true)
