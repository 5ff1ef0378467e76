import type { Expression } from '../../spec/analysis/model.js'
import { Refused } from './tiny-memory.js'

/** Whether a condition reads anything shared: its check is then a step. */
export function readsShared(e: Expression): boolean {
  switch (e.kind) {
    case 'shared':
    case 'call':
    case 'builtin':
    case 'deref':
      return true
    case 'member':
      return readsShared(e.object)
    case 'index':
      return readsShared(e.array) || readsShared(e.index)
    case 'unary':
      return readsShared(e.operand)
    case 'binary':
      return readsShared(e.left) || readsShared(e.right)
    case 'conditional':
      return readsShared(e.test) || readsShared(e.then) || readsShared(e.otherwise)
    default:
      return false
  }
}

/** C's arithmetic on 32-bit ints. */
export function arithmetic(operator: string, a: number, b: number): number {
  switch (operator) {
    case '+':
      return (a + b) | 0
    case '-':
      return (a - b) | 0
    case '*':
      return Math.imul(a, b)
    case '/':
    case '%':
      if (b === 0) throw new Refused('bug-on')
      return (operator === '/' ? a / b : a % b) | 0
    case '<<':
      return a << b
    case '>>':
      return a >> b
    case '&':
      return a & b
    case '|':
      return a | b
    case '^':
      return a ^ b
    default:
      return compare(operator, a, b) ? 1 : 0
  }
}

function compare(operator: string, a: number, b: number): boolean {
  if (operator === '==') return a === b
  if (operator === '!=') return a !== b
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  return operator === '>' ? a > b : a >= b
}
