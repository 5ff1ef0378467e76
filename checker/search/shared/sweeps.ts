import type { Engine } from '../../engine/engine.js'
import { CONTROL, MARK, type Station, TASK } from '../../engine/wasm/explorer/index.js'
import type { StateId } from '../../store/visited.js'
import type { Crew } from './crew.js'
import type { Desks } from './desks.js'
import type { SharedStates } from './states.js'

/** Ids that a thread takes at a time. */
const PIECE = 256

/** Walks the explored graph backwards: which states reach those that carry `MARK.reaches`? Nobody has stored the steps. */
export class Sweeps {
  readonly #engine: Engine
  readonly #states: SharedStates
  readonly #main: Station
  readonly #crew: Crew
  readonly #desks: Desks
  /** States with steps that only the reference engine knows. */
  readonly #strange: ReadonlySet<StateId>

  constructor(given: {
    readonly engine: Engine
    readonly states: SharedStates
    readonly main: Station
    readonly crew: Crew
    readonly desks: Desks
    readonly strange: ReadonlySet<StateId>
  }) {
    this.#engine = given.engine
    this.#states = given.states
    this.#main = given.main
    this.#crew = given.crew
    this.#desks = given.desks
    this.#strange = given.strange
  }

  /** Marks every state from which a marked one can be reached. False when it was stopped. */
  *everywhere(mustStop: () => boolean): Generator<void, boolean, void> {
    const { end } = this.#states
    for (;;) {
      const outcome = yield* this.#pass({ from: 0, to: end, low: 0, high: end, walks: 1 }, mustStop)
      if (outcome === 'stopped') return false
      if (outcome === 'unchanged') return true
    }
  }

  /** From a depth upwards: marks the states that have a marked successor in the next level. False when it was stopped. */
  *levelsUp(depth: number, mustStop: () => boolean): Generator<void, boolean, void> {
    const states = this.#states
    for (let level = depth - 1; level >= 0; level--) {
      const from = states.levelStarts[level] as StateId
      const to = states.levelEnd(level)
      const range = { from, to, low: to, high: states.levelEnd(level + 1), walks: 0 }
      if ((yield* this.#pass(range, mustStop)) === 'stopped') return false
    }
    return true
  }

  *#pass(
    { from, to, low, high, walks }: Range,
    mustStop: () => boolean,
  ): Generator<void, 'changed' | 'unchanged' | 'stopped', void> {
    const { control } = this.#main
    this.#desks.reset('changed')
    control[CONTROL.cursor] = to
    control[CONTROL.end] = from
    control[CONTROL.piece] = PIECE
    control[CONTROL.low] = low
    control[CONTROL.high] = high
    control[CONTROL.walks] = walks
    control[CONTROL.halt] = 0
    const outcome = yield* this.#crew.phase(TASK.sweep, mustStop)
    if (outcome === 'halted') return 'stopped'
    let changed = this.#desks.sum('changed') > 0
    for (const id of this.#strange) {
      if (id < from || id >= to || !this.#reachesFrom(id, low, high)) continue
      this.#states.mark(id, MARK.reaches)
      changed = true
    }
    return changed ? 'changed' : 'unchanged'
  }

  #reachesFrom(id: StateId, low: StateId, high: StateId): boolean {
    const states = this.#states
    if (states.isMarked(id, MARK.reaches | MARK.closed)) return false
    let reaches = false
    this.#engine.successors(states.state(id), (transition) => {
      if (transition.kind !== 'next') return
      const target = states.find(transition.state)
      reaches ||= target >= low && target < high && states.isMarked(target, MARK.reaches)
    })
    return reaches
  }
}

interface Range {
  readonly from: StateId
  readonly to: StateId
  readonly low: StateId
  readonly high: StateId
  readonly walks: number
}
