import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'
import { murphi } from '../../checker/export/murphi/murphi.js'
import type { Num, Program, Test } from '../../checker/export/program.js'
import { readRumur } from '../../checker/export/read-back/rumur.js'
import { rumur } from '../../checker/export/tools/rumur.js'
import type { ToolResult } from '../../checker/export/tools/tool.js'
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
  goto,
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

const tool = rumur(childHost())
const version = await tool.version()

const text = suite('a program as Murphi')

function textOf(of: Program): string {
  const written = murphi(of)
  if (written.refusals !== undefined) throw new Error(written.refusals[0]?.construct)
  return written.text
}

text('names that Murphi keeps, that clash or that hold dots get others', () => {
  const variables = ['end', 'End', 'self', 'a.b', 'a_b', 'process_t', 'main'].map((name) =>
    variable(name, 0, 1),
  )
  const names = textOf(program({ variables })).match(/^ {2}\w+(?=: 0 \.\. 1;)/gm)
  assert.equal(
    names?.map((name) => name.trim()),
    ['end_1', 'End_1', 'self_2', 'a_b', 'a_b_2', 'process_t', 'main'],
  )
})

text('a choice in a loop is refused with its place', () => {
  const t = temporary('t', 0, 1)
  const note = { file: 'hand.gmem', line: 7, text: 't = choose(0, 1);' }
  const options = [0, 1].map((value) => ({ when: always, value: num(value) }))
  const init = body(
    [
      block([{ kind: 'select', temporary: t, options, note }], {
        kind: 'branch',
        test: compare(read(t), '==', num(0)),
        then: 0,
        otherwise: 1,
      }),
      block([]),
    ],
    [t],
  )
  assert.equal(murphi(program({ init })).refusals, [
    { construct: 'a choice in a loop inside of one step', place: note },
  ])
})

text.run()

const runs = suite('a program in Rumur')
const test = version === null ? runs.skip : runs

const bounds = {
  only: null,
  timeoutSeconds: 120,
  memoryBytes: 2 ** 31,
  maxStates: 2 ** 30,
  isSmall: true,
}

const run = (of: Program): Promise<ToolResult> =>
  tool.run({ files: [{ name: 'model.m', text: textOf(of) }], kinds: new Map() }, bounds)

/** Values around zero, and some with many bits. */
const VALUES = [-7, -2, -1, 0, 1, 2, 5, 12, 2 ** 20, -(2 ** 31), 2 ** 31 - 1]

const OPERATORS: Readonly<Record<string, (left: number, right: number) => number | null>> = {
  '+': (left, right) => left + right,
  '-': (left, right) => left - right,
  '*': (left, right) => left * right,
  '/': (left, right) => (right === 0 ? null : Math.trunc(left / right)),
  '%': (left, right) => (right === 0 ? null : left % right),
  '&': (left, right) => left & right,
  '|': (left, right) => left | right,
  '^': (left, right) => left ^ right,
  '<<': (left, right) => (right < 0 || right > 31 ? null : left * 2 ** right),
  '>>': (left, right) => (right < 0 || right > 31 ? null : left >> right),
}

const fits = (value: number | null): value is number =>
  value !== null && value >= -(2 ** 31) && value < 2 ** 31

/** Each value comes from a temporary, so that nothing is worked out beforehand. */
function arithmeticTests(a: Num, b: Num): readonly { wrong: Test; left: number; right: number }[] {
  return Object.entries(OPERATORS).flatMap(([operator, value]) =>
    VALUES.flatMap((left) =>
      VALUES.flatMap((right) => {
        const result = value(left, right)
        if (!fits(result)) return []
        const expression = arithmetic(a, operator as '+', b)
        return [{ wrong: compare(expression, '!=', num(result + 0)), left, right }]
      }),
    ),
  )
}

test('arithmetic is that of 32-bit ints in C', async () => {
  const [a, b] = [temporary('a', -(2 ** 31) + 2, 2 ** 31 - 1), temporary('b', -100, 2 ** 21)]
  const cases = arithmeticTests(read(a), read(b)).filter(
    ({ left, right }) => left >= a.from && left <= a.to && right >= b.from && right <= b.to,
  )
  assert.ok(cases.length > 500)
  const faults = cases.map((_, at) => fault(at, 'assert'))
  const statements = cases.flatMap(({ wrong, left, right }, at) => [
    assign(a, num(left)),
    assign(b, num(right)),
    { kind: 'fault' as const, when: wrong, fault: faults[at] ?? fault(0, null) },
  ])
  const extra = [
    { when: compare({ kind: 'complement', operand: read(b) }, '!=', num(-3)), number: 9000 },
    { when: compare({ kind: 'negate', operand: num(-5) }, '!=', num(5)), number: 9001 },
    {
      when: compare(
        arithmetic(num(2), '-', arithmetic(num(3), '-', { kind: 'negate', operand: num(4) })),
        '!=',
        num(-5),
      ),
      number: 9002,
    },
  ].map(({ when, number }) => ({ kind: 'fault' as const, when, fault: fault(number, 'assert') }))
  const init = body([block([...statements, assign(b, num(2)), ...extra])], [a, b])
  const result = await run(program({ init, faults }))
  assert.is(result.verdict, 'holds', result.output)
  assert.is(result.states, 1)
})

