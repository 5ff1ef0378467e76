import type { Command } from 'commander'
import {
  configure,
  dumpModel,
  dumpSystem,
  dumpTree,
  nearest,
  parse,
  SourceText,
} from '../../../spec/index.js'
import { dumpLayout, layoutOf, prepareRow, readModel } from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { fileReader } from '../files.js'
import { notYet } from '../later.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { showDiagnostics } from '../voice.js'

const FORMS = ['tree', 'model', 'system', 'layout']

interface DumpFlags extends RowFlags {
  readonly color: boolean
}

/** `dump`: any intermediate form of a model. */
export function dumpCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('an intermediate form of a model: tree, model, system or layout')
    .argument('<form>', FORMS.join(', '))
    .argument('<model.gmem>', 'the model; - is standard input')
    .option('--no-color', 'no colours, also not on a terminal')
  return addRowOptions(command).action((form: string, file: string, flags: DumpFlags) => {
    if (form === 'wasm') throw notYet('`dump wasm`')
    if (!FORMS.includes(form)) {
      const near = nearest(form, FORMS)
      const hint = near === undefined ? FORMS.join(', ') : `did you mean \`${near}\`?`
      throw new UsageError(`there is no form called \`${form}\``, hint)
    }
    finish(dump(createTerminal(wantsColor(flags.color)), form, file, flags))
  })
}

function dump(terminal: Terminal, form: string, file: string, flags: DumpFlags): ExitCode {
  if (form === 'tree') return dumpOfTree(terminal, file)
  const { model, diagnostics, sources } = readModel(file, fileReader(file))
  if (showDiagnostics(terminal, diagnostics, sources, true) || model === null) return EXIT.wrong
  if (form === 'model') {
    terminal.out(dumpModel(model))
    return EXIT.ok
  }
  const configured = configure(model, { params: flags.param, design: flags.design })
  const isWrong = showDiagnostics(terminal, configured.diagnostics, sources, true)
  if (isWrong || configured.result === null) return EXIT.wrong
  const { row, diagnostics: lowered } = prepareRow(model, configured.result, 'reference')
  if (showDiagnostics(terminal, lowered, sources, true) || row === null) return EXIT.wrong
  const { system } = row.interpreter
  terminal.out(form === 'system' ? dumpSystem(system) : dumpLayout(layoutOf(system)))
  return EXIT.ok
}

/** A library has a tree as well, so this form does without the analysis. */
function dumpOfTree(terminal: Terminal, file: string): ExitCode {
  const found = fileReader(file)(file, null)
  if (found.kind !== 'text') {
    const why = found.kind === 'missing' ? 'no such file or directory' : found.reason
    throw new UsageError(`cannot read ${file}: ${why}`)
  }
  const source = new SourceText(found.path, found.text)
  const { result, diagnostics } = parse(source)
  const sources = new Map([[found.path, source]])
  if (showDiagnostics(terminal, diagnostics, sources, true) || result === null) return EXIT.wrong
  terminal.out(dumpTree(result))
  return EXIT.ok
}
