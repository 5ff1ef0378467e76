import {
  type Evidence,
  numbered,
  type RowReport,
  renderCause,
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
  /** A line above each counterexample says which cause it shows. */
  readonly all?: boolean
  /** More than one model: a line has to say which. */
  readonly several: boolean
}

type Shown = Pick<RowReport, 'document' | 'evidence' | 'others'>

/** A file to be written. */
export interface Writing {
  readonly path: string
  readonly text: string
}

/** The files of the counterexamples of a row, the columns and the trace of each. */
export const evidenceFiles = (stem: string, report: Shown): readonly Writing[] =>
  evidenceIn(report).flatMap(({ columns, trace }, index) => [
    { path: numbered(`${stem}.txt`, index), text: columns },
    { path: numbered(`${stem}.trace.json`, index), text: writeTraceFile(trace) },
  ])

/** Writes each file whole; a disk that does not take it is told, and nothing is left half-written. */
export function writeFiles(terminal: Terminal, files: readonly Writing[]): boolean {
  try {
    for (const { path, text } of files) writeWhole(path, text)
    return true
  } catch (problem) {
    if (!(problem instanceof UsageError)) throw problem
    terminal.err(`gmemcheck: ${problem.message}\n`)
    return false
  }
}

/** Shows what a row came to; `written`: the files of it, null if they could not be written. */
export function showReport(
  terminal: Terminal,
  report: Shown,
  flags: ReportFlags,
  written: readonly Writing[] | null,
): void {
  const { document } = report
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
  for (const { path } of written ?? []) terminal.out(`written: ${path}\n`)
}

const evidenceIn = ({ evidence, others }: Shown): readonly Evidence[] =>
  evidence === null ? [] : [evidence, ...others]
