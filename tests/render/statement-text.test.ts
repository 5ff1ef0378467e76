import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { statementText, substitute } from '../../checker/render/statement-text.js'
import { joinShort, wrap } from '../../checker/render/wrap.js'

const text = suite('statement text')

const CASES: readonly (readonly [source: string, shown: string])[] = [
  ['folio *f = filemap_lock_folio(index);', 'f = filemap_lock_folio(index)'],
  ['struct folio *f = g();', 'f = g()'],
  ['int r = punch_hole(0);', 'r = punch_hole(0)'],
  ['int 0..3 n = x;', 'n = x'],
  ['x = y;', 'x = y'],
  ['f->index = i;', 'f->index = i'],
  ['return f(x);', 'f(x)'],
  ['return x + 1;', 'return x + 1'],
  ['if (a && f(x)) { b(); c(); }', 'if (a && f(x))'],
  ['if (!set_pte(p, i, f)) folio_put(f);', 'set_pte(p, i, f)'],
  ['if (f(x) == g(y)) return;', 'if (f(x) == g(y))'],
  ['while (!READ_ONCE(ready)) skip;', 'while (!READ_ONCE(ready))'],
  ['again: folio_lock(f);', 'folio_lock(f)'],
  ['atomic { x = 1; y = 2; }', 'atomic { x = 1; y = 2; }'],
  ['either { f(); } or { g(); }', 'either'],
  ['return;', 'return'],
]

for (const [source, shown] of CASES) {
  text(`${source} is shown as ${shown}`, () => assert.is(statementText(source), shown))
}

text('replaces names, but neither members nor calls nor what is assigned', () => {
  const names = new Map([
    ['p', '0'],
    ['index', '1'],
    ['f', '9'],
  ])
  const put = (source: string) => substitute(source, names)
  assert.is(put('fault(p, index)'), 'fault(0, 1)')
  assert.is(put('f->index = s.p'), '9->index = s.p')
  assert.is(put('f(p)'), 'f(0)')
  assert.is(put('index = p'), 'index = 0')
  assert.is(put('index == p'), '1 == 0')
  assert.is(put('fail leak "p"'), 'fail leak "p"')
  const objects = new Map([['f', '&mem_map[1]']])
  assert.is(substitute('f->refs = g->refs', objects), 'mem_map[1].refs = g->refs')
  assert.is(substitute('spin_lock(&f->lock)', objects), 'spin_lock(&mem_map[1].lock)')
  assert.is(substitute('folio_put(f)', objects), 'folio_put(&mem_map[1])')
})

text('wraps at blanks, then at parentheses, and never beyond the width', () => {
  assert.equal(wrap('one two three', 8), ['one two', '  three'])
  assert.equal(wrap('refcount_dec_and_test(&f->_refcount)', 30, 4), [
    'refcount_dec_and_test(',
    '    &f->_refcount)',
  ])
  assert.equal(joinShort(['a 1 -> 2', 'b set', 'c = null'], 16), ['a 1 -> 2, b set,', 'c = null'])
  for (const line of wrap('x'.repeat(100), 20)) assert.ok(line.length <= 20, line)
})

text.run()
