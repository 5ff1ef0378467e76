import {
  type CheckedModel,
  type Configuration,
  type Diagnostic,
  describe,
  type Interpreter,
  interpreter,
  lower,
} from '../../spec/index.js'
import { chooseEngine, defaultEngine, type EngineName } from '../engine/choose.js'
import type { Engine, Trail } from '../engine/engine.js'
import { renderColumns } from '../render/columns.js'
import { type Settings, type VerdictDocument, verdictDocument } from '../render/json.js'
import { renderFine } from '../render/text.js'
import type { SearchResult } from '../search/verdict.js'
import { type TraceFile, traceFile } from '../trace/format.js'
import { modelHash } from '../trace/model-hash.js'
import { orderKind } from '../trace/order-end.js'
import { expectedOf, replay } from '../trace/replay.js'
import type { Trace } from '../trace/trace.js'
import { writeToken } from '../trace/trail.js'
import { tokenSettings } from './settings.js'

/** One row of a model's design space, ready to be searched. */
export interface Row {
  readonly model: CheckedModel
  readonly configuration: Configuration
  readonly params: Settings
  readonly design: Settings
  readonly modelHash: string
  readonly engine: Engine
  readonly interpreter: Interpreter
}

/** What is said about a row once it was searched. Plain data: it travels between threads. */
export interface RowReport {
  readonly document: VerdictDocument
  /** Of a violation that the interpreter has replayed. */
  readonly evidence: Evidence | null
  /** Why the interpreter does not follow the engine: one of the two is wrong. */
  readonly disagreement: string | null
}

export interface Evidence {
  readonly columns: string
  readonly fine: string
  readonly trace: TraceFile
}

/** The row of a model that a configuration names; no result when it cannot be lowered. */
export function prepareRow(
  model: CheckedModel,
  configuration: Configuration,
  engine: EngineName = defaultEngine,
): { readonly row: Row | null; readonly diagnostics: readonly Diagnostic[] } {
  const { result: system, diagnostics } = lower(model, configuration)
  if (system === null) return { row: null, diagnostics }
  const { params, design } = describe(model, configuration)
  const row: Row = {
    model,
    configuration,
    params,
    design,
    modelHash: modelHash(model.sources),
    engine: chooseEngine(system, engine),
    interpreter: interpreter(system),
  }
  return { row, diagnostics }
}

/** How the row is named outside: the path the user gave, and where its trace will be. */
export interface RowNames {
  readonly file: string
  readonly traceFile: string | null
}

/** The report of a finished search. Its counterexample is shown only after the interpreter has replayed it. */
export function reportRow(row: Row, result: SearchResult, names: RowNames): RowReport {
  const { system } = row.interpreter
  const { params, design, modelHash } = row
  const { violation } = result
  const engine = row.engine.name
  const parts = { system, file: names.file, modelHash, params, design, result, engine }
  if (violation === null) {
    return {
      document: verdictDocument({ ...parts, trace: null }),
      evidence: null,
      disagreement: null,
    }
  }
  const token = tokenOf(row, violation.trail, violation.loop, violation.kind === orderKind)
  const document = verdictDocument({ ...parts, trace: { file: names.traceFile, token } })
  const { trace, refusal } = replay(row.interpreter, violation.trail, expectedOf(system, violation))
  if (trace === null) return { document, evidence: null, disagreement: refusal }
  const minimal = document.trace?.minimal ?? false
  return {
    document,
    evidence: evidenceOf(row, trace, { token, minimal, file: names.file }),
    disagreement: null,
  }
}

/** The token of a run of a row; `order`: the run shows a lock order. */
export const tokenOf = (row: Row, trail: Trail, loop: Trail['steps'] = [], order = false): string =>
  writeToken({
    hash: row.modelHash,
    settings: tokenSettings(row.model, row.configuration),
    trail,
    loop,
    ...(order ? { order: true } : {}),
  })

/** The command that replays a run of a row. */
export const replayCommand = (token: string, file: string): string =>
  `gmemcheck replay ${token} ${file}`

/** A replayed trace in every form it is shown or written in. */
export function evidenceOf(
  row: Pick<Row, 'params' | 'design' | 'modelHash'>,
  trace: Trace,
  about: { readonly token: string; readonly minimal: boolean | null; readonly file: string },
): Evidence {
  const { params, design, modelHash } = row
  const { token, minimal, file } = about
  return {
    columns: renderColumns(trace, { minimal, replay: replayCommand(token, file) }),
    fine: renderFine(trace),
    trace: traceFile(trace, { modelHash, token, params, design, minimal: minimal === true }),
  }
}
