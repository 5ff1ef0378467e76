import {
  defaultSearchOptions,
  explore,
  type Finding,
  findingOf,
  type Row,
  reportRow,
} from '../../checker/index.js'
import { REPORT_MODELS } from '../render/report-models.js'
import { expectationOf, rowOf } from '../trace/model.js'

/** A row of a model text at its defaults, searched as `check` does it. */
export interface Found {
  readonly row: Row
  readonly finding: Finding
}

/** The finding of a model text, within so many states. */
export function found(text: string, maxStates = defaultSearchOptions.maxStates): Found {
  const row = rowOf(text)
  const kinds = expectationOf(text)?.kinds ?? []
  const options = { ...defaultSearchOptions, maxStates, wanted: kinds, preferred: kinds }
  const result = explore(row.engine, options)
  const report = reportRow(row, result, { file: 'm.gmem', traceFile: null })
  return { row, finding: findingOf(row, result, report) }
}

export type Run = NonNullable<Finding['run']>
export type ShownFinding = Finding & { readonly run: Run }

/** A violation of every sort that has a report of its own, with its run. */
export const violations: readonly (Found & { readonly finding: ShownFinding })[] =
  REPORT_MODELS.map((text) => {
    const { row, finding } = found(text)
    const { run } = finding
    if (run === null) throw new Error(`${finding.document?.model} has no run`)
    return { row, finding: { ...finding, run } }
  })

export const holds = `model holds;
int 0..2 x;
mutex m;
thread t[i in 0..1] { mutex_lock(&m); x++; mutex_unlock(&m); }
finally { assert(x == 2); }
expect holds otherwise;
`
