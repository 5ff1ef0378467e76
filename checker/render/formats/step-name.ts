import type { Site, TransitionSystem } from '../../../spec/index.js'
import { stepText } from '../reports/words.js'

/** A step in a few words: its text, or, of a whole block, the op whose block it is. */
export function stepName(system: TransitionSystem, site: Site): string {
  const text = stepText(system, site)
  if (!/^atomic\b/.test(text)) return text
  return site.call.op === null ? 'atomic { ... }' : `${site.call.op}: atomic { ... }`
}
