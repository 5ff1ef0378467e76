import type { Num, Temporary } from './program.js'

/** Both ends inclusive. */
export interface Range {
  readonly from: number
  readonly to: number
}

/** An int of C. What a row holds fits; what it may work out must fit as well, or is refused. */
export const int32: Range = { from: -(2 ** 31), to: 2 ** 31 - 1 }

const known = new WeakMap<Num, Range>()

/**
 * What an integer of a program can be, by the ranges of what it reads; where something may be without a value, of its
 * values. What leaves an int was a fault before.
 */
export function rangeOf(num: Num): Range {
  const found = known.get(num)
  if (found) return found
  const { from, to } = reachOf(num)
  const range = { from: Math.max(from, int32.from), to: Math.min(to, int32.to) }
  known.set(num, range)
  return range
}

/** The process that moves, of a code with these processes. */
export function selfBetween(from: number, to: number): Num {
  const self: Num = { kind: 'self' }
  known.set(self, { from, to })
  return self
}

const missing = new WeakSet<Temporary>()

/** A cell that may be without a value: `from` stands for that, as a variable's `empty` does. */
export function maybeMissing(temporary: Temporary): Temporary {
  missing.add(temporary)
  return temporary
}

export const isWithin = (inner: Range, outer: Range): boolean =>
  inner.from >= outer.from && inner.to <= outer.to

/** What an operation gives, were there no end to ints. */
export function reachOf(num: Num): Range {
  switch (num.kind) {
    case 'number':
      return { from: num.value, to: num.value }
    case 'read': {
      const { from, to, empty } = num.variable
      return { from: empty === null ? from : from + 1, to }
    }
    case 'temporary': {
      const { from, to } = num.temporary
      return { from: missing.has(num.temporary) ? from + 1 : from, to }
    }
    case 'index':
      return num.index
    case 'self':
      return int32
    case 'negate': {
      const operand = rangeOf(num.operand)
      return { from: -operand.to, to: -operand.from }
    }
    case 'complement': {
      const operand = rangeOf(num.operand)
      return { from: ~operand.to, to: ~operand.from }
    }
    case 'conditional':
      return hull(rangeOf(num.then), rangeOf(num.otherwise))
    case 'arithmetic':
      return combine(num.operator, rangeOf(num.left), rangeOf(num.right))
  }
}

const hull = (one: Range, other: Range): Range => ({
  from: Math.min(one.from, other.from),
  to: Math.max(one.to, other.to),
})

function combine(operator: string, left: Range, right: Range): Range {
  switch (operator) {
    case '+':
      return { from: left.from + right.from, to: left.to + right.to }
    case '-':
      return { from: left.from - right.to, to: left.to - right.from }
    case '*':
      return corners(left, right, (a, b) => a * b)
    case '<<':
      return corners(left, clampShift(right), (a, b) => a * 2 ** b)
    case '>>':
      return corners(left, clampShift(right), (a, b) => a >> b)
    case '/': {
      const most = Math.max(Math.abs(left.from), Math.abs(left.to))
      return { from: left.from >= 0 && right.from >= 0 ? 0 : -most, to: most }
    }
    case '%': {
      const most = Math.max(Math.abs(right.from), Math.abs(right.to), 1) - 1
      const magnitude = Math.min(most, Math.max(Math.abs(left.from), Math.abs(left.to)))
      return { from: left.from < 0 ? -magnitude : 0, to: left.to > 0 ? magnitude : 0 }
    }
    case '&':
      if (left.from >= 0 && right.from >= 0) return { from: 0, to: Math.min(left.to, right.to) }
      if (left.from >= 0) return { from: 0, to: left.to }
      if (right.from >= 0) return { from: 0, to: right.to }
      return words(left, right)
    default:
      return words(left, right)
  }
}

const clampShift = (by: Range): Range => ({ from: Math.max(0, by.from), to: Math.min(31, by.to) })

function corners(left: Range, right: Range, value: (a: number, b: number) => number): Range {
  const values = [left.from, left.to].flatMap((a) => [right.from, right.to].map((b) => value(a, b)))
  return { from: Math.min(...values), to: Math.max(...values) }
}

/** All values of as many bits as the larger operand takes. */
function words(left: Range, right: Range): Range {
  const all = hull(left, right)
  const power = 2 ** Math.ceil(Math.log2(Math.max(Math.abs(all.from), all.to + 1, 1)))
  return { from: all.from < 0 ? -power : 0, to: power - 1 }
}
