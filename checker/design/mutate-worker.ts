import { workerData } from 'node:worker_threads'
import type { Mutation } from '../../spec/index.js'
import { readerOf, readModel } from './model.js'
import { type AskedRow, MutantJudge, type MutantOutcome, type Original } from './mutant.js'
import { rowOptions } from './row-limits.js'
import type { TestWorkerData } from './test-worker.js'
import { serve } from './worker.js'

/** What a worker of `mutate` is told: the models as a worker of `test` gets them, and what their rows do not reach. */
export interface MutateWorkerData extends Omit<TestWorkerData, 'goal'> {
  readonly uncovered: readonly Original['uncovered'][]
}

export interface MutateTask {
  readonly mutation: Mutation
  /** In the order in which they are asked. */
  readonly rows: readonly AskedRow[]
}

const { models, limits, engine, reductions, stop, uncovered } = workerData as MutateWorkerData

const originals = models.map(({ file, recorded }, at): Original => {
  const { loaded, model } = readModel(file, readerOf(recorded))
  if (loaded === null || model === null) throw new Error(`${file} is no model`)
  return { loaded, model, uncovered: uncovered[at] ?? [] }
})
const judge = new MutantJudge(originals, {
  options: () => rowOptions(limits, stop),
  engine,
  reductions,
})

serve(({ mutation, rows }: MutateTask): MutantOutcome => judge.judge(mutation, rows))
