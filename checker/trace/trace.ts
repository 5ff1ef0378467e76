import type {
  Instruction,
  LogEntry,
  Site,
  State,
  TransitionSystem,
  Trap,
  Wait,
} from '../../spec/index.js'
import type { Trail } from '../engine/engine.js'

/** A path into a state: the keys from its root. */
export type StatePath = readonly (string | number)[]

/** One thing that differs between two states, in the words of the model. */
export interface Change {
  readonly path: StatePath
  /**
   * `life`: an object was allocated or freed. `bit`: one bit of a word. `section`: how deep a process is in a context
   * of its own. `awaits`: whom it waits for in a grace period.
   */
  readonly kind: 'value' | 'pointer' | 'bit' | 'lock' | 'life' | 'section' | 'awaits'
  /** The pool object it is inside of (`mem_map[0]`), the process of a context, or null for a shared variable. */
  readonly object: string | null
  /** The place without its object: `_refcount`, `flags.PG_locked`, `pte[0]`. */
  readonly name: string
  readonly before: string
  readonly after: string
}

/** A local that got another value; null where it has none. */
export interface LocalChange {
  readonly name: string
  readonly before: string | null
  readonly after: string | null
}

/** One transition of one process, replayed. */
export interface TraceStep {
  /** From 1, over the steps and then the loop. */
  readonly index: number
  readonly process: number
  readonly choices: readonly number[]
  readonly site: Site
  readonly instruction: Instruction
  readonly log: readonly LogEntry[]
  readonly before: State
  readonly after: State
  readonly changes: readonly Change[]
  readonly locals: readonly LocalChange[]
  /** The process only queued itself or fell asleep: it is to execute the same instruction again. */
  readonly parks: boolean
  /** What the process waits for after this step, where another process takes over; else null. */
  readonly waits: Wait | null
}

/** A value the violating step read, and who wrote it last. */
export interface Operand {
  readonly path: StatePath
  readonly object: string | null
  readonly name: string
  readonly value: string
  /** Null: the initial state. */
  readonly writer: TraceStep | null
}

/** A counterexample the interpreter has executed from its initial state to the violation. */
export interface Trace {
  readonly system: TransitionSystem
  readonly trail: Trail
  readonly kind: string
  /** The words of the kind, as the kernel would print them. */
  readonly headline: string
  readonly trap: Trap
  readonly initial: { readonly state: State; readonly log: readonly LogEntry[] }
  readonly steps: readonly TraceStep[]
  /** For a lost rest: once around the terminal loop, from the last state back to it. */
  readonly loop: readonly TraceStep[]
  readonly switches: number
  readonly operands: readonly Operand[]
  /** Who waits for what in the last state. */
  readonly waits: readonly Wait[]
  /** Of a data race: the place, and what the write of it is about to make of the value. */
  readonly raced: { readonly place: string; readonly before: string; readonly after: string } | null
  readonly end: State
}

/** A place in a source as people name it: line and column count from 1. */
export interface SourcePlace {
  readonly file: string
  readonly line: number
  readonly column: number
}
