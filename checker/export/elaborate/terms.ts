import type { Index, Num, Statement, Temporary, Test, Variable } from '../program.js'
import { rangeOf } from '../ranges.js'

/** Terms of a program, folded as they are built: what a range decides is not asked. */

export type Comparison = (Test & { kind: 'compare' })['operator']
type Arithmetic = (Num & { kind: 'arithmetic' })['operator']

export const number = (value: number): Num => ({ kind: 'number', value })
export const always: Test = { kind: 'constant', value: true }
export const never: Test = { kind: 'constant', value: false }
export const isAlways = (test: Test): boolean => test.kind === 'constant' && test.value
export const isNever = (test: Test): boolean => test.kind === 'constant' && !test.value
export const read = (variable: Variable, indexes: readonly Num[]): Num => ({
  kind: 'read',
  variable,
  indexes,
})
export const take = (temporary: Temporary): Num => ({ kind: 'temporary', temporary })
export const indexNum = (index: Index): Num => ({ kind: 'index', index })

/** The value of a number that is one; null for all others. */
export const literal = (num: Num): number | null => (num.kind === 'number' ? num.value : null)

const holds: Record<Comparison, (left: number, right: number) => boolean> = {
  '==': (left, right) => left === right,
  '!=': (left, right) => left !== right,
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

const opposite: Record<Comparison, Comparison> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '<=': '>',
  '>': '<=',
  '>=': '<',
}

export function compare(operator: Comparison, left: Num, right: Num): Test {
  const l = rangeOf(left)
  const r = rangeOf(right)
  const decided = decide(operator, l.from, l.to, r.from, r.to)
  if (decided !== null) return decided ? always : never
  // `t ? 1 : 0` compared with a number is `t`, or its opposite.
  if (left.kind === 'conditional' && right.kind === 'number') {
    const then = literal(left.then)
    const otherwise = literal(left.otherwise)
    if (then !== null && otherwise !== null) {
      const [yes, no] = [then, otherwise].map((value) => holds[operator](value, right.value))
      if (yes === no) return yes ? always : never
      return yes ? left.test : not(left.test)
    }
  }
  // `x + 1 > 4` is `x > 3`.
  if (left.kind === 'arithmetic' && left.right.kind === 'number' && right.kind === 'number') {
    const { operator: sign, right: by } = left
    if (sign === '+') return compare(operator, left.left, number(right.value - by.value))
    if (sign === '-') return compare(operator, left.left, number(right.value + by.value))
  }
  return { kind: 'compare', operator, left, right }
}

function decide(
  operator: Comparison,
  lf: number,
  lt: number,
  rf: number,
  rt: number,
): boolean | null {
  switch (operator) {
    case '<':
      return lt < rf ? true : lf >= rt ? false : null
    case '<=':
      return lt <= rf ? true : lf > rt ? false : null
    case '>':
      return lf > rt ? true : lt <= rf ? false : null
    case '>=':
      return lf >= rt ? true : lt < rf ? false : null
    case '==':
      return lt < rf || lf > rt ? false : lf === lt && rf === rt && lf === rf ? true : null
    case '!=':
      return lt < rf || lf > rt ? true : lf === lt && rf === rt && lf === rf ? false : null
  }
}

export const equal = (left: Num, right: Num): Test => compare('==', left, right)
export const equals = (left: Num, value: number): Test => compare('==', left, number(value))
export const differs = (left: Num, value: number): Test => compare('!=', left, number(value))

/** A comparison that is not folded: with `empty`, which ranges leave out. */
export const isEmpty = (value: Num, empty: number): Test => ({
  kind: 'compare',
  operator: '==',
  left: value,
  right: number(empty),
})

export function not(test: Test): Test {
  switch (test.kind) {
    case 'constant':
      return test.value ? never : always
    case 'not':
      return test.operand
    case 'compare':
      return { ...test, operator: opposite[test.operator] }
    default:
      return { kind: 'not', operand: test }
  }
}

function join(kind: 'and' | 'or', operands: readonly Test[]): Test {
  const stop = kind === 'or'
  const found: Test[] = []
  for (const operand of operands) {
    for (const one of operand.kind === kind ? operand.operands : [operand]) {
      if (one.kind !== 'constant') {
        if (!found.some((known) => sameTest(known, one))) found.push(one)
      } else if (one.value === stop) {
        // What comes before it can still decide, but not otherwise.
        return stop ? always : never
      }
    }
  }
  const [first] = found
  if (first === undefined) return stop ? never : always
  return found.length === 1 ? first : { kind, operands: found }
}

const sameTest = (one: Test, other: Test): boolean => one === other || textOf(one) === textOf(other)

export const and = (...operands: readonly Test[]): Test => join('and', operands)
export const or = (...operands: readonly Test[]): Test => join('or', operands)

export function conditional(test: Test, then: Num, otherwise: Num): Num {
  if (test.kind === 'constant') return test.value ? then : otherwise
  if (then.kind === 'number' && otherwise.kind === 'number' && then.value === otherwise.value) {
    return then
  }
  return { kind: 'conditional', test, then, otherwise }
}

