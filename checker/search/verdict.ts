import type { Bound } from '../../spec/index.js'
import type { Violation } from '../property/violation.js'

/** The limit that ended a search early. Reaching one is a verdict, never silence. */
export interface Limit {
  readonly name: 'states' | 'memory' | 'time' | 'interrupted' | 'bound' | 'walks'
  /** For people: `--max-states 1000 reached at depth 7`, `pool mem_map[1] is empty at …`. */
  readonly message: string
  readonly bound: Bound | null
}

export interface SearchStatistics {
  /** The frontier emptied. */
  readonly exhaustive: boolean
  readonly distinctStates: number
  readonly generatedStates: number
  readonly depth: number
  readonly seconds: number
  readonly stateBits: number
  readonly peakBytes: number
  /** Threads that searched. */
  readonly workers: number
}

/** How a search came by with fewer states, and whether what it shows is still the nearest. */
export interface Shortcuts {
  /** Reductions that the figures are of. */
  readonly used: readonly string[]
  /** Those that were asked for and not made, or not everywhere. */
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
  /** The violation that is shown was found in full steps, level by level. */
  readonly isShortest: boolean
}

/** What a search found. Values only: nothing here prints. */
export interface SearchResult {
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  readonly limit: Limit | null
  /** The one that is shown: see `property/choose.ts`. */
  readonly violation: Violation | null
  /** Those of the level the search ended with, or all where it went on; one per kind and place, best first. */
  readonly violations: readonly Violation[]
  readonly statistics: SearchStatistics
  /** Indexes of `cover`s never reached. */
  readonly uncovered: readonly number[]
  /** `[code][location]`, codes in the order of `allCodes`: what the search executed, and which ways branches went. */
  readonly executed: readonly Uint8Array[]
  readonly shortcuts: Shortcuts
}

/** Every state of the model itself was seen. */
export const noShortcuts: Shortcuts = { used: [], refused: [], isShortest: true }
