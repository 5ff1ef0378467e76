import type { TransitionSystem } from '../../../spec/index.js'
import type { Engine, PackedState, Transition } from '../engine.js'
import { referenceEngine } from '../reference.js'
import { type Compiled, compile } from './compile.js'
import { STATUS } from './emitter.js'

/** The functions of a linked module; see `compile.ts`. */
interface Linked {
  pack(): void
  unpack(): void
  restore(): void
  fire(process: number): number
  judge(process: number, unused: number): number
  mayRest(process: number, unused: number): number
  cover(index: number): number
}

const pageBytes = 65_536

/**
 * The compiled engine. It knows steps that end in another state, and states with which nothing is wrong; for everything
 * else it asks the reference engine, so that there is one source of reports. Null where the system is beyond it.
 */
export function compiledEngine(system: TransitionSystem): Engine | null {
  const compiled = compile(system)
  return compiled === null ? null : new CompiledEngine(compiled)
}

class CompiledEngine implements Engine {
  readonly name = 'compiled'
  readonly system: TransitionSystem
  readonly stateBits: number
  readonly stateWords: number
  readonly #compiled: Compiled
  readonly #reference: Engine
  readonly #module: Linked
  readonly #words: Int32Array
  readonly #bytes: Uint8Array
  /** The state whose cells are in place: successive questions are mostly about one. */
  #current: PackedState | null = null

  constructor(compiled: Compiled) {
    this.#compiled = compiled
    this.system = compiled.system
    this.#reference = referenceEngine(compiled.system)
    this.stateBits = compiled.layout.stateBits
    this.stateWords = compiled.layout.stateWords
    const needed = compiled.memory.bytes + 4 * compiled.tables.length
    const memory = new WebAssembly.Memory({ initial: Math.ceil(needed / pageBytes) })
    const base = new WebAssembly.Global({ value: 'i32', mutable: false }, 0)
    const module = new WebAssembly.Module(compiled.bytes)
    const instance = new WebAssembly.Instance(module, { env: { memory, base } })
    this.#module = instance.exports as unknown as Linked
    this.#words = new Int32Array(memory.buffer)
    this.#bytes = new Uint8Array(memory.buffer)
    this.#words.set(compiled.tables, compiled.memory.tables >>> 2)
  }

  initial(): readonly Transition[] {
    return this.#reference.initial()
  }

  successors(state: PackedState, visit: (transition: Transition) => void): void {
    let asked: readonly Transition[] | null = null
    for (let process = 0; process < this.system.processes.length; process++) {
      this.#load(state)
      const own = this.#fireAll(process)
      if (own !== null) {
        for (const transition of own) visit(transition)
        continue
      }
      asked ??= this.#ask(state)
      for (const transition of asked) if (transition.process === process) visit(transition)
    }
  }

  /** Every way one process can go, or null when the reference engine has to say. */
  #fireAll(process: number): readonly Transition[] | null {
    const found: Transition[] = []
    const { memory } = this.#compiled
    const words = this.#words
    words[memory.givenCount >>> 2] = 0
    for (;;) {
      const status = this.#module.fire(process)
      const count = words[memory.pickCount >>> 2] as number
      if (status === STATUS.blocked && count === 0) return found
      if (status !== STATUS.next || count > 64) return null
      const picks = memory.picks >>> 2
      const choices = count === 0 ? none : Array.from(words.subarray(picks, picks + count))
      found.push({ process, choices, kind: 'next', state: this.#packed() })
      if (!this.#following(choices)) return found
    }
  }

  /** Gives the next sequence of picks; false after the last. */
  #following(choices: readonly number[]): boolean {
    const { memory } = this.#compiled
    const words = this.#words
    for (let at = choices.length - 1; at >= 0; at--) {
      const next = (choices[at] as number) + 1
      if (next >= (words[(memory.widths >>> 2) + at] as number)) continue
      const given = memory.given >>> 2
      for (let earlier = 0; earlier < at; earlier++) {
        words[given + earlier] = choices[earlier] as number
      }
      words[given + at] = next
      words[memory.givenCount >>> 2] = at + 1
      return true
    }
    return false
  }

  #packed(): PackedState {
    this.#module.pack()
    const first = this.#compiled.memory.packedOut >>> 2
    return Uint32Array.from(this.#words.subarray(first, first + this.stateWords))
  }

  #ask(state: PackedState): readonly Transition[] {
    const found: Transition[] = []
    this.#reference.successors(state, (transition) => found.push(transition))
    return found
  }

  #load(state: PackedState): void {
    if (this.#current === state) return
    this.#words.set(state, this.#compiled.memory.packedIn >>> 2)
    this.#module.unpack()
    this.#current = state
  }

  judge(state: PackedState): ReturnType<Engine['judge']> {
    if (this.system.asked.has('data-race')) return this.#reference.judge(state)
    this.#load(state)
    this.#module.restore()
    return this.#module.judge(0, 0) === 0 ? null : this.#reference.judge(state)
  }

  mayRest(state: PackedState): boolean {
    this.#load(state)
    this.#module.restore()
    return this.#module.mayRest(0, 0) !== 0
  }

  judgeRest(state: PackedState): ReturnType<Engine['judgeRest']> {
    return this.#reference.judgeRest(state)
  }

  finished(state: PackedState, process: number): boolean {
    return this.#reference.finished(state, process)
  }

  location(state: PackedState, process: number): number {
    return this.#reference.location(state, process)
  }

  waits(state: PackedState): ReturnType<Engine['waits']> {
    return this.#reference.waits(state)
  }

  covered(state: PackedState): readonly number[] {
    this.#load(state)
    this.#module.restore()
    return this.system.covers.flatMap((_, index) =>
      this.#module.cover(index) === 0 ? [] : [index],
    )
  }

  get executed(): readonly Uint8Array[] {
    const { executedAt, memory } = this.#compiled
    return this.#reference.executed.map((asked, code) => {
      const first = memory.executed + (executedAt[code] ?? 0)
      return asked.map((one, at) => (one === 1 || this.#bytes[first + at] === 1 ? 1 : 0))
    })
  }
}

const none: readonly number[] = []
