import type { Bound } from '../../spec/index.js'
import type { SearchOptions, StopReason } from './options.js'
import { levelTrend } from './trend.js'
import type { Limit } from './verdict.js'

const MEBIBYTE = 2 ** 20

/** How far a search has come, as limits see it. */
export interface Extent {
  readonly count: number
  /** How many states it can hold. */
  readonly countMax: number
  readonly bytes: number
  /** Of the states being discovered. */
  readonly depth: number
}

/** `--max-states`: exact, and so the same for every run. */
export function statesLimit(
  { count, depth }: Pick<Extent, 'count' | 'depth'>,
  options: SearchOptions,
): Limit | null {
  if (count <= options.maxStates) return null
  const message = `--max-states ${options.maxStates} reached at depth ${depth}`
  return { name: 'states', message, bound: null }
}

/** What the search holds is more than it may, or its visited set is full. */
export function memoryLimit(extent: Extent, options: SearchOptions): Limit | null {
  const { count, countMax, bytes, depth } = extent
  if (count > countMax) {
    const message = `the visited set is full at ${count} states, at depth ${depth}`
    return { name: 'memory', message, bound: null }
  }
  return bytes <= options.memoryBytes ? null : fullLimit(depth, options)
}

/** All the memory there may be is in use. `levels`: how many states each had, with what is there of the last. */
export function fullLimit(
  depth: number,
  options: SearchOptions,
  levels: readonly number[] = [],
): Limit {
  const reached = `--memory ${mebibytes(options.memoryBytes)} reached at depth ${depth}`
  const forecast = forecastText(levels, options.memoryBytes)
  const message = forecast === null ? reached : `${reached}: ${forecast}`
  return { name: 'memory', message, bound: null }
}

/** What more it would take, if the levels go on as they did. */
function forecastText(levels: readonly number[], bytes: number): string | null {
  const trend = levelTrend(levels)
  if (trend.kind === 'unknown') return null
  if (trend.kind === 'growing') return `levels still grow ×${trend.factor.toFixed(1)}`
  if (trend.kind === 'steady') return 'levels do not shrink yet'
  const count = levels.reduce((sum, level) => sum + level, 0)
  return `about ${mebibytes((bytes * (count + trend.states)) / count)} forecast`
}

/**
 * What the search will hold after the level it is about to expand: the levels are taken to grow by the factor by
 * which the last one grew, and the bytes with the states.
 */
export function memoryForecast(
  extent: Extent,
  frontier: number,
  before: number,
  options: SearchOptions,
): Limit | null {
  const { count, depth } = extent
  const discovered = frontier * (before === 0 ? 1 : frontier / before)
  const bytes = extent.bytes * (1 + discovered / count)
  if (bytes <= options.memoryBytes) return null
  const need = `${mebibytes(bytes)} forecast`
  const message = `--memory ${mebibytes(options.memoryBytes)} reached at depth ${depth}: ${need}`
  return { name: 'memory', message, bound: null }
}

/** The clock or a person has asked to stop. */
export function stopLimit(depth: number, reason: StopReason | null): Limit | null {
  if (reason === null) return null
  const what = reason === 'time' ? '--timeout reached' : 'interrupted'
  return { name: reason, message: `${what} at depth ${depth}`, bound: null }
}

/** A bound of the model was met: not everything was explored. */
export function boundLimit(bound: Bound | null): Limit | null {
  return bound === null ? null : { name: 'bound', message: bound.message, bound }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / MEBIBYTE)} MiB`
}
