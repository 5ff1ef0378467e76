import { binaryValue, sameAddress, unaryValue } from './arithmetic.js'
import type { Expr, Operator } from './expression.js'

/** Constructors of expressions that compute what is already known. They never lose a trap: what has no value stays. */

export const literal = (value: number): Expr => ({ kind: 'literal', value })
export const zero = literal(0)
export const one = literal(1)

export function unary(operator: '!' | '-' | '~', operand: Expr): Expr {
  if (operand.kind === 'literal') {
    const value = unaryValue(operator, operand.value)
    if (!Number.isNaN(value)) return literal(value)
  }
  return { kind: 'unary', operator, operand }
}

export function binary(operator: Operator, left: Expr, right: Expr): Expr {
  if (left.kind === 'literal') {
    if (operator === '&&') return left.value === 0 ? zero : truth(right)
    if (operator === '||') return left.value !== 0 ? one : truth(right)
    if (right.kind === 'literal') {
      const value = binaryValue(operator, left.value, right.value)
      if (!Number.isNaN(value)) return literal(value)
    }
  }
  return { kind: 'binary', operator, left, right }
}

export function conditional(test: Expr, then: Expr, otherwise: Expr): Expr {
  if (test.kind === 'literal') return test.value !== 0 ? then : otherwise
  return { kind: 'conditional', test, then, otherwise }
}

export function addressesEqual(left: Expr, right: Expr): Expr {
  if (left.kind === 'literal' && right.kind === 'literal') {
    return sameAddress(left.value, right.value) ? one : zero
  }
  return { kind: 'same-address', left, right }
}

/** 0 or 1. */
export function truth(value: Expr): Expr {
  if (value.kind === 'literal') return value.value === 0 ? zero : one
  if (isTruth(value)) return value
  return { kind: 'binary', operator: '!=', left: value, right: zero }
}

export const not = (value: Expr): Expr => unary('!', value)

function isTruth(value: Expr): boolean {
  if (value.kind === 'slot') return value.slot.type.kind === 'bool'
  if (value.kind === 'same-address') return true
  if (value.kind === 'unary') return value.operator === '!'
  if (value.kind !== 'binary') return false
  return ['&&', '||', '==', '!=', '<', '<=', '>', '>='].includes(value.operator)
}
