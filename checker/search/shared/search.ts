import type { Engine } from '../../engine/engine.js'
import {
  CONTROL,
  type CompiledExplorer,
  createMemory,
  HALT,
  imageOf,
  Station,
  TASK,
} from '../../engine/wasm/explorer/index.js'
import type { Violation } from '../../property/violation.js'
import { conclude } from '../conclude.js'
import type { Finding, FindingGroup } from '../findings.js'
import { fullLimit, statesLimit, stopLimit } from '../limits.js'
import type { SearchOptions, StopReason } from '../options.js'
import type { ShortestRun } from '../shortest.js'
import { type Completed, executedSoFar, type Progress } from '../statistics.js'
import type { Limit, SearchResult } from '../verdict.js'
import { Crew } from './crew.js'
import { Desks, type Event } from './desks.js'
import { Discoveries } from './discoveries.js'
import { executedBy } from './executed.js'
import { Growth } from './growth.js'
import { sharedRestFindings } from './rests.js'
import { runTo } from './runs.js'
import { SharedStates } from './states.js'
import { Sweeps } from './sweeps.js'

/** Fewer states than this are explored before other threads have started. */
const CREW_STATES = 30_000

/** Smaller levels are expanded by the main thread alone, before the others would have woken up. */
const CREW_LEVEL = 2000

/** The search is for the explorer with a graph. */
export class Unsuited extends Error {}

/**
 * Breadth first like `exploring`, with the same result, on all threads of a crew. What they share is the memory: the
 * states, and a table of them. They store no steps; the run to a violation and the check of rest fire them again.
 */
export function* exploringShared(
  engine: Engine,
  explorer: CompiledExplorer,
  options: SearchOptions,
): Generator<Progress, SearchResult, void> {
  const image = imageOf(explorer)
  const memory = createMemory(explorer.plan)
  if (memory === null) throw new Unsuited('the machine does not give the memory')
  const main = new Station(image, memory, 0)
  const crew = new Crew(main, { image, memory }, explorer.plan.workers)
  try {
    return yield* new SharedSearch(engine, explorer, options, main, crew).run()
  } finally {
    crew.dismiss()
  }
}

class SharedSearch {
  readonly #engine: Engine
  readonly #explorer: CompiledExplorer
  readonly #options: SearchOptions
  readonly #control: Int32Array
  readonly #crew: Crew
  readonly #desks: Desks
  readonly #states: SharedStates
  readonly #discoveries: Discoveries
  readonly #sweeps: Sweeps
  readonly #growth: Growth
  /** Depth of the level being expanded, and of those behind it the transitions. */
  #depth = 0
  #generated = 0
  #turnsBack = false
  #again = false
  #frontier = 0
  /** How many states each completed level has. */
  readonly #levels: number[] = []

