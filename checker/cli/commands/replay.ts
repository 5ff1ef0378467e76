import { type Command, Option } from 'commander'
import { type Choices, configure, type LeftOut } from '../../../spec/index.js'
import {
  type Expected,
  evidenceOf,
  type ForeignName,
  foreignNames,
  modelHash,
  openDesk,
  orderKind,
  prepareRow,
  type ReadModel,
  type Row,
  readModel,
  readToken,
  readTraceFile,
  replay,
  settingsChoices,
  type Token,
  type Trace,
  type TraceFile,
  tokenChoices,
  tokenFits,
  tokenOf,
  trailOf,
} from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { fileReader, readText } from '../files.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { paintColumns, showDiagnostics } from '../voice.js'
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

/** What is to be replayed, wherever it came from. */
interface Order {
  readonly hashFits: (hash: string) => boolean
  readonly choices: (model: NonNullable<ReturnType<typeof readModel>['model']>) => Choices | null
  readonly leftOut: readonly LeftOut[]
  readonly trail: Token['trail']
  readonly loop: Token['loop']
  /** The run shows one lock order of several. */
  readonly order: boolean
  /** Needs the names of the processes, hence the row. */
  readonly expected: (processes: readonly string[]) => Expected | null
  /** Null: only the search knew. */
  readonly minimal: boolean | null
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

/** A trace the interpreter has followed to its violation, and the row it is of. */
interface Reproduced {
  readonly row: Row
  readonly trace: Trace
  readonly order: Order
  readonly file: string
  readonly reads: ReadModel['recorded']
}

/** Replays a trace file or a token; null when it is refused, and why was said. */
function reproduce(terminal: Terminal, what: string, path: string | undefined): Reproduced | null {
  const refused = (reason: string): null => {
    terminal.err(`refused: ${reason}\n`)
    return null
  }
  let order: Order
  let file = path
  if (/^gm\d/.test(what)) {
    const token = readToken(what)
    if (token === null) return refused('this is not a token: gm1-<hash>-<schedule> is wanted')
    if (file === undefined) throw new UsageError('a token needs the model: replay TOKEN MODEL')
    order = orderOfToken(token)
  } else {
    const { file: trace, refusal } = readTraceFile(readText(what))
    if (trace === null) return refused(refusal)
    file ??= trace.files[0] as string
    order = orderOfFile(trace)
  }
  const { model, diagnostics, sources, recorded } = readModel(file, fileReader(file))
  if (showDiagnostics(terminal, diagnostics, sources, true) || model === null) return null
  const hash = modelHash(model.sources)
  if (!order.hashFits(hash)) {
    return refused(`${file} is not the model of this trace, or it has changed since`)
  }
  const choices = order.choices(model)
  if (choices === null) return refused('the model has no such settings')
  const configured = configure(model, choices)
  if (configured.result === null) {
    showDiagnostics(terminal, configured.diagnostics, sources, true)
    return refused('the model does not take these settings')
  }
  const { row, diagnostics: lowered } = prepareRow(
    model,
    configured.result,
    'reference',
    order.leftOut,
  )
  if (showDiagnostics(terminal, lowered, sources, true)) return null
  if (row === null) return refused('the model has no such parts to leave out')
  const processes = row.interpreter.system.processes.map((process) => process.name)
  const { trace, refusal } = replay(
    row.interpreter,
    order.trail,
    order.expected(processes),
    order.loop,
    order.order,
  )
  return trace === null ? refused(refusal) : { row, trace, order, file, reads: recorded }
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

function orderOfToken(token: Token): Order {
  return {
    hashFits: (hash) => tokenFits(token, hash),
    choices: (model) => tokenChoices(model, token.settings),
    leftOut: token.leftOut ?? [],
    trail: token.trail,
    loop: token.loop,
    order: token.order === true,
    expected: () => null,
    minimal: null,
  }
}

function orderOfFile(trace: TraceFile): Order {
  const { violation } = trace
  return {
    hashFits: (hash) => hash === trace.modelHash,
    choices: () => settingsChoices(trace.params, trace.design),
    leftOut: trace.leftOut ?? [],
    trail: trailOf(trace),
    loop: trace.trail.loop,
    order: violation.kind === orderKind,
    expected: (processes) => ({
      kind: violation.kind,
      at: violation.at,
      process: violation.process === null ? null : processes.indexOf(violation.process),
      byStep: violation.byStep,
      loop: trace.trail.loop,
      trap: null,
    }),
    minimal: trace.length.minimal,
  }
}
