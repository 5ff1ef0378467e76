import type { Command } from 'commander'
import { nearest } from '../../../spec/index.js'
import {
  type ExportedFile,
  exportSystem,
  type Refusal,
  type Row,
  rowFileName,
  type Target,
  targets,
} from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { deliver } from '../deliver.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { rowOf } from '../row-of.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { exportLitmus } from './export-litmus.js'
import { exportSelftest } from './export-selftest.js'

const FORMS: readonly string[] = [...targets, 'litmus', 'selftest']

export interface ExportFlags extends RowFlags {
  readonly out?: string
  readonly symmetric?: boolean
  readonly color: boolean
}

/** `export`: a row of a model in the language of another tool. */
export function exportCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description(
      'the same model for another tool: promela, murphi, tla; litmus: a racing pair; selftest: a counterexample in C',
    )
    .argument('<form>', FORMS.join(', '))
    .argument(
      '<model.gmem>',
      'the model; - is standard input; of litmus also a .trace.json file, of selftest that or a token',
    )
    .argument('[of.gmem]', 'of selftest: the model, where the trace does not know it')
    .option('--out <DIR>', 'write files into this folder, not to stdout')
    .option('--symmetric', 'of murphi: families whose instances differ in nothing as scalarsets')
    .option('--no-color', 'no colours, also not on a terminal')
  const act = (form: string, file: string, model: string | undefined, flags: ExportFlags) => {
    if (!FORMS.includes(form)) {
      const near = nearest(form, FORMS)
      const hint = near === undefined ? FORMS.join(', ') : `did you mean \`${near}\`?`
      throw new UsageError(`there is no form called \`${form}\``, hint)
    }
    if (flags.symmetric === true && form !== 'murphi') {
      throw new UsageError('only Murphi has scalarsets', 'gmemcheck export murphi --symmetric')
    }
    if (model !== undefined && form !== 'selftest') {
      throw new UsageError(`export ${form} takes one file, ${model} is one more`)
    }
    const terminal = createTerminal(wantsColor(flags.color))
    if (form === 'selftest') return finish(exportSelftest(terminal, file, model, flags))
    finish(
      form === 'litmus'
        ? exportLitmus(terminal, file, flags)
        : exportModel(terminal, form as Target, file, flags),
    )
  }
  return addRowOptions(command).action(act)
}

function exportModel(
  terminal: Terminal,
  target: Target,
  file: string,
  flags: ExportFlags,
): ExitCode {
  const row = rowOf(terminal, file, flags)
  if (row === null) return EXIT.wrong
  const { exported, refusals } = exportSystem(row.interpreter.system, target, {
    about: aboutRow(row, file),
    symmetric: flags.symmetric === true,
  })
  if (exported === null) {
    showRefusals(terminal, target, refusals)
    return EXIT.wrong
  }
  const stem = rowFileName(row.model, row.configuration)
  deliver(terminal, named(exported.files, stem), flags)
  return EXIT.ok
}

/** What the text was made from. */
function aboutRow({ params, design }: Row, file: string): readonly string[] {
  const settings = [...Object.entries(params), ...Object.entries(design)]
  const words = settings.map(([name, value]) => `${name}=${value}`).join(' ')
  return words === '' ? [`from ${file}`] : [`from ${file}`, words]
}

/** One file is called like the row. Of several each knows the names of the others. */
function named(files: readonly ExportedFile[], stem: string): readonly ExportedFile[] {
  const [only] = files
  if (only === undefined || files.length > 1) return files
  return [{ name: `${stem}${/\.\w+$/.exec(only.name)?.[0] ?? ''}`, text: only.text }]
}

function showRefusals(terminal: Terminal, target: Target, refusals: readonly Refusal[]): void {
  const { bad, faint } = terminal.paint
  for (const { construct, place } of refusals) {
    terminal.err(`${bad('error')}: ${target} has no words for this: ${construct}\n`)
    if (place === null) continue
    terminal.err(`${faint(' -->')} ${place.file}:${place.line}\n${faint('  |')} ${place.text}\n`)
  }
}
