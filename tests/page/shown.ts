import {
  defaultSearchOptions,
  expectedOf,
  explore,
  type PageDocument,
  pageOfTrace,
  prepareRow,
  type Reader,
  type Row,
  readModel,
  replay,
  type Trace,
} from '../../checker/index.js'
import { configure } from '../../spec/index.js'
import { corpusReader } from '../helpers/corpus.js'

/** A counterexample and the page of it. */
export interface ShownRun {
  readonly row: Row
  readonly trace: Trace
  readonly page: PageDocument
}

/** The page of the violation that a search of a model finds; throws where it finds none. */
export function shownRun(
  file: string,
  design: Readonly<Record<string, string>> = {},
  reader: Reader = corpusReader(),
): ShownRun {
  const { model } = readModel(file, reader)
  const configuration = model && configure(model, { params: {}, design }).result
  const row = model && configuration && prepareRow(model, configuration).row
  if (!row) throw new Error(`${file} has no such row`)
  const { violation } = explore(row.engine, defaultSearchOptions)
  if (violation === null) throw new Error(`${file} holds`)
  const expected = expectedOf(row.interpreter.system, violation)
  const { trace, refusal } = replay(row.interpreter, violation.trail, expected)
  if (trace === null) throw new Error(refusal)
  return { row, trace, page: pageOfTrace(row, trace, { token: 'gm1-0-0', minimal: true, file }) }
}
