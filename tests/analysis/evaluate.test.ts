import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { ConstantError, combine, evaluate } from '../../spec/analysis/evaluate.js'
import type { Expression } from '../../spec/analysis/model.js'
import { editDistance, nearest } from '../../spec/analysis/nearest.js'
import { intType } from '../../spec/analysis/types.js'

const test = suite('evaluate')

const span = { file: 'm.gmem', from: 0, to: 1 }
const number = (value: number): Expression => ({ kind: 'literal', value, span, type: intType })
const binary = (
  left: Expression,
  operator: (Expression & { kind: 'binary' })['operator'],
  right: Expression,
): Expression => ({ kind: 'binary', operator, left, right, span, type: intType })

test('operators count as a C compiler does', () => {
  assert.is(combine('/', -7, 2, span), -3)
  assert.is(combine('%', -7, 2, span), -1)
  assert.ok(Object.is(combine('%', -4, 2, span), 0))
  assert.ok(Object.is(combine('*', -1, 0, span), 0))
  assert.is(combine('>>', -8, 1, span), -4)
  assert.is(combine('&', -1, 255, span), 255)
  assert.is(combine('|', -48, 3, span), -45)
  assert.is(combine('^', 5, 1, span), 4)
  assert.is(combine('<<', 3, 4, span), 48)
  assert.is(combine('-', 2, 5, span), -3)
})

const reason = (run: () => unknown): string => {
  try {
    run()
  } catch (thrown) {
    if (thrown instanceof ConstantError) return thrown.reason
    throw thrown
  }
  return 'none'
}

test('what C leaves undefined has no value', () => {
  assert.is(
    reason(() => combine('/', 1, 0, span)),
    'division-by-zero',
  )
  assert.is(
    reason(() => combine('%', 1, 0, span)),
    'division-by-zero',
  )
  assert.is(
    reason(() => combine('+', 2147483647, 1, span)),
    'overflow',
  )
  assert.is(
    reason(() => combine('*', 65536, 65536, span)),
    'overflow',
  )
  assert.is(
    reason(() => combine('/', -2147483648, -1, span)),
    'overflow',
  )
  assert.is(
    reason(() => combine('<<', 1, 31, span)),
    'overflow',
  )
  assert.is(
    reason(() => combine('<<', 1, 32, span)),
    'shift',
  )
  assert.is(
    reason(() => combine('>>', 1, -1, span)),
    'shift',
  )
})

test('`&&`, `||` and `?:` look only at what they need', () => {
  const broken = binary(number(1), '/', number(0))
  assert.is(evaluate(binary(number(0), '&&', broken), new Map()), 0)
  assert.is(evaluate(binary(number(2), '||', broken), new Map()), 1)
  const [then, otherwise] = [number(4), broken]
  const test = number(3)
  const type = intType
  const choice: Expression = { kind: 'conditional', test, then, otherwise, span, type }
  assert.is(evaluate(choice, new Map()), 4)
  assert.is(
    reason(() => evaluate(binary(number(1), '&&', broken), new Map())),
    'division-by-zero',
  )
})

test('the nearest spelling', () => {
  assert.is(editDistance('folio', 'foilo'), 1)
  assert.is(editDistance('kitten', 'sitting'), 3)
  assert.is(editDistance('', 'abc'), 3)
  assert.is(nearest('mutex_lok', ['mutex_trylock', 'mutex_lock', 'mutex_unlock']), 'mutex_lock')
  assert.is(nearest('x', ['y', 'zz']), 'y')
  assert.is(nearest('GUST', ['ALL', 'guest']), 'guest')
  assert.is(nearest('zebra', ['counter', 'folio']), undefined)
})

test.run()
