const FIRST_CAPACITY = 1024

/** A list of 32-bit numbers that doubles its room as it grows: four bytes each, no objects. */
export class WordList {
  #items = new Uint32Array(FIRST_CAPACITY)
  #length = 0

  get length(): number {
    return this.#length
  }

  /** Bytes set aside, filled or not. */
  get bytes(): number {
    return this.#items.byteLength
  }

  push(value: number): void {
    this.#reserve(1)
    this.#items[this.#length++] = value
  }

  append(values: Uint32Array): void {
    this.#reserve(values.length)
    this.#items.set(values, this.#length)
    this.#length += values.length
  }

  at(index: number): number {
    if (index >= this.#length) throw new RangeError(`index ${index} of ${this.#length}`)
    return this.#items[index] as number
  }

  set(index: number, value: number): void {
    if (index >= this.#length) throw new RangeError(`index ${index} of ${this.#length}`)
    this.#items[index] = value
  }

  /** A copy, so that growing never pulls the ground from under a reader. */
  slice(from: number, to: number): Uint32Array {
    if (to > this.#length) throw new RangeError(`index ${to} of ${this.#length}`)
    return this.#items.slice(from, to)
  }

  /** Whether the items from an index on are these. */
  equals(from: number, values: Uint32Array): boolean {
    for (let at = 0; at < values.length; at++) {
      if (this.#items[from + at] !== values[at]) return false
    }
    return true
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#items.length) return
    const larger = new Uint32Array(Math.max(this.#items.length * 2, this.#length + count))
    larger.set(this.#items)
    this.#items = larger
  }
}
