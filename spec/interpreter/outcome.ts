import type { Span } from '../source/span.js'
import type { Location, Site } from '../system/system.js'
import type { State } from './state.js'

/** An error raised by the semantics at one place: kind, words, where, and what was read to see it. */
export interface Trap {
  readonly kind: string
  /** One line: the headline's words and the particulars. */
  readonly message: string
  /** Of the failing process's step; for a property, of the property. */
  readonly at: Span
  /** Null when nobody's step is to blame (a property of the state). */
  readonly site: Site | null
  /** Index of the process at fault, or null. */
  readonly process: number | null
  /** Paths into the state, keys from its root, that the failing instruction read: whose last writers the report names. */
  readonly operands: readonly (readonly (string | number)[])[]
  /** Of a report about several processes: what each was about to do. */
  readonly involved?: readonly Involved[]
  /** Of a circle of lock orders. */
  readonly threat?: Threat
}

/** What is known of the deadlock that a circle of lock orders threatens with. */
export interface Threat {
  /** `impossible`: everything was explored; `unseen`: runs ended in other violations; `unknown`: a limit ended the search. */
  readonly deadlock: 'reachable' | 'impossible' | 'unseen' | 'unknown'
  /** The steps to it, where it is reachable. */
  readonly depth: number | null
}

export interface Involved {
  readonly process: number
  readonly site: Site
  /** `write`, `marked read`. */
  readonly what: string
  /** In a lock order: what is held, and what is wanted. A handler's order is told by two: who holds, then who wants. */
  readonly held?: HeldLock
  readonly wanted?: HeldLock
}

/** A bound the model set or lowering inferred, which a run met: the search is incomplete, the design not at fault. */
export interface Bound {
  readonly kind: 'pool' | 'range' | 'readers'
  readonly name: string
  readonly message: string
  readonly at: Span
}

export type LockMode = 'read' | 'write'

/** A lock that is held or wanted. */
export interface HeldLock {
  /** As people write it; `RCU` for an RCU read section. */
  readonly name: string
  readonly mode: LockMode
}

/** One instruction of a transition, in the order of execution. */
export interface LogEntry {
  readonly location: Location
  readonly site: Site
  /** For `enter` and `leave` markers. */
  readonly mark: 'enter' | 'leave' | null
}

/**
 * One result of firing a process. `choices` are the picks made on the way (either, choose, the slot an alloc takes,
 * its failure), in order: together with the process they are the step's name in a trail.
 */
export type Outcome = { readonly choices: readonly number[]; readonly log: readonly LogEntry[] } & (
  | { readonly kind: 'next'; readonly state: State }
  /** `state` is the state before the failing instruction, with what the transition had already done. */
  | { readonly kind: 'violation'; readonly trap: Trap; readonly state: State }
  | { readonly kind: 'cut'; readonly bound: Bound }
)

/** Why a process cannot move: for the wait-for cycle, the classification of a lost rest, and traces. */
export interface Wait {
  readonly process: number
  readonly site: Site
  /** `mutex`, `rwsem (write)`, `bit PG_locked`, `condition`; then the place as people write it. */
  readonly what: string
  readonly place: string
  /** Processes that must move first (owners). Empty for conditions and bits. */
  readonly holders: readonly number[]
  /** A writer that has still to queue: it can take that step, and then waits. */
  readonly movable: boolean
  /** The kind the blocked `await … else K` names, `lost-wakeup` for a waiter parked on a clear bit, else null. */
  readonly names: string | null
}
