import { readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { largerSizesOf } from '../../checker/design/larger.js'
import { readModel } from '../../checker/design/model.js'
import { tableModelOf } from '../../checker/design/table-model.js'
import { testRow } from '../../checker/design/test-row.js'
import { reductionNames } from '../../checker/reduction/reduce.js'
import { largerLine } from '../../checker/render/corpus-table.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { corpusFiles, corpusReader, corpusText, isLibrary } from '../helpers/corpus.js'
import { projectRoot } from '../helpers/spawn.js'

const page = readFileSync(`${projectRoot}models/README.md`, 'utf8')
const [, part = ''] = page.split('## Larger sizes\n')

/** What the page says, a line for each model and sizes. */
const listed = [...part.matchAll(/^\| \[[^\]]*\]\((\S+)\) \| ([^|]+) \|.*$/gm)].map(
  ([line, file = '', sizes = '']) => ({ file, sizes, line }),
)
const name = ({ file, sizes }: { readonly file: string; readonly sizes: string }): string =>
  `${file}: ${sizes}`

const written = corpusFiles()
  .filter((file) => !isLibrary(file) && /^\/\/ larger:/m.test(corpusText(file)))
  .map((file) => ({ file, read: readModel(file, corpusReader()) }))
const sizesOf = ({ read }: (typeof written)[number]) => {
  if (read.model === null) throw new Error(read.diagnostics[0]?.message)
  return largerSizesOf(read.model)
}

/** Of these the figures are found again; `npm run table` finds all of them. */
const checked = ['guest_memfd/late-free.gmem: askers=4']

const larger = suite('larger sizes of the models')

larger('every line means something, and the page lists just these', () => {
  const lines = written.flatMap((each) => {
    const { sizes, problems } = sizesOf(each)
    assert.equal(problems, [])
    return sizes.map(({ text }) => name({ file: each.file, sizes: text }))
  })
  assert.equal(listed.map(name), lines)
})

larger('at some of them every row is as expected, with the figures of the page', () => {
  const tested = written.flatMap((each) =>
    sizesOf(each).sizes.flatMap((sizes) => {
      const { file, read } = each
      if (!checked.includes(name({ file, sizes: sizes.text }))) return []
      // As the command line searches it.
      const how = { engine: 'compiled', reductions: reductionNames } as const
      const rows = sizes.rows.map((row) => testRow(read, row, file, defaultSearchOptions, how))
      for (const { judgement, name: row } of rows) assert.is(judgement?.status, 'met', row)
      const [table] = tableModelOf(read, [], file, [{ sizes, rows }])?.larger ?? []
      return table === undefined || read.model === null
        ? []
        : largerLine({ file, name: read.model.name }, table)
    }),
  )
  assert.equal(
    tested,
    listed.filter((each) => checked.includes(name(each))).map(({ line }) => line),
  )
  assert.is(tested.length, checked.length)
})

larger.run()
