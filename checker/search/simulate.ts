import type { Trap } from '../../spec/index.js'
import type { Engine, PackedState, Step, Trail, Transition } from '../engine/engine.js'
import { contextSwitches } from '../property/choose.js'
import { lostRest } from '../property/lost-rest.js'
import type { Violation } from '../property/violation.js'
import { HashedSet } from '../store/hashed.js'
import { Dice } from './dice.js'
import type { SearchOptions } from './options.js'
import type { Limit, SearchResult } from './verdict.js'

/** Random walks: what a search would need too long for may still be met by chance. They prove nothing. */
export interface SimulationOptions extends Pick<SearchOptions, 'memoryBytes' | 'stop' | 'seconds'> {
  readonly seed: number
  /** At most so many walks, of at most so many steps each. */
  readonly walks: number
  readonly steps: number
}

export interface Simulation {
  readonly result: SearchResult
  /** Walks begun; of these, those that came to rest, and those that met a bound of the model. */
  readonly walks: number
  readonly atRest: number
  readonly cut: number
  /** Steps of all walks. */
  readonly steps: number
}

/** How often a simulation lets its caller breathe. */
const WALKS_PER_YIELD = 16

/**
 * Walks from a random initial state, each step by a random process that can move. Of the ways a step can end it looks at
 * all, so that it passes by no violation. Rest is judged where nothing moves any more: a daemon that goes on for ever
 * hides it, and livelocks and lock orders are for the search.
 */
export function* simulating(
  engine: Engine,
  options: SimulationOptions,
): Generator<void, Simulation, void> {
  const walker = new Walker(engine, options)
  let limit: Limit | null = null
  while (walker.violation === null && limit === null && walker.walks < options.walks) {
    if (walker.walks % WALKS_PER_YIELD === 0) yield
    walker.walk()
    limit = walker.limit()
  }
  return walker.simulation(limit)
}

type End = 'violated' | 'at-rest' | 'cut' | 'long'

class Walker {
  violation: Violation | null = null
  walks = 0
  readonly #engine: Engine
  readonly #options: SimulationOptions
  readonly #dice: Dice
  readonly #starts: readonly Transition[]
  readonly #visited: HashedSet
  readonly #covered: Uint8Array
  readonly #ends: Record<End, number> = { violated: 0, 'at-rest': 0, cut: 0, long: 0 }
  #steps = 0
  #depth = 0

  constructor(engine: Engine, options: SimulationOptions) {
    this.#engine = engine
    this.#options = options
    this.#dice = new Dice(options.seed)
    this.#starts = engine.initial()
    this.#visited = new HashedSet(engine.stateWords)
    this.#covered = new Uint8Array(engine.system.covers.length)
  }

  walk(): void {
    this.walks++
    this.#ends[this.#walk()]++
  }

  #walk(): End {
    const start = this.#choose(this.#starts)
    if (start === null) return 'cut'
    const trail = { initial: start.choices, steps: [] as Step[] }
    if (start.kind === 'violation') return this.#found(start.trap, trail)
    let { state } = start
    for (;;) {
      this.#visited.insert(state)
      for (const index of this.#engine.covered(state)) this.#covered[index] = 1
      this.#depth = Math.max(this.#depth, trail.steps.length)
      const wrong = this.#engine.judge(state)
      // What the model does not ask about ends a run all the same, as it does in a search.
      if (wrong !== null) return this.#isIgnored(wrong) ? 'cut' : this.#found(wrong, trail)
      const ways: Transition[] = []
      this.#engine.successors(state, (way) => ways.push(way))
      if (ways.length === 0) return this.#rest(state, trail)
      if (trail.steps.length >= this.#options.steps) return 'long'
      const way = this.#choose(ways)
      if (way === null) return 'cut'
      this.#steps++
      trail.steps.push({ process: way.process, choices: way.choices })
      if (way.kind === 'violation') return this.#found(way.trap, trail)
      state = way.state
    }
  }

  /** A violation if there is one, else any way of any process that goes on; null: all meet a bound. */
  #choose(ways: readonly Transition[]): Exclude<Transition, { kind: 'cut' }> | null {
    for (const way of ways) {
      if (way.kind === 'violation' && !this.#isIgnored(way.trap)) return way
    }
    const next = ways.filter((way) => way.kind === 'next')
    if (next.length === 0) return null
    const process = this.#dice.pick([...new Set(next.map((way) => way.process))])
    return this.#dice.pick(next.filter((way) => way.process === process))
  }

  #rest(state: PackedState, trail: Trail): End {
    const engine = this.#engine
    const wrong = engine.mayRest(state)
      ? engine.judgeRest(state)
      : lostRest(engine, { states: [state], moves: new Map() }).trapAt(state)
    return wrong === null || this.#isIgnored(wrong) ? 'at-rest' : this.#found(wrong, trail)
  }

  #isIgnored = ({ kind }: Trap): boolean => this.#engine.system.ignored.has(kind)

  #found(trap: Trap, trail: Trail): End {
    const { steps } = trail
    const switches = contextSwitches(steps)
    this.violation = { kind: trap.kind, trap, trail, depth: steps.length, switches, loop: [] }
    this.#depth = Math.max(this.#depth, steps.length)
    return 'violated'
  }

  limit(): Limit | null {
    if (this.violation !== null) return null
    const reason = this.#options.stop()
    const after = `after ${this.walks} walks`
    if (reason !== null) return { name: reason, message: `stopped ${after}`, bound: null }
    if (this.#visited.bytes <= this.#options.memoryBytes) return null
    return { name: 'memory', message: `--memory used up ${after}`, bound: null }
  }

  simulation(limit: Limit | null): Simulation {
    const message = `${this.walks} walks found nothing, which proves nothing`
    const { violation } = this
    const result: SearchResult = {
      verdict: violation === null ? 'incomplete' : 'violated',
      limit: violation === null ? (limit ?? { name: 'walks', message, bound: null }) : null,
      violation,
      violations: violation === null ? [] : [violation],
      statistics: {
        exhaustive: false,
        distinctStates: this.#visited.count,
        generatedStates: this.walks + this.#steps,
        depth: this.#depth,
        seconds: this.#options.seconds(),
        stateBits: this.#engine.stateBits,
        peakBytes: this.#visited.bytes,
        workers: 1,
      },
      uncovered: [...this.#covered.keys()].filter((index) => this.#covered[index] === 0),
      executed: this.#engine.executed,
      shortcuts: { used: [], refused: [], isShortest: false },
    }
    const { 'at-rest': atRest, cut } = this.#ends
    return { result, walks: this.walks, atRest, cut, steps: this.#steps }
  }
}
