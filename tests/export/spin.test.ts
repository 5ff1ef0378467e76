import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'
import type { Num, Program, Test } from '../../checker/export/program.js'
import { readSpin } from '../../checker/export/read-back/spin.js'
import { spin } from '../../checker/export/tools/spin.js'
import type { ToolResult } from '../../checker/export/tools/tool.js'
import { crossCheckRow, defaultSearchOptions, explore } from '../../checker/index.js'
import { corpusRow } from '../helpers/corpus.js'
import { Random } from '../helpers/random.js'
import { runProgram } from '../helpers/run-program.js'
import {
  action,
  always,
  arithmetic,
  assign,
  block,
  body,
  compare,
  done,
  fault,
  never,
  num,
  perProcess,
  plain,
  program,
  read,
  self,
  set,
  temporary,
  variable,
} from './hand-made.js'
import { written } from './promela-text.js'
import { randomProgram } from './random-program.js'

const tool = spin(childHost())
const version = await tool.version()

const runs = suite('a program in SPIN')
const test = version === null ? runs.skip : runs

const bounds = {
  only: null,
  timeoutSeconds: 120,
  memoryBytes: 2 ** 31,
  maxStates: 2 ** 30,
  isSmall: true,
}

const run = (of: Program, only: number | null = null): Promise<ToolResult> =>
  tool.run(written(of), { ...bounds, only })

const points = (of: Program, { trace }: ToolResult) => readSpin(trace ?? '', of).points

/** Values around zero, and some with many bits. */
const VALUES = [-7, -2, -1, 0, 1, 2, 5, 12, 2 ** 20, -(2 ** 31), 2 ** 31 - 1]

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number | null>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? null : Math.trunc(left / right)),
  // The least integer by -1 leaves 32 bits on the way: C ends the program.
  '%': (left, right) =>
    right === 0 || (left === -(2 ** 31) && right === -1) ? null : left % right,
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => (left < 0 || right < 0 || right > 31 ? null : left * 2 ** right),
  '>>': (left, right) => (right < 0 || right > 31 ? null : left >> right),
}

test('numbers are those of our language', async () => {
  const [left, right] = [
    variable('left', -(2 ** 31), 2 ** 31 - 1, 0),
    variable('right', -(2 ** 31), 2 ** 31 - 1, 0),
  ]
  let number = 0
  const wrong = (value: Num, expected: number, here: readonly Test[]) => ({
    kind: 'fault' as const,
    when: { kind: 'and' as const, operands: [...here, compare(value, '!=', num(expected))] },
    fault: fault(number++, 'assert'),
  })
  const at = variable('main.at', 0, VALUES.length ** 2)
  const pairs = VALUES.flatMap((one) => VALUES.map((other) => [one, other] as const))
  const actions = pairs.map(([one, other], location) => {
    const results = Object.entries(OPERATORS).flatMap(([operator, apply]) => {
      const expected = apply(one, other)
      if (expected === null || Math.abs(expected) >= 2 ** 31) return []
      const sign = operator as Parameters<typeof arithmetic>[1]
      return [wrong(arithmetic(read(left), sign, read(right)), expected, [])]
    })
    const opposite = wrong({ kind: 'complement', operand: read(left) }, ~one, [])
    const checks = body([
      block([
        set(left, num(one)),
        set(right, num(other)),
        ...results,
        opposite,
        set(at, num(location + 1)),
      ]),
    ])
    return action(0, 'main', location, compare(read(at), '==', num(location)), checks)
  })
  const condition = compare(read(at), '==', num(pairs.length))
  const of = program({
    variables: [left, right, at],
    actions,
    faults: [fault(0, 'assert')],
    rest: { ...program({}).rest, condition },
  })
  const result = await run(of)
  assert.is(result.verdict, 'holds', result.output)
  assert.is(result.states, pairs.length + 1)
})

