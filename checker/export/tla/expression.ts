import type { Num, Test } from '../program.js'
import { type Scope, type Working, withTemporary, worthOf } from './working.js'

/** `>>` and `<<` by at most 31, so that powers of two stay numbers that TLC has. */
const INFIX: ReadonlyMap<string, string> = new Map([
  ['+', '+'],
  ['-', '-'],
  ['*', '*'],
])

/** `/` and `%` of C go towards zero, those of TLA+ downwards; numbers have no bits. */
const CALLS: ReadonlyMap<string, string> = new Map([
  ['/', 'Quot'],
  ['%', 'Rem'],
  ['&', 'BitAnd'],
  ['|', 'BitOr'],
  ['^', 'BitXor'],
])

/** Their definitions, in an order in which each knows those it needs. */
export const ARITHMETIC: readonly { readonly name: string; readonly text: readonly string[] }[] = [
  {
    name: 'Quot',
    text: [
      '\\* Division towards zero, as in C; \\div rounds down.',
      'Quot(a, b) == LET size == (IF a < 0 THEN -a ELSE a) \\div (IF b < 0 THEN -b ELSE b)',
      '              IN IF (a < 0) = (b < 0) THEN size ELSE -size',
    ],
  },
  {
    name: 'Rem',
    text: ['\\* What Quot leaves, with the sign of a.', 'Rem(a, b) == a - (b * Quot(a, b))'],
  },
  {
    name: 'BitAnd',
    text: [
      "\\* Bits of two's complement, any number of them: \\div and % by 2 round down, so -1 is all ones.",
      'RECURSIVE BitAnd(_, _)',
      'BitAnd(a, b) == IF (a = 0) \\/ (b = 0) THEN 0',
      '                ELSE IF a = -1 THEN b',
      '                ELSE IF b = -1 THEN a',
      '                ELSE (2 * BitAnd(a \\div 2, b \\div 2)) + ((a % 2) * (b % 2))',
    ],
  },
  { name: 'BitOr', text: ['BitOr(a, b) == a + (b - BitAnd(a, b))'] },
  { name: 'BitXor', text: ['BitXor(a, b) == (a - BitAnd(a, b)) + (b - BitAnd(a, b))'] },
]

/** What each of them calls. */
export const CALLED: Readonly<Record<string, readonly string[]>> = {
  Rem: ['Quot'],
  BitOr: ['BitAnd'],
  BitXor: ['BitAnd'],
}

const RELATIONS = { '==': '=', '!=': '#', '<': '<', '<=': '<=', '>': '>', '>=': '>=' } as const

export function numText(num: Num, working: Working, scope: Scope): string {
  const text = (each: Num) => numText(each, working, scope)
  const atom = (each: Num) => atomic(text(each))
  switch (num.kind) {
    case 'number':
      return literal(num.value)
    case 'self':
      return working.self
    case 'temporary':
      return bound(working.temporaries.get(num.temporary), num.temporary.name)
    case 'index':
      return bound(working.temporaries.get(num.index), num.index.name)
    case 'read': {
      const { base, fixed, updates } = worthOf(num.variable, working, scope)
      if (updates.length > 0) throw new Error(`${num.variable.name} is read before it is named`)
      const indexes = num.indexes.slice(fixed).map((index) => `[${text(index)}]`)
      return base + indexes.join('')
    }
    case 'negate':
      return `-${atom(num.operand)}`
    case 'complement':
      return `-${atom(num.operand)} - 1`
    case 'arithmetic': {
      const { operator, left, right } = num
      const infix = INFIX.get(operator)
      if (infix !== undefined) return `${atom(left)} ${infix} ${atom(right)}`
      if (operator === '<<') return `${atom(left)} * (2 ^ ${atom(right)})`
      if (operator === '>>') return `${atom(left)} \\div (2 ^ ${atom(right)})`
      return `${CALLS.get(operator)}(${text(left)}, ${text(right)})`
    }
    case 'conditional': {
      const { test, then, otherwise } = num
      return `IF ${testText(test, working, scope)} THEN ${text(then)} ELSE ${text(otherwise)}`
    }
  }
}

export function testText(test: Test, working: Working, scope: Scope): string {
  const text = (each: Test) => testText(each, working, scope)
  switch (test.kind) {
    case 'constant':
      return test.value ? 'TRUE' : 'FALSE'
    case 'compare': {
      const sides = [test.left, test.right].map((side) => operand(numText(side, working, scope)))
      return sides.join(` ${RELATIONS[test.operator]} `)
    }
    case 'not':
      return `~${atomic(text(test.operand))}`
    case 'and':
      return joined(test.operands.map(text), ' /\\ ', 'TRUE')
    case 'or':
      return joined(test.operands.map(text), ' \\/ ', 'FALSE')
    case 'some':
    case 'every': {
      const name = scope.names.fresh(test.index.name)
      const inner = withTemporary(working, test.index, name)
      const quantifier = test.kind === 'some' ? '\\E' : '\\A'
      const range = `${test.index.from}..${test.index.to}`
      return `${quantifier} ${name} \\in ${range} : ${testText(test.test, inner, scope)}`
    }
  }
}

/** The operands of an `and`, each a line of its own. */
export const conjunctsOf = (test: Test): readonly Test[] =>
  test.kind === 'and' ? test.operands.flatMap(conjunctsOf) : [test]

/**
 * A test as part of an action. TLC goes every way of a disjunction there, also those that come after a true one and have
 * no value; of an equation it only asks whether it holds.
 */
export function guardText(test: Test, working: Working, scope: Scope): string {
  const text = testText(test, working, scope)
  return test.kind === 'or' || test.kind === 'some' ? `(${text}) = TRUE` : text
}

/** Something that can stand beside any operator. */
export function atomic(text: string): string {
  return /^\w+(?:\.\w+)?(?:\[[^[\]]*\])*$/.test(text) || isEnclosed(text) ? text : `(${text})`
}

/** Something that can stand beside a relation, which binds less than arithmetic. */
const operand = (text: string): string =>
  /\\E|\\A|\bIF\b|\/\\|\\\/|\\div|-/.test(text) && !/^-?\w+$/.test(text) ? atomic(text) : text

function joined(texts: readonly string[], by: string, none: string): string {
  const [only] = texts
  if (only === undefined) return none
  return texts.length === 1 ? only : texts.map(atomic).join(by)
}

/** One pair of parentheses or brackets around all of it, or a name applied to them. */
function isEnclosed(text: string): boolean {
  const head = /^\w*[([]/.exec(text)?.[0]
  if (head === undefined) return false
  let depth = 0
  for (let at = head.length - 1; at < text.length; at++) {
    if ('([{'.includes(text[at] ?? '')) depth++
    if (')]}'.includes(text[at] ?? '')) depth--
    if (depth === 0) {
      if (at === text.length - 1) return true
      // `f[i][j]` goes on.
      if (text[at + 1] !== '[') return false
    }
  }
  return false
}

/** TLC reads a negative number as the negation of one that it must be able to hold. */
export const literal = (value: number): string =>
  value === -(2 ** 31) ? `(-${2 ** 31 - 1} - 1)` : String(value)

function bound(text: string | undefined, name: string): string {
  if (text === undefined) throw new Error(`${name} is read before it is set`)
  return text
}
