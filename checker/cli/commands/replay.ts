import { type Command, Option } from 'commander'
import {
  evidenceOf,
  type ForeignName,
  foreignNames,
  openDesk,
  type Trace,
  tokenOf,
} from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
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
  readonly color: boolean
  readonly quiet?: boolean
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
    .option('--out <DIR>', 'with --from: where the trace is written (default: "counterexamples")')
    .option('--fine', 'every step with its place, kernel function and all it changed')
    .option('--no-color', 'no colours, also not on a terminal')
    .option('--quiet', 'the result in one line')
  addRowOptions(command)
  return command.action(async (what: string, model: string | undefined, flags: ReplayFlags) => {
    const terminal = createTerminal(wantsColor(flags.color))
    if (flags.from === undefined) {
      refuseForeign(flags)
      const found = reproduce(terminal, what, model)
      if (found !== null && flags.interactive) await walk(terminal, found, flags)
      else if (found !== null) tell(terminal, found, flags)
      finish(found === null ? EXIT.wrong : EXIT.ok)
      return
    }
    if (flags.interactive) throw new UsageError('--from makes a trace file: replay -i that')
    if (model === undefined)
      throw new UsageError('--from needs the model: replay --from TOOL FILE MODEL')
    const { from, out = 'counterexamples' } = flags
    finish(replayForeign(terminal, what, model, { ...flags, from, out }))
  })
}

/** A trace of ours knows its settings, and is written already. */
function refuseForeign({ out, param, design }: ReplayFlags): void {
  if (out !== undefined) throw new UsageError('--out goes with --from')
  if (Object.keys(param).length + Object.keys(design).length > 0) {
    throw new UsageError('--param and --design go with --from: a trace of ours knows its settings')
  }
}

const resultText = ({ kind, steps }: Trace): string =>
  `reproduced: ${kind} in ${steps.length} step${steps.length === 1 ? '' : 's'}\n`

function tell(
  terminal: Terminal,
  { row, trace, order, file }: Reproduced,
  flags: ReplayFlags,
): void {
  if (!flags.quiet) {
    const token = tokenOf(row, order.trail, order.loop, order.order)
    const evidence = evidenceOf(row, trace, { token, minimal: order.minimal, file })
    const text = flags.fine ? evidence.fine : evidence.columns
    terminal.out(`${paintColumns(terminal, text)}\n`)
  }
  terminal.out(resultText(trace))
}

async function walk(
  terminal: Terminal,
  { row, trace, order, file, reads }: Reproduced,
  flags: ReplayFlags,
): Promise<void> {
  if (!flags.quiet) terminal.out(resultText(trace))
  await replayInteractive(terminal, openDesk({ row, file, reads, minimal: order.minimal }, trace))
}
