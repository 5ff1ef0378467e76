import type { Expr, Operator, PoolStorage } from '../../../spec/index.js'
import type { Num, Test } from '../program.js'
import { int32, isWithin, rangeOf, reachOf } from '../ranges.js'
import {
  always,
  and,
  arithmetic,
  compare,
  complement,
  conditional,
  equal,
  equals,
  isAlways,
  isTrue,
  literal,
  magnitude,
  negate,
  never,
  not,
  number,
  or,
  plus,
  truth,
} from './terms.js'
import type { Scope } from './world.js'

/**
 * The value of an expression over locals. What could go wrong in it is a fault before it; `under`: the fault counts only
 * where the expression is evaluated at all.
 */
export function numOf(scope: Scope, e: Expr, under: Test = always): Num {
  const fault = (when: Test, kind: string, message: string): void =>
    scope.fault(and(under, when), kind, message)
  switch (e.kind) {
    case 'literal':
      return number(e.value)
    case 'slot': {
      const { value, empty } = scope.local(e.slot)
      fault(empty, 'uninitialised-read', `\`${e.slot.name}\` is read before it was given a value`)
      return value
    }
    case 'family': {
      const offset = scope.store?.familyOffset ?? null
      return offset === null ? number(0) : plus(scope.self, -offset)
    }
    case 'current':
      return scope.role === 'process' ? plus(scope.self, 1) : number(0)
    case 'unary':
      return unary(scope, e, under)
    case 'binary':
      return binary(scope, e, under)
    case 'conditional': {
      const test = testOf(scope, e.test, under)
      const then = numOf(scope, e.then, and(under, test))
      const otherwise = numOf(scope, e.otherwise, and(under, not(test)))
      return conditional(test, then, otherwise)
    }
    case 'same-address':
      return truth(testOf(scope, e, under))
    case 'object': {
      const pool = poolOf(scope, e.pool)
      const index = numOf(scope, e.index, under)
      inBounds(scope, index, pool.size, pool.name, under)
      return plus(index, pool.base + 1)
    }
    case 'advance':
      return advance(scope, e, under)
    case 'index-in-pool': {
      const pointer = numOf(scope, e.pointer, under)
      const pool = poolOf(scope, e.pool)
      fault(equals(pointer, 0), 'null-dereference', `null has no index in ${pool.name}`)
      return plus(magnitude(pointer), -1 - pool.base)
    }
  }
}

/** Whether an expression is not zero. */
export function testOf(scope: Scope, e: Expr, under: Test = always): Test {
  if (e.kind === 'unary' && e.operator === '!') return not(testOf(scope, e.operand, under))
  if (e.kind === 'same-address') {
    const left = numOf(scope, e.left, under)
    const right = numOf(scope, e.right, under)
    return equal(addressBeside(left, right), addressBeside(right, left))
  }
  if (e.kind !== 'binary') return isTrue(numOf(scope, e, under))
  switch (e.operator) {
    case '&&': {
      const left = testOf(scope, e.left, under)
      return and(left, testOf(scope, e.right, and(under, left)))
    }
    case '||': {
      const left = testOf(scope, e.left, under)
      return or(left, testOf(scope, e.right, and(under, not(left))))
    }
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=': {
      const left = numOf(scope, e.left, under)
      return compare(e.operator, left, numOf(scope, e.right, under))
    }
    default:
      return isTrue(numOf(scope, e, under))
  }
}

/** Null has one address, whoever asks. */
const addressBeside = (pointer: Num, other: Num): Num =>
  literal(other) === 0 ? pointer : magnitude(pointer)

function unary(scope: Scope, e: Expr & { kind: 'unary' }, under: Test): Num {
  if (e.operator === '!') return truth(testOf(scope, e, under))
  const operand = numOf(scope, e.operand, under)
  if (e.operator === '~') return complement(operand)
  scope.fault(and(under, equals(operand, int32.from)), 'count-overflow', overflow('-'))
  return negate(operand)
}

const overflow = (operator: string): string => `\`${operator}\` leaves the 32 bits of an int`

