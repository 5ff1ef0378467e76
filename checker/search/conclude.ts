import type { Bound } from '../../spec/index.js'
import { violationOrder } from '../property/choose.js'
import type { Violation } from '../property/violation.js'
import { boundLimit } from './limits.js'
import type { SearchOptions } from './options.js'
import type { Completed } from './statistics.js'
import { type Limit, noShortcuts, type SearchResult, type SearchStatistics } from './verdict.js'

/** How a search ended, whichever explorer it was. */
export interface Ended {
  readonly violations: readonly Violation[]
  readonly limit: Limit | null
  readonly bound: Bound | null
  readonly completed: Completed
  readonly executed: () => readonly Uint8Array[]
  readonly statistics: Pick<SearchStatistics, 'exhaustive' | 'stateBits' | 'peakBytes' | 'workers'>
}

/** The result of a search: `holds` only where everything was explored. */
export function conclude(ended: Ended, options: SearchOptions): SearchResult {
  const { limit, bound, completed, statistics } = ended
  const { distinctStates, generatedStates, depth, uncovered } = completed
  const violations = [...ended.violations].sort(violationOrder(options.preferred))
  const isComplete = statistics.exhaustive
  const verdict = violations.length > 0 ? 'violated' : isComplete ? 'holds' : 'incomplete'
  return {
    verdict,
    limit: limit ?? (verdict === 'incomplete' ? boundLimit(bound) : null),
    violation: violations[0] ?? null,
    violations,
    statistics: {
      ...statistics,
      distinctStates,
      generatedStates,
      depth,
      seconds: options.seconds(),
    },
    uncovered,
    executed: (limit?.name === 'states' ? completed.executed : null) ?? ended.executed(),
    shortcuts: noShortcuts,
  }
}
