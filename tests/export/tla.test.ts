import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Program, Statement } from '../../checker/export/program.js'
import { binaryValue } from '../../spec/system/arithmetic.js'
import { ranText } from '../helpers/compare-program.js'
import { Random } from '../helpers/random.js'
import { runProgram } from '../helpers/run-program.js'
import { tlaReader } from '../helpers/tla-syntax.js'
import {
  action,
  always,
  arithmetic,
  assign,
  block,
  body,
  compare,
  fault,
  goto,
  num,
  plain,
  program,
  read,
  set,
  temporary,
  variable,
} from './hand-made.js'
import { randomProgram } from './random-program.js'
import { reachedByText, textOf } from './tla-reached.js'

const text = suite('a program as TLA+')

text('names that TLA+ keeps, that clash, hold dots or begin like fairness get others', () => {
  const names = ['THEN', 'Nat', 'Next', 'fault', 'a.b', 'a_b', 'WF_x', '_x', 'hand', 'a', 'then']
  const { module } = textOf(program({ variables: names.map((name) => variable(name, 0, 1)) }))
  assert.equal(
    [...module.matchAll(/^ {2}(\w+), {2}\\\* 0\.\.1$/gm)].map(([, name]) => name),
    [
      'THEN_2',
      'Nat_2',
      'Next_2',
      'fault_2',
      'a_b',
      'a_b_2',
      'x_WF_x',
      'x',
      'hand_2',
      'a_2',
      'then',
    ],
  )
})

text('a comment is one line of ASCII', () => {
  const note = '0 = é\n==== *) \\* x'
  const { module } = textOf(program({ variables: [{ ...variable('x', 0, 1), note }] }))
  assert.match(module, '  x,  \\* 0..1: 0 = ? ==== *) \\* x\n')
})

text('bounds are judged last', () => {
  const wrong = fault(1, null, 'too far')
  const bad = fault(2, 'assert')
  const ends = [wrong, bad].map((each) => ({ kind: 'fault', when: always, fault: each }) as const)
  const { config } = textOf(
    program({ actions: ends.map((end, at) => action(0, 'main', at, always, plain(end))) }),
  )
  assert.is(
    config,
    `\\* The number is that of the fault.
SPECIFICATION Spec
VIEW View
CONSTRAINT Unharmed
INVARIANT No_assert \\* 2 assert: as planned (hand.gmem:2)
INVARIANT No_bound \\* 1 bound: too far (hand.gmem:1)
CHECK_DEADLOCK TRUE \\* 99 deadlock: nobody can move
`,
  )
})

text.run()

const meaning = suite('what the text means')
const grammar = await tlaReader()
const test = grammar === null ? meaning.skip : meaning
const tlaOf = grammar ?? (() => assert.unreachable() as never)
const reached = (of: Program) => reachedByText(of, tlaOf)

const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] as const
const VALUES = [-7, -2, -1, 0, 1, 2, 5, 12, 2 ** 20, -(2 ** 31), 2 ** 31 - 1]

test('arithmetic is that of C, and its text stays within the numbers that TLC has', () => {
  const [a, b] = [temporary('left', -(2 ** 31), 2 ** 31 - 1), temporary('right', -100, 2 ** 21)]
  const cases = OPERATORS.flatMap((operator) =>
    VALUES.flatMap((left) =>
      VALUES.flatMap((right) => {
        const value = binaryValue(operator, left, right)
        // What has no value or leaves 32 bits is not asked for, nor what does so on the way.
        const isFar = (operator === '<<' || operator === '>>') && right > 30
        const isLeast = (operator === '/' || operator === '%') && Math.min(left, right) < -(2 ** 30)
        return value !== (value | 0) || isFar || isLeast ? [] : [{ operator, left, right, value }]
      }),
    ),
  )
  assert.ok(cases.length > 500, String(cases.length))
  const checks = cases.map(({ operator, left, right, value }, at) => {
    const wrong = compare(arithmetic(read(a), operator, read(b)), '!=', num(value))
    const judge: Statement = { kind: 'fault', when: wrong, fault: fault(at, `case-${at}`) }
    const statements = [assign(a, num(left)), assign(b, num(right)), judge]
    return { name: `case ${at}`, body: body([block(statements)], [a, b]) }
  })
  const { kinds } = reached(program({ checks }))
  const lost = cases.filter((_, at) => kinds.has(`case-${at}`))
  assert.equal(lost, [])
  assert.is(kinds.size, 0)
})

test('a guard is asked, not tried way by way: what comes after a true part may have no value', () => {
  const place = {
    ...variable('place', 0, 0),
    dimensions: [{ from: 0, to: 0, over: 'index' as const }],
  }
  const at = variable('at', -1, 1, -1)
  const enabled = {
    kind: 'or' as const,
    operands: [compare(read(at), '<', num(0)), compare(read(place, read(at)), '==', num(1))],
  }
  const of = program({
    variables: [place, at],
    actions: [action(0, 'main', 0, enabled, plain(set(at, num(0))))],
    rest: { ...program({}).rest, condition: compare(read(at), '==', num(0)) },
  })
  assert.equal(reached(of), { states: 2, isWhole: true, kinds: new Map(), stuck: null })
})

test('a choice in a loop is all its outcomes', () => {
  const x = variable('x', 0, 9)
  const more = temporary('more', 0, 1)
  const options = [0, 1].map((value) => ({ when: always, value: num(value) }))
  const loop = body(
    [
      block([set(x, num(1)), assign(more, num(0))], goto(1)),
      block([{ kind: 'select', temporary: more, options }], {
        kind: 'branch',
        test: {
          kind: 'and',
          operands: [compare(read(more), '==', num(1)), compare(read(x), '<', num(4))],
        },
        then: 2,
        otherwise: 3,
      }),
      block([set(x, arithmetic(read(x), '+', num(1)))], goto(1)),
      block([]),
    ],
    [more],
  )
  const init = program({ variables: [x], init: loop })
  assert.is(reached(init).states, 4)
  const isFirst = compare(read(x), '==', num(0))
  const step = program({
    variables: [x],
    actions: [action(0, 'main', 0, isFirst, loop)],
    rest: { ...program({}).rest, condition: { kind: 'not', operand: isFirst } },
  })
  assert.is(reached(step).states, 5)
})

test('a module that is no TLA+, or says a name twice, is told', () => {
  const { module } = textOf(program({ variables: [variable('x', 0, 1)] }))
  assert.throws(() => tlaOf(module.replace('EXTENDS', 'EXTEND')), /no TLA\+/)
  const twice = module.replace('Init ==', 'x == 1\n\nInit ==')
  assert.throws(() => reachedByText(program({}), () => tlaOf(twice)), /x is defined twice/)
})

const seed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 15)

for (const withFaults of [false, true]) {
  const what = withFaults ? 'with faults' : 'without faults'
  test(`random programs ${what} reach the same states and faults, seed ${seed}`, () => {
    for (let run = 0; run < runs; run++) {
      const of = randomProgram(new Random(seed + run * 1000), withFaults)
      assert.is(ranText(reached(of)), ranText(runProgram(of, 200_000)), `seed ${seed + run * 1000}`)
    }
  })
}

meaning.run()
