import type { Span } from '../../spec/index.js'
import type { Step, Trail } from '../engine/engine.js'
import type { Violation } from './violation.js'

/**
 * The one rule that chooses a counterexample, as an order, best first: the kinds that the model's matching `expect`
 * row lists, in its order; what happens in one run before what several runs make together; then depth, context
 * switches, kind, place and schedule. It looks at content only, so every run with the same answer shows the same run
 * of the model.
 */
export function violationOrder(
  preferred: readonly string[],
): (left: Violation, right: Violation) => number {
  const rank = (kind: string) => {
    const index = preferred.indexOf(kind)
    return index < 0 ? preferred.length : index
  }
  return (left, right) =>
    rank(left.kind) - rank(right.kind) ||
    Number(left.kind === 'lock-inversion') - Number(right.kind === 'lock-inversion') ||
    left.depth - right.depth ||
    left.switches - right.switches ||
    compareTexts(left.kind, right.kind) ||
    comparePlaces(left.trap.at, right.trap.at) ||
    compareTrails(left.trail, right.trail)
}

/** By file, then by offset: of the beginning, then of the end. */
export function comparePlaces(left: Span, right: Span): number {
  return compareTexts(left.file, right.file) || left.from - right.from || left.to - right.to
}

/** Lexicographic: the picks of the initial state, then step by step. */
export function compareTrails(left: Trail, right: Trail): number {
  const initial = compareNumbers(left.initial, right.initial)
  if (initial !== 0) return initial
  return compareLists(left.steps, right.steps, compareSteps)
}

/** By process, then by its picks. */
export function compareSteps(left: Step, right: Step): number {
  return left.process - right.process || compareNumbers(left.choices, right.choices)
}

/** How often the process changes from one step to the next. */
export function contextSwitches(steps: readonly Step[]): number {
  let switches = 0
  for (let index = 1; index < steps.length; index++) {
    if (steps[index]?.process !== steps[index - 1]?.process) switches++
  }
  return switches
}

/** By code unit, so that no locale has a say. */
export function compareTexts(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}

function compareNumbers(left: readonly number[], right: readonly number[]): number {
  return compareLists(left, right, (one, other) => one - other)
}

function compareLists<Item>(
  left: readonly Item[],
  right: readonly Item[],
  compare: (left: Item, right: Item) => number,
): number {
  const count = Math.min(left.length, right.length)
  for (let index = 0; index < count; index++) {
    const order = compare(left[index] as Item, right[index] as Item)
    if (order !== 0) return order
  }
  return left.length - right.length
}
