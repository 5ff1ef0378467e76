import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { prepareRow, reportRow } from '../../checker/design/row.js'
import type { Engine } from '../../checker/engine/engine.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import {
  type Simulation,
  type SimulationOptions,
  simulating,
} from '../../checker/search/simulate.js'
import { designRows } from '../../spec/index.js'
import { corpusFiles, corpusReader } from '../helpers/corpus.js'
import { graph } from '../helpers/graph.js'

function simulate(engine: Engine, options: Partial<SimulationOptions> = {}): Simulation {
  const { memoryBytes, stop, seconds } = defaultSearchOptions
  const usual = { memoryBytes, stop, seconds, seed: 1, walks: 50, steps: 200 }
  const work = simulating(engine, { ...usual, ...options })
  for (;;) {
    const next = work.next()
    if (next.done === true) return next.value
  }
}

const walks = suite('random walks')

walks('what they meet is what a search finds, and the interpreter replays it', () => {
  let met = 0
  let wanted = 0
  for (const [number, file] of corpusFiles()
    .filter((name) => name.startsWith('litmus/'))
    .entries()) {
    if (number % 7 !== 0) continue
    const { model } = readModel(file, corpusReader())
    const [configuration] = model === null ? [] : designRows(model)
    const row = model && configuration ? prepareRow(model, configuration).row : null
    if (row === null) throw new Error(`${file} cannot be searched`)
    const full = explore(row.engine, { ...defaultSearchOptions, all: true })
    const kinds = full.violations.map(({ kind }) => kind)
    const { result } = simulate(row.engine, { seed: number })
    if (kinds.length > 0) wanted += 1
    if (result.violation === null) {
      assert.is(result.verdict, 'incomplete', file)
      continue
    }
    met += 1
    assert.ok(kinds.includes(result.violation.kind), `${file}: ${result.violation.kind}`)
    const report = reportRow(row, result, { file, traceFile: null })
    assert.is(report.disagreement, null, file)
    assert.is(report.document.trace?.minimal, false)
  }
  // Livelocks and lock orders are not looked for.
  assert.ok(wanted > 5 && met > 0.7 * wanted, `${met} of ${wanted}`)
})

walks('the same seed walks the same way, another one does not', () => {
  const toy = () => graph('a>b>c>d', 'a q>x q>y>d', 'b q>y', 'x>c').engine()
  const steps = (seed: number) => {
    const { result, ...counts } = simulate(toy(), { seed, walks: 3 })
    return JSON.stringify([result, counts])
  }
  assert.is(steps(5), steps(5))
  const trails = [1, 2, 3, 4].map((seed) => {
    const failing = graph('a>b>c', 'a q>c').never('c').engine()
    return JSON.stringify(simulate(failing, { seed }).result.violation?.trail)
  })
  assert.is(new Set(trails).size, 2)
})

walks('a violating step is not passed by, however many others there are', () => {
  const toy = graph('a>b', 'a>c', 'a>d', 'a>e').fails('a q').engine()
  const { result, walks: begun } = simulate(toy, { walks: 1 })
  assert.is(result.violation?.kind, 'assert')
  assert.is(begun, 1)
})

walks('nothing found is incomplete, and says why it ended', () => {
  const toy = graph('a>b').rests('b').engine()
  const { result, atRest } = simulate(toy, { walks: 7 })
  assert.is(result.limit?.name, 'walks')
  assert.is(atRest, 7)
  assert.is(simulate(toy, { stop: () => 'time' }).result.limit?.name, 'time')
  assert.is(simulate(toy, { memoryBytes: 1 }).result.limit?.name, 'memory')
})

walks('a circle ends with the steps, a bound is counted', () => {
  const circle = simulate(graph('a>b>a').engine(), { walks: 2, steps: 10 })
  assert.is(circle.steps, 20)
  assert.is(circle.result.verdict, 'incomplete')
  const bound = simulate(graph('a>b').cuts('b').engine(), { walks: 3 })
  assert.is(bound.cut, 3)
})

walks('where nothing moves and nothing rests, rest is lost', () => {
  const { result } = simulate(graph('a>b').stuck('b').engine())
  assert.is(result.violation?.kind, 'deadlock')
})

walks.run()
