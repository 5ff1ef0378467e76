import type { Outcome } from './outcome.js'
import { BlockedSignal } from './signal.js'

/**
 * Every way a transition can go: it is run again for each sequence of picks, in ascending order. Those that block
 * are left out.
 */
export function enumerate(
  attempt: (given: readonly number[]) => { outcome: Outcome; widths: readonly number[] },
): readonly Outcome[] {
  const found: Outcome[] = []
  let given: readonly number[] | null = []
  while (given !== null) {
    try {
      const { outcome, widths }: { outcome: Outcome; widths: readonly number[] } = attempt(given)
      found.push(outcome)
      given = following(outcome.choices, widths)
    } catch (signal) {
      if (!(signal instanceof BlockedSignal)) throw signal
      given = following(signal.picks, signal.widths)
    }
  }
  return found
}

/** The next sequence of picks in lexicographic order, up to the pick that changes; null after the last. */
export function following(
  picks: readonly number[],
  widths: readonly number[],
): readonly number[] | null {
  for (let at = picks.length - 1; at >= 0; at--) {
    const pick = picks[at] ?? 0
    if (pick + 1 < (widths[at] ?? 1)) return [...picks.slice(0, at), pick + 1]
  }
  return null
}
