import { type Choices, configure, type Diagnostic, matchExpectation } from '../../spec/index.js'
import { type ReductionName, reductionNames } from '../reduction/reduce.js'
import { defaultSearchOptions, type SearchOptions } from '../search/options.js'
import { grouping } from './grouped.js'
import { readerOfTexts, readModel } from './model.js'
import { prepareRow, type RowReport, reportRow } from './row.js'
import { exploreRow } from './search-row.js'

export interface CheckOptions {
  /** Texts of used files, by the path after `use`. */
  readonly files?: Readonly<Record<string, string>>
  /** What the model is called in places; `model.gmem` unless given. */
  readonly path?: string
  readonly choices?: Choices
  readonly search?: Partial<SearchOptions>
  /** All of them unless given. */
  readonly reductions?: readonly ReductionName[]
}

/** `report` is null exactly when a diagnostic is an error. */
export interface CheckReport {
  readonly report: RowReport | null
  readonly diagnostics: readonly Diagnostic[]
}

/** Checks the text of a model, in the row of its design space that the choices name. */
export function check(text: string, options: CheckOptions = {}): CheckReport {
  const path = options.path ?? 'model.gmem'
  const { model, diagnostics } = readModel(path, readerOfTexts({ ...options.files, [path]: text }))
  if (model === null) return { report: null, diagnostics }
  const configured = configure(model, options.choices ?? {})
  const said = [...diagnostics, ...configured.diagnostics]
  if (configured.result === null) return { report: null, diagnostics: said }
  const { row, diagnostics: lowered } = prepareRow(model, configured.result)
  said.push(...lowered)
  if (row === null) return { report: null, diagnostics: said }
  const preferred = matchExpectation(model, configured.result)?.kinds ?? []
  const search = { ...defaultSearchOptions, preferred, ...options.search }
  const { reductions = reductionNames } = options
  const result = grouping(row, exploreRow(row, search, { reductions }))
  const report = reportRow(row, result, { file: path, traceFile: null })
  return { report, diagnostics: said }
}
