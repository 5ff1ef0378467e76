import type { Evaluate } from './tla-frame.js'
import { itemsOf, keyOf, numberOf, Several, truthOf, type Value } from './tla-values.js'

/** Operators of the language and of `Integers`. */
export function operation(symbol: string, operands: readonly Evaluate[]): Evaluate {
  const [left, right] = operands
  if (left === undefined) throw new Error(`${symbol} without operands`)
  if (symbol === 'land') return (frame) => operands.every((each) => truthOf(each(frame)))
  if (symbol === 'lor') return (frame) => operands.some((each) => truthOf(each(frame)))
  const unary = UNARY[symbol]
  if (right === undefined) {
    if (unary === undefined) throw new Error(`${symbol} is not known here`)
    return (frame) => unary(left(frame))
  }
  if (symbol === 'implies') return (frame) => !truthOf(left(frame)) || truthOf(right(frame))
  const binary = BINARY[symbol]
  if (binary === undefined) throw new Error(`${symbol} is not known here`)
  return (frame) => binary(left(frame), right(frame))
}

const UNARY: Readonly<Record<string, (of: Value) => Value>> = {
  negative: (of) => numberOf(-numberOf(of)),
  lnot: (of) => !truthOf(of),
  union: (of) => new Several(itemsOf(of).flatMap(itemsOf)),
}

type Two = (left: Value, right: Value) => Value

const numbers =
  (of: (left: number, right: number) => Value): Two =>
  (left, right) => {
    const value = of(numberOf(left), numberOf(right))
    return typeof value === 'number' ? numberOf(value + 0) : value
  }

const isIn: Two = (left, right) => {
  const key = keyOf(left)
  return itemsOf(right).some((item) => keyOf(item) === key)
}

/** Of division by a positive number, and rounding down. */
function floored(left: number, right: number): number {
  if (right <= 0) throw new Error(`a division by ${right}`)
  return Math.floor(left / right)
}

const isEqual: Two = (left, right) => {
  if (typeof left !== typeof right)
    throw new Error(`${keyOf(left)} and ${keyOf(right)} differ in type`)
  return keyOf(left) === keyOf(right)
}

const BINARY: Readonly<Record<string, Two>> = {
  eq: isEqual,
  neq: (left, right) => !isEqual(left, right),
  lt: numbers((left, right) => left < right),
  leq: numbers((left, right) => left <= right),
  gt: numbers((left, right) => left > right),
  geq: numbers((left, right) => left >= right),
  plus: numbers((left, right) => left + right),
  minus: numbers((left, right) => left - right),
  mul: numbers((left, right) => left * right),
  div: numbers(floored),
  mod: numbers((left, right) => left - right * floored(left, right)),
  pow: numbers((left, right) => left ** right),
  dots_2: (left, right) => {
    const [from, to] = [numberOf(left), numberOf(right)]
    return new Several(Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => from + at))
  },
  in: isIn,
  notin: (left, right) => !isIn(left, right),
  cup: (left, right) => new Several([...itemsOf(left), ...itemsOf(right)]),
}
