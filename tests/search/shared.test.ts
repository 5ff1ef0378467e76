import { setImmediate } from 'node:timers/promises'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import {
  compileExplorer,
  createMemory,
  imageOf,
  Station,
} from '../../checker/engine/wasm/explorer/index.js'
import { explore, exploreWithPauses } from '../../checker/search/explore.js'
import { defaultSearchOptions, type SearchOptions } from '../../checker/search/options.js'
import { WorkerDied } from '../../checker/search/pool.js'
import { Crew } from '../../checker/search/shared/crew.js'
import type { SearchResult } from '../../checker/search/verdict.js'
import { configure, designRows, lower, type TransitionSystem } from '../../spec/index.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { resultText } from '../helpers/compare-explorers.js'
import { corpusModels, corpusReader } from '../helpers/corpus.js'

const shared = suite('the search on several threads')

function systemOf(file: string, params: Readonly<Record<string, string>> = {}): TransitionSystem {
  const { model } = readModel(file, corpusReader())
  const configuration = model === null ? null : configure(model, { params, design: {} }).result
  const system = model && configuration ? lower(model, configuration).result : null
  if (system === null) throw new Error(`${file} cannot be lowered`)
  return system
}

function search(system: TransitionSystem, options: Partial<SearchOptions>): Promise<SearchResult> {
  const engine = compiledEngine(system)
  if (engine === null) throw new Error('beyond the compiled engine')
  return exploreWithPauses(engine, { ...defaultSearchOptions, ...options }, async () => {
    await setImmediate()
  })
}

const pages = 'scale/vcpus-pages.gmem'

shared('one, two, three and eight threads find the same', async () => {
  let rows = 0
  const files = corpusModels()
  // Every twentieth model; where the threads are one, all models are compared elsewhere.
  for (const file of files.filter((_, at) => at % 20 === 0)) {
    const { model } = readModel(file, corpusReader())
    const configuration = model === null ? undefined : designRows(model)[0]
    const system = model && configuration ? lower(model, configuration).result : null
    if (system === null || compiledEngine(system) === null) continue
    const all = rows % 2 === 0
    const options = { maxStates: 500, memoryBytes: 2 ** 28, all, byCause: all }
    const alone = resultText(await search(system, options))
    for (const workers of rows % 6 === 0 ? [2, 3, 8] : [2]) {
      const together = await search(system, { ...options, workers, threads: 'at-once' })
      assert.equal(resultText(together), alone, `${file} with ${workers} threads`)
    }
    rows += 1
  }
  assert.ok(rows > 10, `${rows} models`)
})

shared('a search that outgrows its table several times has every state once', async () => {
  const system = systemOf(pages, { vcpus: '3', pages: '2', pinners: '1' })
  const alone = await search(system, {})
  assert.is(alone.verdict, 'holds')
  // As SPIN counts them; see bench/rivals/vcpus-pages.pml.
  assert.is(alone.statistics.distinctStates, 335_024)
  for (const workers of [2, 3]) {
    const together = await search(system, { workers, threads: 'at-once' })
    assert.equal(resultText(together), resultText(alone))
  }
})

shared('more initial states than the first table has slots all find room', async () => {
  const system = acceptedSystem(`
    int 0..66999 a;
    init { int 0..66999 x; choose x in 0..66999; a = x; }
    thread one { a = 0; }
  `)
  assert.ok(system)
  if (system === null) return
  const result = await search(system, {})
  assert.is(result.verdict, 'holds')
  assert.is(result.statistics.distinctStates, 67_001)
})

shared('a violation far down is shown by the same run for any number of threads', async () => {
  const params = { vcpus: '3', pages: '1', pinners: '1' }
  const { model } = readModel(pages, corpusReader())
  assert.ok(model)
  if (model === null) return
  const design = { recheck_mapping: 'false' }
  const configuration = configure(model, { params, design }).result
  const system = configuration && lower(model, configuration).result
  assert.ok(system)
  if (system === null) return
  const alone = await search(system, {})
  assert.is(alone.verdict, 'violated')
  for (const workers of [2, 8]) {
    const together = await search(system, { workers, threads: 'at-once' })
    assert.equal(resultText(together), resultText(alone))
  }
})

shared('memory that is used up ends the search as incomplete, with what was complete', async () => {
  const system = systemOf(pages, { vcpus: '3', pages: '2', pinners: '1' })
  for (const workers of [1, 2]) {
    const threads = 'at-once'
    const result = await search(system, { memoryBytes: 5 * 2 ** 20, workers, threads })
    assert.is(result.verdict, 'incomplete')
    assert.is(result.limit?.name, 'memory')
    assert.not.ok(result.statistics.exhaustive)
    assert.ok(result.statistics.distinctStates > 30_000)
    assert.ok(result.statistics.distinctStates < 335_024)
    assert.ok(result.statistics.peakBytes <= 5 * 2 ** 20)
  }
})

shared('a count ends it with the last level that fits, on any number of threads', async () => {
  const system = systemOf(pages)
  const texts: unknown[] = []
  for (const workers of [1, 2, 3]) {
    const options = { maxStates: 1000, workers, threads: 'at-once' } as const
    texts.push(resultText(await search(system, options)))
  }
  assert.equal(texts[1], texts[0])
  assert.equal(texts[2], texts[0])
})

shared('who asks it to stop is heard, also while rest is checked', async () => {
  const system = systemOf(pages, { vcpus: '3', pages: '2', pinners: '1' })
  for (const pausesMax of [1, 3]) {
    let pauses = 0
    const engine = compiledEngine(system)
    assert.ok(engine)
    if (engine === null) return
    const stop = () => (pauses > pausesMax ? 'interrupted' : null)
    const result = await exploreWithPauses(engine, { ...defaultSearchOptions, stop }, async () => {
      pauses += 1
    })
    assert.is(result.verdict, 'incomplete')
    assert.is(result.limit?.name, 'interrupted')
  }
})

shared('without pauses it is the same search', async () => {
  const system = systemOf('guest_memfd/truncate-vs-fault.gmem')
  const engine = compiledEngine(system)
  assert.ok(engine)
  if (engine === null) return
  const text = resultText(explore(engine, defaultSearchOptions))
  assert.equal(resultText(await search(system, {})), text)
})

shared('a thread that dies ends the search as a mistake of ours, not as a verdict', async () => {
  const explorer = compileExplorer(systemOf(pages), { workers: 2, bytes: 2 ** 26 })
  const memory = explorer && createMemory(explorer.plan)
  assert.ok(explorer && memory)
  if (explorer === null || memory === null) return
  const image = imageOf(explorer)
  const main = new Station(image, memory, 0)
  const broken = { ...image, bytes: image.bytes.slice(0, 100) }
  const crew = new Crew(main, { image: broken, memory }, 2)
  try {
    for (const _ of crew.join()) await setImmediate()
    assert.unreachable('it joined')
  } catch (problem) {
    assert.instance(problem, WorkerDied)
  }
})

shared.run()
