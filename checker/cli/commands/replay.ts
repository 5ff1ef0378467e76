import { join } from 'node:path'
import { type Command, Option } from 'commander'
import {
  evidenceOf,
  type ForeignName,
  findingOfReplay,
  foreignNames,
  openDesk,
  pageOfTrace,
  rowFileName,
  type Trace,
  tokenOf,
} from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { writeTogether } from '../files.js'
import {
  addFormatOption,
  type Formats,
  formatted,
  prepareFormats,
  refuseVerdicts,
  replayFormats,
  type WantedFormat,
} from '../formats.js'
import { checkHtml, htmlFile, htmlOption } from '../html.js'
import { type Reproduced, reproduce } from '../reproduce.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { paintColumns } from '../voice.js'
import { replayForeign } from './replay-foreign.js'
import { replayInteractive } from './replay-interactive.js'

interface ReplayFlags extends RowFlags {
  readonly interactive?: boolean
  readonly from?: ForeignName
  readonly out?: string
  readonly fine?: boolean
  readonly html?: string
  readonly color: boolean
  readonly quiet?: boolean
  readonly format: readonly WantedFormat[]
}

/** `replay`: a trace file or a token, executed step by step by the reference interpreter. */
export function replayCommand(command: Command, finish: (code: ExitCode) => void): Command {
  command
    .description('replay a trace file or a token through the reference interpreter')
    .argument(
      '<trace>',
      'a .trace.json file, or a token gm1-…; with --from what another tool wrote',
    )
    .argument('[model.gmem]', 'the model; a trace file knows the path of its own')
    .option('-i, --interactive', 'walk through it: commands on standard input, `help` lists them')
    .addOption(
      new Option(
        '--from <TOOL>',
        'a trace of an exported model, to be made a trace of ours',
      ).choices(foreignNames),
    )
    .option(
      '--out <DIR>',
      'with --from or --format: where files are written (default: "counterexamples")',
    )
    .addOption(htmlOption())
    .option('--fine', 'every step with its place, kernel function and all it changed')
    .option('--no-color', 'no colours, also not on a terminal')
    .option('--quiet', 'the result in one line')
  addFormatOption(command, replayFormats)
  addRowOptions(command)
  return command.action(async (what: string, model: string | undefined, flags: ReplayFlags) => {
    checkHtml(flags.html)
    refuseVerdicts(flags.format)
    refuseWithWalk(flags)
    const formats = await prepareFormats(flags.format, { json: false, several: false })
    const terminal = createTerminal(wantsColor(flags.color))
    const { from, out = 'counterexamples' } = flags
    if (from === undefined) {
      refuseForeign(flags)
      const found = reproduce(terminal, what, model)
      if (found !== null && flags.interactive) await walk(terminal, found, flags)
      else if (found !== null) tell(terminal, found, { ...flags, out, formats })
      finish(found === null ? EXIT.wrong : EXIT.ok)
      return
    }
    if (model === undefined)
      throw new UsageError('--from needs the model: replay --from TOOL FILE MODEL')
    finish(replayForeign(terminal, what, model, { ...flags, from, out, formats }))
  })
}

/** Who walks through a run sees it there. */
function refuseWithWalk({ interactive, from, html, format }: ReplayFlags): void {
  if (!interactive) return
  if (from !== undefined) throw new UsageError('--from makes a trace file: replay -i that')
  if (html !== undefined || format.length > 0) {
    throw new UsageError('-i writes what it is told to: replay without it for --html and --format')
  }
}

/** A trace of ours knows its settings, and is written already. */
function refuseForeign({ out, param, design, format }: ReplayFlags): void {
  if (out !== undefined && format.length === 0) {
    throw new UsageError('--out goes with --from or --format')
  }
  if (Object.keys(param).length + Object.keys(design).length > 0) {
    throw new UsageError('--param and --design go with --from: a trace of ours knows its settings')
  }
}

const resultText = ({ kind, steps }: Trace): string =>
  `reproduced: ${kind} in ${steps.length} step${steps.length === 1 ? '' : 's'}\n`

function tell(
  terminal: Terminal,
  { row, trace, order, file }: Reproduced,
  flags: ReplayFlags & { readonly out: string; readonly formats: Formats },
): void {
  const token = tokenOf(row, order.trail, order.loop, order.order)
  const about = { token, minimal: order.minimal, file }
  const evidence = evidenceOf(row, trace, about)
  const stem = join(flags.out, rowFileName(row.model, row.configuration))
  const told = formatted(flags.formats, () => findingOfReplay(row, trace, about), stem)
  const written = [
    ...told.files,
    ...(flags.html === undefined
      ? []
      : [htmlFile(flags.html, pageOfTrace(row, trace, about), evidence.columns)]),
  ]
  writeTogether(written)
  if (told.spoken !== null) {
    terminal.out(told.spoken)
    return
  }
  if (!flags.quiet) {
    const text = flags.fine ? evidence.fine : evidence.columns
    terminal.out(`${paintColumns(terminal, text)}\n`)
  }
  terminal.out(resultText(trace))
  if (!flags.quiet) for (const { path } of written) terminal.out(`written: ${path}\n`)
}

async function walk(
  terminal: Terminal,
  { row, trace, order, file, reads }: Reproduced,
  flags: ReplayFlags,
): Promise<void> {
  if (!flags.quiet) terminal.out(resultText(trace))
  await replayInteractive(terminal, openDesk({ row, file, reads, minimal: order.minimal }, trace))
}
