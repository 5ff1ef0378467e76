import { type Expr, type Interval, intervalOf } from '../../../spec/index.js'
import { EMPTY } from './cells.js'
import {
  add,
  and,
  type Code,
  constant,
  divide,
  either,
  equal,
  greater,
  greaterOrEqual,
  isZero,
  less,
  lessOrEqual,
  local,
  multiply,
  notEqual,
  or,
  remainder,
  shiftLeft,
  shiftRight,
  subtract,
  teeLocal,
  wideAdd,
  wideMultiply,
  wideShiftLeft,
  wideSubtract,
  xor,
} from './code.js'
import type { Emitter } from './emitter.js'

/** The value of an expression on the stack. What traps in the interpreter asks. */
export function emitValue(e: Emitter, expression: Expr): Code {
  const known = constantOf(e, expression)
  if (known !== null) return constant(known)
  switch (expression.kind) {
    case 'literal':
    case 'family':
    case 'current':
      throw new Error('its value is known')
    case 'slot': {
      const value = e.getSlot(expression.slot)
      if (!e.maybeEmpty.has(expression.slot)) return value
      const kept = e.temporary()
      return [e.askIf(equal(teeLocal(kept, value), constant(EMPTY))), local(kept)]
    }
    case 'unary':
      return emitUnary(e, expression)
    case 'binary':
      return emitBinary(e, expression)
    case 'conditional':
      return either(
        emitValue(e, expression.test),
        emitValue(e, expression.then),
        emitValue(e, expression.otherwise),
      )
    case 'same-address':
      return equal(address(e, expression.left), address(e, expression.right))
    case 'object': {
      const pool = e.system.pools[expression.pool]
      if (!pool) throw new Error('no such pool')
      const index = e.keep(emitValue(e, expression.index))
      return [
        index.set,
        boundsCheck(e, index.get, pool.size),
        add(index.get, constant(pool.base + 1)),
      ]
    }
    case 'advance':
      return emitAdvance(e, expression)
    case 'index-in-pool': {
      const pool = e.system.pools[expression.pool]
      const pointer = e.keep(emitValue(e, expression.pointer))
      const index = subtract(magnitude(e, pointer.get), constant(1 + (pool?.base ?? 0)))
      return [pointer.set, e.askIf(isZero(pointer.get)), index]
    }
  }
}

/** The value of an expression that is the same whenever this process evaluates it. */
export function constantOf(e: Emitter, expression: Expr): number | null {
  if (expression.kind === 'literal') return expression.value
  if (expression.kind === 'family') return e.family
  if (expression.kind === 'current') return e.alone ? 0 : e.processNumber + 1
  if (expression.kind !== 'binary') return null
  const left = constantOf(e, expression.left)
  const right = constantOf(e, expression.right)
  if (left === null || right === null) return null
  const value = folded(expression.operator, left, right)
  return value !== null && Math.abs(value) < 2 ** 30 ? value + 0 : null
}

/** Only what index arithmetic needs. */
function folded(operator: string, left: number, right: number): number | null {
  switch (operator) {
    case '+':
      return left + right
    case '-':
      return left - right
    case '*':
      return left * right
    case '/':
      return right > 0 ? Math.trunc(left / right) : null
    case '%':
      return right > 0 ? left % right : null
    case '==':
      return Number(left === right)
    case '!=':
      return Number(left !== right)
    default:
      return null
  }
}

/** A pointer's value without its staleness. */
function address(e: Emitter, pointer: Expr): Code {
  const value = emitValue(e, pointer)
  const type = pointer.kind === 'slot' ? pointer.slot.type : null
  const isFresh =
    constantOf(e, pointer) === 0 || (type?.kind === 'pointer' && !goesStale(e, type.pools))
  return isFresh ? value : magnitude(e, value)
}

/** Whether pointers into these pools can go stale. */
export const goesStale = (e: Emitter, pools: readonly number[]): boolean =>
  pools.some((at) => {
    const safety = e.system.pools[at]?.safety
    return safety === 'ordinary' || safety === 'typesafe_by_rcu'
  })

/** A pointer without its staleness. */
export function magnitude(e: Emitter, pointer: Code): Code {
  const kept = e.keep(pointer)
  const sign = shiftRight(kept.get, constant(31))
  return [kept.set, subtract(xor(kept.get, sign), sign)]
}

/** Asks unless 0 <= index < length. */
export function boundsCheck(e: Emitter, index: Code, length: number): Code {
  return e.askIf(or(less(index, constant(0)), greaterOrEqual(index, constant(length))))
}

