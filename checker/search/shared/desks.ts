import {
  type Desk,
  type EventKind,
  eventKinds,
  type Station,
  type StationImage,
} from '../../engine/wasm/explorer/index.js'

/** Something a thread has noted for the main thread. */
export interface Event {
  readonly kind: EventKind
  readonly id: number
  readonly process: number
}

/** What all threads have written on their desks. For the main thread, between phases; the counts also meanwhile. */
export class Desks {
  readonly #words: Uint32Array
  readonly #desk: Desk
  readonly #bases: readonly number[]

  constructor({ words }: Station, { plan, desk }: StationImage) {
    this.#words = words
    this.#desk = desk
    this.#bases = Array.from({ length: plan.workers }, (_, index) => {
      return plan.workersAt + index * plan.workerBytes
    })
  }

  sum(word: keyof Desk): number {
    let sum = 0
    for (const base of this.#bases) sum += this.#words[(base + this.#desk[word]) >>> 2] as number
    return sum
  }

  /** Sets a word of every desk to 0. */
  reset(word: keyof Desk): void {
    for (const base of this.#bases) this.#words[(base + this.#desk[word]) >>> 2] = 0
  }

  /** The ids that follow the last one used, where nobody has used any in between: unused ids are given back. */
  giveBack(next: number): number {
    let end = next
    for (let again = true; again; ) {
      again = false
      for (const base of this.#bases) {
        const chunk = (base + this.#desk.chunk) >>> 2
        const chunkEnd = (base + this.#desk.chunkEnd) >>> 2
        const isLast = this.#words[chunkEnd] === end && this.#words[chunk] !== end
        if (!isLast) continue
        end = this.#words[chunk] as number
        this.#words[chunkEnd] = end
        again = true
      }
    }
    this.reset('chunk')
    this.reset('chunkEnd')
    return end
  }

  /** Takes all events from the desks. */
  takeEvents(): Event[] {
    const taken: Event[] = []
    for (const base of this.#bases) {
      const count = this.#words[(base + this.#desk.eventCount) >>> 2] as number
      let at = (base + this.#desk.events) >>> 2
      for (let left = count; left > 0; left--, at += 3) {
        const [kind = 0, id = 0, process = 0] = this.#words.subarray(at, at + 3)
        taken.push({ kind: eventKinds[kind] as EventKind, id, process })
      }
    }
    this.reset('eventCount')
    return taken
  }

  /** Bytes that instructions have left behind, over all threads; `first` in bytes from a thread's base. */
  union(first: number, length: number): Uint8Array {
    const bytes = new Uint8Array(this.#words.buffer)
    const all = new Uint8Array(length)
    for (const base of this.#bases) {
      for (let at = 0; at < length; at++) {
        all[at] = (all[at] as number) | (bytes[base + first + at] as number)
      }
    }
    return all
  }
}
