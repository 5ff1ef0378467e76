import type { FailedMatchResult } from 'ohm-js'

/** What Ohm keeps of a failed attempt; it is public in the code, and missing from the types. */
interface Failure {
  isFluffy(): boolean
  toString(): string
}

/** What could have stood where reading stopped, in the words of the grammar's descriptions. */
export function expectedAt(match: FailedMatchResult): ReadonlySet<string> {
  const failures = (
    match as unknown as { getRightmostFailures(): Failure[] }
  ).getRightmostFailures()
  const expected = new Set<string>()
  for (const failure of failures) {
    const text = failure.toString()
    if (failure.isFluffy() || text === 'one semicolon more' || text.startsWith('not ')) continue
    expected.add(text.startsWith('"') ? `\`${JSON.parse(text)}\`` : text)
  }
  return expected
}

/** What an expression, a statement or a declaration can begin with, and so need not be told beside it. */
const beginnings = ['a name', 'a number', 'an expression', 'an operator', '`++`', '`(`', 'a type']

/**
 * What to name of the expected: wholes instead of their beginnings; what could go on with an operand only
 * where nothing else is expected.
 */
export function toldOf(expected: ReadonlySet<string>): string[] {
  const told = new Set(expected)
  for (const whole of ['a declaration', 'a statement', 'an expression']) {
    if (!expected.has(whole)) continue
    for (const beginning of beginnings) if (beginning !== whole) told.delete(beginning)
    if (whole === 'a statement') told.delete('`{`')
    if (whole === 'an expression') told.delete('`*`')
  }
  if (expected.has('an operator')) {
    for (const continuation of ['`[`', '`(`']) told.delete(continuation)
    if (expected.has('`,`') || expected.has('`;`')) told.delete('`..`')
  }
  const plain = [...told].filter((what) => !['an operator', '`++`', '`@`', '`?`'].includes(what))
  return plain.length > 0 ? plain : [...told]
}
