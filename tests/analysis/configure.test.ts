import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { analyse } from '../../spec/analysis/analyse.js'
import {
  type Choices,
  configure,
  describe,
  designRowCount,
  designRows,
  matchExpectation,
} from '../../spec/analysis/configure.js'
import { loadModel } from '../../spec/analysis/load.js'
import type { CheckedModel } from '../../spec/analysis/model.js'
import { textReader } from './read.js'

const test = suite('configure')

const library = `
param pages : 1..8 = 1;
param recheck : bool = true;
param slots : 1..64 = 4 * pages;
bool cached[slots];
op use_pages() { if (recheck) cached[0] = true; }
`
const text = `
model m;
use "lib.gmem" with pages = faulters + 1;
param faulters : 1..4 = 2;
param who : { guest, host } = host;
design {
  unmap : { before, after } = before;
  recheck = true;
  tries : 1..3 = 2;
}
int 0..(4 - faulters) n;
thread a { use_pages(); if (unmap == after && who == guest) n = tries; }
expect violated assert when tries == 3;
expect violated leak, deadlock when unmap == after && !recheck && faulters > 1;
expect holds otherwise;
`

function checked(texts: Readonly<Record<string, string>>): CheckedModel {
  const loaded = loadModel('m.gmem', textReader(texts))
  const outcome = loaded.result && analyse(loaded.result)
  if (!outcome?.result) throw new Error(JSON.stringify([loaded.diagnostics, outcome?.diagnostics]))
  return outcome.result
}

const model = checked({ 'm.gmem': text, 'lib.gmem': library })

function described(choices: Choices) {
  const { result, diagnostics } = configure(model, choices)
  if (!result) throw new Error(JSON.stringify(diagnostics))
  return describe(model, result)
}

/** The value of a constant by its name, whether or not it can be set. */
function constantValue(name: string, choices: Choices): number | undefined {
  const { result } = configure(model, choices)
  const constant = model.constants.find((each) => each.name === name)
  return constant && result?.get(constant)
}

test('defaults, in declared order; a param that `with` sets is not among them', () => {
  assert.equal(described({}), {
    params: { faulters: 2, who: 'host', slots: 12 },
    design: { unmap: 'before', recheck: true, tries: 2 },
  })
  assert.equal(Object.keys(described({}).design), ['unmap', 'recheck', 'tries'])
  assert.is(constantValue('pages', {}), 3)
})

test('texts become values, and what depends on them follows', () => {
  const choices = {
    params: { faulters: '0x3', who: 'guest' },
    design: { unmap: 'after', recheck: 'false', tries: '1' },
  }
  assert.equal(described(choices), {
    params: { faulters: 3, who: 'guest', slots: 16 },
    design: { unmap: 'after', recheck: false, tries: 1 },
  })
  assert.is(constantValue('pages', choices), 4)
  assert.equal(described({ design: { recheck: '0' } }).design, {
    unmap: 'before',
    recheck: false,
    tries: 2,
  })
})

function refused(choices: Choices) {
  const { result, diagnostics } = configure(model, choices)
  assert.is(result, null)
  return diagnostics.map(({ code, at, help, notes }) => ({
    code,
    line: text.slice(0, at.from).split('\n').length,
    words: [...notes, ...help].join(' '),
  }))
}

test('unknown names: the nearest, and all there are', () => {
  const [unknown] = refused({ params: { faulter: '1' } })
  assert.is(unknown?.code, 'unknown-param')
  assert.match(unknown?.words ?? '', 'did you mean `faulters`?')
  assert.match(unknown?.words ?? '', '`who`, `slots`')
  const [choice] = refused({ design: { faulters: '1' } })
  assert.is(choice?.code, 'unknown-design')
  assert.match(choice?.words ?? '', '--param')
  const [set] = refused({ params: { pages: '2' } })
  assert.is(set?.code, 'param-already-set')
})

test('values outside the domain: the place is the declaration, the values are listed', () => {
  const wrong = refused({
    params: { faulters: '9', who: 'nobody' },
    design: { unmap: 'befor', recheck: 'maybe', tries: '4' },
  })
  assert.equal(
    wrong.map(({ code, line }) => `${code} ${line}`),
    ['value-not-in-domain 5', 'value-not-in-domain 7', 'value-not-in-domain 8'],
  )
  assert.match(wrong[0]?.words ?? '', '`guest`, `host`')
  assert.match(wrong[1]?.words ?? '', 'did you mean `before`?')
  assert.match(wrong[2]?.words ?? '', '`false`, `true`')
  const numbers = refused({ params: { faulters: '9' }, design: { tries: '4' } })
  assert.equal(
    numbers.map(({ code, line }) => `${code} ${line}`),
    ['value-not-in-domain 4', 'value-not-in-domain 9'],
  )
  assert.match(numbers[0]?.words ?? '', '1..4')
  for (const text of ['', 'two', '1.5', '1e1', '--1', '99999999999999999999', 'true']) {
    assert.is(refused({ params: { faulters: text } })[0]?.code, 'value-not-in-domain', text)
  }
})

test('sizes and ranges are judged for the values given', () => {
  const shrinking = checked({
    'm.gmem': 'model m;\nparam top : 0..3 = 3;\nint 1..top n = 1;\nthread a { n = 1; }\n',
  })
  assert.ok(configure(shrinking, { params: { top: '1' } }).result)
  const { result, diagnostics } = configure(shrinking, { params: { top: '0' } })
  assert.is(result, null)
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['empty-range'],
  )
  assert.match(diagnostics[0]?.notes[0] ?? '', '`top = 0`')
})

test('rows: every combination, the first choice slowest', () => {
  const rows = designRows(model).map((row) => Object.values(describe(model, row).design).join(' '))
  assert.equal(rows, [
    'before false 1',
    'before false 2',
    'before false 3',
    'before true 1',
    'before true 2',
    'before true 3',
    'after false 1',
    'after false 2',
    'after false 3',
    'after true 1',
    'after true 2',
    'after true 3',
  ])
  assert.is(designRowCount(model), 12)
})

test('a model without choices has one row', () => {
  const plain = checked({ 'm.gmem': 'model m;\nint 0..3 n;\nthread a { n = 1; }\n' })
  assert.is(designRows(plain).length, 1)
  const [row] = designRows(plain)
  assert.is(row && matchExpectation(plain, row), null)
})

test('the first fitting row of `expect` counts', () => {
  const expected = (choices: Choices): string => {
    const { result } = configure(model, choices)
    const row = result && matchExpectation(model, result)
    return row ? [row.verdict, ...row.kinds].join(' ') : 'none'
  }
  const risky = { unmap: 'after', recheck: 'false' }
  assert.is(expected({}), 'holds')
  assert.is(expected({ design: { tries: '3' } }), 'violated assert')
  assert.is(expected({ design: risky }), 'violated leak deadlock')
  assert.is(expected({ design: { ...risky, tries: '3' } }), 'violated assert')
  assert.is(expected({ params: { faulters: '1' }, design: risky }), 'holds')
})

test.run()