/** Two processes that step once each; the second may be stopped by a fault. */
function twoSteps(kind: string | null, at: number): Program {
  const here = perProcess('p.at', 2, 1)
  const bad = fault(7, kind)
  const step = body([
    block([
      { kind: 'fault', when: compare(self, '==', num(at)), fault: bad },
      set(here, num(1), self),
    ]),
  ])
  return program({
    processes: [0, 1].map((n) => ({ name: `p${n}`, code: 0, daemon: false })),
    codes: [{ name: 'p', first: 0, last: 1, symmetric: true }],
    variables: [here],
    faults: [bad],
    actions: [action(0, 'p', 0, compare(read(here, self), '==', num(0)), step)],
    rest: {
      ...program({}).rest,
      condition: {
        kind: 'and',
        operands: [0, 1].map((n) => compare(read(here, num(n)), '==', num(1))),
      },
    },
  })
}

test('states are as many, the one before init left out', async () => {
  const { verdict, states } = await run(twoSteps('assert', 9))
  assert.equal([verdict, states], ['holds', 4])
})

test('a fault is named, and its trail read', async () => {
  const of = twoSteps('assert', 1)
  const result = await run(of)
  assert.equal([result.verdict, result.fault], ['violated', 7])
  assert.equal(points(of, result)?.at(-1), { process: 1, at: 0 })
})

test('a fault of another kind ends its path and is not told', async () => {
  const of = twoSteps('assert', 1)
  const { kinds } = written(of)
  const [ours, other] = ['assert', 'deadlock'].map((kind) => kinds.get(kind) ?? 0)
  assert.is((await run(of, ours)).verdict, 'violated')
  assert.is((await run(of, other)).verdict, 'holds')
})

test('a bound that is met is no verdict', async () => {
  const { verdict, limit, fault: number } = await run(twoSteps(null, 1))
  assert.equal([verdict, limit, number], ['incomplete', 'bound', 7])
})

test('where nothing can move and not all have ended, that is told', async () => {
  const of = program({
    actions: [action(0, 'main', 0, never, plain())],
    rest: { ...program({}).rest, condition: never },
  })
  const result = await run(of)
  assert.equal([result.verdict, result.fault, result.depth], ['violated', 99, 0])
})

test('rest is judged, in every state at rest', async () => {
  const x = variable('x', 0, 2)
  const bad = fault(5, 'leak')
  const t = temporary('t', 0, 2)
  const options = [0, 1, 2].map((value) => ({ when: always, value: num(value) }))
  const init = body([block([{ kind: 'select', temporary: t, options }, set(x, read(t))])], [t])
  const check = plain({ kind: 'fault', when: compare(read(x), '==', num(2)), fault: bad })
  const { rest } = program({})
  const of = program({
    variables: [x],
    init,
    faults: [bad],
    rest: { ...rest, checks: [{ name: 'finally', body: check }] },
  })
  assert.is((await run(of)).fault, 5)
})

test('after a choice, what was chosen before it is still there', async () => {
  // Between the two choices nothing may be lost by what other processes try in between.
  const x = variable('x', 0, 99)
  const at = variable('main.at', 0, 1)
  const other = variable('other.at', 0, 1)
  const [t, u] = [temporary('t', 0, 9), temporary('u', 0, 9)]
  const select = (chosen: typeof t) => ({
    kind: 'select' as const,
    temporary: chosen,
    options: [0, 1, 2].map((value) => ({ when: always, value: num(value) })),
  })
  const sum = arithmetic(arithmetic(read(t), '*', num(10)), '+', read(u))
  const first = body([block([select(t), select(u), set(x, sum), set(at, num(1))], done)], [t, u])
  const second = body(
    [block([assign(t, num(9)), assign(u, num(9)), set(other, num(1))], done)],
    [t, u],
  )
  const of = program({
    processes: ['main', 'other'].map((name, code) => ({ name, code, daemon: false })),
    codes: ['main', 'other'].map((name, code) => ({
      name,
      first: code,
      last: code,
      symmetric: false,
    })),
    variables: [x, at, other],
    actions: [
      action(0, 'main', 0, compare(read(at), '==', num(0)), first),
      action(1, 'other', 0, compare(read(other), '==', num(0)), second),
    ],
  })
  assert.is((await run(of)).states, 2 * (1 + 9))
})

