import { type Command, Option } from 'commander'
import { dumpModel, dumpSystem, dumpTree, nearest } from '../../../spec/index.js'
import {
  type DiagramFormat,
  defaultSearchOptions,
  diagramFormats,
  dumpLayout,
  dumpModule,
  layoutOf,
  readModel,
} from '../../index.js'
import { addRowOptions, positiveInteger, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { fileReader, writeWhole } from '../files.js'
import { rowOf } from '../row-of.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { treeOf } from '../tree-of.js'
import { showDiagnostics } from '../voice.js'
import { dumpDiagram } from './dump-diagram.js'

const FORMS = ['tree', 'model', 'system', 'layout', 'wasm', 'diagram'] as const
type Form = (typeof FORMS)[number]

/** More states than a picture can stand for, and few enough to be met in seconds. */
const DIAGRAM_STATES = 1_000_000

interface DumpFlags extends RowFlags {
  readonly of?: string
  readonly format?: DiagramFormat
  readonly maxStates?: number
  readonly out?: string
  readonly color: boolean
}

/** `dump`: any intermediate form of a model, and its states in a picture. */
export function dumpCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('an intermediate form of a model, or a diagram of its states')
    .argument('<form>', FORMS.join(', '))
    .argument('<model.gmem>', 'the model; - is standard input')
    .option('--out <FILE>', 'write into this file, not to stdout; of wasm: the module itself')
    .option(
      '--of <PLACE,...>',
      "of diagram: what is seen of a state: names of places (`pte[0][1]`), of the model's covers, " +
        'or conditions (default: all covers)',
    )
    .addOption(new Option('--format <NAME>', 'of diagram (default: "dot")').choices(diagramFormats))
    .addOption(
      new Option(
        '--max-states <N>',
        `of diagram: with more states than this none is drawn (default: ${DIAGRAM_STATES})`,
      ).argParser(positiveInteger),
    )
    .option('--no-color', 'no colours, also not on a terminal')
  return addRowOptions(command).action((word: string, file: string, flags: DumpFlags) => {
    const form = FORMS.find((each) => each === word)
    if (form === undefined) {
      const near = nearest(word, FORMS)
      const hint = near === undefined ? FORMS.join(', ') : `did you mean \`${near}\`?`
      throw new UsageError(`there is no form called \`${word}\``, hint)
    }
    refuseForDiagram(form, flags)
    finish(dump(createTerminal(wantsColor(flags.color)), form, file, flags))
  })
}

/** What means nothing for the other forms is not ignored. */
function refuseForDiagram(form: Form, flags: DumpFlags): void {
  if (form === 'diagram') return
  const given = { '--of': flags.of, '--format': flags.format, '--max-states': flags.maxStates }
  const [option] = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [name],
  )
  if (option !== undefined) throw new UsageError(`${option} is for \`dump diagram\` only`)
}

function dump(terminal: Terminal, form: Form, file: string, flags: DumpFlags): ExitCode {
  const deliver = (text: string, bytes?: Uint8Array): ExitCode => {
    if (flags.out === undefined) {
      terminal.out(text)
    } else {
      writeWhole(flags.out, bytes ?? text)
      terminal.out(`written: ${flags.out}\n`)
    }
    return EXIT.ok
  }
  switch (form) {
    case 'tree':
      return dumpOfTree(terminal, file, deliver)
    case 'model': {
      const { model, diagnostics, sources } = readModel(file, fileReader(file))
      const isWrong = showDiagnostics(terminal, diagnostics, sources, true)
      return isWrong || model === null ? EXIT.wrong : deliver(dumpModel(model))
    }
    case 'diagram': {
      const { of, format = diagramFormats[0], maxStates = DIAGRAM_STATES } = flags
      return dumpDiagram(terminal, file, { ...flags, of, format, maxStates }, deliver)
    }
    default: {
      const row = rowOf(terminal, file, flags, 'reference')
      if (row === null) return EXIT.wrong
      const { system } = row.interpreter
      if (form === 'system') return deliver(dumpSystem(system))
      if (form === 'layout') return deliver(dumpLayout(layoutOf(system)))
      const dumped = dumpModule(system, defaultSearchOptions.memoryBytes)
      if (dumped === null) {
        throw new UsageError(
          'this row is never compiled: the reference engine searches it',
          'it has more processes or wider fields than the compiled engine takes, or does not check held-at-exit',
        )
      }
      return deliver(dumped.listing, dumped.bytes)
    }
  }
}

/** A library has a tree as well, so this form does without the analysis. */
function dumpOfTree(
  terminal: Terminal,
  file: string,
  deliver: (text: string) => ExitCode,
): ExitCode {
  const read = treeOf(terminal, file)
  return read === null ? EXIT.wrong : deliver(dumpTree(read.tree))
}
