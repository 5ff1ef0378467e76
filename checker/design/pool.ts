import type { Worker } from 'node:worker_threads'
import { startWorkers, WorkerDied } from '../search/pool.js'

/** Runs tasks on worker threads, each of which is kept until no task is left. */

/** What goes to a worker: a task with its number, or the end. */
export type ToWorker<Task> = { readonly index: number; readonly task: Task } | 'stop'

/** What comes back. */
export interface FromWorker<Result> {
  readonly index: number
  readonly result: Result
}

/**
 * The results of all tasks, in the order of the tasks whatever the number of workers. `finished` hears of each as
 * soon as all before it are there, so what it prints does not depend on the workers either.
 */
export function runInWorkers<Task, Result>(
  file: string,
  workerData: unknown,
  tasks: readonly Task[],
  workers: number,
  finished: (result: Result, index: number) => void,
): Promise<readonly Result[]> {
  const count = Math.max(1, Math.min(workers, tasks.length))
  if (tasks.length === 0) return Promise.resolve([])
  const crew: Worker[] = []
  const results = new Map<number, Result>()
  let next = 0
  let told = 0
  return new Promise((resolve, reject) => {
    let failed = false
    const fail = (cause: string): void => {
      if (failed) return
      failed = true
      void Promise.allSettled(crew.map((worker) => worker.terminate())).then(() =>
        reject(new WorkerDied(cause)),
      )
    }
    const give = (worker: Worker): void => {
      const index = next
      const task = tasks[index]
      next += 1
      const message: ToWorker<Task> = task === undefined ? 'stop' : { index, task }
      worker.postMessage(message)
    }
    const take = (worker: Worker, { index, result }: FromWorker<Result>): void => {
      results.set(index, result)
      for (; results.has(told); told += 1) finished(results.get(told) as Result, told)
      give(worker)
    }
    let left = count
    const data = new Array<unknown>(count).fill(workerData)
    startWorkers(file, data, {
      started: (worker) => {
        crew.push(worker)
        worker.on('message', (message: FromWorker<Result>) => take(worker, message))
        give(worker)
      },
      ended: () => {
        left -= 1
        if (left > 0 || failed) return
        if (results.size < tasks.length) fail('it ended before its work')
        else resolve(tasks.map((_, at) => results.get(at) as Result))
      },
      died: fail,
    })
  })
}
