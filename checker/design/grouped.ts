import type { Step } from '../engine/engine.js'
import type { Violation } from '../property/violation.js'
import { renderColumns } from '../render/columns.js'
import type { SearchResult } from '../search/verdict.js'
import { orderKind } from '../trace/order-end.js'
import { expectedOf, replay } from '../trace/replay.js'
import type { Trace } from '../trace/trace.js'
import type { Row } from './row.js'

/** Longer runs are shown as they were found: each try replays all of it. */
const STEPS_MAX = 300

/** Replays for one run at most. */
const TRIES_MAX = 200

/**
 * The same violations by runs that are told in fewer lines. Where another process takes over, steps that commute with what
 * the others do meanwhile may as well be taken before or after it: a call that was torn apart is one again. Length and
 * context switches stay what they are, and the interpreter takes every run that is tried to its end.
 */
export function grouping(row: Row, result: SearchResult): SearchResult {
  const { violation } = result
  // Only where causes were told apart, more than one is shown.
  const isShown = (each: Violation): boolean => each === violation || each.count !== undefined
  const violations = result.violations.map((each) => (isShown(each) ? grouped(row, each) : each))
  const shown = violation && violations[result.violations.indexOf(violation)]
  return { ...result, violation: shown ?? violation, violations }
}

function grouped(row: Row, violation: Violation): Violation {
  const { trail } = violation
  if (violation.kind === orderKind || trail.steps.length > STEPS_MAX) return violation
  const expected = expectedOf(row.interpreter.system, violation)
  const run = (steps: readonly Step[]): Trace | null =>
    replay(row.interpreter, { ...trail, steps }, expected).trace
  const first = run(trail.steps)
  if (first === null) return violation
  let { steps } = trail
  let lines = linesOf(first)
  let left = TRIES_MAX
  let tries = regroupings(steps)
  for (let at = 0; at < tries.length && left > 0; at++, left--) {
    const other = tries[at] ?? []
    const trace = run(other)
    if (trace === null || trace.steps.length < other.length) continue
    if (trace.switches > first.switches || linesOf(trace) >= lines) continue
    steps = other
    lines = linesOf(trace)
    tries = regroupings(steps)
    at = -1
  }
  return { ...violation, trail: { ...trail, steps } }
}

const plain = { minimal: null, replay: null, leftOut: [], explanation: null, otherOrder: null }
const linesOf = (trace: Trace): number => renderColumns(trace, plain).split('\n').length

/** The last steps before a context switch put off until the process goes on, or the first after it taken before. */
function regroupings(steps: readonly Step[]): readonly (readonly Step[])[] {
  const found: (readonly Step[])[] = []
  const process = (at: number): number | undefined => steps[at]?.process
  const endOf = (from: number): number => {
    let end = from
    while (end < steps.length && process(end) === process(from)) end++
    return end
  }
  for (let from = 0; from < steps.length; from = endOf(from)) {
    const left = endOf(from)
    const back = steps.findIndex((step, at) => at > left && step.process === process(from))
    if (back < 0) continue
    const [meanwhile, rest] = [steps.slice(left, back), steps.slice(back)]
    for (let at = left - 1; at > from; at--) {
      found.push([...steps.slice(0, at), ...meanwhile, ...steps.slice(at, left), ...rest])
    }
    for (let at = back + 1; at < endOf(back); at++) {
      found.push([
        ...steps.slice(0, left),
        ...steps.slice(back, at),
        ...meanwhile,
        ...steps.slice(at),
      ])
    }
  }
  return found
}
