import type { Engine, Transition } from '../engine/engine.js'
import { compileExplorer } from '../engine/wasm/explorer/index.js'
import type { Violation } from '../property/violation.js'
import { conclude } from './conclude.js'
import { type Discovered, Expander } from './expand.js'
import type { Finding, FindingGroup } from './findings.js'
import type { StateGraph } from './graph.js'
import type { Ending } from './inversions.js'
import { memoryForecast, memoryLimit, statesLimit, stopLimit } from './limits.js'
import type { SearchOptions } from './options.js'
import { restFindings } from './rest.js'
import { exploringShared, Unsuited } from './shared/search.js'
import { shortestRun } from './shortest.js'
import { completedLevel, type Progress, progressOf } from './statistics.js'
import type { Limit, SearchResult } from './verdict.js'

/** How often a search lets its caller breathe, and how often it asks whether to stop. */
const EXPANSIONS_PER_YIELD = 512
const EXPANSIONS_PER_QUESTION = 32

/** Explores all at once. */
export function explore(engine: Engine, options: SearchOptions): SearchResult {
  const search = exploring(engine, options)
  for (;;) {
    const next = search.next()
    if (next.done === true) return next.value
  }
}

/** Explores with pauses, in which the caller may show how far it is, and signals come through. */
export async function exploreWithPauses(
  engine: Engine,
  options: SearchOptions,
  pause: (progress: Progress) => Promise<void>,
): Promise<SearchResult> {
  const search = exploring(engine, options)
  for (;;) {
    const next = search.next()
    if (next.done === true) return next.value
    await pause(next.value)
  }
}

/** By the explorer that the engine has, else by the one that every engine has. */
export function* exploring(
  engine: Engine,
  options: SearchOptions,
): Generator<Progress, SearchResult, void> {
  const { workers, memoryBytes: bytes } = options
  const explorer =
    engine.name === 'compiled'
      ? compileExplorer(engine.system, {
          workers,
          bytes,
          symmetry: engine.symmetry,
          ample: engine.ample,
        })
      : null
  if (explorer !== null) {
    try {
      return yield* exploringShared(engine, explorer, options)
    } catch (problem) {
      if (!(problem instanceof Unsuited)) throw problem
    }
  }
  return yield* exploringGraph(engine, options)
}

/**
 * Breadth first, one completed level after the other: every state of depth d is expanded before any of depth d + 1, so
 * the first violation met is as shallow as any. The level is finished before one is chosen, so the choice does not
 * depend on the order of exploration. `holds` is said only when the frontier has emptied and nothing was cut. It is about
 * the runs from `initial`, the initial states of the model where nothing else is given.
 */
export function* exploringGraph(
  engine: Engine,
  options: SearchOptions,
  initial: readonly Transition[] = engine.initial(),
): Generator<Progress, SearchResult, void> {
  const expander = new Expander(engine, options.byCause)
  const { findings } = expander
  const hasEnough = () => !options.all && findings.satisfies(options.wanted)

  expander.begin(initial)
  let completed = completedLevel(expander, options)
  let limit = statesLimit(expander.extent, options)
  let frontier = expander.descend()
  let before = 0
  while (frontier.length > 0 && limit === null && !hasEnough()) {
    limit = memoryForecast(expander.extent, frontier.length, before, options)
    if (limit === null) limit = yield* expandLevel(expander, frontier, options)
    if (limit !== null) break
    completed = completedLevel(expander, options)
    before = frontier.length
    frontier = expander.descend()
  }

  if (limit?.name === 'states') findings.forgetPass()
  const emptied = limit === null && frontier.length === 0
  const depthMax = hasEnough() ? findings.satisfiedAt(options.wanted) : Number.POSITIVE_INFINITY
  if (emptied && !hasEnough()) {
    for (const finding of restFindings(engine, expander.graph)) expander.addRest(finding)
  }
  const groups = findings.groups().filter((group) => group.depth <= depthMax)
  const exhaustive = emptied && expander.bound === null
  const ending = { depth: completed.depth, exhaustive, hasOthers: groups.length > 0 }
  const violations = [
    ...groups.map((group) => violationOf(expander.graph, group)),
    ...circlesOf(expander, ending),
  ]
  const { bound, peakBytes } = expander
  const statistics = { exhaustive, stateBits: engine.stateBits, peakBytes, workers: 1 }
  const executed = () => engine.executed
  return conclude({ violations, limit, bound, completed, executed, statistics }, options)
}

/** Expands every state of the level, unless a limit ends it half-way. */
function* expandLevel(
  expander: Expander,
  frontier: readonly Discovered[],
  options: SearchOptions,
): Generator<Progress, Limit | null, void> {
  expander.findings.beginPass()
  for (const [index, discovered] of frontier.entries()) {
    if (index % EXPANSIONS_PER_YIELD === 0) yield progressOf(expander, frontier.length)
    if (index % EXPANSIONS_PER_QUESTION === 0) {
      const limit =
        stopLimit(expander.depth, options.stop()) ?? memoryLimit(expander.extent, options)
      if (limit !== null) return limit
    }
    expander.expand(discovered)
    const limit = statesLimit(expander.extent, options)
    if (limit !== null) return limit
  }
  return null
}

function* circlesOf(
  { inversions, graph }: Expander,
  ending: Ending,
): Generator<Violation, void, void> {
  for (const { trap, last } of inversions?.circles(ending) ?? []) {
    const { depth } = last
    const findings: Finding[] = []
    for (let id = graph.levelStarts[depth] ?? graph.count; id < graph.levelEnd(depth); id++) {
      if (!inversions?.isSeenIn(graph.visited.state(id), last)) continue
      findings.push({ trap, depth, state: id, step: null, initial: null, loop: null })
    }
    const { trail, switches } = shortestRun(graph, findings)
    yield { kind: trap.kind, trap, trail, depth, switches, loop: [] }
  }
}

function violationOf(graph: StateGraph, group: FindingGroup): Violation {
  const { finding, trail, switches } = shortestRun(graph, group.findings)
  const { trap, depth } = finding
  const loop = finding.loop?.() ?? []
  return { kind: trap.kind, trap, trail, depth, switches, loop, ...group.cause }
}
