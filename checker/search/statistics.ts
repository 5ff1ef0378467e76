import type { Expander } from './expand.js'
import type { SearchOptions } from './options.js'

/** How far a search has come: what a progress line shows. */
export interface Progress {
  /** Depth of the level being expanded, and how many states it has. */
  readonly depth: number
  readonly frontier: number
  readonly distinctStates: number
  readonly generatedStates: number
  readonly bytes: number
  /** How full the table of states is, from 0 to 1; absent where it grows as it must. */
  readonly fill?: number
  /** All states are known; their steps are walked again, to judge rest or to find the run to show. */
  readonly again?: boolean
  /** How many threads search; absent where there is only this one. */
  readonly workers?: number
}

/** The counts at the end of a level: what is reported when a limit ends the next one half-way. */
export interface Completed {
  readonly depth: number
  readonly distinctStates: number
  readonly generatedStates: number
  readonly uncovered: readonly number[]
  /** As `Engine.executed`; null where no count can end the search half-way. */
  readonly executed: readonly Uint8Array[] | null
}

/** What was executed so far, where a count may end the search after it has gone on. */
export const executedSoFar = (
  { maxStates }: SearchOptions,
  executed: () => readonly Uint8Array[],
): readonly Uint8Array[] | null =>
  Number.isFinite(maxStates) ? executed().map((one) => one.slice()) : null

export function progressOf(expander: Expander, frontier: number): Progress {
  return {
    depth: expander.depth - 1,
    frontier,
    distinctStates: expander.graph.count,
    generatedStates: expander.generated,
    bytes: expander.bytes,
  }
}

export function completedLevel(expander: Expander, options: SearchOptions): Completed {
  const { graph, generated } = expander
  return {
    depth: graph.depthOf(Math.max(0, graph.count - 1)),
    distinctStates: graph.count,
    generatedStates: generated,
    uncovered: expander.uncovered(),
    executed: executedSoFar(options, () => expander.executed),
  }
}
