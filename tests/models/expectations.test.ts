import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { prepareRow } from '../../checker/design/row.js'
import { tableModelOf } from '../../checker/design/table-model.js'
import { type TestedRow, testRow } from '../../checker/design/test-row.js'
import { reductionNames } from '../../checker/reduction/reduce.js'
import { boundsLine, modelTable } from '../../checker/render/corpus-table.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { designRows } from '../../spec/index.js'
import { corpusFiles, corpusModels, corpusReader, corpusText } from '../helpers/corpus.js'
import { projectRoot } from '../helpers/spawn.js'

const models = suite('every model of the corpus')

/** What the reference engine searches as well has no more states than this: a test has minutes, not hours; `STATES` for more. */
const referenceStatesMax = Number(process.env.STATES ?? 500)

/** What a row is an example of: the first row of each answer a model gives is searched by both engines. */
const answerOf = ({ document }: NonNullable<TestedRow['report']>): string =>
  [document.verdict, ...document.violations.map(({ kind }) => kind)].join(' ')

/** A report but for what the engines may differ in. */
function said(row: TestedRow): unknown {
  if (row.report === null) return row.diagnostics
  const { search, ...document } = row.report.document
  const { engine, seconds, peakBytes, ...counts } = search
  return { document, counts, columns: row.report.evidence?.columns }
}

/** What the committed table says; the litmus models have a page of their own. */
const table = readFileSync(`${projectRoot}models/README.md`, 'utf8')
const isInTable = (file: string): boolean => !file.startsWith('litmus/')

function tableProblems(shown: ReturnType<typeof tableModelOf>): string {
  if (shown === null) return 'the model is broken'
  const isThere = table.includes(modelTable(shown)) && table.includes(`${boundsLine(shown)}\n`)
  return isThere ? '' : 'models/README.md is stale: `npm run table` writes it'
}

let answers = 0
let compared = 0

for (const file of corpusModels()) {
  const read = readModel(file, corpusReader())

  models(`${file} meets its expectations in every row`, () => {
    assert.ok(read.model, read.diagnostics.map((each) => each.message).join('; '))
    const rows = read.model ? designRows(read.model) : []
    assert.ok(rows.length > 0)
    const tested: TestedRow[] = []
    const seen = new Set<string>()
    for (const number of rows.keys()) {
      // As the command line searches it, so that the table has the same figures.
      const how = { engine: 'compiled', reductions: reductionNames } as const
      const row = testRow(read, number, file, defaultSearchOptions, how)
      tested.push(row)
      assert.is(row.report?.disagreement ?? null, null, row.name)
      assert.is(row.judgement?.status, 'met', `${row.name}: ${row.judgement?.reason}`)
      if (row.report === null || seen.has(answerOf(row.report))) continue
      seen.add(answerOf(row.report))
      answers += 1
      const { search } = row.report.document
      if (search.engine !== 'compiled' || search.distinctStates > referenceStatesMax) continue
      const reference = testRow(read, number, file, defaultSearchOptions, { engine: 'reference' })
      assert.equal(said(row), said(reference), row.name)
      compared += 1
    }
    if (isInTable(file)) assert.is(tableProblems(tableModelOf(read, tested, file)), '')
  })

  // `// states: N` is a count somebody worked out by hand; the comment says how.
  const counted = /^\/\/ states: (\d+)/m.exec(corpusText(file))
  if (counted) {
    models(`${file} has the ${counted[1]} states worked out by hand`, () => {
      const configuration = read.model && designRows(read.model)[0]
      if (!read.model || !configuration) throw new Error('no model')
      const { row } = prepareRow(read.model, configuration)
      if (!row) throw new Error('not lowered')
      const result = explore(row.engine, defaultSearchOptions)
      assert.ok(result.statistics.exhaustive)
      assert.is(result.statistics.distinctStates, Number(counted[1]))
    })
  }
}

models('the table of the models has no others', () => {
  const listed = [...table.matchAll(/^\[[^\]]*\]\(([^)]*\.gmem)\)/gm)].map(([, file]) => file)
  const there = corpusModels().filter(isInTable)
  assert.equal(listed.sort(), [...there].sort())
})

models('most answers of a model are of both engines', () => {
  assert.ok(compared > 0.7 * answers, `${compared} of ${answers}`)
})

models('rules 1 and 2 have models with counted states', () => {
  const counted = corpusFiles().filter((file) => /^\/\/ states: \d+/m.test(corpusText(file)))
  const about = (rule: string): number =>
    counted.filter((file) => corpusText(file).includes(`rule ${rule}`)).length
  assert.ok(about('1') >= 2)
  assert.ok(about('2') >= 2)
})

models.run()
