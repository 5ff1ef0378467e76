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
const ROW = /^\|.*\(\.\.\/models\/(\S+\.gmem)\) \| `(.*?)` \| (\S+) \|(?: `(.*)` \|)?$/gm
const named = [...text.matchAll(ROW)].map(([, file = '', row = '', verdict = '', twin]) => ({
  file,
  row,
  verdict,
  twin,
}))

/** What the model expects of a row: kinds, or that it holds. */
function expectedOf(file: string, row: string): readonly string[] {
  const { model } = readModel(file, corpusReader())
  if (model === null) throw new Error('no such model')
  const found = designRows(model).find((configuration) => {
    const each = deviations(model, configuration)
    return (each.map((one) => `${one.constant.name}=${one.text}`).join(' ') || 'default') === row
  })
  if (!found) throw new Error(`no row ${row}`)
  const expected = matchExpectation(model, found)
  return expected?.verdict === 'holds' ? ['holds'] : (expected?.kinds ?? [])
}

for (const { file, row, verdict, twin } of named) {
  page(`${file} ${row}: ${verdict}`, () => {
    const kinds = expectedOf(file, row)
    assert.ok(kinds.includes(verdict), `the model expects ${kinds.join(', ')}`)
    if (twin !== undefined) assert.equal(expectedOf(file, twin), ['holds'], `the twin ${twin}`)
  })
}

page('no line of a table is overlooked', () => {
  const isRow = (line: string) => /^\| (?!(?:scenario|primitive) \|)/.test(line)
  assert.is(named.length, text.split('\n').filter(isRow).length)
  assert.ok(named.filter(({ twin }) => twin === undefined).length > 60)
  assert.ok(named.filter(({ twin }) => twin !== undefined).length > 80)
})

page('every misuse is told by a kind, and has a twin', () => {
  const misuses = text.slice(text.indexOf('## Misuses of the primitives'))
  const rows = [...misuses.matchAll(ROW)]
  assert.ok(rows.every(([, , , verdict, twin]) => verdict !== 'holds' && twin !== undefined))
})

page.run()
