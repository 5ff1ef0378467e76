import type { Interpreter } from '../../spec/index.js'
import { ampleEngine } from '../engine/ample.js'
import { chooseEngine } from '../engine/choose.js'
import type { Engine } from '../engine/engine.js'
import { symmetricEngine } from '../engine/symmetric.js'
import { isEmpty } from '../engine/symmetry.js'
import type { Violation } from '../property/violation.js'
import { concrete } from '../reduction/concrete.js'
import { expand } from '../reduction/expand.js'
import { type Reduced, type ReductionName, reduce, withoutSymmetry } from '../reduction/reduce.js'
import { exploring } from '../search/explore.js'
import type { SearchOptions } from '../search/options.js'
import type { Progress } from '../search/statistics.js'
import type { SearchResult } from '../search/verdict.js'
import { orderKind } from '../trace/order-end.js'
import { replay } from '../trace/replay.js'

/** As many states are seen before it is thought about how to see fewer: most models have less. */
const TRIAL_STATES = 50_000

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
  const tried =
    trialStates > 0
      ? yield* trying(engine, options, search.reductions, trialStates)
      : { result: null, reduced: reduce(engine.system, search.reductions) }
  if (tried.result !== null) {
    const refused = tried.reduced?.refused ?? []
    return { ...tried.result, shortcuts: { used: [], refused, isShortest: true } }
  }
  let { reduced } = tried
  const least = function* (): Generator<Progress, SearchResult, void> {
    const isFull = reduced.used.length === 0
    return yield* exploring(isFull ? engine : engineOf(engine, reduced), options)
  }
  let found = yield* least()
  const isOrder = found.violations.some(({ kind }) => kind === orderKind)
  if (isOrder && !isEmpty(reduced.symmetry)) {
    reduced = withoutSymmetry(reduced)
    found = yield* least()
  }
  const { used, refused } = reduced
  if (found.violation === null || used.length === 0) {
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

/** A full search that went to its end; or none, and what to search instead. */
type Tried =
  | { readonly result: SearchResult; readonly reduced: Reduced | null }
  | { readonly result: null; readonly reduced: Reduced }

/**
 * A full search, unless it has seen more than so many states when a level is complete, and there is a reduction from which
 * something may be gained. Then it is given up.
 */
function* trying(
  engine: Engine,
  options: SearchOptions,
  wanted: readonly ReductionName[],
  states: number,
): Generator<Progress, Tried, void> {
  const search = exploring(engine, options)
  let depth = -1
  let reduced: Reduced | null = null
  for (;;) {
    const next = search.next()
    if (next.done === true) return { result: next.value, reduced }
    const progress = next.value
    // The first of a level is said when the level before it is complete: the same on every machine.
    const isComplete = progress.depth > depth
    depth = progress.depth
    if (isComplete && reduced === null && progress.distinctStates > states) {
      reduced = reduce(engine.system, wanted)
      if (mayGain(reduced, wanted)) {
        // It ends where it stands, and its threads with it.
        search.return(undefined as never)
        return { result: null, reduced }
      }
    }
    yield progress
  }
}

/** One process alone saves less than a second search costs, unless it is all that is asked for. */
const mayGain = ({ used }: Reduced, wanted: readonly ReductionName[]): boolean =>
  used.some((name) => name !== 'por' || wanted.length === 1)

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
export function exploreRowWithPauses(
  row: Searched,
  options: SearchOptions,
  search: RowSearch,
  pause: (progress: Progress) => Promise<void>,
): Promise<SearchResult> {
  return withPauses(exploringRow(row, options, search), pause)
}

/** Does some work with pauses. */
export async function withPauses<Result>(
  work: Generator<Progress, Result, void>,
  pause: (progress: Progress) => Promise<void>,
): Promise<Result> {
  for (;;) {
    const next = work.next()
    if (next.done === true) return next.value
    await pause(next.value)
  }
}
