import type {
  Acquisition,
  Bound,
  Exposure,
  Location,
  TransitionSystem,
  Trap,
  Wait,
} from '../../spec/index.js'
import type { AmplePlan } from './ample-plan.js'
import type { Symmetry } from './symmetry.js'

/** A state in as many 32-bit words as its layout says; equal states have equal words. Never written to after it was handed out. */
export type PackedState = Uint32Array

/** The name of a step: who moved, and which picks it made on the way. */
export interface Step {
  readonly process: number
  readonly choices: readonly number[]
}

/** One way a step can end. */
export type Transition = Step &
  (
    | { readonly kind: 'next'; readonly state: PackedState }
    | { readonly kind: 'violation'; readonly trap: Trap }
    | { readonly kind: 'cut'; readonly bound: Bound }
  )

/** The schedule of a run: the picks of the initial state, then the steps. It replays on any engine of the same system. */
export interface Trail {
  readonly initial: readonly number[]
  readonly steps: readonly Step[]
}

/**
 * A finite transition system as the explorer sees it: packed states and steps, nothing of the language. Both
 * engines stand behind it, the reference interpreter and the compiled one, and must not differ in anything but time.
 */
export interface Engine {
  readonly name: 'reference' | 'compiled'
  readonly system: TransitionSystem
  /** Bits one state takes in its layout, and the 32-bit words that hold them. */
  readonly stateBits: number
  readonly stateWords: number
  /** What is taken for one another: every state it gives is the one that stands for its orbit. */
  readonly symmetry: Symmetry
  /** Where the successors are those of one process only; missing: nowhere. */
  readonly ample?: AmplePlan

  /** Initial states in ascending order of choices; `process` is -1. */
  initial(): readonly Transition[]

  /** Calls `visit` once for each (process, choices), ascending by process, then choices. */
  successors(state: PackedState, visit: (transition: Transition) => void): void

  /** Invariants and cycles of lock owners in this state. */
  judge(state: PackedState): Trap | null

  /** Every thread finished, every daemon idle. */
  mayRest(state: PackedState): boolean

  /** `finally` and leak checks of a state at rest. */
  judgeRest(state: PackedState): Trap | null

  /** A thread (not a daemon) with nothing left to do. */
  finished(state: PackedState, process: number): boolean

  /** Where the control of a process rests. */
  location(state: PackedState, process: number): Location

  /** Who waits for what. */
  waits(state: PackedState): readonly Wait[]

  /** What a process holds as it comes to wait for a lock; null when that is not what it does next. */
  acquisition(state: PackedState, process: number): Acquisition | null

  /** Locks held where a handler could come and want them. */
  exposures(state: PackedState): readonly Exposure[]

  /** Indexes of the `cover` conditions that hold in this state. */
  covered(state: PackedState): readonly number[]

  /** `[code][location]`, codes in the order of `allCodes`: what the interpreter notes of each instruction, so far. */
  readonly executed: readonly Uint8Array[]
}
