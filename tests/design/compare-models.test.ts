import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compareModels, type Revision } from '../../checker/design/compare-models.js'
import { readerOfTexts, readModel } from '../../checker/design/model.js'
import { testRow } from '../../checker/design/test-row.js'
import {
  differenceCounts,
  type ModelDifference,
  renderDifference,
} from '../../checker/render/difference.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { designRows } from '../../spec/index.js'
import { VIOLATED } from '../cli/folder.js'

function revision(text: string): Revision {
  const read = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  const { model } = read
  if (model === null) throw new Error(read.diagnostics.map((each) => each.message).join('; '))
  const rows = designRows(model).map((_, number) =>
    testRow(read, number, 'm.gmem', defaultSearchOptions, { goal: 'first' }),
  )
  return { model, rows }
}

const compare = (a: string, b: string) => compareModels('m', revision(a), revision(b))
const marks = (difference: ModelDifference): string[] =>
  difference.rows.map(({ row, a, b, changed }) =>
    a === null ? `+ ${row}` : b === null ? `- ${row}` : `${row}: ${changed.join(' ')}`,
  )

const test = suite('two revisions of a model')

test('nothing changes but comments and expectations', () => {
  const other = `// more\n${VIOLATED.replace('expect violated assert when how == plain;', '')}`
  assert.equal(marks(compare(VIOLATED, other)), ['default: ', 'how=locked: '])
})

test('a verdict, the length of a run and the number of states', () => {
  const unlocked = VIOLATED.replace('if (how == locked) mutex_lock(&m);', '').replace(
    'if (how == locked) mutex_unlock(&m);',
    '',
  )
  const difference = compare(VIOLATED, unlocked)
  assert.equal(marks(difference), ['default: ', 'how=locked: verdict kind steps states depth'])
  assert.is(differenceCounts([difference]).verdictChanged, 1)
  const three = compare(VIOLATED, VIOLATED.replace('1..3 = 2', '1..3 = 3'))
  assert.ok(three.rows.every(({ changed }) => changed.includes('states')))
  assert.is(differenceCounts([three]).verdictChanged, 0)
  assert.is(differenceCounts([three]).figuresChanged, 2)
})

test('the kind alone is another verdict', () => {
  const other = VIOLATED.replace('assert(x == n)', 'WARN_ON(x != n)')
  assert.equal(marks(compare(VIOLATED, other)), ['default: kind', 'how=locked: '])
  assert.is(differenceCounts([compare(VIOLATED, other)]).verdictChanged, 1)
})

test('a new choice at its default, and a new value, leave the old rows where they were', () => {
  const more = VIOLATED.replace(
    'design { how : { plain, locked } = plain; }',
    'design { twice : bool = false; how : { plain, both, locked } = plain; }',
  ).replace('x++;', 'x++; if (twice) skip;')
  const difference = compare(VIOLATED, more)
  assert.equal(difference.choices, { onlyA: [], onlyB: ['twice'] })
  const there = ['default: ', 'how=locked: ']
  const rest = ['how=both', 'twice=true', 'twice=true how=both', 'twice=true how=locked']
  assert.equal(marks(difference), [...there, ...rest.map((row) => `+ ${row}`)])
  const back = compare(more, VIOLATED)
  assert.equal(back.choices, { onlyA: ['twice'], onlyB: [] })
  assert.equal(marks(back).filter((mark) => mark.startsWith('- ')).length, 4)
  assert.equal(
    marks(back).filter((mark) => !mark.startsWith('- ')),
    there,
  )
})

test('a default that moves does not', () => {
  const moved = VIOLATED.replace('= plain;', '= locked;')
  assert.equal(marks(compare(VIOLATED, moved)), ['how=plain: ', 'default: '])
})

test('what is printed: a mark for a verdict, another for figures, the sum', () => {
  const fewer = VIOLATED.replace('if (how == locked) mutex_lock(&m);', 'mutex_lock(&m);').replace(
    'if (how == locked) mutex_unlock(&m);',
    'mutex_unlock(&m);',
  )
  const text = renderDifference({ a: 'old', b: 'new' }, [compare(VIOLATED, fewer)], false)
  assert.match(
    text,
    /^--- old\n\+\+\+ new\nm\n {2}! default: violated assert, \d+ steps, .* -> holds/,
  )
  assert.match(text, /\n2 rows: 1 with another verdict, 0 with other figures, 1 the same\n$/)
})

test.run()
