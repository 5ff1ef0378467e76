import type { Interpreter, State } from '../../spec/index.js'
import type { Step } from '../engine/engine.js'
import type { TraceStep } from './trace.js'

/** A stretch of steps of one process, and a stretch of others that it was taken across. Indexes of steps, from 0. */
export interface OtherOrder {
  /** First and one behind the last of the steps that were moved. */
  readonly moved: readonly [from: number, to: number]
  readonly across: readonly [from: number, to: number]
  /** The moved steps came later, and now come before; else the other way round. */
  readonly earlier: boolean
}

/** How many steps are tried in all, and how many a run may take after its own have been used up. */
const STEPS_TRIED = 1500
const STEPS_ON = 200

/**
 * The least change of order that avoids a violation: some steps of one process, moved across neighbouring steps of
 * others, and what the run then comes to, rest without a violation. Found by trying; null when nothing that was tried
 * does. `units` are where the stretches may begin and end: for each step, the number of the line it is told in.
 */
export function avoidingOrder(
  interpreter: Interpreter,
  steps: readonly TraceStep[],
  units: readonly number[],
): OtherOrder | null {
  let left = STEPS_TRIED
  for (const order of ordersOf(steps, units)) {
    if (left <= 0) return null
    const from = Math.min(order.moved[0], order.across[0])
    const start = steps[from] as TraceStep
    const { isGood, taken } = tried(interpreter, start.before, reordered(steps, order, from))
    left -= taken
    if (isGood) return order
  }
  return null
}

/** The nearest first: by what is moved, then by how far. */
function ordersOf(steps: readonly Step[], units: readonly number[]): readonly OtherOrder[] {
  const found: OtherOrder[] = []
  const begins = (index: number): boolean =>
    index === 0 || index === steps.length || units[index] !== units[index - 1]
  const block = (index: number): number => steps[index]?.process ?? -1
  for (let middle = 1; middle < steps.length; middle++) {
    if (block(middle) === block(middle - 1)) continue
    for (let from = middle - 1; from >= 0 && block(from) === block(middle - 1); from--) {
      if (!begins(from)) continue
      for (let to = middle + 1; to <= steps.length && block(to - 1) === block(middle); to++) {
        if (!begins(to)) continue
        found.push({ moved: [from, middle], across: [middle, to], earlier: false })
        found.push({ moved: [middle, to], across: [from, middle], earlier: true })
      }
    }
  }
  const size = ([from, to]: readonly [number, number]): number => to - from
  return found.sort(
    (a, b) =>
      size(a.moved) - size(b.moved) || size(a.across) - size(b.across) || b.moved[0] - a.moved[0],
  )
}

/** The steps from `from` on in the other order. */
function reordered(
  steps: readonly Step[],
  { moved, across }: OtherOrder,
  from: number,
): readonly Step[] {
  const middle = Math.max(moved[0], across[0])
  const to = Math.max(moved[1], across[1])
  return [...steps.slice(middle, to), ...steps.slice(from, middle), ...steps.slice(to)]
}

/**
 * Runs a schedule as far as it goes: a process that cannot move is passed over, and takes another way where its choices
 * are no longer there. Then whoever moved last goes on, then the others.
 */
function tried(
  interpreter: Interpreter,
  from: State,
  steps: readonly Step[],
): { readonly isGood: boolean; readonly taken: number } {
  const count = interpreter.system.processes.length
  let state = from
  let taken = 0
  let last = steps.at(-1)?.process ?? 0
  for (; taken < steps.length + STEPS_ON; taken++) {
    const wanted = steps[taken]
    if (wanted === undefined && interpreter.mayRest(state)) {
      return { isGood: interpreter.judgeRest(state) === null, taken }
    }
    const order = wanted === undefined ? [last, ...Array(count).keys()] : [wanted.process]
    const next = firstMove(interpreter, state, order, wanted?.choices ?? null)
    if (next === 'wrong') return { isGood: false, taken }
    if (next === null) {
      if (wanted === undefined) return { isGood: false, taken }
      continue
    }
    state = next.state
    last = next.process
    if (interpreter.judge(state) !== null) return { isGood: false, taken }
  }
  return { isGood: false, taken }
}

/** The step of the first of some processes that can move; `wrong`: it ends the run. */
function firstMove(
  interpreter: Interpreter,
  state: State,
  order: readonly number[],
  choices: readonly number[] | null,
): { readonly process: number; readonly state: State } | 'wrong' | null {
  for (const process of order) {
    const same = choices === null ? null : interpreter.replay(state, process, choices)
    const outcome = same ?? interpreter.fire(state, process)[0]
    if (outcome === undefined) continue
    return outcome.kind === 'next' ? { process, state: outcome.state } : 'wrong'
  }
  return null
}
