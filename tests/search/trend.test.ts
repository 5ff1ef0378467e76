import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { fileReader } from '../../checker/cli/files.js'
import {
  defaultSearchOptions,
  exploreWithPauses,
  levelTrend,
  prepareRow,
  readModel,
} from '../../checker/index.js'
import { configure } from '../../spec/index.js'
import { projectRoot } from '../helpers/spawn.js'

const trend = suite('search: the trend of the levels')

/** The sizes of all levels of a model that holds in its default row. */
async function levelsOf(path: string): Promise<readonly number[]> {
  const file = `${projectRoot}models/${path}`
  const { model } = readModel(file, fileReader(file))
  const configuration = model && configure(model, {}).result
  const row = model && configuration && prepareRow(model, configuration, 'compiled').row
  if (!row) throw new Error(`${path} has no default row`)
  const sizes: number[] = []
  const { verdict } = await exploreWithPauses(
    row.engine,
    defaultSearchOptions,
    async (progress) => {
      sizes[progress.depth] = progress.frontier
    },
  )
  assert.is(verdict, 'holds')
  return sizes
}

trend('too few levels say nothing', () => {
  for (const sizes of [[], [1], [1, 2, 4]]) assert.equal(levelTrend(sizes), { kind: 'unknown' })
})

trend('levels that double grow by 2, whatever was before', () => {
  assert.equal(levelTrend([1, 2, 4, 8, 16]), { kind: 'growing', factor: 2 })
  assert.equal(levelTrend([900, 90, 9, 1, 2, 4, 8]), { kind: 'growing', factor: 2 })
})

trend('levels that halve have as many states to come as the last one', () => {
  const { kind, ...rest } = levelTrend([1024, 512, 256, 128, 64])
  assert.is(kind, 'shrinking')
  assert.equal(rest, { factor: 0.5, states: 64 })
})

trend('levels that stay as they are give no estimate', () => {
  assert.equal(levelTrend([7, 7, 7, 7, 7]), { kind: 'steady' })
  assert.equal(levelTrend([1000, 995, 990, 985, 980]), { kind: 'steady' })
})

trend('a level that nobody counted gives no estimate', () => {
  const sizes = [1, 2]
  sizes[6] = 5
  assert.equal(levelTrend(sizes), { kind: 'unknown' })
  assert.equal(levelTrend([4, 3, 2, 1, 0]), { kind: 'unknown' })
})

trend('whatever the sizes, no figure is negative or no number', () => {
  fc.assert(
    fc.property(fc.array(fc.nat({ max: 2 ** 40 })), (sizes) => {
      const found = levelTrend(sizes)
      if (found.kind === 'growing') return found.factor > 1 && Number.isFinite(found.factor)
      if (found.kind !== 'shrinking') return true
      return found.factor > 0 && found.factor < 1 && Number.isSafeInteger(found.states)
    }),
  )
})

for (const path of [
  'guest_memfd/s22-close-with-pin.gmem',
  'numa_policy/s1.1-lookup-vs-mbind.gmem',
  'numa_policy/s1.6-munmap-vs-lookup.gmem',
]) {
  trend(`a real search grows first, and shrinks to its end: ${path}`, async () => {
    const sizes = await levelsOf(path)
    const trends = sizes.map((_, at) => levelTrend(sizes.slice(0, at + 1)))
    const said = trends.map(({ kind }) => kind).filter((kind) => kind !== 'unknown')
    assert.is(said[0], 'growing')
    assert.is(said.at(-1), 'shrinking')
    const total = sizes.reduce((sum, size) => sum + size, 0)
    for (const found of trends) {
      if (found.kind === 'shrinking') assert.ok(found.states >= 0 && found.states < total)
    }
  })
}

trend.run()
