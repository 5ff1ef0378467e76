import { type Code, local, setLocal, teeLocal } from './code.js'

/** A local of a function being written. */
export interface Local {
  readonly get: Code
  readonly set: (value: Code) => Code
  /** Sets it and leaves the value. */
  readonly tee: (value: Code) => Code
}

/** Hands out the locals of one function, parameters first. */
export class Frame {
  readonly kinds: ('i32' | 'i64')[] = []
  readonly #parameters: number

  constructor(parameters: number) {
    this.#parameters = parameters
  }

  parameter(index: number): Local {
    return handle(index)
  }

  word(): Local {
    return this.#take('i32')
  }

  wide(): Local {
    return this.#take('i64')
  }

  #take(kind: 'i32' | 'i64'): Local {
    this.kinds.push(kind)
    return handle(this.#parameters + this.kinds.length - 1)
  }
}

const handle = (index: number): Local => ({
  get: local(index),
  set: (value) => setLocal(index, value),
  tee: (value) => teeLocal(index, value),
})
