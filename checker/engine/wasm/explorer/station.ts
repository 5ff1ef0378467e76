import { CONTROL, type StorePlan } from '../store/plan.js'
import { ENTRY, NEW } from '../store/table.js'
import type { CompiledExplorer } from './compile-explorer.js'
import { CAME_BACK, type Desk } from './desk.js'

/** What a thread needs to take part in a search. Plain data: it travels between threads. */
export interface StationImage {
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Numbers that the engine reads, and where they belong. */
  readonly tables: readonly number[]
  readonly tablesAt: number
  readonly plan: StorePlan
  readonly desk: Desk
}

export function imageOf({ compiled, plan, desk }: CompiledExplorer): StationImage {
  const { bytes, tables, memory } = compiled
  return { bytes, tables, tablesAt: memory.tables, plan, desk }
}

const pageBytes = 65_536

/** The memory of a search; null where the machine does not give as much address space. */
export function createMemory({ bytes }: StorePlan): WebAssembly.Memory | null {
  const initial = Math.ceil(bytes / pageBytes)
  try {
    return new WebAssembly.Memory({ initial, maximum: initial, shared: true })
  } catch (problem) {
    if (problem instanceof RangeError) return null
    throw problem
  }
}

/** What threads do together in one phase of a search. */
export const TASK = { expand: 1, sweep: 2, enter: 3, stop: 4 } as const

/** Bits of `CONTROL.halt`. */
export const HALT = { full: 1, events: 2, wide: 4, asked: 8 } as const

export type Outcome = 'finished' | 'halted' | 'paused'

interface Functions {
  expand(): number
  flush(): number
  sweep(): number
  enterAll(): number
  insert(entry: number): number
  find(entry: number): number
  aimed(entry: number): void
}

/** One thread's place in a search: its own cells, and the functions that work there. */
export class Station {
  readonly control: Int32Array
  readonly words: Uint32Array
  readonly base: number
  readonly #desk: Desk
  readonly #stride: number
  readonly #functions: Functions

  constructor(image: StationImage, memory: WebAssembly.Memory, index: number) {
    const { plan, desk } = image
    this.control = new Int32Array(memory.buffer, 0, 64)
    this.words = new Uint32Array(memory.buffer)
    this.base = plan.workersAt + index * plan.workerBytes
    this.#desk = desk
    this.#stride = plan.stride
    this.words.set(image.tables.map(toUnsigned), (this.base + image.tablesAt) >>> 2)
    const base = new WebAssembly.Global({ value: 'i32', mutable: false }, this.base)
    const module = new WebAssembly.Module(image.bytes)
    const instance = new WebAssembly.Instance(module, { env: { memory, base } })
    this.#functions = instance.exports as unknown as Functions
  }

  /** A word of the desk. */
  get(word: keyof Desk): number {
    return this.words[(this.base + this.#desk[word]) >>> 2] as number
  }

  set(word: keyof Desk, value: number): void {
    this.words[(this.base + this.#desk[word]) >>> 2] = value
  }

  /**
   * Does its part of the phase under way, piece by piece, until nothing is left, somebody halts, or `isLate` says so.
   * What is half done stays on the desk; called again, it goes on.
   */
  work(isLate: () => boolean): Outcome {
    const task = Atomics.load(this.control, CONTROL.task)
    for (;;) {
      const status = this.#do(task)
      if (status !== CAME_BACK.done) return this.#halt(status)
      if (Atomics.load(this.control, CONTROL.halt) !== 0) return 'halted'
      if (isLate()) return 'paused'
      if (this.#take(task)) continue
      const flushed = task === TASK.expand ? this.#functions.flush() : CAME_BACK.done
      return flushed === CAME_BACK.done ? 'finished' : this.#halt(flushed)
    }
  }

  #do(task: number): number {
    if (task === TASK.expand) return this.#functions.expand()
    return task === TASK.sweep ? this.#functions.sweep() : this.#functions.enterAll()
  }

  /** Takes the next piece; false when there is none. Sweeps go down. */
  #take(task: number): boolean {
    const piece = Atomics.load(this.control, CONTROL.piece)
    const end = Atomics.load(this.control, CONTROL.end)
    if (task === TASK.sweep) {
      const to = Atomics.sub(this.control, CONTROL.cursor, piece)
      if (to <= end) return false
      this.set('from', Math.max(end, to - piece))
      this.set('to', to)
      return true
    }
    const from = Atomics.add(this.control, CONTROL.cursor, piece)
    if (from >= end) return false
    const isEnter = task === TASK.enter
    this.set(isEnter ? 'enterFrom' : 'from', from)
    this.set(isEnter ? 'enterTo' : 'to', Math.min(end, from + piece))
    return true
  }

  #halt(status: number): Outcome {
    const why =
      status === CAME_BACK.full ? HALT.full : status === CAME_BACK.events ? HALT.events : HALT.wide
    Atomics.or(this.control, CONTROL.halt, why)
    return 'halted'
  }

  /** Puts one state into the table. */
  insert(state: Uint32Array): { readonly id: number; readonly isNew: boolean } {
    const found = this.#functions.insert(this.#entry(state))
    return found < 0 ? { id: found & ~NEW, isNew: true } : { id: found, isNew: false }
  }

  /** The id of a state, or -1. */
  find(state: Uint32Array): number {
    return this.#functions.find(this.#entry(state))
  }

  #entry(state: Uint32Array): number {
    const entry = this.base + this.#desk.spare
    if (4 * state.length !== this.#stride) throw new Error(`a state of ${state.length} words`)
    this.words.set(state, (entry + ENTRY.words) >>> 2)
    this.#functions.aimed(entry)
    return entry
  }
}

const toUnsigned = (value: number): number => value >>> 0
