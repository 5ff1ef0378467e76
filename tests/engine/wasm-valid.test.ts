import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { compile } from '../../checker/engine/wasm/compile.js'
import { designRows, lower } from '../../spec/index.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { arbitraryModel } from '../helpers/arbitrary-model.js'
import { corpusModels, corpusReader } from '../helpers/corpus.js'
import { validate } from '../helpers/wasm.js'

/** Every module that is emitted is valid in the eyes of another implementation than the one that runs it. */
const valid = suite('emitted modules')

valid('a row of each model of the repository', () => {
  let compiled = 0
  for (const file of corpusModels('even')) {
    const { model } = readModel(file, corpusReader())
    if (model === null) throw new Error(`no model in ${file}`)
    const [row] = designRows(model)
    const system = row === undefined ? null : lower(model, row).result
    const module = system === null ? null : compile(system)
    if (module === null) continue
    compiled += 1
    try {
      validate(module.bytes)
    } catch (problem) {
      throw new Error(`${file}: ${problem}`)
    }
  }
  assert.ok(compiled > 100, `only ${compiled} models were compiled`)
})

const seed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 100)

valid(`${runs} random models from seed ${seed}`, () => {
  const property = fc.property(arbitraryModel(), (text) => {
    const system = acceptedSystem(text)
    fc.pre(system !== null)
    const module = compile(system)
    if (module === null) throw new Error('not compiled')
    validate(module.bytes)
  })
  fc.assert(property, { seed, numRuns: runs })
})

valid.run()
