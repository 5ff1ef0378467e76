import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { variation } from '../../checker/cli/arguments.js'
import { costsOf } from '../../checker/design/costs.js'
import { matrixCells, matrixRows, minimalSafe } from '../../checker/design/matrix.js'
import { readerOfTexts, readModel } from '../../checker/design/model.js'
import { testRow } from '../../checker/design/test-row.js'
import { matrixSummary, matrixTable } from '../../checker/render/matrix.js'
import { boxes } from '../../checker/render/matrix-boxes.js'
import type { MatrixRow } from '../../checker/render/matrix-row.js'
import { layTable } from '../../checker/render/table.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { designChoices } from '../../spec/index.js'
import { schemaProblems } from '../helpers/schema.js'
import { gmemcheck } from '../helpers/spawn.js'
import { BOUND, BROKEN, HOLDS, temporaryFolder, VIOLATED } from './folder.js'

/** Two threads add; each way to keep them apart is enough by itself. */
const TWO_WAYS = `model two-ways;
param n : 1..3 = 2;
design {
  lock : { none, inner, outer } = none;
  atomically : bool = false;
}
int 0..3 x;
mutex m;
thread t[i in 0..n-1] {
  if (lock == outer) mutex_lock(&m);
  if (lock == inner) mutex_lock(&m);
  if (atomically) atomic { x++; } else x++;
  if (lock != none) mutex_unlock(&m);
}
finally { assert(x == n); }
expect holds when lock != none || atomically;
expect violated assert otherwise;
`

function rowsOf(text: string, varied: readonly { name: string; values: string[] }[] = []) {
  const read = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  const { model } = read
  if (model === null) throw new Error('it is no model')
  const choices = designChoices(model)
  const cells = matrixCells({ design: choices, varied, fixed: {} })
  const tested = cells.map((cell) =>
    testRow(read, cell, 'm.gmem', defaultSearchOptions, { goal: 'first' }),
  )
  const { costs, written, problems } = costsOf(model, choices)
  const rows = matrixRows(tested, choices, costs)
  const matrix = { model: model.name, file: 'm.gmem', design: choices, varied, fixed: {} }
  return { problems, rows, matrix: { ...matrix, hasCosts: written, rows } }
}

const minimalOf = (rows: readonly MatrixRow[]): readonly string[] => [
  ...new Set(
    rows.filter(({ minimal }) => minimal).map(({ design }) => Object.values(design).join(' ')),
  ),
]

const matrix = suite('matrix')

matrix('every combination has a row, and the minimal safe designs are marked', () => {
  const { rows, matrix: all } = rowsOf(TWO_WAYS)
  assert.equal(
    rows.map(({ verdict, kind }) => kind ?? verdict),
    ['assert', 'holds', 'holds', 'holds', 'holds', 'holds'],
  )
  assert.equal(minimalOf(rows), ['none true', 'inner false'])
  assert.match(matrixSummary(all), /\* minimal safe: lock=inner atomically=false\n/)
  assert.match(matrixSummary(all), /6 rows, 5 hold, 1 violated/)
  const [violated] = rows
  assert.ok((violated?.steps ?? 0) > 0 && violated?.token?.startsWith('gm1-'))
})

matrix('a design is safe when it holds for every value of what is varied', () => {
  const one = { name: 'n', values: ['1'] }
  const both = { name: 'n', values: ['1', '2'] }
  // One thread alone needs nothing.
  assert.equal(minimalOf(rowsOf(TWO_WAYS, [one]).rows), ['none false'])
  const { rows } = rowsOf(TWO_WAYS, [both])
  assert.is(rows.length, 12)
  assert.equal(minimalOf(rows), ['none true', 'inner false'])
})

matrix('costs that are written decide which value is cheaper', () => {
  const { rows, matrix: all } = rowsOf(`${TWO_WAYS}// cost lock: 0 3 2\n`)
  assert.equal(minimalOf(rows), ['none true', 'outer false'])
  assert.match(matrixTable(all, true), / cost$/m)
  const equal = rowsOf(`${TWO_WAYS}// cost lock: 0 1 1\n`)
  assert.equal(minimalOf(equal.rows), ['none true', 'inner false', 'outer false'])
})

matrix('costs that mean nothing are told with their line', () => {
  const lines = ['// cost lok: 0 1 2', '// cost lock: 0 1', '// cost atomically: low high']
  const { problems } = rowsOf(`${TWO_WAYS}${lines.join('\n')}\n`)
  const first = TWO_WAYS.split('\n').length
  assert.equal(
    problems.map(({ line }) => line),
    [first, first + 1, first + 2],
  )
  assert.match(problems[0]?.message ?? '', /no design choice .*lock, atomically/)
  assert.match(problems[1]?.message ?? '', /3 values \(none, inner, outer\)/)
})

