import type { Acquisition, Exposure, TransitionSystem } from '../../../spec/index.js'
import type { Engine, PackedState, Transition } from '../engine.js'
import { referenceEngine } from '../reference.js'
import { noSymmetry, type Symmetry } from '../symmetry.js'
import { PROCESS } from './cells.js'
import { type Compiled, compiledOf, isCompilable } from './compile.js'
import { STATUS } from './emitter.js'
import { type Acquiring, acquiringOf } from './explorer/orders.js'
import { type Linked, link } from './link.js'

/**
 * The compiled engine. It knows steps that end in another state, and states with which nothing is wrong; for everything
 * else it asks the reference engine, so that there is one source of reports. Null where the system is beyond it.
 */
export function compiledEngine(system: TransitionSystem): Engine | null {
  return isCompilable(system) ? new CompiledEngine(system) : null
}

/** A compiled system with memory of its own. */
class Own {
  readonly compiled: Compiled
  readonly acquiring: Acquiring
  readonly module: Linked
  readonly words: Int32Array
  readonly bytes: Uint8Array

  constructor(system: TransitionSystem) {
    const compiled = compiledOf(system)
    const { module, buffer } = link(compiled)
    this.compiled = compiled
    this.acquiring = acquiringOf(compiled)
    this.module = module
    this.words = new Int32Array(buffer)
    this.bytes = new Uint8Array(buffer)
  }
}

class CompiledEngine implements Engine {
  readonly name = 'compiled'
  readonly system: TransitionSystem
  readonly stateBits: number
  readonly stateWords: number
  readonly symmetry: Symmetry = noSymmetry
  readonly #reference: Engine
  readonly #acquisitions = new Map<string, Acquisition | null>()
  /** Made when it is first needed: an explorer that has a module of its own may never ask. */
  #made: Own | null = null
  /** The state whose cells are in place: successive questions are mostly about one. */
  #current: PackedState | null = null

  constructor(system: TransitionSystem) {
    this.system = system
    this.#reference = referenceEngine(system)
    this.stateBits = this.#reference.stateBits
    this.stateWords = this.#reference.stateWords
  }

  get #own(): Own {
    this.#made ??= new Own(this.system)
    return this.#made
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
    const { compiled, words } = this.#own
    const { memory } = compiled
    words[memory.givenCount >>> 2] = 0
    for (;;) {
      const status = this.#own.module.fire(process)
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
    const { compiled, words } = this.#own
    const { memory } = compiled
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
    const { compiled, words } = this.#own
    const first = compiled.memory.packedOut >>> 2
    return Uint32Array.from(words.subarray(first, first + this.stateWords))
  }

  #ask(state: PackedState): readonly Transition[] {
    const found: Transition[] = []
    this.#reference.successors(state, (transition) => found.push(transition))
    return found
  }

  #load(state: PackedState): void {
    if (this.#current === state) return
    const { compiled, words, module } = this.#own
    words.set(state, compiled.memory.packedIn >>> 2)
    module.unpack()
    this.#current = state
  }

  judge(state: PackedState): ReturnType<Engine['judge']> {
    if (this.system.asked.has('data-race')) return this.#reference.judge(state)
    this.#load(state)
    return this.#own.module.judge(0, 0) === 0 ? null : this.#reference.judge(state)
  }

  mayRest(state: PackedState): boolean {
    this.#load(state)
    return this.#own.module.mayRest(0, 0) !== 0
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
    return this.system.covers.flatMap((_, index) =>
      this.#own.module.cover(index) === 0 ? [] : [index],
    )
  }

  acquisition(state: PackedState, process: number): Acquisition | null {
    const at = this.#reference.location(state, process)
    const code = this.system.processes[process]?.code ?? -1
    const cells = this.#own.acquiring[code]?.get(at)
    if (cells === undefined) return null
    const key = this.#acquisitionKey(state, process, at, cells)
    const known = this.#acquisitions.get(key)
    if (known !== undefined) return known
    const found = this.#reference.acquisition(state, process)
    this.#acquisitions.set(key, found)
    return found
  }

  /** All that an acquisition depends on: who, where, what the place is computed from, what is held, how it waits. */
  #acquisitionKey(
    state: PackedState,
    process: number,
    at: number,
    slots: readonly number[],
  ): string {
    this.#load(state)
    const { compiled, words } = this.#own
    const { cells, locks, memory } = compiled
    const work = memory.work >>> 2
    const own = work + cells.processes + process * cells.processStride
    const parts = [process, at, words[own + PROCESS.awaiting], words[own + PROCESS.rcu]]
    for (const cell of slots) parts.push(words[own + cell])
    for (const lock of locks) {
      const first = work + lock
      if (words[first] === process) parts.push(lock)
      else if (words[first + 1 + process] !== 0) parts.push(-lock - 1)
    }
    return parts.join()
  }

  exposures(state: PackedState): readonly Exposure[] {
    return this.#reference.exposures(state)
  }

  get executed(): readonly Uint8Array[] {
    const own = this.#made
    if (own === null) return this.#reference.executed
    const { executedAt } = own.compiled
    const inits = this.system.init.length
    const codes = this.system.codes.length
    return this.#reference.executed.map((asked, index) => {
      // `init` runs in the reference engine only.
      if (index >= codes && index < codes + inits) return asked
      const first = executedAt[index < codes ? index : index - inits] ?? 0
      return asked.map((one, at) => one | (own.bytes[first + at] ?? 0))
    })
  }
}

const none: readonly number[] = []
