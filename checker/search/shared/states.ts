import type { PackedState } from '../../engine/engine.js'
import { CONTROL, MARK, type Station, type StationImage } from '../../engine/wasm/explorer/index.js'
import type { StateId } from '../../store/visited.js'

/** The states of a search in shared memory: by id, by level, with their marks. For the main thread, between phases. */
export class SharedStates {
  /** By depth, the first id of the level. Ids of a level that no worker has used have no mark. */
  readonly levelStarts: StateId[] = [0]
  readonly #station: Station
  readonly #marks: Uint8Array
  readonly #arenaAt: number
  readonly #stateWords: number

  constructor(station: Station, { plan }: StationImage) {
    this.#station = station
    const { buffer } = station.words
    this.#marks = new Uint8Array(buffer, plan.marksAt, plan.statesMax)
    this.#arenaAt = plan.arenaAt >>> 2
    this.#stateWords = plan.stride >>> 2
  }

  /** Ids handed out, with those never used. */
  get end(): StateId {
    return this.#station.control[CONTROL.next] as number
  }

  state(id: StateId): PackedState {
    const first = this.#arenaAt + id * this.#stateWords
    return this.#station.words.slice(first, first + this.#stateWords)
  }

  marks(id: StateId): number {
    return this.#marks[id] as number
  }

  isMarked(id: StateId, mark: number): boolean {
    return (this.marks(id) & mark) !== 0
  }

  mark(id: StateId, mark: number): void {
    this.#marks[id] = this.marks(id) | mark
  }

  unmark(id: StateId, mark: number): void {
    this.#marks[id] = this.marks(id) & ~mark
  }

  find(state: PackedState): StateId {
    return this.#station.find(state)
  }

  levelEnd(depth: number): StateId {
    return this.levelStarts[depth + 1] ?? this.end
  }

  /** Whether there is a state of this depth, the greatest so far; a level without states is no level. */
  endsWithLevel(depth: number): boolean {
    if ((this.levelStarts[depth] as number) < this.end) return true
    this.levelStarts.length = depth
    return false
  }

  depthOf(id: StateId): number {
    let low = 0
    let high = this.levelStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.levelStarts[middle] as number) <= id) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Ids of a level that are states and have, or have not, some mark. */
  *idsAt(depth: number, has: number = MARK.present, hasNot = 0): Generator<StateId, void, void> {
    const end = this.levelEnd(depth)
    for (let id = this.levelStarts[depth] ?? end; id < end; id++) {
      const marks = this.marks(id)
      if ((marks & has) === has && (marks & hasNot) === 0 && (marks & MARK.present) !== 0) yield id
    }
  }

  /** Takes a mark from all states. */
  clear(mark: number): void {
    const { end } = this
    for (let id = 0; id < end; id++) this.#marks[id] = (this.#marks[id] as number) & ~mark
  }
}
