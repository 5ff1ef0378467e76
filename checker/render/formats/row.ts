import { junit } from '../junit.js'
import { ktap } from '../ktap.js'
import { renderVerdictLine } from '../summary.js'
import type { Searched } from './finding.js'

/** The formats of test runners: a check is one test, which passes when the design holds. What the model expects does not count. */

/** KTAP version 1 with one test point. */
export function ktapOf({ document, run, row }: Searched): string {
  const passed = document.verdict === 'holds'
  const notes = [renderVerdictLine(document), ...(run === null ? [] : [run.columns.trimEnd()])]
  return ktap([{ name: `${document.model}: ${row}`, passed, notes }])
}

/** JUnit XML with one test case. A search that a limit ended is an error, never skipped. */
export function junitOf({ document, run, row }: Searched): string {
  const status = ({ holds: 'passed', violated: 'failed', incomplete: 'incomplete' } as const)[
    document.verdict
  ]
  const message = renderVerdictLine(document)
  const details = [message, run?.columns ?? ''].join('\n\n').trim()
  const { seconds } = document.search
  const kind = document.violation?.kind
  const more = kind === undefined ? { output: message } : { type: kind }
  const test = { name: row, seconds, status, message, details, ...more }
  return junit([{ name: document.model, cases: [test] }])
}
