import { binaryValue } from './arithmetic.js'
import type { Expr, Slot, ValueType } from './expression.js'
import { inferredRange, sizeLimit } from './resolve-type.js'
import { definitions } from './slots.js'
import type { Instruction } from './system.js'

/**
 * Rule 3: the ranges of locals and parameters are inferred: the hull of everything assigned to them, whatever the
 * order. What keeps growing gets the default range; leaving it at run time ends as `incomplete`.
 */

/** Both ends inclusive. */
export interface Interval {
  readonly low: number
  readonly high: number
}

type Ranges = (slot: Slot | 'family') => Interval | null

const roundsBeforeWidening = 8

export function inferRanges(
  instructions: readonly Instruction[],
  slots: readonly Slot[],
  loops: ReadonlyMap<Slot, { from: Expr; to: Expr }>,
  family: Interval | null,
): void {
  const open = new Set(slots.filter((slot) => slot.type.kind === 'int' && slot.type.inferred))
  const writing = instructions.filter((i) => definitions(i).some((slot) => open.has(slot)))
  const found = new Map<Slot, Interval>()
  // What kept growing has its default range for good, whatever flows into it later.
  const settled = new Set<Slot>()
  for (let round = 0; ; round++) {
    let grew = false
    const note = (slot: Slot, value: Interval | null): void => {
      if (value === null || !open.has(slot) || settled.has(slot)) return
      const old = found.get(slot)
      const hull = old ? join(old, value) : value
      if (old && hull.low === old.low && hull.high === old.high) return
      grew = true
      const growing = round >= roundsBeforeWidening
      if (growing) settled.add(slot)
      found.set(slot, growing ? widen(old ?? hull) : hull)
    }
    const ranges: Ranges = (slot) =>
      slot === 'family'
        ? family
        : open.has(slot)
          ? (found.get(slot) ?? null)
          : typeInterval(slot.type)
    for (const instruction of writing) infer(instruction, loops, ranges, note)
    if (!grew) break
  }
  for (const slot of open) {
    const range = found.get(slot) ?? { low: 0, high: 0 }
    const type: ValueType = { kind: 'int', from: range.low, to: range.high, inferred: true }
    ;(slot as { type: ValueType }).type = type
  }
}

function infer(
  i: Instruction,
  loops: ReadonlyMap<Slot, { from: Expr; to: Expr }>,
  ranges: Ranges,
  note: (slot: Slot, value: Interval | null) => void,
): void {
  switch (i.kind) {
    case 'assign': {
      const loop = loops.get(i.slot)
      if (!loop) return note(i.slot, evaluate(i.value, ranges))
      const from = evaluate(loop.from, ranges)
      const to = evaluate(loop.to, ranges)
      if (from && to) note(i.slot, { low: from.low, high: Math.max(from.high, to.high) })
      return
    }
    case 'choose': {
      const from = evaluate(i.from, ranges)
      const to = evaluate(i.to, ranges)
      if (from && to) note(i.slot, { low: from.low, high: Math.max(from.low, to.high) })
      return
    }
    case 'load':
      return note(i.slot, typeInterval(i.place.type))
    case 'update':
      return note(i.old, typeInterval(i.place.type))
    case 'callback-begin':
      note(i.callback, { low: 0, high: Math.max(0, i.objects.length - 1) })
      return note(i.head, { low: 0, high: sizeLimit - 1 })
    default:
      return
  }
}

const join = (a: Interval, b: Interval): Interval => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
})

const widen = (range: Interval): Interval =>
  join({ low: inferredRange.from, high: inferredRange.to }, range)

const limit = 2 ** 20
const clamp = (range: Interval): Interval => ({
  low: Math.max(range.low, -limit),
  high: Math.min(range.high, limit),
})

function typeInterval(type: ValueType): Interval | null {
  switch (type.kind) {
    case 'bool':
      return { low: 0, high: 1 }
    case 'int':
      return { low: type.from, high: type.to }
    case 'enum':
      return { low: 0, high: type.values.length - 1 }
    case 'bits':
      return { low: 0, high: 2 ** type.bits.length - 1 }
    default:
      return null
  }
}

/** What an expression can be, by the ranges its slots have; null for pointers. */
export const intervalOf = (e: Expr, family: Interval): Interval | null =>
  evaluate(e, (slot) => (slot === 'family' ? family : typeInterval(slot.type)))

/** Null: nothing is known to arrive here yet. */
function evaluate(e: Expr, ranges: Ranges): Interval | null {
  switch (e.kind) {
    case 'literal':
      return { low: e.value, high: e.value }
    case 'slot':
      return ranges(e.slot)
    case 'family':
      return ranges('family')
    case 'index-in-pool':
      return { low: 0, high: sizeLimit - 1 }
    case 'same-address':
      return { low: 0, high: 1 }
    case 'unary': {
      const operand = evaluate(e.operand, ranges)
      if (operand === null) return null
      if (e.operator === '!') return { low: 0, high: 1 }
      const shift = e.operator === '~' ? 1 : 0
      return { low: -operand.high - shift, high: -operand.low - shift }
    }
    case 'conditional': {
      const then = evaluate(e.then, ranges)
      const otherwise = evaluate(e.otherwise, ranges)
      return then && otherwise ? join(then, otherwise) : (then ?? otherwise)
    }
    case 'binary': {
      const left = evaluate(e.left, ranges)
      const right = evaluate(e.right, ranges)
      return left && right ? combine(e, left, right) : null
    }
    default:
      return null
  }
}

function combine(e: Expr & { kind: 'binary' }, left: Interval, right: Interval): Interval {
  const corners = (): Interval => {
    const values = [left.low, left.high].flatMap((a) =>
      [right.low, right.high].map((b) => binaryValue(e.operator, a, b)),
    )
    if (values.some(Number.isNaN)) return { low: -limit, high: limit }
    return clamp({ low: Math.min(...values), high: Math.max(...values) })
  }
  switch (e.operator) {
    case '+':
    case '-':
    case '*':
      return corners()
    case '%': {
      const most = Math.max(Math.abs(right.low), Math.abs(right.high)) - 1
      return {
        low: left.low < 0 ? -most : 0,
        high: Math.max(0, Math.min(most, Math.abs(left.high))),
      }
    }
    case '/': {
      const most = Math.max(Math.abs(left.low), Math.abs(left.high))
      return { low: left.low >= 0 && right.low >= 0 ? 0 : -most, high: most }
    }
    case '&':
      if (left.low >= 0) return { low: 0, high: left.high }
      if (right.low >= 0) return { low: 0, high: right.high }
      return bitHull(left, right)
    case '|':
    case '^':
      return bitHull(left, right)
    case '<<':
    case '>>':
      return right.low >= 0 && right.high < 31 ? corners() : { low: -limit, high: limit }
    default:
      return { low: 0, high: 1 }
  }
}

/** All values of as many bits as the larger operand takes. */
function bitHull(left: Interval, right: Interval): Interval {
  const all = join(left, right)
  const most = Math.max(Math.abs(all.low), all.high + 1, 1)
  const power = 2 ** Math.ceil(Math.log2(most))
  return { low: all.low < 0 ? -power : 0, high: power - 1 }
}
