import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { referenceEngine } from '../../checker/engine/reference.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import { lower } from '../../spec/index.js'
import { compareEngines } from '../helpers/compare-engines.js'
import { corpusModels, corpusReader, spreadRows } from '../helpers/corpus.js'

/** The compiled engine must say of every state just what the reference engine says. */
const compiled = suite('compiled against reference')

/** States of one row that are compared; most rows have fewer. */
const statesMax = 100

let rows = 0
for (const file of corpusModels('odd')) {
  compiled(`${file} steps alike`, () => {
    const { model } = readModel(file, corpusReader())
    if (model === null) throw new Error('no model')
    for (const configuration of spreadRows(model, 1)) {
      const system = lower(model, configuration).result
      const engine = system === null ? null : compiledEngine(system)
      if (system === null || engine === null) continue
      const { states } = compareEngines(referenceEngine(system), engine, statesMax)
      if (states > 0) rows += 1
    }
  })
}

compiled('nearly all rows are compiled', () => assert.ok(rows > 100, `${rows} rows`))

compiled.run()
