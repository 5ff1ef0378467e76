import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import type { Engine, PackedState, Transition } from '../../checker/engine/engine.js'
import { referenceEngine } from '../../checker/engine/reference.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import { designRows, lower, type TransitionSystem } from '../../spec/index.js'
import { corpusFiles, corpusReader, isLibrary } from '../helpers/corpus.js'

/** The compiled engine must say of every state just what the reference engine says. */
const compiled = suite('compiled against reference')

/** States of one row that are compared; most rows have fewer. */
const statesMax = 150

const textOf = (transition: Transition): string => {
  const { process, choices, kind } = transition
  const end =
    transition.kind === 'next'
      ? transition.state.join(' ')
      : transition.kind === 'violation'
        ? `${transition.trap.kind} ${transition.trap.message}`
        : transition.bound.message
  return `${process}.${choices.join('.')} ${kind} ${end}`
}

const successorsOf = (engine: Engine, state: PackedState): Transition[] => {
  const found: Transition[] = []
  engine.successors(state, (transition) => found.push(transition))
  return found
}

/** Compares both engines on states reached breadth first; the number of states. */
function compare(system: TransitionSystem): number {
  const reference = referenceEngine(system)
  const engine = compiledEngine(system)
  if (engine === null) return 0
  const seen = new Set<string>()
  const states: PackedState[] = []
  const reach = (transitions: readonly Transition[]): void => {
    for (const transition of transitions) {
      if (transition.kind !== 'next' || seen.has(transition.state.join())) continue
      seen.add(transition.state.join())
      states.push(transition.state)
    }
  }
  reach(reference.initial())
  engine.initial()
  let compared = 0
  for (const state of states) {
    if (compared >= statesMax) break
    compared += 1
    const expected = successorsOf(reference, state)
    const given = successorsOf(engine, state)
    assert.equal(given.map(textOf), expected.map(textOf))
    assert.is(engine.judge(state)?.message, reference.judge(state)?.message)
    assert.is(engine.mayRest(state), reference.mayRest(state))
    assert.equal(engine.covered(state), reference.covered(state))
    reach(expected)
  }
  if (compared < statesMax) {
    const marks = (one: Engine): string => one.executed.map((code) => code.join('')).join('\n')
    assert.is(marks(engine), marks(reference), 'executed instructions')
  }
  return compared
}

let rows = 0
for (const file of corpusFiles().filter((name) => !isLibrary(name))) {
  compiled(`${file} steps alike in every row`, () => {
    const { model } = readModel(file, corpusReader())
    if (model === null) throw new Error('no model')
    for (const configuration of designRows(model)) {
      const system = lower(model, configuration).result
      if (system !== null && compare(system) > 0) rows += 1
    }
  })
}

compiled('nearly all rows are compiled', () => assert.ok(rows > 200, `${rows} rows`))

compiled.run()
