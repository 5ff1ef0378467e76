/** Why the outside world ends a search: its clock, or a person. */
export type StopReason = 'time' | 'interrupted'

/** What a search is asked to do. The search knows no clock and no signal: the caller answers for both. */
export interface SearchOptions {
  /** Distinct states at most; a search that would go beyond ends with the last level that fits. */
  readonly maxStates: number
  readonly memoryBytes: number
  /** Threads at most; engines that cannot use them use one. */
  readonly workers: number
  /** Whether threads are started as soon as the search has become large, or before it begins. */
  readonly threads: 'when-large' | 'at-once'
  /** Asked every few expansions. */
  readonly stop: () => StopReason | null
  /** Seconds since the caller began, for the statistics. */
  readonly seconds: () => number
  /** Kinds that must each be found before a violation ends the search; empty: the first violation ends it. */
  readonly wanted: readonly string[]
  /** Kinds to show first, best first: those of the matching `expect` row. */
  readonly preferred: readonly string[]
  /** Go on until the frontier empties, whatever is found. */
  readonly all: boolean
  /** Tell violations of one kind at one place apart by who takes part in them, and count how often each is met. */
  readonly byCause: boolean
}

const GIBIBYTE = 2 ** 30

/** What holds where nobody asks for anything else. */
export const defaultSearchOptions: SearchOptions = {
  maxStates: Number.POSITIVE_INFINITY,
  memoryBytes: 2 * GIBIBYTE,
  workers: 1,
  threads: 'when-large',
  stop: () => null,
  seconds: () => 0,
  wanted: [],
  preferred: [],
  all: false,
  byCause: false,
}

/** One option of a search as the command line offers it. */
export interface OptionRow {
  readonly name: string
  /** The placeholder of its value; null for a switch. */
  readonly argument: string | null
  readonly default: string
  /** The range of its value, for people; null where there is nothing to say. */
  readonly limit: string | null
  readonly help: string
}

/** Every option of a search: its name, its default, its limit, its help line. */
export const searchOptionTable: readonly OptionRow[] = [
  {
    name: 'max-states',
    argument: 'N',
    default: 'no limit',
    limit: 'at least 1',
    help: 'distinct states at most; beyond, the search ends as incomplete with the last level that fits',
  },
  {
    name: 'memory',
    argument: 'SIZE',
    default: '2G',
    limit: 'at least 1M',
    help: 'bytes the search may use (K, M, G for powers of 1024); one that needs more ends as incomplete',
  },
  {
    name: 'timeout',
    argument: 'SECONDS',
    default: 'no limit',
    limit: 'more than 0',
    help: 'end as incomplete after this time',
  },
  {
    name: 'all',
    argument: null,
    default: 'off',
    limit: null,
    help: 'go on after a violation until every state has been seen',
  },
]