/** What the expression's slots allow; the ranges of slots are kept by every assignment. */
export const interval = (e: Emitter, expression: Expr): Interval | null => {
  const families = e.system.processes.flatMap(({ code, family }) =>
    code === e.codeNumber && family !== null ? [family] : [],
  )
  const family = { low: Math.min(0, ...families), high: Math.max(0, ...families) }
  return intervalOf(expression, family)
}

function emitUnary(e: Emitter, expression: Expr & { kind: 'unary' }): Code {
  const operand = emitValue(e, expression.operand)
  if (expression.operator === '!') return isZero(operand)
  if (expression.operator === '~') return xor(operand, constant(-1))
  const kept = e.keep(operand)
  return [kept.set, e.askIf(equal(kept.get, constant(-(2 ** 31)))), subtract(constant(0), kept.get)]
}

const comparisons: Readonly<Record<string, (left: Code, right: Code) => Code>> = {
  '==': equal,
  '!=': notEqual,
  '<': less,
  '<=': lessOrEqual,
  '>': greater,
  '>=': greaterOrEqual,
  '|': or,
  '^': xor,
  '&': and,
}

function emitBinary(e: Emitter, expression: Expr & { kind: 'binary' }): Code {
  const { operator } = expression
  const left = emitValue(e, expression.left)
  const right = emitValue(e, expression.right)
  if (operator === '&&') return either(left, notEqual(right, constant(0)), constant(0))
  if (operator === '||') return either(left, constant(1), notEqual(right, constant(0)))
  const comparison = comparisons[operator]
  if (comparison) return comparison(left, right)
  const range = interval(e, expression)
  const safe = range !== null && range.low > -(2 ** 20) && range.high < 2 ** 20
  switch (operator) {
    case '+':
      return safe ? add(left, right) : checked(e, left, right, add, wideAdd)
    case '-':
      return safe ? subtract(left, right) : checked(e, left, right, subtract, wideSubtract)
    case '*':
      return safe ? multiply(left, right) : checked(e, left, right, multiply, wideMultiply)
    case '/':
      return divided(e, left, right, constantOf(e, expression.right), divide)
    case '%':
      return divided(e, left, right, constantOf(e, expression.right), remainder)
    default:
      return shifted(e, operator === '<<', left, right)
  }
}

type Both = (left: Code, right: Code) => Code

/** Asks when 32 bits are not enough. */
function checked(e: Emitter, left: Code, right: Code, narrow: Both, wide: Both): Code {
  const a = e.keep(left)
  const b = e.keep(right)
  const value = e.keep(narrow(a.get, b.get))
  const widened: Code = [value.get, 0xac]
  const differs: Code = [wide(a.get, b.get), widened, 0x52]
  return [a.set, b.set, value.set, e.askIf(differs), value.get]
}

function divided(e: Emitter, left: Code, right: Code, by: number | null, operation: Both): Code {
  const a = e.keep(left)
  const b = e.keep(right)
  if (by !== null && by > 0) return operation(left, constant(by))
  const overflows = and(equal(b.get, constant(-1)), equal(a.get, constant(-(2 ** 31))))
  return [a.set, b.set, e.askIf(or(isZero(b.get), overflows)), operation(a.get, b.get)]
}

function shifted(e: Emitter, isLeft: boolean, left: Code, right: Code): Code {
  const a = e.keep(left)
  const b = e.keep(right)
  const guard = boundsCheck(e, b.get, 32)
  if (!isLeft) return [a.set, b.set, guard, shiftRight(a.get, b.get)]
  const checkedShift = checked(e, a.get, b.get, shiftLeft, wideShiftLeft)
  return [a.set, b.set, guard, checkedShift]
}

/** `p + n`, inside p's pool and as stale as p. */
function emitAdvance(e: Emitter, expression: Expr & { kind: 'advance' }): Code {
  const pointer = e.keep(emitValue(e, expression.pointer))
  const by = e.keep(emitValue(e, expression.by))
  const old = e.keep(magnitude(e, pointer.get))
  const moved = e.keep(add(old.get, by.get))
  const inside = expression.pools.reduce<Code>((found, at) => {
    const pool = e.system.pools[at]
    if (!pool) return found
    const contains = (value: Code): Code =>
      and(greater(value, constant(pool.base)), lessOrEqual(value, constant(pool.base + pool.size)))
    return or(found, and(contains(old.get), contains(moved.get)))
  }, constant(0))
  const signed = either(less(pointer.get, constant(0)), subtract(constant(0), moved.get), moved.get)
  return [
    pointer.set,
    by.set,
    e.askIf(isZero(pointer.get)),
    old.set,
    moved.set,
    e.askIf(isZero(inside)),
    signed,
  ]
}
