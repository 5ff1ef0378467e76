import type { Operator } from './expression.js'

/** C's arithmetic on 32-bit ints, the one definition that folding and the interpreter share. */

export function unaryValue(operator: '!' | '-' | '~', value: number): number {
  if (operator === '!') return value === 0 ? 1 : 0
  return operator === '-' ? -value | 0 : ~value
}

/** Null: division by zero. `&&` and `||` of two values that are both known. */
export function binaryValue(operator: Operator, left: number, right: number): number | null {
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
      return left << right
    case '>>':
      return left >> right
    case '+':
      return (left + right) | 0
    case '-':
      return (left - right) | 0
    case '*':
      return Math.imul(left, right)
    case '/':
      return right === 0 ? null : (left / right) | 0
    case '%':
      return right === 0 ? null : (left % right) | 0
  }
}

/** Pointers are 0 (null) or ±(1 + object number); a stale one is negative and still compares by address. */
export const sameAddress = (left: number, right: number): boolean =>
  Math.abs(left) === Math.abs(right)
