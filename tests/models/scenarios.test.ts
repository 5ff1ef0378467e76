import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { documentText, namedRowProblems, namedRows, tableLines } from '../helpers/named-rows.js'

/** Every row that the page names exists, and its model expects what the page says. */
const page = suite('docs/scenarios.md')

const text = documentText('docs/scenarios.md')
const named = namedRows(text)

for (const one of named) {
  page(`${one.file} ${one.row}: ${one.verdict}`, () => {
    assert.equal(namedRowProblems(one), [])
  })
}

page('no line of a table is overlooked', () => {
  assert.is(named.length, tableLines(text).length)
  assert.ok(named.filter(({ twin }) => twin === undefined).length > 60)
  assert.ok(named.filter(({ twin }) => twin !== undefined).length > 80)
})

page('every misuse is told by a kind, and has a twin', () => {
  const misuses = namedRows(text.slice(text.indexOf('## Misuses of the primitives')))
  assert.ok(misuses.every(({ verdict, twin }) => verdict !== 'holds' && twin !== undefined))
})

page.run()

/** Every bug is a violation before its fix, and none after it. */
const bugs = suite('docs/bugs.md')

const list = documentText('docs/bugs.md')
const pairs = namedRows(list)

for (const pair of pairs) {
  bugs(`${pair.file} ${pair.row}: ${pair.verdict}`, () => {
    assert.equal(namedRowProblems(pair), [])
    assert.is.not(pair.verdict, 'holds')
    assert.ok(pair.twin, 'there is a row after the fix')
  })
}

bugs('no line of a table is overlooked', () => {
  assert.is(pairs.length, tableLines(list).length)
  assert.ok(pairs.length >= 40)
})

bugs('every bug says what it is and who tells of it', () => {
  assert.equal(
    tableLines(list).filter((line) => !/^\| \S.{9,} \| \S.{2,} \| \[/.test(line)),
    [],
  )
})

bugs('a line that is wrong is found', () => {
  const line = list.split('\n').find((one) => one.includes('safe-count')) ?? ''
  const told = (changed: string) => namedRows(changed).flatMap(namedRowProblems)
  assert.equal(told(line), [])
  assert.equal(told(line.replace('| refused |', '| leak |')), ['the model expects refused'])
  assert.equal(told(line.replace('`vmm_tries=until_it_works`', '`default`')), [
    'of default it expects refused',
  ])
  assert.throws(() => told(line.replace('until_it_works', 'sometimes')), /no row/)
})

bugs.run()