  constructor(
    engine: Engine,
    explorer: CompiledExplorer,
    options: SearchOptions,
    main: Station,
    crew: Crew,
  ) {
    const image = imageOf(explorer)
    this.#engine = engine
    this.#explorer = explorer
    this.#options = options
    this.#control = main.control
    this.#crew = crew
    this.#growth = new Growth(main, image, crew)
    this.#desks = new Desks(main, image)
    this.#states = new SharedStates(main, image)
    this.#discoveries = new Discoveries(engine, this.#states, main, this.#growth, options.byCause)
    this.#sweeps = new Sweeps({
      states: this.#states,
      main,
      crew,
      desks: this.#desks,
      strange: this.#discoveries.strange,
    })
  }

  *run(): Generator<Progress, SearchResult, void> {
    const options = this.#options
    const discoveries = this.#discoveries
    const { findings } = discoveries
    const hasEnough = (): boolean => !options.all && findings.satisfies(options.wanted)

    if (options.threads === 'at-once') yield* this.#withProgress(this.#crew.join())
    yield* this.#withProgress(discoveries.begin())
    this.#endLevel()
    let completed = this.#completed()
    let limit = statesLimit({ count: this.#count, depth: 0 }, options)
    while (this.#frontier > 0 && limit === null && !hasEnough()) {
      // Once a level at least: who watches wants to see each.
      yield this.#progress()
      findings.beginPass()
      limit = yield* this.#expandLevel()
      if (limit !== null) break
      this.#endLevel()
      if (this.#states.endsWithLevel(this.#depth + 1)) this.#depth++
      completed = this.#completed()
    }

    this.#again = true
    if (limit?.name === 'states') findings.forgetPass()
    let emptied = limit === null && this.#frontier === 0
    const depthMax = hasEnough() ? findings.satisfiedAt(options.wanted) : Number.POSITIVE_INFINITY
    if (emptied && !hasEnough()) {
      limit = yield* this.#judgeRest()
      emptied = limit === null
    }
    const groups = findings.groups().filter((group) => group.depth <= depthMax)
    const exhaustive = emptied && discoveries.bound === null
    const violations: Violation[] = []
    for (const group of groups) violations.push(yield* this.#violationOf(group))
    violations.push(...(yield* this.#inversions(completed.depth, exhaustive, groups.length > 0)))
    const statistics = {
      exhaustive,
      stateBits: this.#engine.stateBits,
      peakBytes: this.#growth.bytes,
      workers: this.#crew.size,
    }
    const { bound } = discoveries
    const executed = () => this.#executed()
    return conclude({ violations, limit, bound, completed, executed, statistics }, options)
  }

  get #count(): number {
    return this.#desks.sum('found')
  }

  /** What was discovered since the last time is the next level. */
  #endLevel(): void {
    const desks = this.#desks
    const discoveries = this.#discoveries
    this.#levels.push(this.#count - this.#levels.reduce((sum, level) => sum + level, 0))
    this.#frontier = desks.sum('open') + discoveries.open
    this.#generated += desks.sum('generated') + discoveries.generated
    this.#turnsBack ||= desks.sum('turnsBack') > 0 || discoveries.turnsBack
    discoveries.open = 0
    discoveries.generated = 0
    desks.reset('open')
    desks.reset('generated')
    this.#control[CONTROL.next] = desks.giveBack(this.#control[CONTROL.next] as number)
  }

  #completed(): Completed {
    return {
      depth: this.#depth,
      distinctStates: this.#count,
      generatedStates: this.#generated,
      uncovered: this.#discoveries.uncovered(),
      executed: executedSoFar(this.#options, () => this.#executed()),
    }
  }

  #executed(): readonly Uint8Array[] {
    return executedBy(this.#engine, this.#explorer, this.#desks)
  }

  /** Expands every state of the level, unless a limit ends it half-way. */
  *#expandLevel(): Generator<Progress, Limit | null, void> {
    const control = this.#control
    const from = this.#states.levelStarts[this.#depth] as number
    const to = this.#states.end
    this.#states.levelStarts.push(to)
    this.#discoveries.beginLevel()
    if (this.#count > CREW_STATES) this.#crew.start()
    control[CONTROL.level] = to
    control[CONTROL.cursor] = from
    control[CONTROL.end] = to
    const pieces = 8 * this.#explorer.plan.workers
    control[CONTROL.piece] = Math.max(16, Math.min(1024, Math.floor((to - from) / pieces)))
    const events: Event[] = []
    let reason: StopReason | null = null
    let limit: Limit | null = null
    const mustStop = (): boolean => {
      reason = this.#options.stop()
      return reason !== null || this.#count > this.#options.maxStates
    }
    for (let isDone = false; !isDone && limit === null; ) {
      control[CONTROL.halt] = 0
      const isWorthIt = this.#options.threads === 'at-once' || to - from >= CREW_LEVEL
      const phase = this.#crew.phase(TASK.expand, mustStop, isWorthIt)
      const outcome = yield* this.#withProgress(phase)
      isDone = outcome === 'finished'
      const why = control[CONTROL.halt] as number
      events.push(...this.#desks.takeEvents())
      if ((why & HALT.wide) !== 0)
        throw new Unsuited('a state has more successors than a thread has room for')
      if ((why & HALT.asked) !== 0) limit = this.#limit(reason)
      else if ((why & HALT.full) !== 0 && !(yield* this.#withProgress(this.#growth.grow()))) {
        const soFar = this.#count - this.#levels.reduce((sum, level) => sum + level, 0)
        limit = fullLimit(this.#depth + 1, this.#options, [...this.#levels, soFar])
      }
    }
    yield* this.#withProgress(this.#discoveries.settle(events, this.#depth + 1))
    if (this.#discoveries.overflowed) limit ??= fullLimit(this.#depth + 1, this.#options)
    return limit ?? this.#limit(null)
  }

  #limit(reason: StopReason | null): Limit | null {
    const depth = this.#depth + 1
    return stopLimit(depth, reason) ?? statesLimit({ count: this.#count, depth }, this.#options)
  }

  /** Rule 8, once the frontier has emptied. */
  *#judgeRest(): Generator<Progress, Limit | null, void> {
    let reason: StopReason | null = null
    const mustStop = (): boolean => {
      reason = this.#options.stop()
      return reason !== null
    }
    const given = { engine: this.#engine, states: this.#states, sweeps: this.#sweeps }
    const found = yield* this.#withProgress(sharedRestFindings(given, this.#turnsBack, mustStop))
    if (found === null) return stopLimit(this.#depth, reason)
    for (const finding of found) this.#discoveries.addRest(finding)
    return null
  }

  *#violationOf({ findings, cause }: FindingGroup): Generator<Progress, Violation, void> {
    const { finding, trail, switches } = yield* this.#run(findings)
    const { trap, depth } = finding
    const loop = finding.loop?.() ?? []
    return { kind: trap.kind, trap, trail, depth, switches, loop, ...cause }
  }

  *#inversions(
    depth: number,
    exhaustive: boolean,
    hasOthers: boolean,
  ): Generator<Progress, readonly Violation[], void> {
    const { inversions } = this.#discoveries
    if (inversions === null) return []
    const found: Violation[] = []
    for (const { trap, last } of inversions.circles({ depth, exhaustive, hasOthers })) {
      const findings: Finding[] = []
      for (const id of this.#states.idsAt(last.depth)) {
        if (!inversions.isSeenIn(this.#states.state(id), last)) continue
        const { depth } = last
        findings.push({ trap, depth, state: id, step: null, initial: null, loop: null })
      }
      const { trail, switches } = yield* this.#run(findings)
      found.push({ kind: trap.kind, trap, trail, depth: last.depth, switches, loop: [] })
    }
    return found
  }

  #run(findings: readonly Finding[]): Generator<Progress, ShortestRun, void> {
    const given = {
      engine: this.#engine,
      states: this.#states,
      sweeps: this.#sweeps,
      discoveries: this.#discoveries,
    }
    return this.#withProgress(runTo(given, findings))
  }

  /** Says how far the search is whenever the work pauses. */
  *#withProgress<Result>(work: Generator<void, Result, void>): Generator<Progress, Result, void> {
    for (;;) {
      const next = work.next()
      if (next.done === true) return next.value
      yield this.#progress()
    }
  }

  #progress(): Progress {
    return {
      depth: this.#depth,
      frontier: this.#frontier,
      distinctStates: this.#count,
      generatedStates: this.#generated + this.#desks.sum('generated') + this.#discoveries.generated,
      bytes: this.#growth.bytes,
      again: this.#again,
      fill: this.#growth.fill,
      workers: this.#crew.size,
    }
  }
}
