/**
 * What the viewer is given: everything it shows, worked out beforehand, so that it computes nothing of the semantics.
 * Plain data, written as JSON into the page. Indexes instead of repeated texts keep a run of thousands of steps small.
 */
export interface PageDocument {
  readonly model: string
  readonly file: string
  readonly settings: readonly Setting[]
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** The violation in the kernel's words, line by line; of a row without one, the verdict. */
  readonly report: readonly string[]
  /** What the command line says below the counterexample; empty where nothing was searched. */
  readonly summary: readonly string[]
  readonly sources: readonly Source[]
  /** Null where there is no counterexample to show. */
  readonly run: Run | null
}

export interface Setting {
  readonly name: string
  readonly value: string
  readonly isDesign: boolean
}

export interface Source {
  readonly path: string
  readonly text: string
}

/** A counterexample. A position is a number of steps taken: 0 is the initial state. */
export interface Run {
  readonly kind: string
  /** Where the violation is reported: an index of `sites`. */
  readonly at: number
  /** How long it is, as below the columns: `16 steps, 3 context switches, shortest possible.` */
  readonly facts: string
  /** The command that replays it. */
  readonly replay: string
  /** What `init` chose; empty where it had no choice. */
  readonly init: readonly string[]
  /** What is wrong with the state the run ends in, where the report does not say so. */
  readonly ending: readonly string[]
  readonly processes: readonly Process[]
  readonly sites: readonly Site[]
  /** The names of all places, in the order of declaration. */
  readonly places: readonly Place[]
  readonly start: Snapshot
  readonly steps: readonly Step[]
  /** The steps from here on are repeated for ever; null: the run ends. */
  readonly loopFrom: number | null
  readonly rows: readonly Row[]
  readonly locks: readonly Lock[]
  /** Indexes of `places` that hold numbers and change. */
  readonly counters: readonly number[]
  /** By position, what was enabled there; empty where it was not worked out. */
  readonly choices: readonly (readonly Choice[])[]
  /** Why `choices` does not say where each step leads; null: it does. */
  readonly leadsUnknown: string | null
}

export interface Process {
  readonly name: string
  /** Of its lane: `vcpu0: fault(0, 1)`. Null: it never moves, so it has none. */
  readonly heading: string | null
}

/** A stretch of source. Lines count from 1. */
export interface Site {
  /** An index of `sources`. */
  readonly source: number
  readonly line: number
  readonly lineEnd: number
  /** The innermost op, or null in the body of a process. */
  readonly op: string | null
  /** The kernel function the model names for it, or null. */
  readonly function: string | null
  readonly text: string
}

export interface Place {
  /** The object it is inside of, or null for a shared variable. */
  readonly object: string | null
  readonly name: string
}

/** One state. */
export interface Snapshot {
  /** By place; null where there is no such place now, as inside of an object that is free. */
  readonly values: readonly (string | null)[]
  readonly processes: readonly ProcessView[]
}

/** How a process stands in one state. */
export interface ProcessView {
  /** What it executes next: an index of `sites`. */
  readonly site: number
  readonly status: 'runs' | 'waits' | 'finished' | 'idle'
  /** What it waits for, in words; null unless it waits. */
  readonly waits: string | null
  readonly locals: readonly (readonly [name: string, value: string])[]
}

export interface Step {
  readonly process: number
  readonly site: number
  /** What it changed, in the words of the columns. */
  readonly says: readonly string[]
  /** The places that have another value now. */
  readonly values: readonly (readonly [place: number, value: string | null])[]
  /** The processes that stand otherwise now. */
  readonly processes: readonly (readonly [process: number, view: ProcessView])[]
}

/** One line of the columns, and the steps it is made of. */
export interface Row {
  readonly process: number
  readonly indent: number
  readonly text: string
  readonly waits: boolean
  readonly changes: readonly string[]
  readonly star: string | null
  /** Positions after its first and its last step; null where no step of its own belongs to it. */
  readonly steps: readonly [first: number, last: number] | null
}

/** A lock, a lock bit or a section, and who was in it when. */
export interface Lock {
  readonly name: string
  readonly holds: readonly Hold[]
}

export interface Hold {
  /** Null: held since before the first step, by whom nobody knows. */
  readonly process: number | null
  readonly mode: 'read' | 'write'
  /** Position after the step that took it; 0: the initial state. */
  readonly from: number
  /** Position after the step that gave it back; null: held to the end. */
  readonly to: number | null
}

/** A step that was enabled at a position. */
export interface Choice {
  readonly process: number
  readonly site: number
  readonly says: readonly string[]
  /** The run goes on with this one. */
  readonly taken: boolean
  readonly leads: Leads
}

/**
 * Where a step leads. `violation`: it is one. `cut`: it meets a bound of the model. `reaches`: a violation can still
 * happen, in so many further steps at least. `safe`: none can any more. `unknown`: not worked out.
 */
export type Leads =
  | { readonly kind: 'violation'; readonly violation: string }
  | { readonly kind: 'cut'; readonly bound: string }
  | { readonly kind: 'reaches'; readonly steps: number }
  | { readonly kind: 'safe' }
  | { readonly kind: 'unknown' }
