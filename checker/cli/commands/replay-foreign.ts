import { join } from 'node:path'
import {
  evidenceOf,
  type ForeignName,
  findingOfReplay,
  pageOfTrace,
  readForeign,
  replay,
  rowFileName,
  tokenOf,
  writeTraceFile,
} from '../../index.js'
import type { RowFlags } from '../arguments.js'
import { EXIT, type ExitCode } from '../exit.js'
import { readText, writeTogether } from '../files.js'
import { type Formats, formatted } from '../formats.js'
import { htmlFile } from '../html.js'
import { rowOf } from '../row-of.js'
import type { Terminal } from '../terminal.js'
import { paintColumns } from '../voice.js'

export interface ForeignFlags extends RowFlags {
  readonly from: ForeignName
  readonly out: string
  readonly fine?: boolean
  readonly html?: string
  readonly quiet?: boolean
  readonly formats: Formats
}

/** `replay --from`: another tool's trace of an exported row, as a trace of ours. */
export function replayForeign(
  terminal: Terminal,
  path: string,
  file: string,
  flags: ForeignFlags,
): ExitCode {
  const refused = (reason: string): ExitCode => {
    terminal.err(`refused: ${reason}\n`)
    return EXIT.wrong
  }
  const text = readText(path)
  const row = rowOf(terminal, file, flags)
  if (row === null) return EXIT.wrong
  const { trail, refusal } = readForeign(row.interpreter, flags.from, text)
  if (trail === null) return refused(refusal)
  const replayed = replay(row.interpreter, trail, null)
  if (replayed.trace === null) return refused(replayed.refusal)
  const { trace } = replayed
  const about = { token: tokenOf(row, trail), minimal: null, file }
  const evidence = evidenceOf(row, trace, about)
  const stem = join(flags.out, rowFileName(row.model, row.configuration))
  const told = formatted(flags.formats, () => findingOfReplay(row, trace, about), stem)
  const columns = { path: `${stem}.txt`, text: evidence.columns }
  const written = [
    columns,
    { path: `${stem}.trace.json`, text: writeTraceFile(evidence.trace) },
    // The columns may have been asked for as well.
    ...told.files.filter(({ path }) => path !== columns.path),
    ...(flags.html === undefined
      ? []
      : [htmlFile(flags.html, pageOfTrace(row, trace, about), evidence.columns)]),
  ]
  writeTogether(written)
  if (told.spoken !== null) {
    terminal.out(told.spoken)
    return EXIT.ok
  }
  if (!flags.quiet) {
    terminal.out(`${paintColumns(terminal, flags.fine ? evidence.fine : evidence.columns)}\n`)
  }
  const count = `${trace.steps.length} step${trace.steps.length === 1 ? '' : 's'}`
  terminal.out(`reproduced: ${trace.kind} in ${count}\n`)
  if (!flags.quiet) for (const each of written) terminal.out(`written: ${each.path}\n`)
  return EXIT.ok
}
