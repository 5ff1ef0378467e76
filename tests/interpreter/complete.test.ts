import { readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { builtins } from '../../spec/analysis/builtins.js'
import { projectRoot } from '../helpers/spawn.js'

const complete = suite('the built-in functions')

const folder = `${projectRoot}tests/interpreter/`
const texts = readdirSync(folder)
  .filter((name) => name.endsWith('.test.ts') && name !== 'complete.test.ts')
  .map((name) => readFileSync(folder + name, 'utf8'))
  .join('\n')

for (const name of Object.keys(builtins)) {
  complete(`1: ${name} is exercised by a case of this folder`, () => {
    // Called in a model, or named as the function a table of cases calls.
    const called = new RegExp(`(?<![\\w])${name}(?:\\(|'|\`)`)
    assert.ok(called.test(texts), name)
  })
}

complete.run()
