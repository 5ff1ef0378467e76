import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { analyse } from '../../spec/analysis/analyse.js'
import { describe, designRows } from '../../spec/analysis/configure.js'
import { loadModel } from '../../spec/analysis/load.js'
import { lower } from '../../spec/system/lower.js'
import { compareProgram, ranText } from '../helpers/compare-program.js'
import { corpusFiles, corpusReader, isLibrary } from '../helpers/corpus.js'

const describeRow = (model: Parameters<typeof describe>[0], row: Parameters<typeof describe>[1]) =>
  JSON.stringify(describe(model, row).design)
const elaboration = suite('elaborate')
const statesMax = Number(process.env.STATES ?? 2000)
const pattern = new RegExp(process.env.MODELS ?? '')

for (const file of corpusFiles().filter((one) => !isLibrary(one) && pattern.test(one))) {
  elaboration(file, () => {
    const loaded = loadModel(file, corpusReader())
    if (!loaded.result) throw new Error('not loaded')
    const { result: model } = analyse(loaded.result)
    if (!model) throw new Error('not analysed')
    for (const configuration of designRows(model)) {
      const { result: system } = lower(model, configuration)
      if (!system) throw new Error('not lowered')
      const t0 = Date.now()
      let compared: ReturnType<typeof compareProgram>
      try {
        compared = compareProgram(system, statesMax)
      } catch (problem) {
        console.log(file, 'THROWN', (problem as Error).stack?.split('\n').slice(0, 6).join(' | '))
        continue
      }
      if (compared.kind === 'refused')
        console.log(file, 'REFUSED', JSON.stringify(compared.refusals[0]))
      if (compared.kind === 'different')
        console.log(
          file,
          'DIFFERENT',
          describeRow(model, configuration),
          ranText(compared.ours),
          ranText(compared.theirs),
        )
      if (compared.kind === 'same')
        console.log(file, 'same', compared.states, compared.kinds.join(), Date.now() - t0)
      if (compared.kind === 'large') console.log(file, 'large')
    }
    assert.ok(true)
  })
}

elaboration.run()
