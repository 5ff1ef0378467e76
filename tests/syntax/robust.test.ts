import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { SourceText } from '../../spec/source/text.js'
import { NODE_DEPTH, TOKEN_DEPTH } from '../../spec/syntax/depth.js'
import { parse } from '../../spec/syntax/parse.js'
import { messages, read } from './texts.js'

const robust = suite('parse: whatever the text is')

/** Fixed, so that a failure can be seen again; give another one to look further. */
const seed = Number(process.env['SEED'] ?? 1)

const codesOf = (text: string): string[] =>
  parse(new SourceText('m.gmem', text)).diagnostics.map((each) => each.code)

const model = `
// question  Does it hold?
model m;
use "lib/a.gmem" with n = 2;
design { hold : { no, yes } = yes; }
struct folio { refcount_t 0..3 _refcount = 1; bits { A, B } flags; }
pool folio mem_map[2] typesafe;
op int get(folio *f, int i) @ "mm/a.c:get" {
again:
  if (f == null || i > 3) goto again; else { f->flags += 1; }
  either { await (f) else lost-wakeup; } or { fail leak "x"; }
  for (k in 0..i-1) put(&mem_map[k]);
  return hold == yes ? -1 : 0;
}
thread vcpu[p in 0..1] { get(null, p); }
invariant one (mem_map[0].flags == 0);
expect violated leak, deadlock when hold == no;
expect holds otherwise;
`

robust('a text gives a tree or at least one error, and never an exception', () => {
  const noise = fc.constantFrom(
    ...'(){}[];:,.=+-*/&|<>!?"\'@#\\\n\t 09aZ_é\u0001'.split(''),
    '/*',
    '//',
    'if',
    'op',
    'struct',
  )
  const cut = fc.record({
    at: fc.nat(model.length),
    length: fc.nat(20),
    put: fc.array(noise, { maxLength: 4 }),
  })
  void fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
      let text = model
      for (const { at, length, put } of cuts)
        text = text.slice(0, at) + put.join('') + text.slice(at + length)
      const { result, diagnostics } = parse(new SourceText('m.gmem', text))
      const errors = diagnostics.filter((each) => each.severity === 'error')
      assert.is(result === null, errors.length > 0)
      for (const { at } of diagnostics) {
        assert.ok(0 <= at.from && at.from <= at.to && at.to <= text.length, JSON.stringify(at))
      }
    }),
    { numRuns: 300, seed },
  )
})

robust('every text that ends early gives an error', () => {
  const whole = read(model)
  const ends = whole.declarations.map((each) => each.span.to)
  for (let length = 0; length < model.length; length += 3) {
    const isWhole = ends.some((end) => end <= length && model.slice(end, length).trim() === '')
    assert.is(codesOf(model.slice(0, length)).length > 0, !isWhole, model.slice(0, length))
  }
})

const inOp = (text: string): string => `op f() { ${text} }`
const nests: readonly (readonly [string, (depth: number) => string])[] = [
  ['parentheses', (n) => inOp(`x = ${'('.repeat(n)}1${')'.repeat(n)};`)],
  ['indexes', (n) => inOp(`x = ${'a['.repeat(n)}1${']'.repeat(n)};`)],
  ['calls', (n) => inOp(`${'f('.repeat(n)}1${')'.repeat(n)};`)],
  ['blocks', (n) => `op f() ${'{'.repeat(n)}${'}'.repeat(n)}`],
  ['if', (n) => inOp(`${'if (a) '.repeat(n)}skip;`)],
  ['while', (n) => inOp(`${'while (a) '.repeat(n)}skip;`)],
  ['conditionals in the middle', (n) => inOp(`x = ${'a ? '.repeat(n)}1${' : 2'.repeat(n)};`)],
]
for (const [what, nest] of nests) {
  robust(`${what}: nesting has a limit, and reaching it is said`, () => {
    assert.equal(codesOf(nest(TOKEN_DEPTH - 3)), [])
    for (const depth of [TOKEN_DEPTH + 1, 10_000]) assert.equal(codesOf(nest(depth)), ['too-deep'])
  })
}

const chains: readonly (readonly [string, (length: number) => string])[] = [
  ['operators', (n) => inOp(`x = 1${' + 1'.repeat(n)};`)],
  ['unary operators', (n) => inOp(`x = ${'!'.repeat(n)}1;`)],
  ['members', (n) => inOp(`x = a${'->b'.repeat(n)};`)],
  ['conditionals at the end', (n) => inOp(`x = ${'a ? 1 : '.repeat(n)}1;`)],
  ['else if', (n) => inOp(`${'if (a) skip; else '.repeat(n)}skip;`)],
  ['stars', (n) => inOp(`T ${'*'.repeat(n)} x;`)],
]
for (const [what, chain] of chains) {
  robust(`${what}: a chain makes the tree deep, and has a limit`, () => {
    assert.equal(codesOf(chain(NODE_DEPTH - 10)), [])
    assert.equal(codesOf(chain(NODE_DEPTH + 1)), ['too-deep'])
  })
}

robust('a stack that is nearly full is no reason to throw', () => {
  const source = new SourceText('m.gmem', model)
  const outcomes = new Set<string>()
  const dig = (): void => {
    try {
      dig()
    } finally {
      // On the way back up there is a little more room each time.
      if (outcomes.size < 2) outcomes.add(parse(source).diagnostics[0]?.code ?? 'read')
    }
  }
  try {
    dig()
  } catch (thrown) {
    assert.instance(thrown, RangeError)
  }
  assert.ok(outcomes.has('read') || outcomes.has('too-deep'))
})

robust('binary, empty and foreign files', () => {
  assert.equal(codesOf(''), ['empty-model'])
  assert.equal(codesOf(' \n\t// only this\n'), ['empty-model'])
  assert.equal(codesOf('model m;\u0000'), ['not-text'])
  assert.equal(codesOf('\u007FELF\u0002'), ['not-text'])
  assert.equal(codesOf('model \uFFFD;'), ['not-text'])
})

robust('carriage returns are a warning, and reading goes on', () => {
  const source = new SourceText('m.gmem', 'model m;\r\nbool x;\r\n')
  const { result, diagnostics } = parse(source)
  assert.is(result?.declarations.length, 2)
  assert.equal(
    diagnostics.map((each) => [each.code, each.severity]),
    [['crlf', 'warning']],
  )
  assert.equal(codesOf('model m\r\nbool x;'), ['syntax'])
})

robust('a binary file is shown without its bytes', () => {
  assert.is(
    messages('model m\u0000;'),
    [
      'error[not-text]: this file is not text',
      ' ┌ m.gmem:1:8',
      '1│ model m\uFFFD;',
      ' │        ^ the character U+0000',
      ' = note: a model is UTF-8 text without control characters',
      ' = help: is this the file that was meant?',
    ].join('\n'),
  )
})

robust.run()
