/** A model with its rows. */
export interface JunitSuite {
  readonly name: string
  readonly cases: readonly JunitCase[]
}

export interface JunitCase {
  readonly name: string
  readonly seconds: number
  readonly status: 'passed' | 'failed' | 'incomplete' | 'broken'
  readonly message: string
  /** More about it, over several lines. */
  readonly details: string
  /** What sort of failure it is; `expectation` unless given. */
  readonly type?: string
  /** What is to be said of one that passed. */
  readonly output?: string
}

/** JUnit XML. An incomplete row is an error, never skipped: it must not look like success. */
export function junit(suites: readonly JunitSuite[]): string {
  const all = suites.flatMap((suite) => suite.cases)
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>', `<testsuites ${totals(all)}>`]
  for (const suite of suites) {
    lines.push(`  <testsuite name="${escapeXml(suite.name)}" ${totals(suite.cases)}>`)
    for (const each of suite.cases) lines.push(...caseLines(suite, each))
    lines.push('  </testsuite>')
  }
  lines.push('</testsuites>')
  return `${lines.join('\n')}\n`
}

function totals(cases: readonly JunitCase[]): string {
  const failed = cases.filter((each) => each.status === 'failed').length
  const errors = cases.filter((each) => each.status === 'incomplete' || each.status === 'broken')
  const seconds = cases.reduce((sum, each) => sum + each.seconds, 0)
  return `tests="${cases.length}" failures="${failed}" errors="${errors.length}" skipped="0" time="${seconds.toFixed(3)}"`
}

function caseLines(suite: JunitSuite, each: JunitCase): string[] {
  const head = `    <testcase classname="${escapeXml(suite.name)}" name="${escapeXml(each.name)}" time="${each.seconds.toFixed(3)}"`
  if (each.status === 'passed') {
    if (each.output === undefined) return [`${head}/>`]
    const said = `      <system-out>${escapeXml(each.output)}</system-out>`
    return [`${head}>`, said, '    </testcase>']
  }
  const tag = each.status === 'failed' ? 'failure' : 'error'
  const type = each.status === 'failed' ? (each.type ?? 'expectation') : each.status
  return [
    `${head}>`,
    `      <${tag} type="${type}" message="${escapeXml(each.message)}">${escapeXml(each.details)}</${tag}>`,
    '    </testcase>',
  ]
}

/** XML has no place for most control characters, escaped or not. */
function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
}
