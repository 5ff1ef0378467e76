import { type Choices, configure, type LeftOut } from '../../spec/index.js'
import {
  type Expected,
  modelHash,
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
  trailOf,
} from '../index.js'
import { UsageError } from './exit.js'
import { fileReader, readText } from './files.js'
import type { Terminal } from './terminal.js'
import { showDiagnostics } from './voice.js'

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

/** A trace the interpreter has followed to its violation, and the row it is of. */
export interface Reproduced {
  readonly row: Row
  readonly trace: Trace
  readonly order: Order
  readonly file: string
  readonly reads: ReadModel['recorded']
}

/** Replays a trace file or a token; null when it is refused, and why was said. */
export function reproduce(
  terminal: Terminal,
  what: string,
  path: string | undefined,
): Reproduced | null {
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
