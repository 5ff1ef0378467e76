import type { StorePlan } from '../../checker/engine/wasm/store/plan.js'
import { ENTRY, NEW } from '../../checker/engine/wasm/store/table.js'
import { desk } from './table-module.js'

interface Functions {
  insert(entry: number): number
  find(entry: number): number
  aimed(entry: number): void
  enter(entry: number): void
}

/** One thread's view of a table. */
export class TableClient {
  readonly words: Uint32Array
  readonly #entry: number
  readonly #functions: Functions

  constructor(
    bytes: Uint8Array<ArrayBuffer>,
    memory: WebAssembly.Memory,
    plan: StorePlan,
    index: number,
  ) {
    const first = plan.workersAt + index * plan.workerBytes
    const base = new WebAssembly.Global({ value: 'i32', mutable: false }, first)
    const instance = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory, base },
    })
    this.#functions = instance.exports as unknown as Functions
    this.words = new Uint32Array(memory.buffer)
    this.#entry = first + desk.entry
  }

  insert(state: Uint32Array): { readonly id: number; readonly isNew: boolean } {
    this.#put(state)
    const found = this.#functions.insert(this.#entry)
    return found < 0 ? { id: found & ~NEW, isNew: true } : { id: found, isNew: false }
  }

  find(state: Uint32Array): number {
    this.#put(state)
    return this.#functions.find(this.#entry)
  }

  /** Puts a state of the arena into a table that was cleared. */
  enter(id: number, state: Uint32Array): void {
    this.#put(state)
    this.words[(this.#entry + ENTRY.process) >>> 2] = id
    this.#functions.enter(this.#entry)
  }

  #put(state: Uint32Array): void {
    this.words.set(state, (this.#entry + ENTRY.words) >>> 2)
    this.#functions.aimed(this.#entry)
  }
}
