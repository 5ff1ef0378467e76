import {
  defaultSearchOptions,
  explore,
  prepareRow,
  type Row,
  readerOfTexts,
  readModel,
  type Violation,
} from '../../checker/index.js'
import { configure, type Expectation, matchExpectation } from '../../spec/index.js'

/** The row of a model text at its defaults; throws where it has none. */
export function rowOf(text: string): Row {
  const { model, diagnostics } = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  if (model === null) throw new Error(diagnostics.map((each) => each.message).join('\n'))
  const configuration = configure(model, {}).result
  const row = configuration && prepareRow(model, configuration).row
  if (!row) throw new Error('the model has no row')
  return row
}

/** The violation a search finds; throws where it finds none. */
export function violationOf(row: Row): Violation {
  const { violation } = explore(row.engine, defaultSearchOptions)
  if (violation === null) throw new Error('the model holds')
  return violation
}

/** What a model text expects at its defaults. */
export function expectationOf(text: string): Expectation | null {
  const { model } = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  const configuration = model && configure(model, {}).result
  return model && configuration && matchExpectation(model, configuration)
}
