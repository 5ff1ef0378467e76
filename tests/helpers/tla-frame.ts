import type { Value } from './tla-values.js'

/** Values of the names inside of a definition; of a `LET` and an argument, how to get it. */
export type Frame = (Value | Later | undefined)[]
export type Evaluate = (frame: Frame) => Value

/** Worked out when it is first needed, as what is not needed may have no value. */
export class Later {
  readonly #evaluate: Evaluate
  readonly #frame: Frame
  #value: Value | undefined

  constructor(evaluate: Evaluate, frame: Frame) {
    this.#evaluate = evaluate
    this.#frame = frame
  }

  get(): Value {
    this.#value ??= this.#evaluate(this.#frame)
    return this.#value
  }
}

/** Names inside of a definition and their places in a frame. */
export class Locals {
  readonly #slots: ReadonlyMap<string, number>
  readonly #count: { next: number }

  constructor(slots: ReadonlyMap<string, number> = new Map(), count = { next: 0 }) {
    this.#slots = slots
    this.#count = count
  }

  get size(): number {
    return this.#count.next
  }

  slot(name: string): number | undefined {
    return this.#slots.get(name)
  }

  with(name: string): readonly [Locals, number] {
    if (this.#slots.has(name)) throw new Error(`${name} is defined twice`)
    const slot = this.#count.next++
    return [new Locals(new Map(this.#slots).set(name, slot), this.#count), slot]
  }
}
