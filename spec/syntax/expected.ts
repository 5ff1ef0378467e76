import type { FailedMatchResult } from 'ohm-js'

/** What Ohm keeps of a failed attempt; it is public in the code, and missing from the types. */
interface Failure {
  isFluffy(): boolean
  getText(): string
}

const closers: Record<string, string> = { 'a closing parenthesis': '`)`' }

/** What could have stood where reading stopped, in the words of the grammar's descriptions. */
export function expectedAt(match: FailedMatchResult): ReadonlySet<string> {
  const failures = (match as unknown as { getRightmostFailures(): Failure[] }).getRightmostFailures()
  const expected = new Set<string>()
  for (const failure of failures) {
    const text = failure.getText()
    if (failure.isFluffy() || text === 'one semicolon more') continue
    expected.add(closers[text] ?? text)
  }
  return expected
}
