import type { Expander } from './expand.js'
import type { SearchOptions, StopReason } from './options.js'
import type { Limit } from './verdict.js'

const MEBIBYTE = 2 ** 20

/** `--max-states`: exact, and so the same for every run. */
export function statesLimit(expander: Expander, options: SearchOptions): Limit | null {
  if (expander.graph.count <= options.maxStates) return null
  const message = `--max-states ${options.maxStates} reached at depth ${expander.depth}`
  return { name: 'states', message, bound: null }
}

/** What the search holds is more than it may, or its visited set is full. */
export function memoryLimit(expander: Expander, options: SearchOptions): Limit | null {
  const { count, visited } = expander.graph
  if (count > visited.countMax) {
    const message = `the visited set is full at ${count} states, at depth ${expander.depth}`
    return { name: 'memory', message, bound: null }
  }
  if (expander.bytes <= options.memoryBytes) return null
  const message = `--memory ${mebibytes(options.memoryBytes)} reached at depth ${expander.depth}`
  return { name: 'memory', message, bound: null }
}

/**
 * What the search will hold after the level it is about to expand: the levels are taken to grow by the factor by
 * which the last one grew, and the bytes with the states.
 */
export function memoryForecast(
  expander: Expander,
  frontier: number,
  before: number,
  options: SearchOptions,
): Limit | null {
  const { count } = expander.graph
  const discovered = frontier * (before === 0 ? 1 : frontier / before)
  const bytes = expander.bytes * (1 + discovered / count)
  if (bytes <= options.memoryBytes) return null
  const need = `${mebibytes(bytes)} forecast`
  const message = `--memory ${mebibytes(options.memoryBytes)} reached at depth ${expander.depth}: ${need}`
  return { name: 'memory', message, bound: null }
}

/** The clock or a person has asked to stop. */
export function stopLimit(expander: Expander, reason: StopReason | null): Limit | null {
  if (reason === null) return null
  const what = reason === 'time' ? '--timeout reached' : 'interrupted'
  return { name: reason, message: `${what} at depth ${expander.depth}`, bound: null }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MEBIBYTE)} MiB`
}
