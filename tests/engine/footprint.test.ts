import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Noted } from '../../checker/engine/wasm/emitter.js'
import { footprints } from '../../checker/engine/wasm/footprint.js'
import type { Instruction } from '../../spec/index.js'
import { systemOf } from '../helpers/pipeline.js'

const steps = suite('engine: footprints of steps')

/** A code's instructions where each writes the cell of its own number, and guards and locks block. */
function stepsOf(body: string) {
  const system = systemOf(`int 0..3 x; int 0..3 y; mutex m; thread t { ${body} } expect holds;`)
  const [code] = system.codes
  if (!code) throw new Error('no code')
  const blocks = (i: Instruction): boolean => i.kind === 'guard' || i.kind === 'lock'
  const noted: Noted[] = code.instructions.map((i, at) => {
    return { writes: new Set([at]), picks: false, blocks: blocks(i) }
  })
  const at = (kind: Instruction['kind'], from = 0): number =>
    code.instructions.findIndex((i, location) => location >= from && i.kind === kind)
  const step = (start: number) => footprints(code, noted, [start]).get(start)
  return { at, step, code }
}

steps('a step ends where control can rest', () => {
  const { at, step } = stepsOf('int v = x; v = v + 1; y = v;')
  const load = at('load')
  const store = at('store')
  const writes = step(load)?.writes
  assert.ok(writes?.has(load))
  assert.ok(writes?.has(at('assign')))
  assert.not(writes?.has(store), 'the store is a step of its own')
  assert.ok(step(store)?.writes.has(store))
})

steps('both ways of a branch, and ways back, are part of a step', () => {
  const { at, step, code } = stepsOf(
    'atomic { int n = 0; while (n < 2) { if (x == 1) y = 1; else y = 2; n = n + 1; } x = 0; }',
  )
  const writes = step(at('atomic'))?.writes ?? new Set()
  const stores = code.instructions.flatMap((i, location) => (i.kind === 'store' ? [location] : []))
  assert.is(stores.length, 3)
  for (const store of stores) assert.ok(writes.has(store))
})

steps('before it blocks a step has written only what comes before', () => {
  const { at, step } = stepsOf('atomic { await (x == 1); y = 1; }')
  const begin = at('atomic')
  const guard = at('guard')
  const before = step(begin)?.beforeBlocking
  assert.ok(before?.has(begin))
  assert.ok(before?.has(at('load')), 'what the condition reads')
  assert.not(before?.has(guard), 'it looks before it goes on')
  assert.not(before?.has(at('store', guard)))
  assert.ok(step(begin)?.writes.has(at('store', guard)))
  const lock = stepsOf('mutex_lock(&m); x = 1; mutex_unlock(&m);')
  assert.is(lock.step(lock.at('lock'))?.beforeBlocking.size, 0, 'a lock that blocks at once')
})

steps.run()
