import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { cases, rivalCases } from '../../bench/cases.js'
import { engineNames } from '../../bench/engine-name.js'
import { median, pairedRatio, quantile, rounded } from '../../bench/statistics.js'
import { renderTable } from '../../bench/table.js'

const figures = suite('how figures are made')

figures('the median is in the middle, in whatever order', () => {
  assert.is(median([3, 1, 2]), 2)
  assert.is(median([4, 1, 2, 3]), 2.5)
  assert.is(median([7]), 7)
  assert.ok(Number.isNaN(median([])))
})

figures('a quantile is one of the values', () => {
  const values = [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]
  assert.is(quantile(values, 0.9), 9)
  assert.is(quantile(values, 1), 10)
  assert.is(quantile([5], 0.1), 5)
})

figures('a pair that was slow on both sides does not change a ratio', () => {
  assert.is(pairedRatio([2, 20, 200], [1, 10, 100]), 2)
  // The ratio of the medians would be 1.
  assert.is(pairedRatio([3, 6, 30], [1, 2, 10]), 3)
  assert.is(pairedRatio([2, 20, 2], [1, 2, 2]), 2)
})

figures('rounding keeps four digits', () => {
  assert.is(rounded(123_456), 123_500)
  assert.is(rounded(0.012_345_6), 0.012_35)
})

figures('results with the same values stand under one head', () => {
  const result = (name: string, values: Readonly<Record<string, number | null>>) => ({
    suite: 's',
    case: name,
    of: 'compiled',
    runs: 1,
    values,
  })
  const table = renderTable([
    result('a', { states: 1_045_191_736 }),
    result('b', { states: null }),
    result('c', { seconds: 1.5 }),
  ])
  assert.is(
    table,
    [
      'case  of               states',
      'a     compiled  1,045,191,736',
      'b     compiled              -',
      '',
      'case  of        seconds',
      'c     compiled      1.5',
      '',
    ].join('\n'),
  )
})

figures('every extent has larger rivals than the one before', () => {
  for (const engine of engineNames) {
    const most = (['quick', 'usual', 'large'] as const).map((extent) =>
      Math.max(...rivalCases(engine, extent).map(({ states }) => states)),
    )
    assert.equal(
      most,
      [...new Set(most)].sort((left, right) => left - right),
    )
  }
})

figures('cases are in the order of their states, each once', () => {
  const states = cases.map((each) => each.states)
  assert.equal(
    states,
    [...states].sort((left, right) => left - right),
  )
  assert.is(new Set(cases.map(({ name }) => name)).size, cases.length)
})

figures.run()
