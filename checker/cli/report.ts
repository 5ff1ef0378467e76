import {
  type Evidence,
  numbered,
  type RowReport,
  renderCause,
  renderSummary,
  renderVerdictLine,
  verdictText,
  writeTraceFile,
} from '../index.js'
import { UsageError } from './exit.js'
import { type OutputFile, writeTogether } from './files.js'
import type { Formatted } from './formats.js'
import type { Terminal } from './terminal.js'
import { paintColumns, paintVerdict } from './voice.js'

export interface ReportFlags {
  readonly json?: boolean
  readonly quiet?: boolean
  /** A line above each counterexample says which cause it shows. */
  readonly all?: boolean
  /** More than one model: a line has to say which. */
  readonly several: boolean
}

type Shown = Pick<RowReport, 'document' | 'evidence' | 'others'>

/** The files of the counterexamples of a row, the columns and the trace of each. */
export const evidenceFiles = (stem: string, report: Shown): readonly OutputFile[] =>
  evidenceIn(report).flatMap(({ columns, trace }, index) => [
    { path: numbered(`${stem}.txt`, index), text: columns },
    { path: numbered(`${stem}.trace.json`, index), text: writeTraceFile(trace) },
  ])

/** Writes what was found, and says where; null where the disk did not take it, which is told: then nothing is written. */
export function writeFiles(
  terminal: Terminal,
  files: readonly OutputFile[],
): readonly string[] | null {
  // The columns may have been asked for as well.
  const byPath = new Map(files.map((file) => [file.path, file]))
  try {
    writeTogether([...byPath.values()])
    return [...byPath.keys()]
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem
    terminal.err(`gmemcheck: ${problem.message}\n`)
    return null
  }
}

/** What was written for a row, and what was not. */
interface Told extends Partial<Pick<Formatted, 'spoken' | 'untold'>> {
  /** Null where the disk did not take it. */
  readonly written: readonly string[] | null
}

/** Shows what a row came to. */
export function showReport(
  terminal: Terminal,
  report: Shown,
  flags: ReportFlags,
  { written, spoken = null, untold = [] }: Told,
): void {
  const { document } = report
  if (untold.length > 0 && !flags.quiet) {
    const what = `there is no run to write as ${untold.join(', ')}`
    terminal.err(`${document.file}: ${verdictText(document)}: ${what}\n`)
  }
  if (spoken !== null) {
    if (written !== null) terminal.out(spoken)
    return
  }
  if (flags.json) {
    if (written !== null) terminal.out(`${JSON.stringify(document, null, 2)}\n`)
    return
  }
  if (flags.quiet) {
    const which = flags.several ? `${document.file}: ` : ''
    terminal.out(which + paintVerdict(terminal, `verdict: ${renderVerdictLine(document)}\n`))
    return
  }
  for (const [index, { columns }] of evidenceIn(report).entries()) {
    if (flags.all) terminal.out(`${renderCause(document, index)}\n`)
    terminal.out(`${paintColumns(terminal, columns)}\n`)
  }
  terminal.out(paintVerdict(terminal, renderSummary(document)))
  for (const path of written ?? []) terminal.out(`written: ${path}\n`)
}

const evidenceIn = ({ evidence, others }: Shown): readonly Evidence[] =>
  evidence === null ? [] : [evidence, ...others]