/** 1 where the test holds, else 0. */
export const truth = (test: Test): Num => conditional(test, number(1), number(0))

/** Whether a number is not zero. */
export const isTrue = (num: Num): Test => differs(num, 0)

export function negate(operand: Num): Num {
  if (operand.kind === 'number') return number(0 - operand.value)
  return operand.kind === 'negate' ? operand.operand : { kind: 'negate', operand }
}

export const complement = (operand: Num): Num =>
  operand.kind === 'number' ? number(~operand.value) : { kind: 'complement', operand }

export function arithmetic(operator: Arithmetic, left: Num, right: Num): Num {
  if (left.kind === 'number' && right.kind === 'number') {
    return number(computed(operator, left.value, right.value))
  }
  if (right.kind === 'number' && right.value === 0 && '+-|^<<>>'.includes(operator)) return left
  if (left.kind === 'number' && left.value === 0 && '+|^'.includes(operator)) return right
  if (right.kind === 'number' && (operator === '+' || operator === '-')) {
    return moved(left, operator === '+' ? right.value : -right.value)
  }
  return { kind: 'arithmetic', operator, left, right }
}

/** A sum with a constant, made one with a sum that is there already. */
function moved(left: Num, by: number): Num {
  if (left.kind === 'arithmetic' && left.right.kind === 'number') {
    const { operator, right } = left
    if (operator === '+') return moved(left.left, right.value + by)
    if (operator === '-') return moved(left.left, by - right.value)
  }
  if (by === 0) return left
  const operator = by > 0 ? '+' : '-'
  return { kind: 'arithmetic', operator, left, right: number(Math.abs(by)) }
}

export function computed(operator: Arithmetic, left: number, right: number): number {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return Math.trunc(left / right) + 0
    case '%':
      return (left % right) + 0
    case '&':
      return left & right
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '<<':
      return left * 2 ** right
    case '>>':
      return left >> right
  }
}

export const plus = (num: Num, by: number): Num => arithmetic('+', num, number(by))

/** Without its sign: the address of a pointer. */
export const magnitude = (num: Num): Num =>
  rangeOf(num).from >= 0 ? num : conditional(compare('<', num, number(0)), negate(num), num)

/** A number among some, written as runs. */
export function among(num: Num, values: Iterable<number>): Test {
  const sorted = [...new Set(values)].sort((one, other) => one - other)
  const runs: { from: number; to: number }[] = []
  for (const value of sorted) {
    const last = runs.at(-1)
    if (last && last.to + 1 === value) last.to = value
    else runs.push({ from: value, to: value })
  }
  return or(
    ...runs.map(({ from, to }) =>
      from === to
        ? equals(num, from)
        : and(compare('>=', num, number(from)), compare('<=', num, number(to))),
    ),
  )
}

/** A text that two terms share exactly when they are the same. */
export function textOf(term: Num | Test | Statement): string {
  const known = texts.get(term)
  if (known !== undefined) return known
  const text = JSON.stringify(term, (_, value) => {
    if (value && typeof value === 'object' && 'name' in value) return `#${idOf(value)}`
    return value
  })
  texts.set(term, text)
  return text
}

const texts = new WeakMap<object, string>()

const ids = new WeakMap<object, number>()
let count = 0
function idOf(thing: object): number {
  const known = ids.get(thing) ?? ++count
  ids.set(thing, known)
  return known
}

/** A term with the things replaced that `change` gives something else for. */
export function substitute(num: Num, change: (leaf: Num) => Num | null): Num {
  const found = change(num)
  if (found !== null) return found
  const again = (one: Num): Num => substitute(one, change)
  switch (num.kind) {
    case 'read':
      return num.indexes.length === 0 ? num : read(num.variable, num.indexes.map(again))
    case 'negate':
      return negate(again(num.operand))
    case 'complement':
      return complement(again(num.operand))
    case 'arithmetic':
      return arithmetic(num.operator, again(num.left), again(num.right))
    case 'conditional':
      return conditional(substituteTest(num.test, change), again(num.then), again(num.otherwise))
    default:
      return num
  }
}

export function substituteTest(test: Test, change: (leaf: Num) => Num | null): Test {
  switch (test.kind) {
    case 'constant':
      return test
    case 'compare': {
      const left = substitute(test.left, change)
      const right = substitute(test.right, change)
      // Whether a value is missing is never decided by ranges.
      if (left === test.left && right === test.right) return test
      if (isMissing(test)) return { ...test, left, right }
      return compare(test.operator, left, right)
    }
    case 'not':
      return not(substituteTest(test.operand, change))
    case 'and':
      return and(...test.operands.map((one) => substituteTest(one, change)))
    case 'or':
      return or(...test.operands.map((one) => substituteTest(one, change)))
    default: {
      const inner = substituteTest(test.test, change)
      return inner.kind === 'constant' ? inner : { ...test, test: inner }
    }
  }
}

/** Whether the comparison is one with the value that stands for none. */
function isMissing(test: Test & { kind: 'compare' }): boolean {
  const { left, right } = test
  return (
    right.kind === 'number' &&
    !['<', '>'].includes(test.operator) &&
    right.value < rangeOf(left).from
  )
}
