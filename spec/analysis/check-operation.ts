import type { Span } from '../source/span.js'
import type { BinaryOperator } from '../syntax/tree.js'
import { poisoned } from './check-name.js'
import { combine, constantsIn } from './evaluate.js'
import type { Expression, Type } from './model.js'
import { divisionByZero } from './model-errors.js'
import type { Context } from './scopes.js'
import { notComparable, operandType } from './type-errors.js'
import { boolType, intType, isNumber, isPoison, poolStruct, sameType } from './types.js'

/** Operators with two operands that both are read: which types they take and give. Not `&&` and `||`. */

export function checkOperation(
  context: Context,
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  span: Span,
): Expression {
  if (isPoison(left.type) || isPoison(right.type)) return poisoned(span)
  const type = resultType(context, operator, left, right, span)
  if (isPoison(type)) return poisoned(span)
  if (operator === '/' || operator === '%') checkDivisor(context, right)
  if (operator === '-' && left.type.kind === 'pointer' && right.kind !== 'pool') {
    const by: Expression = {
      kind: 'unary',
      operator: '-',
      operand: right,
      span: right.span,
      type: intType,
    }
    return { kind: 'binary', operator: '+', left, right: by, span, type }
  }
  if (operator === '+' && right.type.kind === 'pointer') {
    return { kind: 'binary', operator, left: right, right: left, span, type }
  }
  return { kind: 'binary', operator, left, right, span, type }
}

function resultType(
  context: Context,
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
  span: Span,
): Type {
  switch (operator) {
    case '==':
    case '!=':
      if (comparable(left, right)) return boolType
      context.globals.report(notComparable(span, left.type, right.type))
      return poisoned(span).type
    case '<':
    case '<=':
    case '>':
    case '>=':
      if (left.type.kind === 'enum' && sameType(left.type, right.type)) return boolType
      return numbers(context, operator, left, right) ?? boolType
    case '+':
    case '-': {
      const moved = pointerType(operator, left, right)
      return moved ?? numbers(context, operator, left, right) ?? intType
    }
    case '&':
    case '|':
    case '^':
      if (left.type.kind === 'bool' && right.type.kind === 'bool') return boolType
      return numbers(context, operator, left, right) ?? intType
    default:
      return numbers(context, operator, left, right) ?? intType
  }
}

/** Null when both are numbers; else poison, reported. */
function numbers(
  context: Context,
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): Type | null {
  const wrong = [left, right].find((side) => side.kind === 'pool' || !isNumber(side.type))
  if (!wrong) return null
  const wanted =
    operator === '+' || operator === '-'
      ? 'two numbers, a pointer and a number, or (for `-`) a pointer and its pool'
      : 'two numbers'
  context.globals.report(operandType(wrong.span, operator, wrong.type, wanted))
  return poisoned(wrong.span).type
}

function pointerType(operator: '+' | '-', left: Expression, right: Expression): Type | null {
  const struct = poolStruct(left.type)
  if (struct && right.kind === 'pool') {
    return operator === '-' && right.pool.struct === struct ? intType : null
  }
  if (struct && isNumber(right.type)) return left.type
  if (operator === '+' && poolStruct(right.type) && isNumber(left.type)) return right.type
  return null
}

function comparable(left: Expression, right: Expression): boolean {
  const { type: first } = left
  const { type: second } = right
  if (isNumber(first) && isNumber(second)) return true
  if (first.kind === 'null') return second.kind === 'pointer' || second.kind === 'null'
  if (second.kind === 'null') return first.kind === 'pointer'
  const scalar = first.kind === 'enum' || first.kind === 'bits' || first.kind === 'pointer'
  return scalar && sameType(first, second)
}

/** A divisor that is 0 whatever the params and choices are; in constant expressions the evaluation tells. */
function checkDivisor(context: Context, divisor: Expression): void {
  if (context.constant) return
  if (!isConstant(divisor)) return
  if (constantsIn(divisor).size > 0) {
    context.globals.divisors.push(divisor)
    return
  }
  if (literalValue(divisor) === 0) context.globals.report(divisionByZero(divisor.span))
}

function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
    case 'constant':
      return true
    case 'unary':
      return isConstant(expression.operand)
    case 'binary':
      return isConstant(expression.left) && isConstant(expression.right)
    default:
      return false
  }
}

function literalValue(expression: Expression): number | null {
  if (expression.kind === 'literal') return expression.value
  if (expression.kind === 'unary') {
    const operand = literalValue(expression.operand)
    if (operand === null) return null
    return expression.operator === '-' ? 0 - operand : expression.operator === '~' ? ~operand : null
  }
  if (expression.kind !== 'binary') return null
  const left = literalValue(expression.left)
  const right = literalValue(expression.right)
  if (left === null || right === null) return null
  try {
    return combine(expression.operator, left, right, expression.span)
  } catch {
    return null
  }
}