test('both sides of a lazy operator are not looked at, nor the other side of a conditional', async () => {
  const cells = {
    ...variable('cells', 0, 1),
    dimensions: [{ from: 0, to: 1, over: 'index' as const }],
  }
  const i = temporary('i', 0, 5)
  const outside = compare(read(cells, read(i)), '==', num(1))
  const inRange = compare(read(i), '<', num(2))
  const and: Test = { kind: 'and', operands: [inRange, outside] }
  const or: Test = { kind: 'or', operands: [compare(read(i), '>=', num(2)), outside] }
  const choice: Num = {
    kind: 'conditional',
    test: inRange,
    then: read(cells, read(i)),
    otherwise: num(4),
  }
  const wrong: Test = {
    kind: 'or',
    operands: [and, { kind: 'not', operand: or }, compare(choice, '!=', num(4))],
  }
  const statements = [
    assign(i, num(5)),
    { kind: 'fault' as const, when: wrong, fault: fault(1, 'assert') },
  ]
  const result = await run(program({ init: body([block(statements)], [i]), variables: [cells] }))
  assert.is(result.verdict, 'holds', result.output)
})

/** From 0, any of the options that can be had at `x`, then one of two ways, then a count in a loop. */
function choosing(): Program {
  const [x, at] = [variable('x', 0, 9), variable('main.at', 0, 2)]
  const [t, n] = [temporary('t', 0, 9), temporary('n', 0, 9)]
  const options = [
    { when: compare(read(x), '>', num(0)), value: num(9) },
    { when: compare(read(x), '==', num(0)), value: num(3) },
    { when: compare(read(x), '<', num(5)), value: num(5) },
  ]
  const choose = body(
    [
      block([{ kind: 'select', temporary: t, options }], { kind: 'either', blocks: [1, 2] }),
      block([set(x, read(t))], goto(3)),
      block([set(x, arithmetic(read(t), '-', num(1)))], goto(3)),
      block([set(at, num(1))]),
    ],
    [t],
  )
  const count = body(
    [
      block([assign(n, num(0))], goto(1)),
      block([], {
        kind: 'branch',
        test: compare(read(n), '<', read(x)),
        then: 2,
        otherwise: 3,
      }),
      block([assign(n, arithmetic(read(n), '+', num(2)))], goto(1)),
      block([set(x, arithmetic(read(n), '-', read(x))), set(at, num(2))], done),
    ],
    [n],
  )
  return program({
    variables: [x, at],
    actions: [
      action(0, 'main', 0, compare(read(at), '==', num(0)), choose),
      action(0, 'main', 1, compare(read(at), '==', num(1)), count),
    ],
    rest: { ...program({}).rest, condition: compare(read(at), '==', num(2)) },
  })
}

test('every choice is made, and no other', async () => {
  // x = 3, 2, 5, 4 after the first step; then 1 or 0: seven states.
  const result = await run(choosing())
  assert.is(result.verdict, 'holds', result.output)
  assert.is(result.states, 7)
})

