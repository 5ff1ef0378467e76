import type { Span } from '../source/span.js'
import type { BinaryOperator } from '../syntax/tree.js'
import type { Configuration, Expression } from './model.js'

/** What a constant expression met that has no value. Caught inside this room and turned into a diagnostic. */
export class ConstantError extends Error {
  readonly reason: 'division-by-zero' | 'overflow' | 'shift' | 'not-constant'
  readonly at: Span

  constructor(reason: ConstantError['reason'], at: Span) {
    super(reason)
    this.reason = reason
    this.at = at
  }
}

export const INT_MIN = -(2 ** 31)
export const INT_MAX = 2 ** 31 - 1

function checked(value: number, at: Span): number {
  if (value < INT_MIN || value > INT_MAX) throw new ConstantError('overflow', at)
  return value + 0 // -0 would not be 0 in a map key or a dump
}

/** Two numbers put together as a C compiler does with 32-bit ints; what would be undefined there is an error. */
export function combine(operator: BinaryOperator, left: number, right: number, at: Span): number {
  switch (operator) {
    case '+':
      return checked(left + right, at)
    case '-':
      return checked(left - right, at)
    case '*':
      return checked(left * right, at)
    case '/':
    case '%':
      if (right === 0) throw new ConstantError('division-by-zero', at)
      return checked(operator === '/' ? Math.trunc(left / right) : left % right, at)
    case '<<':
    case '>>':
      if (right < 0 || right > 31) throw new ConstantError('shift', at)
      return operator === '<<' ? checked(left * 2 ** right, at) : left >> right
    case '&':
      return left & right
    case '|':
      return left | right
    case '^':
      return left ^ right
    case '==':
      return Number(left === right)
    case '!=':
      return Number(left !== right)
    case '<':
      return Number(left < right)
    case '<=':
      return Number(left <= right)
    case '>':
      return Number(left > right)
    case '>=':
      return Number(left >= right)
    case '&&':
      return Number(left !== 0 && right !== 0)
    case '||':
      return Number(left !== 0 || right !== 0)
  }
}

/**
 * The value of a constant expression in one configuration: C's 32-bit semantics, `&&`, `||` and `?:`
 * look only at what they need. Throws `ConstantError` and nothing else.
 */
export function evaluate(expression: Expression, configuration: Configuration): number {
  switch (expression.kind) {
    case 'literal':
      return expression.value
    case 'constant': {
      const value = configuration.get(expression.constant)
      if (value === undefined) throw new ConstantError('not-constant', expression.span)
      return value
    }
    case 'unary': {
      const operand = evaluate(expression.operand, configuration)
      if (expression.operator === '!') return Number(operand === 0)
      return expression.operator === '~' ? ~operand : checked(-operand, expression.span)
    }
    case 'binary': {
      const left = evaluate(expression.left, configuration)
      if (expression.operator === '&&' && left === 0) return 0
      if (expression.operator === '||' && left !== 0) return 1
      const right = evaluate(expression.right, configuration)
      return combine(expression.operator, left, right, expression.span)
    }
    case 'conditional':
      return evaluate(expression.test, configuration) !== 0
        ? evaluate(expression.then, configuration)
        : evaluate(expression.otherwise, configuration)
    default:
      throw new ConstantError('not-constant', expression.span)
  }
}

/** Every constant a constant expression mentions. */
export function constantsIn(
  expression: Expression,
): ReadonlySet<Expression & { kind: 'constant' }> {
  const found = new Set<Expression & { kind: 'constant' }>()
  const visit = (node: Expression): void => {
    switch (node.kind) {
      case 'constant':
        found.add(node)
        return
      case 'unary':
        visit(node.operand)
        return
      case 'binary':
        visit(node.left)
        visit(node.right)
        return
      case 'conditional':
        visit(node.test)
        visit(node.then)
        visit(node.otherwise)
        return
      default:
        return
    }
  }
  visit(expression)
  return found
}
