import { parentPort, workerData } from 'node:worker_threads'
import { CONTROL, type StorePlan } from '../../checker/engine/wasm/store/plan.js'
import { Random } from '../helpers/random.js'
import { TableClient } from './table-client.js'
import { stateNumber } from './table-states.js'

/** A thread that inserts all states of a range in an order of its own, and says which id each got. */
export interface TableTask {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly memory: WebAssembly.Memory
  readonly plan: StorePlan
  readonly index: number
  readonly stateWords: number
  readonly states: number
  readonly seed: number
  readonly threads: number
}

const task = workerData as TableTask
const client = new TableClient(task.bytes, task.memory, task.plan, task.index)
const random = new Random(task.seed)
const order = Array.from({ length: task.states }, (_, at) => at)
for (let at = order.length - 1; at > 0; at--) {
  const other = random.integer(0, at)
  const one = order[at] as number
  order[at] = order[other] as number
  order[other] = one
}
// All begin at one time, or the first would be done before the last has started.
const control = new Int32Array(task.memory.buffer)
Atomics.add(control, CONTROL.joined, 1)
while (Atomics.load(control, CONTROL.joined) < task.threads);

const ids = new Uint32Array(task.states)
let fresh = 0
for (const number of order) {
  const { id, isNew } = client.insert(stateNumber(number, task.stateWords))
  ids[number] = id
  if (isNew) fresh++
}
parentPort?.postMessage({ ids, fresh })
