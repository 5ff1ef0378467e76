import { parentPort, workerData } from 'node:worker_threads'
import type { EngineName } from '../engine/choose.js'
import type { ReductionName } from '../reduction/reduce.js'
import { defaultSearchOptions, type StopReason } from '../search/options.js'
import { type ReadModel, type RecordedReads, readerOf, readModel } from './model.js'
import type { FromWorker, ToWorker } from './pool.js'
import { type TestedRow, testRow } from './test-row.js'

/** What a worker of `test` is told about each model; it parses those it gets rows of. */
export interface TestModel {
  readonly file: string
  readonly recorded: RecordedReads
}

export interface TestWorkerData {
  readonly models: readonly TestModel[]
  readonly limits: {
    readonly maxStates: number
    readonly memoryBytes: number
    /** Of each row. */
    readonly timeoutSeconds: number
  }
  readonly engine: EngineName
  readonly reductions: readonly ReductionName[]
  /** False: what the models expect has no say in what is searched. */
  readonly expects?: boolean
  /** One Int32; not 0 once the user has interrupted. */
  readonly stop: SharedArrayBuffer
}

export interface TestTask {
  /** Index of the model. */
  readonly model: number
  /** Number of the row in its design space. */
  readonly row: number
}

const data = workerData as TestWorkerData
const interrupted = new Int32Array(data.stop)
const known = new Map<number, ReadModel>()

function run(task: TestTask): TestedRow {
  const model = data.models[task.model]
  if (model === undefined) throw new Error(`there is no model ${task.model}`)
  const read = known.get(task.model) ?? readModel(model.file, readerOf(model.recorded))
  known.set(task.model, read)
  const begin = performance.now()
  const seconds = () => (performance.now() - begin) / 1000
  const stop = (): StopReason | null => {
    if (Atomics.load(interrupted, 0) !== 0) return 'interrupted'
    return seconds() > data.limits.timeoutSeconds ? 'time' : null
  }
  const { maxStates, memoryBytes } = data.limits
  const options = { ...defaultSearchOptions, maxStates, memoryBytes, stop, seconds }
  const { engine, reductions, expects = true } = data
  return testRow(read, task.row, model.file, options, { engine, reductions, expects })
}

parentPort?.on('message', (message: ToWorker<TestTask>) => {
  if (message === 'stop') {
    parentPort?.close()
    return
  }
  const answer: FromWorker<TestedRow> = { index: message.index, result: run(message.task) }
  parentPort?.postMessage(answer)
})
