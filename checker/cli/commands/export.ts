import { join } from 'node:path'
import type { Command } from 'commander'
import { configure, nearest } from '../../../spec/index.js'
import {
  type ExportedFile,
  exportSystem,
  prepareRow,
  type Refusal,
  type Row,
  readModel,
  rowFileName,
  type Target,
  targets,
} from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { fileReader, readText, writeTogether } from '../files.js'
import { notYet } from '../later.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { showDiagnostics } from '../voice.js'
import { exportLitmus } from './export-litmus.js'

const FORMS: readonly string[] = [...targets, 'litmus']

export interface ExportFlags extends RowFlags {
  readonly out?: string
  readonly color: boolean
}

/** `export`: a row of a model in the language of another tool. */
export function exportCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('the same model for another tool: promela, murphi, tla; litmus: a racing pair')
    .argument('<form>', FORMS.join(', '))
    .argument('<model.gmem>', 'the model; - is standard input; of litmus also a .trace.json file')
    .option('--out <DIR>', 'write files into this folder, not to stdout')
    .option('--no-color', 'no colours, also not on a terminal')
  return addRowOptions(command).action((form: string, file: string, flags: ExportFlags) => {
    if (form === 'selftest') throw notYet('`export selftest`')
    if (!FORMS.includes(form)) {
      const near = nearest(form, FORMS)
      const hint = near === undefined ? FORMS.join(', ') : `did you mean \`${near}\`?`
      throw new UsageError(`there is no form called \`${form}\``, hint)
    }
    const terminal = createTerminal(wantsColor(flags.color))
    finish(
      form === 'litmus'
        ? exportLitmus(terminal, file, flags)
        : exportModel(terminal, form as Target, file, flags),
    )
  })
}

function exportModel(
  terminal: Terminal,
  target: Target,
  file: string,
  flags: ExportFlags,
): ExitCode {
  const row = rowOf(terminal, file, flags)
  if (row === null) return EXIT.wrong
  const { exported, refusals } = exportSystem(row.interpreter.system, target)
  if (exported === null) {
    showRefusals(terminal, target, refusals)
    return EXIT.wrong
  }
  const stem = rowFileName(row.model, row.configuration)
  deliver(terminal, named(exported.files, stem), flags)
  return EXIT.ok
}

/** The row that the options name; null when there is none, and why was said. */
export function rowOf(terminal: Terminal, file: string, flags: RowFlags): Row | null {
  const { model, diagnostics, sources } = readModel(file, fileReader(file))
  if (showDiagnostics(terminal, diagnostics, sources, true) || model === null) return null
  const configured = configure(model, { params: flags.param, design: flags.design })
  const isWrong = showDiagnostics(terminal, configured.diagnostics, sources, true)
  if (isWrong || configured.result === null) return null
  const { row, diagnostics: lowered } = prepareRow(model, configured.result)
  return showDiagnostics(terminal, lowered, sources, true) ? null : row
}

/** One file is called like the row. Of several each knows the names of the others. */
function named(files: readonly ExportedFile[], stem: string): readonly ExportedFile[] {
  const [only] = files
  if (only === undefined || files.length > 1) return files
  return [{ name: `${stem}${/\.\w+$/.exec(only.name)?.[0] ?? ''}`, text: only.text }]
}

/** To the folder that was asked for, all or nothing; else to stdout, the main text first. */
export function deliver(
  terminal: Terminal,
  files: readonly ExportedFile[],
  { out }: Pick<ExportFlags, 'out'>,
): void {
  if (out === undefined) {
    for (const [index, { name, text }] of files.entries()) {
      // What follows the end of a TLA+ module is no part of it.
      terminal.out(index === 0 ? text : `\n---- ${name}\n${text}`)
    }
    return
  }
  const paths = files.map(({ name, text }) => ({ path: join(out, name), text }))
  writeTogether(paths)
  for (const { path } of paths) terminal.out(`written: ${path}\n`)
}

function showRefusals(terminal: Terminal, target: Target, refusals: readonly Refusal[]): void {
  const { bad, faint } = terminal.paint
  for (const { construct, place } of refusals) {
    terminal.err(`${bad('error')}: ${target} has no words for this: ${construct}\n`)
    if (place === null) continue
    terminal.err(`${faint(' -->')} ${place.file}:${place.line}\n${faint('  |')} ${place.text}\n`)
  }
}
