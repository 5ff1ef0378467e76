import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { reductionNames } from '../../checker/reduction/reduce.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { arbitraryModel } from '../helpers/arbitrary-model.js'
import { type Compared, compareReduced } from '../helpers/compare-reduced.js'

/**
 * Random models of the whole language are searched with each reduction, with all of them, and without. `SEED`, `RUNS`
 * and `STATES` choose the models and how large they may be; a failure prints the model it was shrunk to.
 */
const random = suite('random models with reductions and without')

const seed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 60)
const maxStates = Number(process.env.STATES ?? 3_000)

random(`${runs} models from seed ${seed}`, () => {
  const seen: Compared[] = []
  const property = fc.property(arbitraryModel(), fc.boolean(), (text, all) => {
    const system = acceptedSystem(text)
    fc.pre(system !== null)
    const options = { ...defaultSearchOptions, all, maxStates }
    for (const name of reductionNames) compareReduced(system, options, [name])
    seen.push(compareReduced(system, options))
  })
  fc.assert(property, { seed, numRuns: runs })
  if (runs < 60) return
  const smaller = seen.filter(
    ({ full, reduced }) => reduced.statistics.distinctStates < full.statistics.distinctStates,
  )
  assert.ok(smaller.length > seen.length / 4, `${smaller.length} of ${seen.length} were reduced`)
})

random.run()
