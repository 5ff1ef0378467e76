import type { ToolName } from '../tools/tool.js'
import type { Ours, OurViolation } from './ours.js'

/** What a tool said of a row, in our words. */
export interface Theirs {
  readonly tool: ToolName
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** Of a violation; of a standstill the name it has in the exported text. */
  readonly kind: string | null
  /** The violation is that nothing can move and not everything has ended. */
  readonly standstill: boolean
  readonly states: number | null
  readonly depth: number | null
  readonly limit: string | null
  readonly seconds: number
}

export interface Comparison {
  readonly status: 'agree' | 'not-compared' | 'disagree'
  /** Why they are not compared, or in what they disagree; empty where they agree. */
  readonly reason: string
}

const agree: Comparison = { status: 'agree', reason: '' }
const apart = (reason: string): Comparison => ({ status: 'not-compared', reason })
const disagree = (reason: string): Comparison => ({ status: 'disagree', reason })

/** Tools that search breadth first, so that what they find first is as shallow as any. */
const BREADTH_FIRST: ReadonlySet<ToolName> = new Set(['rumur', 'tlc'])

/** Whether the violation a tool reports is the one of ours. */
const matches = (ours: OurViolation, theirs: Theirs): boolean =>
  ours.unsaid === null &&
  (theirs.standstill
    ? ours.of === 'standstill'
    : ours.of !== 'standstill' && ours.kind === theirs.kind)

/**
 * The kind our search has to look for before the two can be compared: what the tool reports is not among what ours ended
 * with. Null where nothing more has to be known.
 */
export function kindToFind(ours: Ours, theirs: Theirs): string | null {
  if (theirs.verdict !== 'violated') return null
  return ours.violations.some((one) => matches(one, theirs)) ? null : theirs.kind
}

/** `found`: what our search says that looked for `kindToFind`; ours itself where nothing was looked for. */
export function compare(ours: Ours, found: Ours, theirs: Theirs): Comparison {
  if (theirs.verdict === 'incomplete') return compareIncomplete(ours, theirs)
  if (theirs.verdict === 'violated') return compareViolated(ours, found, theirs)
  return compareHolds(ours, theirs)
}

/** A bound of the model is one for both. */
function compareIncomplete(ours: Ours, theirs: Theirs): Comparison {
  const { tool, limit } = theirs
  if (limit !== 'bound') return apart(`${tool} ended early: ${limit ?? 'it does not say why'}`)
  if (ours.verdict === 'incomplete' && ours.limit === 'bound') return agree
  if (ours.verdict === 'holds') return disagree(`${tool} meets a bound of the model, ours none`)
  return apart(`${tool} meets a bound of the model before it finds a violation`)
}

function compareViolated(ours: Ours, found: Ours, theirs: Theirs): Comparison {
  const { tool, kind, depth } = theirs
  const same = found.violations.filter((one) => matches(one, theirs))
  if (same.length === 0) {
    const isOpen = !found.exhaustive && found.limit !== null && found.limit !== 'bound'
    if (isOpen) return apart(`ours ended early, before it found ${kind}: ${found.limit}`)
    return disagree(`${tool} finds ${kind}, ours does not`)
  }
  if (!BREADTH_FIRST.has(tool) || depth === null) return agree
  const least = Math.min(...same.map((one) => one.depth))
  if (depth !== least)
    return disagree(`${tool} finds ${kind} after ${depth} steps, ours after ${least}`)
  const sooner = ours.violations.find((one) => isPassedOver(one, depth))
  if (sooner === undefined) return agree
  return disagree(
    `${tool} finds ${kind} after ${depth} steps, ours ${sooner.kind} after ${sooner.depth}`,
  )
}

/** What shows only when a state is expanded may come after a violating step from another state of its level. */
const isPassedOver = ({ unsaid, of, depth }: OurViolation, reported: number): boolean =>
  unsaid === null && depth < (of === 'rest' || of === 'standstill' ? reported - 1 : reported)

function compareHolds(ours: Ours, theirs: Theirs): Comparison {
  const { tool, states } = theirs
  const missed = ours.violations.find((one) => one.unsaid === null)
  if (missed !== undefined) return disagree(`ours finds ${missed.kind}, ${tool} does not`)
  if (ours.verdict === 'incomplete') {
    if (ours.limit !== 'bound') return apart(`ours ended early: ${ours.limit}`)
    return disagree(`ours meets a bound of the model, ${tool} none`)
  }
  const counted = ours.exhaustive && ours.violations.every((one) => one.of === 'graph')
  if (counted && states !== null && states !== ours.states) {
    return disagree(`${tool} counts ${states} states, ours ${ours.states}`)
  }
  const [unsaid] = ours.violations
  if (unsaid === undefined) return agree
  const same = counted && states !== null ? '; the states are as many' : ''
  return apart(`${unsaid.kind}: ${unsaid.unsaid}${same}`)
}
