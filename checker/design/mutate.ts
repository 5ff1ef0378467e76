import { fileURLToPath } from 'node:url'
import type { MutantOutcome } from './mutant.js'
import type { MutateTask, MutateWorkerData } from './mutate-worker.js'
import { runInWorkers } from './pool.js'

/** Judges mutations on worker threads; the outcomes do not depend on how many there are. */
export function judgeMutants(
  data: MutateWorkerData,
  tasks: readonly MutateTask[],
  workers: number,
  finished: (outcome: MutantOutcome, index: number) => void,
): Promise<readonly MutantOutcome[]> {
  // The only edge to the worker: the import graph does not show it.
  const file = fileURLToPath(new URL('./mutate-worker.js', import.meta.url))
  return runInWorkers(file, data, tasks, workers, finished)
}
