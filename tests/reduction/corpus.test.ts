import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { lower } from '../../spec/index.js'
import { compareReduced } from '../helpers/compare-reduced.js'
import { corpusModels, corpusReader, spreadRows } from '../helpers/corpus.js'

/** Rows of every model that are not large have the verdict they have without reductions, and reach the same lines. */
const corpus = suite('the corpus with reductions and without')

/** `STATES`, `ROWS` and `ALL` for more: the whole corpus takes some minutes. */
const maxStates = Number(process.env.STATES ?? 500)

let full = 0
let reduced = 0

for (const file of corpusModels('even')) {
  corpus(file, () => {
    const { model } = readModel(file, corpusReader())
    assert.ok(model)
    for (const configuration of spreadRows(model, 1)) {
      const system = lower(model as NonNullable<typeof model>, configuration).result
      if (system === null) continue
      const found = compareReduced(system, { ...defaultSearchOptions, maxStates })
      if (found.full.verdict !== 'holds') continue
      full += found.full.statistics.distinctStates
      reduced += found.reduced.statistics.distinctStates
    }
  })
}

corpus('the reductions are worth it', () => {
  assert.ok(full > 1.4 * reduced, `${full} states, ${reduced} with reductions`)
})

corpus.run()
