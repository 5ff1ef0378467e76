import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { createPaint, type Terminal } from '../../checker/cli/terminal.js'
import { progressTeller } from '../../checker/cli/voice.js'
import { type Progress, renderProgress } from '../../checker/index.js'

/** Progress lines told for (second, level, states, frontier). */
function told(
  redraws: boolean,
  ...reports: readonly (readonly [number, number, number, number])[]
): string[] {
  const lines: string[] = []
  let now = 0
  const silent = () => assert.unreachable('only progress is told')
  const terminal: Terminal = {
    out: silent,
    err: silent,
    progress: (text) => lines.push(text),
    redraws,
    paint: createPaint(false),
  }
  const tell = progressTeller(terminal, () => now)
  for (const [second, depth, distinctStates, frontier] of reports) {
    now = second
    tell({ depth, frontier, distinctStates, generatedStates: 0, bytes: 2 ** 20 })
  }
  return lines
}

const progress = suite('the progress line')

progress('a pipe gets a line every few seconds, and none of a short run', () => {
  assert.equal(told(false, [0, 0, 1, 1], [1, 1, 100, 99], [2.9, 2, 200, 100]), [])
  const reports = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => [n, n, 100 * n, 100] as const)
  assert.equal(told(false, ...reports), [
    'progress: level 3, 300 states, 100/s, neither growing nor shrinking, frontier 100, 1 MiB',
    'progress: level 6, 600 states, 100/s, neither growing nor shrinking, frontier 100, 1 MiB',
  ])
})

progress('once all states are known, what is left is said instead', () => {
  const known: Progress = {
    depth: 9,
    frontier: 0,
    distinctStates: 500,
    generatedStates: 900,
    bytes: 2 ** 20,
    again: true,
    fill: 0.5,
    workers: 2,
  }
  const line = renderProgress(known, { statesPerSecond: 7, trend: { kind: 'unknown' } })
  const rest = 'table 50% full, 1 MiB, 2 workers'
  assert.is(line, `progress: level 9, 500 states, walking their steps again, ${rest}`)
})

progress('a terminal is told a few times a second', () => {
  const reports = Array.from({ length: 101 }, (_, n) => [n / 100, 0, n, 1] as const)
  assert.is(told(true, ...reports).length, 4)
})

progress('levels that grow, and levels that shrink with the time they will take', () => {
  const grow = [0, 1, 2, 3, 4].map((n) => [n, n, 2 ** n, 2 ** n] as const)
  assert.match(told(false, ...grow)[0] ?? '', /, still growing ×2\.0 a level, frontier 8,/)
  const shrink = [1024, 512, 256, 128].map((size, n) => [n, n, 100 * n, size] as const)
  assert.match(told(false, ...shrink)[0] ?? '', /, about 128 states to come in 2 s, frontier 128,/)
})

progress('after a level that was missed there is no trend until enough are known', () => {
  const gap = [
    [0, 0, 1, 1],
    [1, 1, 2, 2],
    [2, 2, 4, 4],
    [3, 7, 500, 100],
  ] as const
  assert.match(told(false, ...gap)[0] ?? '', /\/s, frontier 100, 1 MiB$/)
})

progress('the table and the workers are shown where there are some', () => {
  const report: Progress = {
    depth: 3,
    frontier: 5,
    distinctStates: 10,
    generatedStates: 20,
    bytes: 3 * 2 ** 20,
    fill: 0.256,
    workers: 2,
  }
  assert.is(
    renderProgress(report, { statesPerSecond: 0, trend: { kind: 'unknown' } }),
    'progress: level 3, 10 states, frontier 5, table 26% full, 3 MiB, 2 workers',
  )
})

progress.run()
