import { binaryValue, sameAddress, unaryValue } from '../system/arithmetic.js'
import type { Expr } from '../system/expression.js'
import { type Frame, poolAt } from './frame.js'
import { TrapSignal } from './signal.js'
import { objectOf, pointerTo } from './value.js'

/** The value of an expression over locals. Traps: an uninitialised local, division by zero, a pointer out of its pool. */
export function evaluate(e: Expr, frame: Frame): number {
  switch (e.kind) {
    case 'literal':
      return e.value
    case 'slot': {
      const value = frame.locals[e.slot.index]
      if (typeof value === 'number') return value
      throw new TrapSignal(
        'uninitialised-read',
        `\`${e.slot.name}\` is read before it was given a value`,
      )
    }
    case 'family':
      return frame.family ?? 0
    case 'current':
      // In init and in properties nobody is current.
      return frame.process < 0 ? 0 : frame.process + 1
    case 'unary':
      return defined(unaryValue(e.operator, evaluate(e.operand, frame)), e.operator)
    case 'binary':
      return binary(e, frame)
    case 'conditional':
      return evaluate(evaluate(e.test, frame) !== 0 ? e.then : e.otherwise, frame)
    case 'same-address':
      return sameAddress(evaluate(e.left, frame), evaluate(e.right, frame)) ? 1 : 0
    case 'object': {
      const pool = poolAt(frame.system, e.pool)
      return pointerTo(pool, inBounds(evaluate(e.index, frame), pool.size, pool.name))
    }
    case 'advance':
      return advance(e, frame)
    case 'index-in-pool': {
      const pointer = evaluate(e.pointer, frame)
      const pool = poolAt(frame.system, e.pool)
      if (pointer === 0)
        throw new TrapSignal('null-dereference', `null has no index in ${pool.name}`)
      return Math.abs(pointer) - 1 - pool.base
    }
  }
}

function binary(e: Expr & { kind: 'binary' }, frame: Frame): number {
  const left = evaluate(e.left, frame)
  // As in C, the right side is not evaluated when the left decides.
  if (e.operator === '&&' && left === 0) return 0
  if (e.operator === '||' && left !== 0) return 1
  return defined(binaryValue(e.operator, left, evaluate(e.right, frame)), e.operator)
}

function defined(value: number, operator: string): number {
  if (!Number.isNaN(value)) return value
  if (operator === '/' || operator === '%') throw new TrapSignal('bug-on', 'division by zero')
  throw new TrapSignal('count-overflow', `\`${operator}\` leaves the 32 bits of an int`)
}

function advance(e: Expr & { kind: 'advance' }, frame: Frame): number {
  const pointer = evaluate(e.pointer, frame)
  const by = evaluate(e.by, frame)
  if (pointer === 0) throw new TrapSignal('null-dereference', 'arithmetic on null')
  const { pool, index } = objectOf(frame.system, e.pools, pointer)
  const number = pointerTo(pool, inBounds(index + by, pool.size, pool.name))
  return pointer < 0 ? -number : number
}

/** The index, when it lies inside; a place that does not exist is a count that overflowed. */
export function inBounds(index: number, length: number, name: string): number {
  if (index >= 0 && index < length) return index
  throw new TrapSignal('count-overflow', `index ${index} is outside ${name}[0..${length - 1}]`)
}
