import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { storeGrowth } from '../../checker/engine/wasm/store/growth.js'
import { CONTROL, MARK, planStore, type StorePlan } from '../../checker/engine/wasm/store/plan.js'
import { HashedSet } from '../../checker/store/hashed.js'
import { Random } from '../helpers/random.js'
import { TableClient } from './table-client.js'
import { tableModule, workerBytes } from './table-module.js'
import { stateNumber } from './table-states.js'
import type { TableTask } from './table-worker.js'

const memoryOf = ({ bytes }: StorePlan, slots: number): WebAssembly.Memory => {
  const initial = Math.ceil(bytes / 65_536)
  const memory = new WebAssembly.Memory({ initial, maximum: initial, shared: true })
  new Int32Array(memory.buffer)[CONTROL.slots] = slots
  return memory
}

const table = suite('the shared table')

for (const stateWords of [1, 2, 3, 6]) {
  table(`it is a set of states of ${stateWords} words, as the set of one thread is`, () => {
    const { bytes, plan } = tableModule({ stateWords, workers: 1, hashBits: 64 })
    const client = new TableClient(bytes, memoryOf(plan, 4096), plan, 0)
    const exact = new HashedSet(stateWords)
    const random = new Random(7 * stateWords)
    const idsOf = new Map<number, number>()
    for (let at = 0; at < 6000; at++) {
      const state = Uint32Array.from({ length: stateWords }, () => random.integer(0, 5))
      if (random.chance(0.5))
        state[random.integer(0, stateWords - 1)] = random.integer(0, 2 ** 32 - 1)
      const before = exact.count
      const expected = exact.insert(state)
      if (exact.count > 3000) break
      const { id, isNew } = client.insert(state)
      assert.is(isNew, exact.count > before)
      assert.is(idsOf.get(expected) ?? id, id)
      idsOf.set(expected, id)
      assert.is(client.find(state), id)
    }
    assert.ok(exact.count > 1000)
    assert.is(new Set(idsOf.values()).size, idsOf.size)
  })
}

table('a state that was never inserted is not found', () => {
  const { bytes, plan } = tableModule({ stateWords: 2, workers: 1, hashBits: 3 })
  const client = new TableClient(bytes, memoryOf(plan, 256), plan, 0)
  for (let number = 0; number < 200; number += 2) client.insert(stateNumber(number, 2))
  for (let number = 1; number < 200; number += 2) {
    assert.is(client.find(stateNumber(number, 2)), -1)
  }
})

table('what is filled again from the arena is found under the same ids', () => {
  const { bytes, plan } = tableModule({ stateWords: 3, workers: 1, hashBits: 64 })
  const memory = memoryOf(plan, 2048)
  const client = new TableClient(bytes, memory, plan, 0)
  const count = 1500
  const ids = Array.from({ length: count }, (_, at) => client.insert(stateNumber(at, 3)).id)
  const first = plan.tableAt >>> 2
  client.words.fill(0, first, first + 2048)
  assert.is(client.find(stateNumber(0, 3)), -1)
  client.words[CONTROL.slots] = 5000
  for (const [at, id] of ids.entries()) client.enter(id, stateNumber(at, 3))
  for (const [at, id] of ids.entries()) assert.is(client.find(stateNumber(at, 3)), id)
  assert.is(client.insert(stateNumber(count, 3)).isNew, true)
})

/** What each thread was told, all inserting the same states at once. */
async function insertAtOnce(given: {
  readonly threads: number
  readonly states: number
  readonly stateWords: number
  readonly hashBits: number
  readonly slots: number
}): Promise<{ readonly told: { ids: Uint32Array; fresh: number }[]; readonly marks: Uint8Array }> {
  const { threads, states, stateWords, hashBits, slots } = given
  const { bytes, plan } = tableModule({ stateWords, workers: threads, hashBits })
  const memory = memoryOf(plan, slots)
  const file = fileURLToPath(new URL('./table-worker.js', import.meta.url))
  const told = await Promise.all(
    Array.from({ length: threads }, (_, index) => {
      const data = { bytes, memory, plan, index, stateWords, states, threads, seed: index + 1 }
      const worker = new Worker(file, { workerData: data satisfies TableTask })
      return new Promise<{ ids: Uint32Array; fresh: number }>((resolve, reject) => {
        worker.on('message', resolve)
        worker.on('error', reject)
      })
    }),
  )
  return { told, marks: new Uint8Array(memory.buffer, plan.marksAt, plan.statesMax) }
}

const stress = [
  { what: 'a good hash', threads: 8, states: 40_000, stateWords: 2, hashBits: 64, slots: 65_536 },
  { what: 'all colliding', threads: 8, states: 1200, stateWords: 2, hashBits: 4, slots: 4096 },
  {
    what: 'wide, some colliding',
    threads: 8,
    states: 6000,
    stateWords: 5,
    hashBits: 40,
    slots: 8192,
  },
  // Chunks of ids are taken, but every slot is one: the last states go around the end of the table.
  {
    what: 'the last slot but one',
    threads: 4,
    states: 4095,
    stateWords: 2,
    hashBits: 64,
    slots: 4096,
  },
]
for (const { what, ...given } of stress) {
  table(`${given.threads} threads agree on ids and lose nothing: ${what}`, async () => {
    const { told, marks } = await insertAtOnce(given)
    const [first] = told
    assert.ok(first)
    for (const { ids } of told) assert.equal(ids, first?.ids)
    assert.is(new Set(first?.ids).size, given.states)
    const fresh = told.reduce((sum, one) => sum + one.fresh, 0)
    assert.is(fresh, given.states)
    assert.is(
      marks.reduce((sum, mark) => sum + (mark & MARK.present), 0),
      given.states,
    )
  })
}

table('the plan keeps within the bytes it is given, and says when they are too few', () => {
  for (const bytes of [2 ** 22, 2 ** 26, 2 ** 31, 2 ** 33]) {
    for (const stateWords of [1, 2, 3, 8]) {
      const plan = planStore({ stateWords, workers: 2, workerBytes, bytes })
      if (plan === null) {
        assert.ok(bytes < 2 ** 26)
        continue
      }
      assert.ok(plan.bytes <= Math.min(bytes, 2 ** 32), `${plan.bytes} of ${bytes}`)
      assert.ok(plan.arenaAt + plan.statesMax * plan.stride <= plan.tableAt)
      assert.ok(storeGrowth.fill(plan, plan.slotsMax) < plan.statesMax)
    }
  }
  assert.is(planStore({ stateWords: 2, workers: 1, workerBytes, bytes: 2 ** 16 }), null)
})

table('at every size there is an empty slot left when all that is under way has come in', () => {
  for (const workers of [1, 2, 8, 64]) {
    const plan = planStore({ stateWords: 2, workers, workerBytes, bytes: 2 ** 30 })
    assert.ok(plan)
    if (plan === null) continue
    let slots: number | null = storeGrowth.first(plan)
    for (; slots !== null; slots = storeGrowth.next(plan, slots)) {
      const fill = storeGrowth.fill(plan, slots)
      assert.ok(fill > 0, `${fill} of ${slots} slots for ${workers} workers`)
      assert.ok(fill + workers * 4224 < slots)
    }
  }
})

table.run()
