import { workerData } from 'node:worker_threads'
import type { EngineName } from '../engine/choose.js'
import type { ReductionName } from '../reduction/reduce.js'
import { type ReadModel, type RecordedReads, readerOf, readModel } from './model.js'
import { type RowLimits, rowOptions } from './row-limits.js'
import { type RowAddress, type RowGoal, type TestedRow, testRow } from './test-row.js'
import { serve } from './worker.js'

/** What a worker of `test` is told about each model; it parses those it gets rows of. */
export interface TestModel {
  readonly file: string
  readonly recorded: RecordedReads
}

export interface TestWorkerData {
  readonly models: readonly TestModel[]
  readonly limits: RowLimits
  readonly engine: EngineName
  readonly reductions: readonly ReductionName[]
  readonly goal: RowGoal
  /** One Int32; not 0 once the user has interrupted. */
  readonly stop: SharedArrayBuffer
}

export interface TestTask {
  /** Index of the model. */
  readonly model: number
  readonly row: RowAddress
}

const data = workerData as TestWorkerData
const known = new Map<number, ReadModel>()

function run(task: TestTask): TestedRow {
  const model = data.models[task.model]
  if (model === undefined) throw new Error(`there is no model ${task.model}`)
  const read = known.get(task.model) ?? readModel(model.file, readerOf(model.recorded))
  known.set(task.model, read)
  const { engine, reductions, goal } = data
  const options = rowOptions(data.limits, data.stop)
  return testRow(read, task.row, model.file, options, { engine, reductions, goal })
}

serve(run)
