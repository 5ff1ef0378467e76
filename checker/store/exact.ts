import type { PackedState } from '../engine/engine.js'
import { WordList } from './growable.js'
import type { StateId, VisitedSet } from './visited.js'

/** Numbers up to 2^53 are exact, so two words make one number as long as the upper one stays below 2^21. */
const NUMBER_KEY_BITS_MAX = 53
const WORD = 2 ** 32

/** Of V8's hash map, per entry of its capacity: key, value, chain, and half a bucket. */
const MAP_ENTRY_BYTES = 28
const NUMBER_BYTES = 16
/** A `Map` holds 2^24 entries; what is left is room for the successors of one more state. */
const MAP_ENTRIES_MAX = 16_000_000
const STRING_HEADER_BYTES = 20

/**
 * The visited set on the language's own `Map`: a state's key is its exact content, so membership has no probability
 * and no protocol of its own. The oracle the shared table is compared with.
 */
export class ExactSet implements VisitedSet {
  readonly countMax = MAP_ENTRIES_MAX
  readonly #stateWords: number
  readonly #keyBytes: number
  readonly #keyOf: (state: PackedState) => number | string
  readonly #ids = new Map<number | string, StateId>()
  readonly #words = new WordList()

  constructor(stateBits: number, stateWords: number) {
    this.#stateWords = stateWords
    const numeric = stateBits <= NUMBER_KEY_BITS_MAX && stateWords <= 2
    this.#keyOf = numeric ? numberKey : textKey
    this.#keyBytes = numeric ? NUMBER_BYTES : STRING_HEADER_BYTES + 4 * stateWords
  }

  get count(): number {
    return this.#ids.size
  }

  get bytes(): number {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(4, this.#ids.size)))
    return this.#words.bytes + capacity * MAP_ENTRY_BYTES + this.#ids.size * this.#keyBytes
  }

  insert(state: PackedState): StateId {
    if (state.length !== this.#stateWords) {
      throw new Error(`a state of ${state.length} words in a set of ${this.#stateWords}`)
    }
    const key = this.#keyOf(state)
    const known = this.#ids.get(key)
    if (known !== undefined) return known
    const id = this.#ids.size
    this.#ids.set(key, id)
    this.#words.append(state)
    return id
  }

  state(id: StateId): PackedState {
    return this.#words.slice(id * this.#stateWords, (id + 1) * this.#stateWords)
  }
}

function numberKey(state: PackedState): number {
  return (state[1] ?? 0) * WORD + (state[0] ?? 0)
}

/** Two characters a word: every 16-bit number is a character, so nothing is lost. */
function textKey(state: PackedState): string {
  return String.fromCharCode(...new Uint16Array(state.buffer, state.byteOffset, state.length * 2))
}
