import {
  type Evidence,
  type RowReport,
  renderSummary,
  renderVerdictLine,
  writeTraceFile,
} from '../index.js'
import { UsageError } from './exit.js'
import { writeWhole } from './files.js'
import type { Terminal } from './terminal.js'
import { paintColumns, paintVerdict } from './voice.js'

export interface ReportFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  /** More than one model: a line has to say which. */
  readonly several: boolean
}

/** Writes the counterexample; a disk that does not take it is told, and nothing is left half-written. */
export function writeEvidence(terminal: Terminal, stem: string, evidence: Evidence): boolean {
  try {
    writeWhole(`${stem}.trace.json`, writeTraceFile(evidence.trace))
    writeWhole(`${stem}.txt`, evidence.columns)
    return true
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem
    terminal.err(`gmemcheck: ${problem.message}\n`)
    return false
  }
}

/** Shows what a row came to; `stem`: where its counterexample is, null if it could not be written. */
export function showReport(
  terminal: Terminal,
  { document, evidence }: Pick<RowReport, 'document' | 'evidence'>,
  flags: ReportFlags,
  stem: string | null,
): void {
  if (flags.json) {
    const failed = evidence !== null && stem === null
    if (!failed) terminal.out(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  if (flags.quiet) {
    const which = flags.several ? `${document.file}: ` : ''
    terminal.out(which + paintVerdict(terminal, `verdict: ${renderVerdictLine(document)}\n`))
    return
  }
  if (evidence !== null) terminal.out(`${paintColumns(terminal, evidence.columns)}\n`)
  terminal.out(paintVerdict(terminal, renderSummary(document)))
  if (evidence === null || stem === null) return
  terminal.out(`written: ${stem}.txt\nwritten: ${stem}.trace.json\n`)
}
