import type { Interpreter } from '../../spec/index.js'
import { ampleEngine } from '../engine/ample.js'
import { chooseEngine } from '../engine/choose.js'
import type { Engine } from '../engine/engine.js'
import { symmetricEngine } from '../engine/symmetric.js'
import type { Violation } from '../property/violation.js'
import { concrete } from '../reduction/concrete.js'
import { expand } from '../reduction/expand.js'
import { type Reduced, type ReductionName, reduce } from '../reduction/reduce.js'
import { exploring } from '../search/explore.js'
import type { SearchOptions } from '../search/options.js'
import type { Progress } from '../search/statistics.js'
import type { SearchResult } from '../search/verdict.js'
import { orderKind } from '../trace/order-end.js'
import { replay } from '../trace/replay.js'

/** As many states are seen before it is thought about how to see fewer: most models have less. */
const TRIAL_STATES = 20_000

/** A violation found in a reduced search is looked for again in the full one, which shows the nearest, up to so many. */
const CONFIRM_STATES = 2_000_000

export interface RowSearch {
  /** Reductions that may be made; none: every state of the model is seen. */
  readonly reductions: readonly ReductionName[]
  /** `TRIAL_STATES` and `CONFIRM_STATES` unless given; 0 reduces at once, and shows what the reduced search found. */
  readonly trialStates?: number
  readonly confirmStates?: number
}

interface Searched {
  readonly engine: Engine
  readonly interpreter: Interpreter
}

/**
 * Searches a row with the reductions that are wanted. Both limits are numbers of states, so that the same search is made
 * on every machine.
 */
export function* exploringRow(
  row: Searched,
  options: SearchOptions,
  search: RowSearch,
): Generator<Progress, SearchResult, void> {
  const { engine } = row
  const { trialStates = TRIAL_STATES, confirmStates = CONFIRM_STATES } = search
  if (search.reductions.length === 0) return yield* exploring(engine, options)
  if (trialStates > 0) {
    const trial = yield* upTo(engine, options, trialStates)
    if (trial.limit?.name !== 'states' || options.maxStates <= trialStates) return trial
  }
  const reduced = reduce(engine.system, search.reductions)
  const { used, refused } = reduced
  if (used.length === 0) {
    const result = yield* exploring(engine, options)
    return { ...result, shortcuts: { used, refused, isShortest: true } }
  }
  const found = yield* exploring(engineOf(engine, reduced), options)
  if (found.violation === null) {
    return { ...found, shortcuts: { used, refused, isShortest: true } }
  }
  // Of several kinds a reduced search may miss one, never all.
  const isFound = (kind: string): boolean => found.violations.some((one) => one.kind === kind)
  if (!options.wanted.every(isFound)) {
    const result = yield* exploring(engine, options)
    return { ...result, shortcuts: { used: [], refused, isShortest: true } }
  }
  if (confirmStates > 0) {
    const full = yield* upTo(engine, options, confirmStates)
    if (full.violation !== null) {
      return { ...full, shortcuts: { used: [], refused, isShortest: true } }
    }
    if (full.verdict === 'holds') throw new Error('a reduction found a violation where none is')
  }
  const violations = found.violations.map((violation) => retold(row, reduced, violation))
  const shortcuts = { used, refused, isShortest: false }
  return { ...found, violation: violations[0] ?? null, violations, shortcuts }
}

const upTo = (engine: Engine, options: SearchOptions, states: number) =>
  exploring(engine, { ...options, maxStates: Math.min(options.maxStates, states) })

const engineOf = (engine: Engine, { system, symmetry, ample }: Reduced): Engine =>
  symmetricEngine(ampleEngine(chooseEngine(system, engine.name), ample), symmetry)

/** The violation in steps of the model, as the interpreter sees it. */
function retold(
  { engine, interpreter }: Searched,
  reduced: Reduced,
  violation: Violation,
): Violation {
  const plain = chooseEngine(reduced.system, engine.name)
  const symmetric = engineOf(engine, reduced)
  const isStep = violation.trap.site !== null
  const isOrder = violation.kind === orderKind
  const schedule = concrete(symmetric, plain, violation)
  const { trail, loop } = expand(interpreter, reduced.system, schedule, !isStep && !isOrder)
  const { trace, refusal } = replay(interpreter, trail, null, loop, isOrder)
  if (trace === null)
    throw new Error(`the run of a reduced search is none of the model: ${refusal}`)
  const { kind, trap, switches } = trace
  return { kind, trap, trail, depth: trail.steps.length, switches, loop }
}

/** Searches a row all at once. */
export function exploreRow(row: Searched, options: SearchOptions, search: RowSearch): SearchResult {
  const work = exploringRow(row, options, search)
  for (;;) {
    const next = work.next()
    if (next.done === true) return next.value
  }
}

/** Searches a row with pauses, in which the caller may show how far it is, and signals come through. */
export async function exploreRowWithPauses(
  row: Searched,
  options: SearchOptions,
  search: RowSearch,
  pause: (progress: Progress) => Promise<void>,
): Promise<SearchResult> {
  const work = exploringRow(row, options, search)
  for (;;) {
    const next = work.next()
    if (next.done === true) return next.value
    await pause(next.value)
  }
}
