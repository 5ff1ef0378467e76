import { defaultSearchOptions, type SearchOptions, type StopReason } from '../search/options.js'

/** What one row may use, where many are searched on worker threads. */
export interface RowLimits {
  readonly maxStates: number
  readonly memoryBytes: number
  /** Of each row. */
  readonly timeoutSeconds: number
}

/** The options of one row's search, whose clock begins now. `stop`: one Int32, not 0 once the user has interrupted. */
export function rowOptions(limits: RowLimits, stop: SharedArrayBuffer): SearchOptions {
  const { maxStates, memoryBytes, timeoutSeconds } = limits
  const interrupted = new Int32Array(stop)
  const begin = performance.now()
  const seconds = () => (performance.now() - begin) / 1000
  const reason = (): StopReason | null => {
    if (Atomics.load(interrupted, 0) !== 0) return 'interrupted'
    return seconds() > timeoutSeconds ? 'time' : null
  }
  return { ...defaultSearchOptions, maxStates, memoryBytes, stop: reason, seconds }
}
