import type { PackedState } from '../engine/engine.js'
import { WordList } from './growable.js'
import type { StateId, VisitedSet } from './visited.js'

const FIRST_SLOTS = 1024
/** Ids are 32-bit numbers and 0 marks an empty slot. */
const COUNT_MAX = 2 ** 31 - 2

/**
 * The visited set as a table of ids with open addressing and linear probing over the states' own words: exact, for a
 * slot is another state unless all words are equal. A slot holds id + 1, 0 while it is empty. The table doubles when it
 * is half full; insert-only, so nothing is ever moved but by doubling.
 */
export class HashedSet implements VisitedSet {
  readonly countMax = COUNT_MAX
  readonly #stateWords: number
  readonly #words = new WordList()
  #slots = new Uint32Array(FIRST_SLOTS)
  #count = 0

  constructor(stateWords: number) {
    this.#stateWords = stateWords
  }

  get count(): number {
    return this.#count
  }

  get bytes(): number {
    return this.#words.bytes + this.#slots.byteLength
  }

  insert(state: PackedState): StateId {
    if (state.length !== this.#stateWords) {
      throw new Error(`a state of ${state.length} words in a set of ${this.#stateWords}`)
    }
    if (2 * this.#count >= this.#slots.length) this.#grow()
    const mask = this.#slots.length - 1
    for (let slot = hash(state) & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] as number) - 1
      if (id < 0) {
        this.#slots[slot] = this.#count + 1
        this.#words.append(state)
        return this.#count++
      }
      if (this.#words.equals(id * this.#stateWords, state)) return id
    }
  }

  state(id: StateId): PackedState {
    return this.#words.slice(id * this.#stateWords, (id + 1) * this.#stateWords)
  }

  #grow(): void {
    const larger = new Uint32Array(this.#slots.length * 2)
    const mask = larger.length - 1
    for (let id = 0; id < this.#count; id++) {
      let slot = hash(this.state(id)) & mask
      while (larger[slot] !== 0) slot = (slot + 1) & mask
      larger[slot] = id + 1
    }
    this.#slots = larger
  }
}

/** MurmurHash3's mixing of 32-bit words (Appleby, 2011). Only decides where the search for a slot begins. */
function hash(state: PackedState): number {
  let value = 0
  for (let at = 0; at < state.length; at++) {
    let word = Math.imul(state[at] as number, 0xcc9e2d51)
    word = (word << 15) | (word >>> 17)
    value ^= Math.imul(word, 0x1b873593)
    value = (value << 13) | (value >>> 19)
    value = (Math.imul(value, 5) + 0xe6546b64) | 0
  }
  value ^= value >>> 16
  value = Math.imul(value, 0x85ebca6b)
  value ^= value >>> 13
  value = Math.imul(value, 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
