import {
  type CheckedModel,
  type Choices,
  type Configuration,
  configure,
  type Diagnostic,
  designRows,
  matchExpectation,
} from '../../spec/index.js'
import type { EngineName } from '../engine/choose.js'
import type { ReductionName } from '../reduction/reduce.js'
import type { SearchOptions } from '../search/options.js'
import { type Judgement, judge } from './expectation.js'
import { grouping } from './grouped.js'
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

/** `expected`: until every kind that is expected of the row was found; `first`: until anything is. */
export type RowGoal = 'expected' | 'first'

/** How a row is searched. */
export interface RowTest {
  readonly engine?: EngineName
  readonly reductions?: readonly ReductionName[]
  /** `expected` unless given. */
  readonly goal?: RowGoal
}

/** A row by its number as `designRows` lists them, or by what is chosen. */
export type RowAddress = number | Choices

function rowAt(model: CheckedModel, row: RowAddress): Configuration | null {
  if (typeof row === 'number') return designRows(model)[row] ?? null
  return configure(model, row).result
}

/** Searches one row of a model. */
export function testRow(
  { model }: ReadModel,
  address: RowAddress,
  file: string,
  options: Omit<SearchOptions, 'wanted' | 'preferred'>,
  { engine, reductions = [], goal = 'expected' }: RowTest = {},
): TestedRow {
  const configuration = model && rowAt(model, address)
  if (model === null || configuration === null) {
    throw new Error(`${file} has no row ${JSON.stringify(address)}`)
  }
  const name = rowName(model, configuration)
  const { row, diagnostics } = prepareRow(model, configuration, engine)
  if (row === null) return { name, report: null, judgement: null, diagnostics, exercise: [] }
  const expectation = matchExpectation(model, configuration)
  const kinds = expectation?.kinds ?? []
  const search = { ...options, wanted: goal === 'expected' ? kinds : [], preferred: kinds }
  const result = exploreRow(row, search, { reductions })
  const names = { file, traceFile: null }
  const brief = reportRow(row, result, { ...names, brief: true })
  const judgement = judge(expectation, brief)
  // Of a violation that was expected only the verdict is told.
  const report = judgement.status === 'unmet' ? reportRow(row, grouping(row, result), names) : brief
  const exercise = rowCoverage(row.interpreter.system, result.executed)
  return { name, report, judgement, diagnostics, exercise }
}