function binary(scope: Scope, e: Expr & { kind: 'binary' }, under: Test): Num {
  switch (e.operator) {
    case '&&':
    case '||':
    case '==':
    case '!=':
    case '<':
    case '<=':
    case '>':
    case '>=':
      return truth(testOf(scope, e, under))
  }
  const { operator } = e
  const left = numOf(scope, e.left, under)
  const right = numOf(scope, e.right, under)
  const fault = (when: Test, kind: string, message: string): void =>
    scope.fault(and(under, when), kind, message)
  if (operator === '/' || operator === '%') {
    fault(equals(right, 0), 'bug-on', 'division by zero')
    if (operator === '%') return arithmetic(operator, left, right)
    // The one quotient that does not fit.
    const tooFar = and(equals(left, int32.from), equals(right, -1))
    fault(tooFar, 'bug-on', 'division by zero')
    return arithmetic(operator, left, right)
  }
  if (operator === '<<' || operator === '>>') {
    const outside = or(compare('<', right, number(0)), compare('>', right, number(31)))
    fault(outside, 'count-overflow', overflow(operator))
    if (isAlways(outside)) return number(0)
  }
  const value = arithmetic(operator, left, right)
  if (!isWithin(reachOf(value), int32)) {
    fault(overflows(operator, left, right), 'count-overflow', overflow(operator))
  }
  return value
}

/** Asked so that nothing leaves the 32 bits while it is asked. */
function overflows(operator: Operator, left: Num, right: Num): Test {
  const over = (end: Num): Test => compare('>', left, end)
  const under = (end: Num): Test => compare('<', left, end)
  const end = (which: 'from' | 'to', by: '+' | '-' | '/' | '>>'): Num =>
    arithmetic(by, number(int32[which]), right)
  const isPositive = compare('>', right, number(0))
  const isNegative = compare('<', right, number(0))
  switch (operator) {
    case '+':
      return or(and(isPositive, over(end('to', '-'))), and(isNegative, under(end('from', '-'))))
    case '-':
      return or(and(isNegative, over(end('to', '+'))), and(isPositive, under(end('from', '+'))))
    case '<<':
      return or(over(end('to', '>>')), under(end('from', '>>')))
    case '*':
      return or(
        and(isPositive, or(over(end('to', '/')), under(end('from', '/')))),
        and(compare('<', right, number(-1)), or(under(end('to', '/')), over(end('from', '/')))),
        and(equals(right, -1), equals(left, int32.from)),
      )
    default:
      return never
  }
}

function advance(scope: Scope, e: Expr & { kind: 'advance' }, under: Test): Num {
  const pointer = numOf(scope, e.pointer, under)
  const by = numOf(scope, e.by, under)
  scope.fault(and(under, equals(pointer, 0)), 'null-dereference', 'arithmetic on null')
  const address = magnitude(pointer)
  const there = arithmetic('+', address, by)
  const pools = e.pools.map((at) => poolOf(scope, at))
  const [only] = pools
  const outside = pools.map((pool) => {
    const from = number(pool.base + 1)
    const to = number(pool.base + pool.size)
    const out = or(compare('<', there, from), compare('>', there, to))
    return pools.length === 1 ? out : and(isInPool(address, pool), out)
  })
  const name = only?.name ?? 'the pool'
  scope.fault(and(under, or(...outside)), 'count-overflow', `an index is outside ${name}`)
  if (rangeOf(pointer).from >= 0) return there
  return conditional(compare('<', pointer, number(0)), negate(there), there)
}

/** Whether an address that is not null belongs to a pool. */
export const isInPool = (address: Num, { base, size }: PoolStorage): Test =>
  and(compare('>=', address, number(base + 1)), compare('<=', address, number(base + size)))

export function poolOf({ world }: Scope, at: number): PoolStorage {
  const pool = world.system.pools[at]
  if (!pool) throw new Error(`no pool ${at}`)
  return pool
}

/** A place that does not exist is a count that overflowed. */
export function inBounds(
  scope: Scope,
  index: Num,
  length: number,
  name: string,
  under: Test = always,
): void {
  const outside = or(compare('<', index, number(0)), compare('>=', index, number(length)))
  const message = `an index is outside ${name}[0..${length - 1}]`
  scope.fault(and(under, outside), 'count-overflow', message)
}
