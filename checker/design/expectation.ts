import type { Expectation } from '../../spec/index.js'
import type { RowReport } from './row.js'

/** How a row compares with what the model expects of it. */
export interface Judgement {
  readonly status: 'met' | 'unmet' | 'incomplete'
  /** `holds`, `violated mapped-at-free`; null when the model expects nothing. */
  readonly expected: string | null
  /** Why it is not met; empty when it is. */
  readonly reason: string
  /** Kinds that were found and not expected, which fails nothing. */
  readonly others: readonly string[]
}

/** A row as the model wrote it. */
export const expectationText = ({ verdict, kinds }: Expectation): string =>
  kinds.length === 0 ? verdict : `${verdict} ${kinds.join(', ')}`

/** What is known of a searched row: of its report, or of a search that nothing was written down of. */
export type Searched = Pick<RowReport['document'], 'verdict' | 'limit' | 'limitMessage'> & {
  readonly violation?: { readonly kind: string }
  readonly violations: readonly { readonly kind: string }[]
}

/** `violated K, L` is met when each listed kind was found; `holds` when the search was exhaustive and found none. */
export function judge(
  expectation: Expectation | null,
  { document }: { readonly document: Searched },
): Judgement {
  const found = new Set(document.violations.map((violation) => violation.kind))
  if (document.violation !== undefined) found.add(document.violation.kind)
  if (expectation === null) {
    return { status: 'unmet', expected: null, reason: 'the model expects nothing', others: [] }
  }
  const expected = expectationText(expectation)
  const others = [...found].filter((kind) => !expectation.kinds.includes(kind)).sort()
  const missing = expectation.kinds.filter((kind) => !found.has(kind))
  const isViolated = document.verdict === 'violated'
  if (expectation.verdict === 'violated' && isViolated && missing.length === 0) {
    return { status: 'met', expected, reason: '', others }
  }
  if (expectation.verdict === 'holds' && document.verdict === 'holds') {
    return { status: 'met', expected, reason: '', others: [] }
  }
  // A search that was cut short may have missed what is expected.
  const open = expectation.verdict === 'violated' || document.verdict === 'incomplete'
  if (document.limit !== undefined && open) {
    const reason = `incomplete, limit ${document.limit}: ${document.limitMessage}`
    return { status: 'incomplete', expected, reason, others }
  }
  const got = found.size > 0 ? `violated ${[...found].sort().join(', ')}` : document.verdict
  return { status: 'unmet', expected, reason: `expected ${expected}, got ${got}`, others }
}
