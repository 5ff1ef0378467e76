import { atom, inside, Level, levelOf, negated, type Written } from '../infix.js'
import type { Dimension, Num, Test } from '../program.js'
import type { Scope } from './words.js'

export const numText = (num: Num, scope: Scope): string => writtenNum(num, scope).text

export const testText = (test: Test, scope: Scope): string => writtenTest(test, scope).text

/** An element's place when all dimensions are put into one, which is all that Promela has. */
function elementOf(dimensions: readonly Dimension[], indexes: readonly Num[]): Num {
  let place: Num = { kind: 'number', value: 0 }
  dimensions.forEach(({ from, to }, at) => {
    const index = indexes[at]
    if (index === undefined) throw new Error('an index is missing')
    if (from === to) return
    const here = combine('-', index, { kind: 'number', value: from })
    const size: Num = { kind: 'number', value: to - from + 1 }
    place = combine('+', combine('*', place, size), here)
  })
  return place
}

/** How many elements there are. */
export const sizeOf = (dimensions: readonly Dimension[]): number =>
  dimensions.reduce((size, { from, to }) => size * (to - from + 1), 1)

const FOLDED = {
  '+': (left: number, right: number) => left + right,
  '-': (left: number, right: number) => left - right,
  '*': (left: number, right: number) => left * right,
}

function combine(operator: '+' | '-' | '*', left: Num, right: Num): Num {
  if (left.kind === 'number' && right.kind === 'number') {
    return { kind: 'number', value: FOLDED[operator](left.value, right.value) }
  }
  const isZero = (num: Num) => num.kind === 'number' && num.value === 0
  if (operator !== '*' && isZero(right)) return left
  if (operator === '+' && isZero(left)) return right
  return { kind: 'arithmetic', operator, left, right }
}

/** Indexes that stand for a value, and the process where there is only one: then places can be worked out. */
function known(num: Num, scope: Scope): Num {
  if (num.kind === 'index') {
    const value = scope.valueOf(num.index)
    return value === undefined ? num : { kind: 'number', value }
  }
  if (num.kind === 'self' && /^\d+$/.test(scope.self)) {
    return { kind: 'number', value: Number(scope.self) }
  }
  return num
}

function writtenNum(num: Num, scope: Scope): Written {
  const within = (part: Num, least: number) => inside(writtenNum(part, scope), least)
  switch (num.kind) {
    case 'number':
      return number(num.value)
    case 'read': {
      const { variable, indexes } = num
      const name = scope.words.of(variable)
      // An array of one element is none: SPIN treats them differently in places.
      if (sizeOf(variable.dimensions) === 1) return atom(name)
      const place = elementOf(
        variable.dimensions,
        indexes.map((index) => known(index, scope)),
      )
      return atom(`${name}[${numText(place, scope)}]`)
    }
    case 'temporary':
      return atom(scope.cell(num.temporary))
    case 'index': {
      const value = scope.valueOf(num.index)
      return value === undefined ? atom(scope.cell(num.index)) : number(value)
    }
    case 'self':
      return atom(scope.self)
    case 'negate':
    case 'complement': {
      const sign = num.kind === 'negate' ? '-' : '~'
      return { text: `${sign}${within(num.operand, Level.Atom)}`, level: Level.Sign }
    }
    case 'arithmetic': {
      const level = levelOf(num.operator)
      const least = level === Level.Bits ? Level.Atom : level
      const left = within(num.left, least)
      const right = within(num.right, least === Level.Atom ? least : least + 1)
      return { text: `${left} ${num.operator} ${right}`, level }
    }
    case 'conditional': {
      const test = inside(writtenTest(num.test, scope), Level.Or)
      const [then, otherwise] = [num.then, num.otherwise].map((part) => within(part, Level.Sum))
      return atom(`(${test} -> ${then} : ${otherwise})`)
    }
  }
}

/** The least integer has no opposite that fits. */
function number(value: number): Written {
  if (value >= 0) return atom(String(value))
  if (value === -(2 ** 31)) return atom('(-2147483647 - 1)')
  return { text: String(value), level: Level.Sign }
}

function writtenTest(test: Test, scope: Scope): Written {
  switch (test.kind) {
    case 'constant':
      return atom(String(test.value))
    case 'compare': {
      const [left, right] = [test.left, test.right].map((part) =>
        inside(writtenNum(part, scope), Level.Sum),
      )
      return { text: `${left} ${test.operator} ${right}`, level: Level.Compare }
    }
    case 'not': {
      const turned = negated(test.operand)
      if (turned.kind !== 'not') return writtenTest(turned, scope)
      return { text: `!${inside(writtenTest(test.operand, scope), Level.Atom)}`, level: Level.Sign }
    }
    case 'and':
    case 'or':
      return joined(
        test.kind,
        test.operands.map((each) => [each, scope]),
      )
    case 'some':
    case 'every': {
      const { index } = test
      const values = Array.from({ length: Math.max(0, index.to - index.from + 1) })
      return joined(
        test.kind === 'some' ? 'or' : 'and',
        values.map((_, at) => [test.test, scope.with(index, index.from + at)]),
      )
    }
  }
}

/** Promela looks at the operands of `&&` and `||` in their order, and only as far as it must. */
function joined(kind: 'and' | 'or', operands: readonly (readonly [Test, Scope])[]): Written {
  const level = kind === 'and' ? Level.And : Level.Or
  const [first] = operands
  if (first === undefined) return atom(String(kind === 'and'))
  if (operands.length === 1) return writtenTest(...first)
  const parts = operands.map((each) => inside(writtenTest(...each), level + 1))
  return { text: parts.join(kind === 'and' ? ' && ' : ' || '), level }
}
