import { fileURLToPath } from 'node:url'
import { runInWorkers } from './pool.js'
import type { TestedRow } from './test-row.js'
import type { TestTask, TestWorkerData } from './test-worker.js'

/** Searches rows of several models on worker threads; the results do not depend on how many there are. */
export function testRows(
  data: TestWorkerData,
  tasks: readonly TestTask[],
  workers: number,
  finished: (row: TestedRow, index: number) => void,
): Promise<readonly TestedRow[]> {
  // The only edge to the worker: the import graph does not show it.
  const file = fileURLToPath(new URL('./test-worker.js', import.meta.url))
  return runInWorkers(file, data, tasks, workers, finished)
}
