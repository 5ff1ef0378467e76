import type { Operator } from './expression.js'

/**
 * C's arithmetic on 32-bit ints, the one definition that folding and the interpreter share. What C leaves undefined
 * has no value here: NaN, which nothing else gives. Never silent wrapping (rule 3).
 */

const fitting = (value: number): number =>
  value >= -(2 ** 31) && value < 2 ** 31 ? value + 0 : Number.NaN

export function unaryValue(operator: '!' | '-' | '~', value: number): number {
  if (operator === '!') return value === 0 ? 1 : 0
  return operator === '-' ? fitting(0 - value) : ~value
}

/** NaN: division by zero, overflow, a shift by less than 0 or more than 31. `&&`, `||`: both sides are known. */
export function binaryValue(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case '||':
      return left !== 0 || right !== 0 ? 1 : 0
    case '&&':
      return left !== 0 && right !== 0 ? 1 : 0
    case '==':
      return left === right ? 1 : 0
    case '!=':
      return left !== right ? 1 : 0
    case '<':
      return left < right ? 1 : 0
    case '<=':
      return left <= right ? 1 : 0
    case '>':
      return left > right ? 1 : 0
    case '>=':
      return left >= right ? 1 : 0
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '&':
      return left & right
    case '<<':
      return right < 0 || right > 31 ? Number.NaN : fitting(left * 2 ** right)
    case '>>':
      return right < 0 || right > 31 ? Number.NaN : left >> right
    case '+':
      return fitting(left + right)
    case '-':
      return fitting(left - right)
    case '*':
      return fitting(left * right)
    case '/':
      return right === 0 ? Number.NaN : fitting(Math.trunc(left / right))
    case '%':
      return right === 0 ? Number.NaN : fitting(left % right)
  }
}

/** Pointers are 0 (null) or ±(1 + object number); a stale one is negative and still compares by address. */
export const sameAddress = (left: number, right: number): boolean =>
  Math.abs(left) === Math.abs(right)
