import type { Progress } from '../search/statistics.js'
import type { LevelTrend } from '../search/trend.js'

const MEBIBYTE = 2 ** 20

/** What a progress line tells besides what the search says of itself. */
export interface Pace {
  /** New states a second; 0 where that is not known yet. */
  readonly statesPerSecond: number
  readonly trend: LevelTrend
}

/** How far a search is, in one line; what may be cut off where it is too long comes last. */
export function renderProgress(progress: Progress, pace: Pace): string {
  const { depth, distinctStates, frontier, fill, bytes, workers } = progress
  const parts = [
    `level ${depth}`,
    `${distinctStates} states`,
    ...(progress.again === true ? ['walking their steps again'] : goingOn(pace, frontier)),
    ...(fill === undefined ? [] : [`table ${Math.round(100 * fill)}% full`]),
    `${Math.ceil(bytes / MEBIBYTE)} MiB`,
    ...(workers === undefined ? [] : [`${workers} ${workers === 1 ? 'worker' : 'workers'}`]),
  ]
  return `progress: ${parts.join(', ')}`
}

const goingOn = (pace: Pace, frontier: number): readonly string[] => [
  ...(pace.statesPerSecond > 0 ? [`${Math.round(pace.statesPerSecond)}/s`] : []),
  ...trendTexts(pace),
  `frontier ${frontier}`,
]

function trendTexts({ trend, statesPerSecond }: Pace): readonly string[] {
  switch (trend.kind) {
    case 'unknown':
      return []
    case 'growing':
      return [`still growing ×${trend.factor.toFixed(1)} a level`]
    case 'steady':
      return ['neither growing nor shrinking']
    case 'shrinking': {
      const { states } = trend
      const seconds = statesPerSecond > 0 ? ` in ${durationText(states / statesPerSecond)}` : ''
      return [`about ${states} states to come${seconds}`]
    }
  }
}

function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`
  return `${(seconds / 3600).toFixed(1)} h`
}
