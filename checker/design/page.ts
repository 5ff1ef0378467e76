import type { PageDocument } from '../page/document.js'
import { type PageContext, pageOfRun, pageOfVerdict } from '../page/page.js'
import { renderSummary, verdictText } from '../render/summary.js'
import type { SearchResult } from '../search/verdict.js'
import { expectedOf, replay } from '../trace/replay.js'
import type { Trace } from '../trace/trace.js'
import { type Row, type RowReport, replayCommand } from './row.js'

const contextOf = (row: Row, file: string, summary: string): PageContext => {
  const { params, design, interpreter, engine } = row
  return { file, params, design, summary, interpreter, engine }
}

/** The page of a row that was searched, as its report says it. */
export function pageOfReport(row: Row, result: SearchResult, report: RowReport): PageDocument {
  const { document } = report
  const context = contextOf(row, document.file, renderSummary(document))
  const { violation } = result
  const expected = violation && expectedOf(row.interpreter.system, violation)
  const trace = violation && replay(row.interpreter, violation.trail, expected).trace
  if (trace === null) return pageOfVerdict(document.verdict, verdictText(document), context)
  const { token = '', minimal = false } = document.trace ?? {}
  return pageOfRun(trace, context, { replay: replayCommand(token, document.file), minimal })
}

/** The page of a counterexample that was replayed. */
export const pageOfTrace = (
  row: Row,
  trace: Trace,
  about: { readonly token: string; readonly minimal: boolean | null; readonly file: string },
): PageDocument =>
  pageOfRun(trace, contextOf(row, about.file, ''), {
    replay: replayCommand(about.token, about.file),
    minimal: about.minimal,
  })
