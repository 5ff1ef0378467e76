/** What two searches of one row came to; see `design/audit.ts`. */
interface AuditTexts {
  readonly used: readonly string[]
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
  readonly full: Searched
  readonly reduced: Searched
  readonly differences: readonly string[]
  readonly isComplete: boolean
}

interface Searched {
  readonly verdict: string
  readonly states: number
  readonly seconds: number
}

/** The comparison for people and for grep: the first word of each line says what it tells. */
export function renderAudit({
  used,
  refused,
  full,
  reduced,
  differences,
  isComplete,
}: AuditTexts): string {
  const factor = reduced.states > 0 ? (full.states / reduced.states).toFixed(1) : '-'
  const lines = [
    `full: ${searchedText(full)}`,
    `reduced: ${searchedText(reduced)}, ${used.length === 0 ? 'nothing to reduce' : used.join(', ')}`,
    ...refused.map(({ name, reason }) => `not reduced: ${name}, ${reason}`),
    ...differences.map((difference) => `difference: ${difference}`),
    isComplete
      ? `audit: ${differences.length === 0 ? 'no difference' : 'the reductions are wrong'}, ${factor} times fewer states`
      : 'audit: incomplete, a limit ended a search',
  ]
  return `${lines.join('\n')}\n`
}

const searchedText = ({ verdict, states, seconds }: Searched): string =>
  `${verdict}, states ${states}, seconds ${seconds.toFixed(1)}`
