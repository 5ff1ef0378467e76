import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { commonFolder } from '../../checker/cli/files.js'
import { readerOfTexts, readModel } from '../../checker/design/model.js'
import { headEntry } from '../../checker/design/model-head.js'
import { tableModelOf } from '../../checker/design/table-model.js'
import { testRow } from '../../checker/design/test-row.js'
import { corpusTable } from '../../checker/render/corpus-table.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { VIOLATED } from '../cli/folder.js'

/** That the project's own table is not stale is checked where all rows are searched anyway. */
const test = suite('the table of a corpus')

const HEAD = `// question  Is it locked,
//           or not?
// kernel    mm/x.c: f
// scenario  Two threads.
`

function tableOf(text: string, file: string): string {
  const read = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  const rows = [0, 1].map((row) => testRow(read, row, 'm.gmem', defaultSearchOptions))
  const model = tableModelOf(read, rows, file)
  return model === null ? '' : corpusTable([model])
}

test('a question, where it is asked, and a line for each row', () => {
  assert.is(
    tableOf(HEAD + VIOLATED, 'locks/violated.gmem'),
    `## locks

### Is it locked, or not?

[violated](locks/violated.gmem): mm/x.c: f

| row | verdict | kind | states | depth |
|---|---|---|---|---|
| \`default\` | violated | assert | 12 | 4 |
| \`how=locked\` | holds |  | 16 | 8 |

## Bounds

What a verdict is relative to, besides the ranges that a model declares: threads and daemons (+), sizes and pools of
the first row; and the largest search of all rows.

| model | threads | sizes and pools | rows | states | depth |
|---|---|---|---|---|---|
| [violated](locks/violated.gmem) | 2 | n=2 | 2 | 16 | 8 |
`,
  )
})

test('a model without a head goes by its name, one without a folder stands alone', () => {
  const table = tableOf(VIOLATED, 'violated.gmem')
  assert.match(table, /^### violated\n\n\[violated\]\(violated\.gmem\)\n/)
})

test('an entry ends where the next one begins', () => {
  assert.is(headEntry(HEAD, 'question'), 'Is it locked, or not?')
  assert.is(headEntry(HEAD, 'kernel'), 'mm/x.c: f')
  assert.is(headEntry('model m;\n', 'kernel'), '')
})

test('links are as seen from the folder that all files are below of', () => {
  assert.is(commonFolder(['a/b/x.gmem', 'a/c/y.gmem']), 'a/')
  assert.is(commonFolder(['a/bc/x.gmem', 'a/b/y.gmem']), 'a/')
  assert.is(commonFolder(['a/x.gmem']), 'a/')
  assert.is(commonFolder(['x.gmem', 'a/y.gmem']), '')
  assert.is(commonFolder([]), '')
})

test.run()
