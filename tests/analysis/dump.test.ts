import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { analyse } from '../../spec/analysis/analyse.js'
import { dumpModel } from '../../spec/analysis/dump.js'
import { loadModel } from '../../spec/analysis/load.js'
import { cases, reader } from './read.js'

/** The dump of the models that use everything, as a text to read; `UPDATE=1` writes it anew. */
const test = suite('analysis dump')

for (const name of ['good-core', 'good-shadow']) {
  test(name, () => {
    const loaded = loadModel(`${name}.gmem`, reader(cases))
    const model = loaded.result && analyse(loaded.result).result
    assert.ok(model)
    if (!model) return
    const dump = dumpModel(model)
    const golden = join(cases, `${name}.dump`)
    if (process.env.UPDATE === '1') writeFileSync(golden, dump)
    assert.ok(existsSync(golden), `${golden} is missing: run with UPDATE=1`)
    assert.fixture(dump, readFileSync(golden, 'utf8'))
  })
}

test.run()
