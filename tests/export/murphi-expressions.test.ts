import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'
import { murphi } from '../../checker/export/murphi/murphi.js'
import type { Index, Num, Statement, Test } from '../../checker/export/program.js'
import { rumur } from '../../checker/export/tools/rumur.js'
import { binaryValue, unaryValue } from '../../spec/system/arithmetic.js'
import { Random } from '../helpers/random.js'
import { assign, block, body, compare, fault, num, program, read, temporary } from './hand-made.js'

/** Expressions of any shape have in Murphi the value they have by hand: above all, parentheses stand where they must. */

const EXPRESSIONS = 400
const DEPTH_MAX = 5

const cells = [-3, 0, 1, 6].map((value, at) => ({ of: temporary(`v${at}`, -3, 6), value }))

/** No value: a division by zero, an overflow, a shift too far. Such an expression is not asked for. */
class NoValue extends Error {}

const known = (value: number): number => {
  if (Number.isNaN(value)) throw new NoValue()
  return value
}

function numberOf(of: Num, indexes: ReadonlyMap<Index, number>): number {
  const value = (part: Num) => numberOf(part, indexes)
  switch (of.kind) {
    case 'number':
      return of.value
    case 'temporary':
      return cells.find((cell) => cell.of === of.temporary)?.value ?? assert.unreachable() ?? 0
    case 'index':
      return indexes.get(of.index) ?? assert.unreachable() ?? 0
    case 'negate':
      return known(unaryValue('-', value(of.operand)))
    case 'complement':
      return known(unaryValue('~', value(of.operand)))
    case 'arithmetic':
      return known(binaryValue(of.operator, value(of.left), value(of.right)))
    case 'conditional':
      return value(holds(of.test, indexes) ? of.then : of.otherwise)
    default:
      throw new Error(`no ${of.kind} is made here`)
  }
}

function holds(test: Test, indexes: ReadonlyMap<Index, number>): boolean {
  switch (test.kind) {
    case 'constant':
      return test.value
    case 'compare':
      return (
        binaryValue(test.operator, numberOf(test.left, indexes), numberOf(test.right, indexes)) ===
        1
      )
    case 'not':
      return !holds(test.operand, indexes)
    case 'and':
      return test.operands.every((each) => holds(each, indexes))
    case 'or':
      return test.operands.some((each) => holds(each, indexes))
    default: {
      const { from, to } = test.index
      const values = Array.from({ length: to - from + 1 }, (_, at) =>
        holds(test.test, new Map(indexes).set(test.index, from + at)),
      )
      return test.kind === 'some' ? values.includes(true) : !values.includes(false)
    }
  }
}

const OPERATORS = ['+', '-', '*', '/', '%', '&', '|', '^', '<<', '>>'] as const
const RELATIONS = ['==', '!=', '<', '<=', '>', '>='] as const

function randomNum(random: Random, depth: number, indexes: readonly Index[]): Num {
  const num = () => randomNum(random, depth - 1, indexes)
  const way = depth === 0 ? random.integer(0, 2) : random.integer(0, 9)
  if (way === 0) return { kind: 'number', value: random.integer(-4, 9) }
  if (way === 1 && indexes.length > 0) return { kind: 'index', index: random.pick(indexes) }
  if (way <= 2) return read(random.pick(cells).of)
  if (way === 3) return { kind: random.pick(['negate', 'complement'] as const), operand: num() }
  if (way > 4) {
    return { kind: 'arithmetic', operator: random.pick(OPERATORS), left: num(), right: num() }
  }
  const test = randomTest(random, depth - 1, indexes)
  return { kind: 'conditional', test, then: num(), otherwise: num() }
}

function randomTest(random: Random, depth: number, indexes: readonly Index[]): Test {
  const test = () => randomTest(random, depth - 1, indexes)
  const num = () => randomNum(random, Math.max(0, depth - 1), indexes)
  const way = depth <= 0 ? random.integer(0, 1) : random.integer(0, 7)
  if (way === 0) return { kind: 'constant', value: random.chance(0.5) }
  if (way === 1 || way > 5) return compare(num(), random.pick(RELATIONS), num())
  if (way === 2) return { kind: 'not', operand: test() }
  if (way < 5)
    return { kind: random.pick(['and', 'or'] as const), operands: random.list(0, 3, test) }
  const from = random.integer(-1, 2)
  const index: Index = { name: 'i', from, to: from + random.integer(-1, 2), over: 'index' }
  const inside = randomTest(random, depth - 1, [...indexes, index])
  return { kind: random.pick(['some', 'every'] as const), index, test: inside }
}

/** A fault that is there if the test does not say what it says by hand. */
function judged(test: Test, number: number): Statement | null {
  try {
    const when: Test = holds(test, new Map()) ? { kind: 'not', operand: test } : test
    return { kind: 'fault', when, fault: fault(number, 'assert') }
  } catch (problem) {
    if (problem instanceof NoValue) return null
    throw problem
  }
}

function withValue(of: Num): Test {
  try {
    return compare(of, '==', num(numberOf(of, new Map())))
  } catch (problem) {
    if (problem instanceof NoValue) return { kind: 'constant', value: true }
    throw problem
  }
}

const tool = rumur(childHost())
const expressions = suite('expressions of any shape')
const test = (await tool.version()) === null ? expressions.skip : expressions
const seed = Number(process.env.SEED ?? 1)

test(`have their value, seed ${seed}`, async () => {
  const random = new Random(seed)
  const statements: Statement[] = cells.map(({ of, value }) => assign(of, num(value)))
  for (let number = 0; number < EXPRESSIONS; number++) {
    const depth = random.integer(1, DEPTH_MAX)
    const isTest = random.chance(0.5)
    const of = isTest ? randomTest(random, depth, []) : withValue(randomNum(random, depth, []))
    const statement = judged(of, number)
    if (statement !== null) statements.push(statement)
  }
  assert.ok(statements.length > EXPRESSIONS / 2)
  const init = body(
    [block(statements)],
    cells.map((cell) => cell.of),
  )
  const { text = '' } = murphi(program({ init })) as { text?: string }
  const result = await tool.run(
    { files: [{ name: 'model.m', text }], kinds: new Map() },
    { only: null, timeoutSeconds: 300, memoryBytes: 2 ** 31, maxStates: 2 ** 20, isSmall: true },
  )
  assert.is(result.verdict, 'holds', result.output)
})

expressions.run()
