import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { referenceEngine } from '../../checker/engine/reference.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { arbitraryModel } from '../helpers/arbitrary-model.js'
import { compareEngines, type Seen } from '../helpers/compare-engines.js'
import { compareExplorers, explorers } from '../helpers/compare-explorers.js'

/**
 * On random models of the whole language every engine must say of every state what the reference says, and every
 * explorer find what the reference finds. `SEED`, `RUNS` and `STATES` choose the models and how far they are looked
 * into; a failure prints its seed, its path and the model it was shrunk to.
 */
const random = suite('random models in every engine')

const seed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 110)
const statesMax = Number(process.env.STATES ?? 150)

random(`${runs} models from seed ${seed}`, () => {
  const seen: Seen[] = []
  const verdicts: string[] = []
  const property = fc.property(arbitraryModel(), fc.boolean(), (text, all) => {
    const system = acceptedSystem(text)
    fc.pre(system !== null)
    const engine = compiledEngine(system)
    if (engine === null) throw new Error('not compiled')
    seen.push(compareEngines(referenceEngine(system), engine, statesMax))
    const options = { ...defaultSearchOptions, all, maxStates: statesMax / 2 }
    verdicts.push(compareExplorers(system, options).verdict)
  })
  fc.assert(property, { seed, numRuns: runs })
  if (runs < 100) return
  // The models must be worth it: most do something, not all of them end in a violation at once.
  const kinds = new Set(seen.flatMap((one) => [...one.kinds]))
  assert.ok(seen.filter(({ states }) => states > 50).length > runs * 0.4, 'too small')
  assert.ok(
    verdicts.filter((verdict) => verdict === 'violated').length < runs * 0.8,
    verdicts.join(),
  )
  assert.ok(
    verdicts.filter((verdict) => verdict === 'violated').length > runs * 0.2,
    verdicts.join(),
  )
  assert.ok(kinds.size >= 15, [...kinds].join())
})

random('the explorer with a graph and the one without steps agree far into a model', () => {
  const [, graph, shared] = explorers
  if (graph === undefined || shared === undefined) throw new Error('no explorers')
  const property = fc.property(arbitraryModel(), fc.boolean(), (text, all) => {
    const system = acceptedSystem(text)
    fc.pre(system !== null)
    compareExplorers(system, { ...defaultSearchOptions, all, maxStates: 4000 }, [graph, shared])
  })
  fc.assert(property, { seed: seed + 1, numRuns: Math.ceil(runs / 4) })
})

random('nearly all models are accepted', () => {
  const texts = fc.sample(arbitraryModel(), { seed, numRuns: 100 })
  const accepted = texts.filter((text) => acceptedSystem(text) !== null)
  assert.ok(accepted.length >= 90, `${accepted.length} of ${texts.length}`)
})

random.run()
