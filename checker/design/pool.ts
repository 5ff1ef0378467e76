import type { Worker } from 'node:worker_threads'
import Pool from 'worker-threads-pool'

/**
 * Runs tasks on worker threads; the only importer of worker-threads-pool, whose traps are handled here: it swallows
 * errors of workers, so each has listeners of ours; it starts a thread for each acquire, so exactly `max` are
 * acquired and kept; its `destroy` is not used, workers end when they are told.
 */

/** What goes to a worker: a task with its number, or the end. */
export type ToWorker<Task> = { readonly index: number; readonly task: Task } | 'stop'

/** What comes back. */
export interface FromWorker<Result> {
  readonly index: number
  readonly result: Result
}

/** A worker thread that ended before its work was done: a bug of ours, or not enough memory. */
export class WorkerDied extends Error {
  constructor(cause: string) {
    super(`a worker thread died: ${cause}`)
    this.name = 'WorkerDied'
  }
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
  const pool = new Pool({ max: count })
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
    for (let i = 0; i < count; i += 1) {
      pool.acquire(file, { workerData }, (error, worker) => {
        if (error !== null) return fail(error.message)
        crew.push(worker)
        worker.on('error', (problem) => fail(messageOf(problem)))
        worker.on('exit', (code) => {
          left -= 1
          if (code !== 0) fail(`exit code ${code}`)
          else if (results.size < tasks.length && left === 0) fail('it ended before its work')
          else if (left === 0 && !failed) resolve(tasks.map((_, at) => results.get(at) as Result))
        })
        worker.on('message', (message: FromWorker<Result>) => take(worker, message))
        give(worker)
      })
    }
  })
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem)
}