matrix('minimal: no other safe design is cheaper in one choice and dearer in none', () => {
  const design = (safe: boolean, ...costs: number[]) => ({ safe, costs })
  const cheapUnsafe = design(false, 0, 0)
  const left = design(true, 2, 0)
  const right = design(true, 0, 5)
  const dearer = design(true, 2, 1)
  assert.equal(minimalSafe([cheapUnsafe, left, dearer, right]), [left, right])
  assert.equal(minimalSafe([cheapUnsafe]), [])
})

matrix('boxes hold each row once, and only rows of one verdict', () => {
  const dimensions = [
    { name: 'a', values: ['0', '1', '2'] },
    { name: 'b', values: ['0', '1'] },
  ]
  const rows = dimensions[0]?.values.flatMap((a) =>
    ['0', '1'].map((b): MatrixRow => {
      const verdict = a === '0' && b === '1' ? 'violated' : 'holds'
      const figures = { states: 1, seconds: 0, cost: 0, minimal: false }
      return { params: {}, design: { a, b }, verdict, ...figures }
    }),
  ) as MatrixRow[]
  const found = boxes(rows, dimensions)
  assert.is(found.length, 3)
  assert.is(found.flatMap((box) => box.rows).length, rows.length)
  for (const box of found) {
    assert.is(new Set(box.rows.map(({ verdict }) => verdict)).size, 1)
    assert.is(
      box.rows.length,
      box.values.reduce((product, some) => product * some.length, 1),
    )
  }
})

matrix('a table breaks what is too wide, and cuts nothing', () => {
  const [line = ''] = layTable([[{ text: 'one|two|three', breaks: '|' }, { text: 'x' }]], 10)
  assert.ok(
    line.split('\n').every((each) => each.length <= 10),
    line,
  )
  assert.is(line.replace(/\s/g, ''), 'one|xtwo|three')
})

const cwd = temporaryFolder({
  'two.gmem': TWO_WAYS,
  'holds.gmem': HOLDS,
  'violated.gmem': VIOLATED,
  'bound.gmem': BOUND,
  'broken.gmem': BROKEN,
  'cost.gmem': `${VIOLATED}// cost how: 1\n`,
})
const run = (...args: string[]) => gmemcheck(['matrix', ...args], { cwd })

matrix('the command: fixed choices, varied params, JSON and CSV', async () => {
  const args = ['two.gmem', '--design', 'lock=none', '--vary', 'n=1..2', '--csv', 'out.csv']
  const { status, stdout, stderr } = await run(...args, '--json', '--workers', '1')
  assert.is(status, 1, stderr)
  const document = JSON.parse(stdout)
  assert.equal(schemaProblems('matrix', document), [])
  assert.equal(
    document.models[0].rows.map((row: MatrixRow) => [
      row.params.n,
      row.design.atomically,
      row.verdict,
    ]),
    [
      [1, false, 'holds'],
      [1, true, 'holds'],
      [2, false, 'violated'],
      [2, true, 'holds'],
    ],
  )
  const csv = readFileSync(join(cwd, 'out.csv'), 'utf8').trimEnd().split('\r\n')
  assert.is(csv.length, 5)
  assert.match(csv[0] ?? '', /^model,n,lock,atomically,verdict,kind,/)
  assert.match(csv[3] ?? '', /^two-ways,2,none,false,violated,assert,/)
})

matrix('exit codes: 0, 1, 3, and 2 before all of them', async () => {
  assert.is((await run('holds.gmem')).status, 0)
  assert.is((await run('bound.gmem', 'holds.gmem')).status, 3)
  assert.is((await run('bound.gmem', 'violated.gmem')).status, 1)
  const wrong = await run('broken.gmem', 'violated.gmem')
  assert.is(wrong.status, 2)
  assert.is(wrong.stdout, '')
})

matrix('2: what is varied has a first and a last value', () => {
  assert.equal(variation('n=2..4', []), [{ name: 'n', values: ['2', '3', '4'] }])
  for (const [text, says] of [
    ['n', /PARAM=a\.\.b/],
    ['n=1..', /PARAM=a\.\.b/],
    ['n=2..1', /no values/],
    ['n=0..64', /at most 64/],
    ['m=1..2', /given twice/],
  ] as const) {
    assert.throws(() => variation(text, [{ name: 'm', values: [] }]), says)
  }
})

for (const [args, says] of [
  ['violated.gmem --vary n=1..9', /1\.\.3/],
  ['violated.gmem --vary n=1..2 --param n=1', /both given and varied/],
  ['cost.gmem', /cost\.gmem:\d+: `how` has 2 values/],
] as const) {
  matrix(`2: ${args}`, async () => {
    const { status, stdout, stderr } = await run(...args.split(' '))
    assert.is(status, 2)
    assert.is(stdout, '')
    assert.match(stderr, says)
  })
}

matrix.run()
