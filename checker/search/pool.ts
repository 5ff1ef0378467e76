import type { Worker } from 'node:worker_threads'
import Pool from 'worker-threads-pool'

/** A worker thread that ended before its work was done: a bug of ours, or not enough memory. */
export class WorkerDied extends Error {
  constructor(cause: string) {
    super(`a worker thread died: ${cause}`)
    this.name = 'WorkerDied'
  }
}

/** What the caller hears of. */
export interface Listeners {
  readonly started?: (worker: Worker) => void
  /** It has ended in order. */
  readonly ended?: () => void
  readonly died: (cause: string) => void
}

/**
 * Starts one thread for each of `data`, through worker-threads-pool, whose traps are handled here: it swallows errors of
 * workers, so each has listeners of ours; it starts a thread for each acquire and frees its place when the thread ends,
 * so as many are acquired as there are places, and workers end when they are told; its `destroy` is not used.
 */
export function startWorkers(
  file: string,
  data: readonly unknown[],
  { started, ended, died }: Listeners,
): void {
  const pool = new Pool({ max: data.length })
  for (const workerData of data) {
    pool.acquire(file, { workerData }, (error, worker) => {
      if (error !== null) return died(error.message)
      worker.on('error', (problem) => died(messageOf(problem)))
      worker.on('exit', (code) => {
        if (code === 0) ended?.()
        else died(`exit code ${code}`)
      })
      started?.(worker)
    })
  }
}

function messageOf(problem: unknown): string {
  return problem instanceof Error ? problem.message : String(problem)
}
