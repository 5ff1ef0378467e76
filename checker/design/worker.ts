import { parentPort } from 'node:worker_threads'
import type { FromWorker, ToWorker } from './pool.js'

/** The other end of `runInWorkers`: does one task after the other until it is told that there is none left. */
export function serve<Task, Result>(run: (task: Task) => Result): void {
  parentPort?.on('message', (message: ToWorker<Task>) => {
    if (message === 'stop') {
      parentPort?.close()
      return
    }
    const answer: FromWorker<Result> = { index: message.index, result: run(message.task) }
    parentPort?.postMessage(answer)
  })
}
