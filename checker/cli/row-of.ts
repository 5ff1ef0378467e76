import { configure, type SourceText } from '../../spec/index.js'
import { type EngineName, prepareRow, type Row, readModel } from '../index.js'
import type { RowFlags } from './arguments.js'
import { fileReader } from './files.js'
import type { Terminal } from './terminal.js'
import { showDiagnostics } from './voice.js'

/** The row that the options name; null when there is none, and why was said. `added`: as in `readModel`. */
export function rowOf(
  terminal: Terminal,
  file: string,
  flags: RowFlags,
  engine?: EngineName,
  added?: SourceText,
): Row | null {
  const { model, diagnostics, sources } = readModel(file, fileReader(file), added)
  if (showDiagnostics(terminal, diagnostics, sources, true) || model === null) return null
  const configured = configure(model, { params: flags.param, design: flags.design })
  const isWrong = showDiagnostics(terminal, configured.diagnostics, sources, true)
  if (isWrong || configured.result === null) return null
  const { row, diagnostics: lowered } = prepareRow(model, configured.result, engine)
  return showDiagnostics(terminal, lowered, sources, true) ? null : row
}