/** Three takers of one lock, the third of them another code; `leaves`: it is given back; `leaks`: and that is held against them. */
function takers(leaves: boolean, leaks = false): Program {
  const at = perProcess('at', 3, 2)
  const owner = { ...variable('lock.owner', 0, 3), note: '0 = nobody' }
  const isAt = (location: number) => compare(read(at, self), '==', num(location))
  const q = { name: 'q', from: 0, to: 2, over: 'process' as const }
  const index: Num = { kind: 'index', index: q }
  const to = temporary('to', 0, 3)
  const give = {
    name: 'put',
    parameters: [to],
    statements: [
      set(owner, read(to)),
      { kind: 'each' as const, index: q, statements: [set(at, read(at, index), index)] },
      set(at, num(2), self),
    ],
  }
  const unlock = leaves ? num(0) : arithmetic(self, '+', num(1))
  const steps = (code: number, name: string) => [
    action(
      code,
      name,
      0,
      { kind: 'and', operands: [isAt(0), compare(read(owner), '==', num(0))] },
      plain(set(owner, arithmetic(self, '+', num(1))), set(at, num(1), self)),
    ),
    action(code, name, 1, isAt(1), plain({ kind: 'call', procedure: give, arguments: [unlock] })),
  ]
  const finished = compare(read(at, index), '==', num(2))
  const condition: Test = { kind: 'every', index: q, test: finished }
  const when: Test = leaks ? compare(read(owner), '==', num(0)) : never
  const leak = { kind: 'fault' as const, when, fault: fault(5, 'leak') }
  return program({
    processes: ['taker0', 'taker1', 'vmm'].map((name, process) => ({
      name,
      code: process === 2 ? 1 : 0,
      daemon: false,
    })),
    codes: [
      { name: 'taker', first: 0, last: 1, symmetric: true },
      { name: 'vmm', first: 2, last: 2, symmetric: false },
    ],
    variables: [at, owner],
    procedures: [give],
    actions: [...steps(0, 'taker'), ...steps(1, 'vmm')],
    rest: {
      condition,
      checks: [{ name: 'leak', body: plain(leak) }],
      stuck: program({}).rest.stuck,
    },
  })
}

test('a family takes turns; rest is no deadlock', async () => {
  const result = await run(takers(true))
  assert.is(result.verdict, 'holds', result.output)
  // Who has been there (8), and for each of the others that it is there (12).
  assert.is(result.states, 20)
})

test('a lost rest is the deadlock, and its trace says who moved from where', async () => {
  const kept = takers(false)
  const result = await run(kept)
  assert.is(result.verdict, 'violated', result.output)
  assert.is(result.fault, 99)
  assert.is(result.depth, 2)
  const back = readRumur(result.trace ?? '', kept)
  assert.equal(back.points, [
    { process: 0, at: 0 },
    { process: 0, at: 1 },
  ])
})

test('what is judged at rest is found there, and is no step', async () => {
  const leaky = takers(true, true)
  const result = await run(leaky)
  assert.is(result.fault, 5, result.output)
  assert.is(result.depth, 6)
  assert.is(readRumur(result.trace ?? '', leaky).points?.length, 6)
})

/** Counts to nine; a bound at three is met on the way, and where `beyond`, a fault by another way. */
function bounded(beyond: boolean): Program {
  const x = variable('x', 0, 9)
  const faultAt = (value: number, number: number, kind: string | null) => ({
    kind: 'fault' as const,
    when: compare(read(x), '==', num(value)),
    fault: fault(number, kind),
  })
  const up = (by: number) => set(x, arithmetic(read(x), '+', num(by)))
  const [one, two] = [plain(faultAt(3, 0, null), up(1)), plain(faultAt(6, 1, 'assert'), up(2))]
  const least: Test = compare(read(x), '<', num(9))
  return program({
    variables: [x],
    actions: [
      action(0, 'main', 1, least, one),
      ...(beyond ? [action(0, 'main', 2, compare(read(x), '<', num(8)), two)] : []),
    ],
  })
}

test('a bound is told, and a violation that comes later found', async () => {
  const cut = await run(bounded(false))
  assert.equal([cut.verdict, cut.limit, cut.fault], ['incomplete', 'bound', 0], cut.output)
  const found = await run(bounded(true))
  assert.equal([found.verdict, found.limit, found.fault], ['violated', null, 1], found.output)
  // 0, 2, 4, 6, and there it is.
  assert.is(found.depth, 4)
})

test('a check is judged in the first state, and after each step', async () => {
  const x = variable('x', 0, 9)
  const check = (value: number) => ({
    name: `x is not ${value}`,
    body: plain({
      kind: 'fault' as const,
      when: compare(read(x), '==', num(value)),
      fault: fault(value, 'invariant', '100% "sure" \\ <not> & \'so\''),
    }),
  })
  const counting = (value: number) =>
    program({
      variables: [x],
      checks: [check(9), check(value)],
      actions: [
        action(
          0,
          'main',
          0,
          compare(read(x), '<', num(5)),
          plain(set(x, arithmetic(read(x), '+', num(1)))),
        ),
      ],
    })
  const depths: (number | null)[] = []
  for (const value of [0, 4]) depths.push((await run(counting(value))).depth)
  assert.equal(depths, [0, 4])
})

test('a value out of its range is an error of the export', async () => {
  const x = variable('x', 0, 1)
  const wrong = program({
    variables: [x],
    actions: [action(0, 'main', 0, always, plain(set(x, num(2))))],
  })
  try {
    await run(wrong)
    assert.unreachable()
  } catch (problem) {
    assert.match(String(problem), /out-of-range value/)
  }
})

runs.run()
