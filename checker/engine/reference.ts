import {
  type Bound,
  type Instruction,
  interpreter,
  type Outcome,
  type State,
  type TransitionSystem,
} from '../../spec/index.js'
import type { Engine, PackedState, Step, Transition } from './engine.js'
import { layoutOf, READERS_MAX } from './layout.js'
import { pack, TooManyReaders, unpack, unpackLocation } from './pack.js'
import { noSymmetry } from './symmetry.js'

/** The interpreter behind the engine's contract: slow, and right by definition. */
export function referenceEngine(system: TransitionSystem): Engine {
  const layout = layoutOf(system)
  const machine = interpreter(system)
  // The search hands back the very words it was given, so a state of its frontier need not be unpacked again.
  const known = new WeakMap<PackedState, State>()
  const acquires = system.codes.map((code) => code.instructions.map(mayAcquire))
  const hasHandlers = system.processes.some((instance) => instance.on !== null)
  let starts: readonly Transition[] | null = null
  const stateOf = (packed: PackedState) => known.get(packed) ?? unpack(layout, packed)
  const transition = (step: Step, outcome: Outcome): Transition => {
    if (outcome.kind === 'violation') return { ...step, kind: 'violation', trap: outcome.trap }
    if (outcome.kind === 'cut') return { ...step, kind: 'cut', bound: outcome.bound }
    try {
      const packed = pack(layout, outcome.state)
      known.set(packed, outcome.state)
      return { ...step, kind: 'next', state: packed }
    } catch (problem) {
      if (!(problem instanceof TooManyReaders)) throw problem
      return { ...step, kind: 'cut', bound: readersBound(problem, outcome) }
    }
  }
  return {
    name: 'reference',
    system,
    stateBits: layout.stateBits,
    stateWords: layout.stateWords,
    symmetry: noSymmetry,
    initial: () => {
      // Asked for again with each run that is shown, and `init` is long.
      starts ??= machine.initial().map((outcome) => {
        return transition({ process: -1, choices: outcome.choices }, outcome)
      })
      return starts
    },
    successors: (packed, visit) => {
      const state = stateOf(packed)
      for (let process = 0; process < system.processes.length; process++) {
        for (const outcome of machine.fire(state, process)) {
          visit(transition({ process, choices: outcome.choices }, outcome))
        }
      }
    },
    judge: (packed) => machine.judge(stateOf(packed)),
    mayRest: (packed) => machine.mayRest(stateOf(packed)),
    judgeRest: (packed) => machine.judgeRest(stateOf(packed)),
    finished: (packed, process) => machine.finished(stateOf(packed), process),
    location: (packed, process) => unpackLocation(layout, packed, process),
    waits: (packed) => {
      const state = stateOf(packed)
      return system.processes.flatMap((_, process) => machine.wait(state, process) ?? [])
    },
    acquisition: (packed, process) => {
      const state = stateOf(packed)
      const at = state.processes[process]?.at ?? -1
      const code = system.processes[process]?.code ?? -1
      // Most locations are no acquisition at all: looking that up first is what makes asking cheap.
      return acquires[code]?.[at] === true ? machine.acquisition(state, process) : null
    },
    exposures: (packed) => (hasHandlers ? machine.exposures(stateOf(packed)) : []),
    covered: (packed) => machine.covered(stateOf(packed)),
    executed: machine.executed,
  }
}

function mayAcquire(i: Instruction): boolean {
  if (i.kind === 'grace') return true
  if (i.kind !== 'lock' || i.result !== null) return false
  return i.action.endsWith('-lock') || i.action === 'section-enter'
}

function readersBound(problem: TooManyReaders, outcome: Outcome): Bound {
  const { lock } = problem
  const message = `one process holds ${lock} for reading more than ${READERS_MAX} times`
  const at = outcome.log.at(-1)?.site.span ?? { file: '', from: 0, to: 0 }
  return { kind: 'readers', name: lock, message, at }
}
