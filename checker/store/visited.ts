import type { PackedState } from '../engine/engine.js'

/** A state's number in the visited set: 0, 1, 2 … in the order in which the states were discovered. */
export type StateId = number

/** The set of states already discovered. Insert-only: an id never changes and never goes away. */
export interface VisitedSet {
  /** Number of distinct states, and so the id of the next new one. */
  readonly count: number

  /** How many it can hold; nothing may be inserted beyond. */
  readonly countMax: number

  /** Bytes set aside for the states and their index. */
  readonly bytes: number

  /** The id of the state; it was new exactly when that id equals what `count` was before. */
  insert(state: PackedState): StateId

  /** The words of a state inserted before. */
  state(id: StateId): PackedState
}