test('what is taken back is taken back where it was set', async () => {
  const grid = perProcess('grid', 2, 1)
  const place = temporary('place', 0, 1)
  const mark = { name: 'mark', parameters: [place], statements: [set(grid, num(1), read(place))] }
  const marked = (at: number) => ({
    kind: 'call' as const,
    procedure: mark,
    arguments: [num(at)],
  })
  const [x, at, other] = [
    variable('x', 0, 3),
    variable('main.at', 0, 1),
    variable('other.at', 0, 1),
  ]
  const t = temporary('t', 1, 3)
  const options = [1, 2, 3].map((value) => ({ when: always, value: num(value) }))
  const select = { kind: 'select' as const, temporary: t, options }
  const first = body([block([marked(0), select, set(x, read(t)), set(at, num(1))])], [t])
  const names = ['main', 'other']
  const of = program({
    processes: names.map((name, code) => ({ name, code, daemon: false })),
    codes: names.map((name, code) => ({ name, first: code, last: code, symmetric: false })),
    variables: [grid, x, at, other],
    procedures: [mark],
    actions: [
      action(0, 'main', 0, compare(read(at), '==', num(0)), first),
      action(
        1,
        'other',
        0,
        compare(read(other), '==', num(0)),
        plain(marked(1), set(other, num(1))),
      ),
    ],
  })
  assert.is((await run(of)).states, 2 * (1 + 3))
})

test('a body that is too long for one step of SPIN is several', async () => {
  const x = variable('x', 0, 3)
  const bad = fault(1, 'assert')
  const long = Array.from({ length: 700 }, (_, n) => [
    set(x, num(n % 4)),
    { kind: 'fault' as const, when: compare(read(x), '!=', num(n % 4)), fault: bad },
  ]).flat()
  const at = variable('main.at', 0, 1)
  const step = plain(...long, set(at, num(1)))
  const of = program({
    variables: [x, at],
    faults: [bad],
    actions: [action(0, 'main', 0, compare(read(at), '==', num(0)), step)],
  })
  const { verdict, states } = await run(of)
  assert.equal([verdict, states], ['holds', 2])
})

const SEED = Number(process.env.SEED ?? 1)

for (const seed of [0, 1, 2, 3].map((each) => SEED + each)) {
  test(`a random program, seed ${seed}`, async () => {
    const of = randomProgram(new Random(seed), seed % 2 === 0)
    const { states, kinds, stuck } = runProgram(of, 100_000)
    const isViolated = stuck !== null || [...kinds.keys()].some((kind) => kind !== 'bound')
    const verdict = isViolated ? 'violated' : kinds.size > 0 ? 'incomplete' : 'holds'
    const result = await run(of)
    assert.is(result.verdict, verdict, result.output)
    if (verdict === 'holds') return assert.is(result.states, states)
    const { kind } = of.faults.find(({ number }) => number === result.fault) ?? {}
    assert.ok(kind === 'deadlock' ? stuck !== null : kinds.has(kind ?? 'bound'), `${kind}`)
  })
}

/** Rows by the number in their design space: what they are about, and what has to be found. */
const ROWS: readonly (readonly [string, number, string])[] = [
  ['06-statement-states', 0, 'holds'],
  ['27-aba', 0, 'violated'],
  ['33-leak', 0, 'violated'],
  ['65-partial-deadlock', 0, 'violated'],
  ['80-violation-beats-bound', 0, 'violated'],
  ['90-grace-period-states', 0, 'holds'],
  ['103-callback-waits-for-readers', 0, 'holds'],
  ['111-handler-entry-states', 0, 'holds'],
]

for (const [name, number, verdict] of ROWS) {
  test(`${name}, row ${number}: SPIN says what we say`, async () => {
    const file = `litmus/${name}.gmem`
    const { model, configuration } = corpusRow(file, number)
    const { row } = await crossCheckRow(model, file, configuration, {
      tools: [tool],
      toolOptions: bounds,
      search: async (engine, wanted) => explore(engine, { ...defaultSearchOptions, wanted }),
      stopped: () => false,
    })
    const [answer] = row?.tools ?? []
    assert.is(row?.ours.verdict, verdict)
    assert.equal([answer?.status, answer?.theirs?.verdict], ['agree', verdict], answer?.reason)
    if (verdict === 'holds') assert.is(answer?.theirs?.states, row?.ours.states)
  })
}

runs.run()
