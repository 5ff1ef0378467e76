import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { loadModel } from '../../spec/analysis/load.js'
import { textReader } from './read.js'

const test = suite('load')

test('each file is read once and comes after what it uses', () => {
  const texts = {
    'model.gmem': 'model m;\nuse "a.gmem";\nuse "b.gmem";\nthread t { skip; }\n',
    'a.gmem': 'use "c.gmem";\nbool a;\n',
    'b.gmem': 'use "c.gmem";\nbool b;\n',
    'c.gmem': 'bool c;\n',
  }
  const asked: string[] = []
  const { result, diagnostics } = loadModel('model.gmem', (path, from) => {
    asked.push(`${from}: ${path}`)
    return textReader(texts)(path)
  })
  assert.equal(diagnostics, [])
  assert.equal(
    result?.files.map((file) => file.path),
    ['c.gmem', 'a.gmem', 'b.gmem', 'model.gmem'],
  )
  assert.equal([...(result?.sources.keys() ?? [])], ['model.gmem', 'a.gmem', 'c.gmem', 'b.gmem'])
  assert.is(result?.model.path, 'model.gmem')
  assert.equal(asked, [
    'null: model.gmem',
    'model.gmem: a.gmem',
    'a.gmem: c.gmem',
    'model.gmem: b.gmem',
    'b.gmem: c.gmem',
  ])
})

test('two ways to one file are one file', () => {
  const { result } = loadModel('m.gmem', (path) => {
    if (path === 'm.gmem') {
      return {
        kind: 'text',
        path,
        text: 'model m;\nuse "x.gmem";\nuse "./x.gmem";\nthread t { skip; }',
      }
    }
    return { kind: 'text', path: 'x.gmem', text: 'bool x;' }
  })
  assert.is(result?.files.length, 2)
})

test('a circle is shown with its chain', () => {
  const { result, diagnostics } = loadModel(
    'm.gmem',
    textReader({
      'm.gmem': 'model m;\nuse "a.gmem";\nthread t { skip; }',
      'a.gmem': 'use "b.gmem";\nbool a;',
      'b.gmem': 'bool b;\nuse "a.gmem";',
    }),
  )
  assert.is(result, null)
  assert.is(diagnostics.length, 1)
  const [circle] = diagnostics
  assert.is(circle?.code, 'use-cycle')
  assert.equal(circle?.at, { file: 'b.gmem', from: 8, to: 21 })
  assert.equal(circle?.notes, ['`a.gmem` uses `b.gmem` uses `a.gmem`'])
})

test('a model that is not there, is a folder or cannot be read', () => {
  const missing = loadModel('gone.gmem', textReader({}))
  assert.is(missing.result, null)
  assert.equal(
    missing.diagnostics.map(({ code, at }) => ({ code, at })),
    [{ code: 'file-missing', at: { file: 'gone.gmem', from: 0, to: 0 } }],
  )
  for (const kind of ['directory', 'unreadable'] as const) {
    const { result, diagnostics } = loadModel('it', (path) => ({ kind, path, reason: 'EACCES' }))
    assert.is(result, null)
    assert.is(diagnostics[0]?.code, 'file-unreadable')
    // That it is a folder says why.
    assert.is(diagnostics[0]?.notes.includes('EACCES'), kind === 'unreadable')
  }
})

test('what cannot be read is reported at its `use`, with the places that were tried', () => {
  const { diagnostics } = loadModel('m.gmem', (path) =>
    path === 'm.gmem'
      ? { kind: 'text', path, text: 'model m;\nuse "gone.gmem";\nthread t { skip; }' }
      : { kind: 'missing', tried: ['here/gone.gmem', 'models/gone.gmem'] },
  )
  assert.equal(
    diagnostics.map(({ code, at }) => ({ code, at })),
    [{ code: 'file-missing', at: { file: 'm.gmem', from: 9, to: 25 } }],
  )
  assert.match(diagnostics[0]?.notes[0] ?? '', '`here/gone.gmem`, `models/gone.gmem`')
})

test('a binary, an empty and a broken file are diagnostics, also in a library', () => {
  for (const text of ['\u0000\u0001\u0002', '', '// nothing\n', 'pool pool pool', '\u{1F512}']) {
    const own = loadModel('m.gmem', textReader({ 'm.gmem': text }))
    assert.is(own.result, null)
    assert.ok(own.diagnostics.some((each) => each.severity === 'error'))
    const used = loadModel(
      'm.gmem',
      textReader({ 'm.gmem': 'model m;\nuse "l.gmem";\nthread t { skip; }', 'l.gmem': text }),
    )
    assert.is(used.result, null)
    assert.is(used.diagnostics[0]?.at.file, 'l.gmem')
  }
})

test.run()
