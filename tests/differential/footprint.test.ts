import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { referenceEngine } from '../../checker/engine/reference.js'
import { type Compiled, compile } from '../../checker/engine/wasm/compile.js'
import { STATUS } from '../../checker/engine/wasm/emitter.js'
import { type Linked, link } from '../../checker/engine/wasm/link.js'
import { lower, type TransitionSystem } from '../../spec/index.js'
import { corpusModels, corpusReader, spreadRows } from '../helpers/corpus.js'
import { checked, row } from '../helpers/pipeline.js'
import { RandomModel } from '../helpers/random-model.js'

/**
 * The compiled engine packs and undoes only what a step may have written. A write that was not foreseen shows at once:
 * packing everything after the step gives other words, or packing everything after the undoing does not give back the
 * words it began from.
 */
const footprints = suite('what a step may write')

/** States of one row that are looked at. */
const statesMax = 200

interface Whole extends Linked {
  packAll(): void
  fireWhole(process: number): number
}

class Machine {
  readonly #module: Whole
  readonly #words: Int32Array
  readonly #compiled: Compiled

  constructor(compiled: Compiled) {
    const { module, buffer } = link(compiled)
    this.#module = module as Whole
    this.#words = new Int32Array(buffer)
    this.#compiled = compiled
  }

  /** Every step from a state, checked; the states they lead to. */
  successors(state: Uint32Array): readonly Uint32Array[] {
    const { memory, system } = this.#compiled
    this.#words.set(state, memory.packedIn >>> 2)
    this.#module.unpack()
    assert.equal(this.#all(), state, 'unpacked and packed')
    const found: Uint32Array[] = []
    for (const [process, { name }] of system.processes.entries()) {
      this.#words[memory.givenCount >>> 2] = 0
      do {
        const status = this.#module.fire(process)
        const packed = this.#out()
        assert.equal(this.#all(), state, `after the undoing of a step of ${name}`)
        assert.is(this.#module.fireWhole(process), status)
        if (status !== STATUS.next) continue
        assert.equal(packed, this.#out(), `after a step of ${name}`)
        found.push(packed)
      } while (this.#following())
    }
    return found
  }

  #out(): Uint32Array {
    const first = this.#compiled.memory.packedOut >>> 2
    const { stateWords } = this.#compiled.layout
    return Uint32Array.from(this.#words.subarray(first, first + stateWords))
  }

  #all(): Uint32Array {
    this.#module.packAll()
    return this.#out()
  }

  /** Gives the next picks after those just made; false when there are none. */
  #following(): boolean {
    const { memory } = this.#compiled
    const at = (first: number, index: number): number => (first >>> 2) + index
    for (let last = (this.#words[memory.pickCount >>> 2] ?? 0) - 1; last >= 0; last--) {
      const next = (this.#words[at(memory.picks, last)] ?? 0) + 1
      if (next >= (this.#words[at(memory.widths, last)] ?? 0)) continue
      const picks = this.#words.subarray(at(memory.picks, 0), at(memory.picks, last))
      this.#words.set([...picks, next], at(memory.given, 0))
      this.#words[memory.givenCount >>> 2] = last + 1
      return true
    }
    return false
  }
}

/** The number of steps that were checked. */
function check(system: TransitionSystem): number {
  const compiled = compile(system, { whole: true })
  if (compiled === null) return 0
  const machine = new Machine(compiled)
  const states = referenceEngine(system)
    .initial()
    .flatMap((transition) => (transition.kind === 'next' ? [transition.state] : []))
  const seen = new Set(states.map((state) => state.join()))
  let steps = 0
  for (const state of states) {
    for (const next of machine.successors(state)) {
      steps += 1
      if (states.length >= statesMax || seen.has(next.join())) continue
      seen.add(next.join())
      states.push(next)
    }
  }
  return steps
}

let corpusSteps = 0
for (const file of corpusModels('odd')) {
  footprints(file, () => {
    const { model } = readModel(file, corpusReader())
    if (model === null) throw new Error('no model')
    for (const configuration of spreadRows(model, 1)) {
      const system = lower(model, configuration).result
      if (system !== null) corpusSteps += check(system)
    }
  })
}

footprints('the corpus has many steps', () => {
  assert.ok(corpusSteps > 15_000, `${corpusSteps} steps`)
})

footprints('random models', () => {
  let steps = 0
  for (let seed = 1; seed <= 150; seed++) {
    const model = checked(new RandomModel(seed).text())
    const { result } = lower(model, row(model))
    if (result === null) throw new Error(`SEED=${seed}: not lowered`)
    try {
      steps += check(result)
    } catch (problem) {
      throw new Error(`SEED=${seed}`, { cause: problem })
    }
  }
  assert.ok(steps > 10_000, `${steps} steps`)
})

footprints.run()
