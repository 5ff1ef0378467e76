/**
 * Where the sizes of the levels are heading. Nobody knows how many states a search has before it has ended; what can
 * be said is by what factor the last levels grew, and what is still to come if they go on shrinking like that.
 */
export type LevelTrend =
  /** Too few levels to say. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'growing'; readonly factor: number }
  /** They shrink too slowly, if at all, to say when that ends. */
  | { readonly kind: 'steady' }
  /** `states`: those of all levels still to come. */
  | { readonly kind: 'shrinking'; readonly factor: number; readonly states: number }

/** One odd level should not decide, and what was long ago should not either. */
const STEPS = 3

/** Closer to 1 than this, the sum of what is to come depends on the noise and not on the trend. */
const STEADY_FROM = 0.95
const STEADY_TO = 1.05

/** The trend of levels, the shallowest first, the last one being the one that is expanded now. */
export function levelTrend(sizes: readonly number[]): LevelTrend {
  const last = sizes.at(-1) ?? 0
  const first = sizes.at(-1 - STEPS) ?? 0
  if (first <= 0 || last <= 0) return { kind: 'unknown' }
  const factor = (last / first) ** (1 / STEPS)
  if (factor > STEADY_TO) return { kind: 'growing', factor }
  if (factor > STEADY_FROM) return { kind: 'steady' }
  // last * factor + last * factor² + …
  return { kind: 'shrinking', factor, states: Math.round((last * factor) / (1 - factor)) }
}
