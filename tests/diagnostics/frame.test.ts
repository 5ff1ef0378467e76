import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { type Details, error, warning } from '../../spec/diagnostics/diagnostic.js'
import { frame } from '../../spec/diagnostics/frame.js'
import { type Sources, SourceText } from '../../spec/source/text.js'

const frames = suite('frame')

const model = new SourceText(
  'models/m.gmem',
  ['model m;', '', '', '', '', '', '', '', 'op put() {', '  unlock(&obj.lock);', '}', ''].join(
    '\n',
  ),
)
const library = new SourceText('lib/l.gmem', 'mutex lock;\nop\tf(int a)\t{ }\n')
const sources: Sources = new Map([
  [model.path, model],
  [library.path, library],
])

function spanOf(source: SourceText, text: string) {
  const from = source.text.indexOf(text)
  return { file: source.path, from, to: from + text.length }
}

const shown = (at: ReturnType<typeof spanOf>, details: Details = {}): string[] =>
  frame(error('syntax', at, 'what is wrong', details), sources).split('\n')

frames('a message with its line, and the place in it', () => {
  assert.equal(shown(spanOf(model, 'obj.lock'), { caption: 'not held' }), [
    'error[syntax]: what is wrong',
    '  ┌ models/m.gmem:10:11',
    '10│   unlock(&obj.lock);',
    '  │           ^^^^^^^^ not held',
  ])
})

frames('labels on the same line, on another line and in another file', () => {
  const labels = [
    { span: spanOf(model, 'unlock'), text: 'this call' },
    { span: spanOf(model, 'put'), text: 'in this op' },
    { span: spanOf(library, 'lock'), text: 'declared here' },
  ]
  assert.equal(shown(spanOf(model, 'obj.lock'), { labels }), [
    'error[syntax]: what is wrong',
    '  ┌ models/m.gmem:10:11',
    '10│   unlock(&obj.lock);',
    '  │           ^^^^^^^^',
    '  │   ------ this call',
    ' 9│ op put() {',
    '  │    --- in this op',
    '  ┌ lib/l.gmem:1:7',
    ' 1│ mutex lock;',
    '  │       ---- declared here',
  ])
})

frames('notes and help, over several lines where they have some', () => {
  const details = { notes: ['why', 'also'], help: ['do this\nand this', 'or that'] }
  assert.equal(shown(spanOf(model, 'model'), details), [
    'error[syntax]: what is wrong',
    ' ┌ models/m.gmem:1:1',
    '1│ model m;',
    ' │ ^^^^^',
    ' = note: why',
    ' = note: also',
    ' = help: do this',
    '         and this',
    ' = help: or that',
  ])
})

frames('tabs are blanks up to the next multiple of eight', () => {
  assert.equal(shown(spanOf(library, '{ }')).slice(2), [
    '2│ op      f(int a)        { }',
    ' │                         ^^^',
  ])
})

frames('a place of several lines is marked to the end of its first', () => {
  const at = { ...spanOf(model, '{\n  unlock'), to: model.text.length }
  assert.equal(shown(at).slice(2), ['9│ op put() {', ' │          ^'])
})

frames('an empty place is one column, also behind the line', () => {
  const end = model.text.indexOf('\n')
  assert.equal(shown({ file: model.path, from: end, to: end }).slice(2), [
    '1│ model m;',
    ' │         ^',
  ])
  const last = model.text.length
  assert.equal(shown({ file: model.path, from: last, to: last }).slice(1), [
    '  ┌ models/m.gmem:12:1',
    '12│',
    '  │ ^',
  ])
})

frames('a long line is cut around the place', () => {
  const text = `${'a'.repeat(150)} here ${'b'.repeat(150)}`
  const long = new SourceText('long', text)
  const [, , line, carets] = frame(
    error('syntax', spanOf(long, 'here'), 'x'),
    new Map([['long', long]]),
  ).split('\n')
  assert.is(line, `1│ …${'a'.repeat(28)} here ${'b'.repeat(64)}…`)
  assert.is(carets, ` │ ${' '.repeat(30)}^^^^`)
})

frames('a place near the start of a long line keeps its start', () => {
  const long = new SourceText('long', `here ${'b'.repeat(150)}`)
  const [, , line, carets] = frame(
    error('syntax', spanOf(long, 'here'), 'x'),
    new Map([['long', long]]),
  ).split('\n')
  assert.is(line, `1│ here ${'b'.repeat(94)}…`)
  assert.is(carets, ' │ ^^^^')
})

frames('characters outside of the basic plane take one column', () => {
  const wide = new SourceText('wide', '/* 😀 */ x = ;')
  const [, , , carets] = frame(
    error('syntax', spanOf(wide, ';'), 'x'),
    new Map([['wide', wide]]),
  ).split('\n')
  assert.is(carets, ' │             ^')
})

frames('a file without text is named only', () => {
  assert.equal(shown({ file: 'gone.gmem', from: 3, to: 4 }), [
    'error[syntax]: what is wrong',
    '┌ gone.gmem',
  ])
})

frames('the parts are given to the style', () => {
  const kinds = new Set<string>()
  const details = { labels: [{ span: spanOf(model, 'put'), text: 'x' }], help: 'y' }
  const diagnostic = warning('crlf', spanOf(model, 'model'), 'odd', details)
  const text = frame(diagnostic, sources, (kind, part) => {
    kinds.add(kind)
    return `<${kind} ${part}>`
  })
  assert.is(text.split('\n')[0], '<warning warning[crlf]><message : odd>')
  assert.equal([...kinds].sort(), ['gutter', 'hint', 'message', 'primary', 'secondary', 'warning'])
})

frames.run()
