import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { deviations } from '../../checker/design/settings.js'
import { designRows, matchExpectation } from '../../spec/index.js'
import { corpusReader } from '../helpers/corpus.js'
import { projectRoot } from '../helpers/spawn.js'

/** Every row that the page names exists, and its model expects what the page says. */
const page = suite('docs/scenarios.md')

const text = readFileSync(`${projectRoot}docs/scenarios.md`, 'utf8')
const lines = text.matchAll(/^\|.*\(\.\.\/models\/(\S+\.gmem)\) \| `(.*)` \| (\S+) \|$/gm)
const named = [...lines].map(([, file = '', row = '', verdict = '']) => ({ file, row, verdict }))

for (const { file, row, verdict } of named) {
  page(`${file} ${row}: ${verdict}`, () => {
    const { model } = readModel(file, corpusReader())
    if (model === null) throw new Error('no such model')
    const found = designRows(model).find((configuration) => {
      const each = deviations(model, configuration)
      return (each.map((one) => `${one.constant.name}=${one.text}`).join(' ') || 'default') === row
    })
    if (!found) throw new Error('no such row')
    const expected = matchExpectation(model, found)
    const kinds = expected?.verdict === 'holds' ? ['holds'] : (expected?.kinds ?? [])
    assert.ok(kinds.includes(verdict), `the model expects ${kinds.join(', ')}`)
  })
}

page('no line of a table is overlooked', () => {
  const rows = text.split('\n').filter((line) => /^\| (?:S\d|spare)/.test(line))
  assert.is(named.length, rows.length)
  assert.ok(rows.length > 60)
})

page.run()
