import { join } from 'node:path'
import { type Command, Option } from 'commander'
import { type Choices, configure, type LeftOut } from '../../../spec/index.js'
import {
  type Expected,
  evidenceOf,
  type ForeignName,
  findingOfReplay,
  foreignNames,
  modelHash,
  orderKind,
  pageOfTrace,
  prepareRow,
  readModel,
  readToken,
  readTraceFile,
  replay,
  rowFileName,
  settingsChoices,
  type Token,
  type TraceFile,
  tokenChoices,
  tokenFits,
  tokenOf,
  trailOf,
} from '../../index.js'
import { addRowOptions, type RowFlags } from '../arguments.js'
import { EXIT, type ExitCode, UsageError } from '../exit.js'
import { fileReader, readText, writeTogether } from '../files.js'
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
import { laterOptions, refuseLater } from '../later.js'
import { createTerminal, type Terminal, wantsColor } from '../terminal.js'
import { paintColumns, showDiagnostics } from '../voice.js'
import { replayForeign } from './replay-foreign.js'

interface ReplayFlags extends RowFlags {
  readonly from?: ForeignName
  readonly out?: string
  readonly fine?: boolean
  readonly html?: string
  readonly color: boolean
  readonly quiet?: boolean
  readonly format: readonly WantedFormat[]
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
  for (const option of laterOptions('replay')) command.addOption(option)
  return command.action(async (what: string, model: string | undefined, flags: ReplayFlags) => {
    refuseLater('replay', flags as unknown as Record<string, unknown>)
    checkHtml(flags.html)
    refuseVerdicts(flags.format)
    const formats = await prepareFormats(flags.format, { json: false, several: false })
    const terminal = createTerminal(wantsColor(flags.color))
    const { from, out = 'counterexamples' } = flags
    if (from === undefined) {
      refuseForeign(flags)
      finish(run(terminal, what, model, { ...flags, out, formats }))
      return
    }
    if (model === undefined)
      throw new UsageError('--from needs the model: replay --from TOOL FILE MODEL')
    finish(replayForeign(terminal, what, model, { ...flags, from, out, formats }))
  })
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

function run(
  terminal: Terminal,
  what: string,
  path: string | undefined,
  flags: ReplayFlags & { readonly out: string; readonly formats: Formats },
): ExitCode {
  const refused = (reason: string): ExitCode => {
    terminal.err(`refused: ${reason}\n`)
    return EXIT.wrong
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
  const { model, diagnostics, sources } = readModel(file, fileReader(file))
  if (showDiagnostics(terminal, diagnostics, sources, true) || model === null) return EXIT.wrong
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
  if (showDiagnostics(terminal, lowered, sources, true)) return EXIT.wrong
  if (row === null) return refused('the model has no such parts to leave out')
  const processes = row.interpreter.system.processes.map((process) => process.name)
  const replayed = replay(
    row.interpreter,
    order.trail,
    order.expected(processes),
    order.loop,
    order.order,
  )
  if (replayed.trace === null) return refused(replayed.refusal)
  const { trace } = replayed
  const count = `${trace.steps.length} step${trace.steps.length === 1 ? '' : 's'}`
  const token = tokenOf(row, order.trail, order.loop, order.order)
  const about = { token, minimal: order.minimal, file }
  const evidence = evidenceOf(row, trace, about)
  const stem = join(flags.out, rowFileName(model, configured.result))
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
    return EXIT.ok
  }
  if (!flags.quiet) {
    const text = flags.fine ? evidence.fine : evidence.columns
    terminal.out(`${paintColumns(terminal, text)}\n`)
  }
  terminal.out(`reproduced: ${trace.kind} in ${count}\n`)
  if (!flags.quiet) for (const each of written) terminal.out(`written: ${each.path}\n`)
  return EXIT.ok
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
