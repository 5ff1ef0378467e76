import { CONTROL, MARK, type Station, TASK } from '../../engine/wasm/explorer/index.js'
import type { StateId } from '../../store/visited.js'
import type { Crew } from './crew.js'
import type { Desks } from './desks.js'
import type { SharedStates } from './states.js'

/** Ids that a thread takes at a time. */
const PIECE = 256

/** Walks the explored graph backwards: which states reach those that carry `MARK.reaches`? Nobody has stored the steps. */
export class Sweeps {
  readonly #states: SharedStates
  readonly #main: Station
  readonly #crew: Crew
  readonly #desks: Desks
  /** By state: where the steps lead that only the reference engine knows. */
  readonly #strange: ReadonlyMap<StateId, readonly StateId[]>

  constructor(given: {
    readonly states: SharedStates
    readonly main: Station
    readonly crew: Crew
    readonly desks: Desks
    readonly strange: ReadonlyMap<StateId, readonly StateId[]>
  }) {
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
    const states = this.#states
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
    for (const [id, targets] of this.#strange) {
      if (id < from || id >= to || states.isMarked(id, MARK.reaches | MARK.closed)) continue
      const isMarked = (target: StateId): boolean =>
        target >= low && target < high && states.isMarked(target, MARK.reaches)
      if (!targets.some(isMarked)) continue
      states.mark(id, MARK.reaches)
      changed = true
    }
    return changed ? 'changed' : 'unchanged'
  }
}

interface Range {
  readonly from: StateId
  readonly to: StateId
  readonly low: StateId
  readonly high: StateId
  readonly walks: number
}
