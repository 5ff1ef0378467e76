import {
  type CheckedModel,
  type Configuration,
  type Diagnostic,
  describe,
  type Interpreter,
  interpreter,
  type LeftOut,
  lower,
  withoutParts,
} from '../../spec/index.js'
import { chooseEngine, defaultEngine, type EngineName } from '../engine/choose.js'
import type { Engine, Trail } from '../engine/engine.js'
import { renderColumns } from '../render/columns.js'
import { lineNumbers } from '../render/explanation.js'
import { type Settings, type VerdictDocument, verdictDocument } from '../render/json.js'
import { traceColumns } from '../render/lines.js'
import { renderFine } from '../render/text.js'
import type { SearchResult } from '../search/verdict.js'
import { type TraceFile, traceFile, type WrittenLeftOut } from '../trace/format.js'
import { modelHash } from '../trace/model-hash.js'
import { orderKind } from '../trace/order-end.js'
import { avoidingOrder, type OtherOrder } from '../trace/other-order.js'
import { expectedOf, replay } from '../trace/replay.js'
import type { Trace } from '../trace/trace.js'
import { writeToken } from '../trace/trail.js'
import { explain } from './explain.js'
import { leftOutText } from './left-out.js'
import { tokenSettings } from './settings.js'

/** One row of a model's design space, ready to be searched. */
export interface Row {
  readonly model: CheckedModel
  readonly configuration: Configuration
  readonly params: Settings
  readonly design: Settings
  readonly modelHash: string
  /** What of the scenario was left out: `model` is without it. */
  readonly leftOut: readonly WrittenLeftOut[]
  readonly engine: Engine
  readonly interpreter: Interpreter
}

/** What is said about a row once it was searched. Plain data: it travels between threads. */
export interface RowReport {
  readonly document: VerdictDocument
  /** Of a violation that the interpreter has replayed. */
  readonly evidence: Evidence | null
  /** Of the other causes, where they were told apart, in the order of the document. */
  readonly others: readonly Evidence[]
  /** Why the interpreter does not follow the engine: one of the two is wrong. */
  readonly disagreement: string | null
}

export interface Evidence {
  readonly columns: string
  readonly fine: string
  readonly trace: TraceFile
}

/** The row of a model that a configuration names, without some parts; no result when it cannot be lowered or has no such parts. */
export function prepareRow(
  model: CheckedModel,
  configuration: Configuration,
  engine: EngineName = defaultEngine,
  leftOut: readonly LeftOut[] = [],
): { readonly row: Row | null; readonly diagnostics: readonly Diagnostic[] } {
  const left = leftOut.length === 0 ? model : withoutParts(model, configuration, leftOut)
  if (left === null) return { row: null, diagnostics: [] }
  const { result: system, diagnostics } = lower(left, configuration)
  if (system === null) return { row: null, diagnostics }
  const { params, design } = describe(model, configuration)
  const row: Row = {
    model: left,
    configuration,
    params,
    design,
    modelHash: modelHash(model.sources),
    leftOut: leftOut.map((each) => ({
      ...each,
      what: leftOutText(model, configuration, each),
    })),
    engine: chooseEngine(system, engine),
    interpreter: interpreter(system),
  }
  return { row, diagnostics }
}

/** How the row is named outside: the path the user gave, and where its trace will be. */
export interface RowNames {
  readonly file: string
  readonly traceFile: string | null
  /** Nobody is going to read the evidence: it need not say how the violation comes about. */
  readonly brief?: boolean
}

/** The report of a finished search. Its counterexample is shown only after the interpreter has replayed it. */
export function reportRow(row: Row, result: SearchResult, names: RowNames): RowReport {
  const { system } = row.interpreter
  const { params, design, modelHash } = row
  const { violation, violations } = result
  const engine = row.engine.name
  // Only where causes were told apart, each violation has a run that somebody wants to see.
  const isApart = violations.some(({ count }) => count !== undefined)
  const shown = violations.filter((each) => each === violation || isApart)
  const runs = shown.map((each, index) => ({
    violation: each,
    token: tokenOf(row, each.trail, each.loop, each.kind === orderKind),
    file: names.traceFile === null ? null : numbered(names.traceFile, index),
  }))
  const traces = new Map(runs.map(({ violation, token, file }) => [violation, { file, token }]))
  const leftOut = row.leftOut.map(({ what }) => what)
  const parts = {
    system,
    file: names.file,
    modelHash,
    params,
    design,
    result,
    engine,
    leftOut,
    traces,
  }
  const document = verdictDocument(parts)
  const told: Evidence[] = []
  for (const { violation, token } of runs) {
    const { trace, refusal } = replay(
      row.interpreter,
      violation.trail,
      expectedOf(system, violation),
    )
    if (trace === null) return { document, evidence: null, others: [], disagreement: refusal }
    const minimal = result.shortcuts.isShortest
    told.push(evidenceOf(row, trace, { token, minimal, ...names }))
  }
  const [evidence = null, ...others] = told
  return { document, evidence, others, disagreement: null }
}

/** The name of the file of one of several: `NAME.trace.json`, `NAME.2.trace.json`. */
export const numbered = (path: string, index: number): string =>
  index === 0 ? path : path.replace(/(?:\.trace\.json|\.txt)$/, `.${index + 1}$&`)

/** The token of a run of a row; `order`: the run shows a lock order. */
export const tokenOf = (row: Row, trail: Trail, loop: Trail['steps'] = [], order = false): string =>
  writeToken({
    hash: row.modelHash,
    settings: tokenSettings(row.model, row.configuration),
    leftOut: row.leftOut,
    trail,
    loop,
    ...(order ? { order: true } : {}),
  })

/** The command that replays a run of a row. */
export const replayCommand = (token: string, file: string): string =>
  `gmemcheck replay ${token} ${file}`

/** A replayed trace in every form it is shown or written in. */
export function evidenceOf(
  row: Row,
  trace: Trace,
  about: {
    readonly token: string
    readonly minimal: boolean | null
    readonly file: string
    readonly brief?: boolean
  },
): Evidence {
  const { params, design, modelHash } = row
  const { token, minimal, file, brief = false } = about
  const replay = replayCommand(token, file)
  const explanation = brief ? null : explain(row, trace)
  const otherOrder = brief ? null : otherOrderOf(row, trace)
  return {
    columns: renderColumns(trace, {
      minimal,
      replay,
      leftOut: row.leftOut.map(({ what }) => what),
      explanation,
      otherOrder,
    }),
    fine: renderFine(trace),
    trace: traceFile(trace, {
      modelHash,
      token,
      params,
      design,
      minimal: minimal === true,
      leftOut: row.leftOut,
    }),
  }
}

/** A run that shows a lock order ends in no violation that another order could avoid. */
function otherOrderOf(row: Row, trace: Trace): OtherOrder | null {
  if (trace.kind === orderKind) return null
  return avoidingOrder(row.interpreter, trace.steps, lineNumbers(trace, traceColumns(trace)))
}
