import { type Diagnostic, designRows, matchExpectation } from '../../spec/index.js'
import type { EngineName } from '../engine/choose.js'
import type { ReductionName } from '../reduction/reduce.js'
import type { SearchOptions } from '../search/options.js'
import { type Judgement, judge } from './expectation.js'
import type { ReadModel } from './model.js'
import { prepareRow, type RowReport, reportRow } from './row.js'
import { type FileExercise, rowCoverage } from './row-coverage.js'
import { exploreRow } from './search-row.js'
import { rowName } from './settings.js'

/** One row of a model compared with its expectation. Plain data: it travels between threads. */
export interface TestedRow {
  /** The choices that are not the defaults; `default` when there are none. */
  readonly name: string
  /** Null when the row cannot be lowered; `diagnostics` then say why. */
  readonly report: RowReport | null
  readonly judgement: Judgement | null
  readonly diagnostics: readonly Diagnostic[]
  /** What the search exercised, for the union over all rows. */
  readonly exercise: readonly FileExercise[]
}

/** Searches one row of the design space, numbered as `designRows` lists them. */
export function testRow(
  read: ReadModel,
  number: number,
  file: string,
  options: Omit<SearchOptions, 'wanted' | 'preferred'>,
  how: {
    readonly engine?: EngineName
    readonly reductions?: readonly ReductionName[]
    /** False: the search ends with the first violation, whatever the model expects. */
    readonly expects?: boolean
  } = {},
): TestedRow {
  const { model } = read
  const configuration = model === null ? undefined : designRows(model)[number]
  if (model === null || configuration === undefined) throw new Error(`${file} has no row ${number}`)
  const name = rowName(model, configuration)
  const { row, diagnostics } = prepareRow(model, configuration, how.engine)
  if (row === null) return { name, report: null, judgement: null, diagnostics, exercise: [] }
  const expectation = matchExpectation(model, configuration)
  const kinds = how.expects === false ? [] : (expectation?.kinds ?? [])
  const search = { ...options, wanted: kinds, preferred: kinds }
  const result = exploreRow(row, search, { reductions: how.reductions ?? [] })
  const names = { file, traceFile: null }
  const brief = reportRow(row, result, { ...names, brief: true })
  const judgement = judge(expectation, brief)
  // Of a violation that was expected only the verdict is told.
  const report = judgement.status === 'unmet' ? reportRow(row, result, names) : brief
  const exercise = rowCoverage(row.interpreter.system, result.executed)
  return { name, report, judgement, diagnostics, exercise }
}
