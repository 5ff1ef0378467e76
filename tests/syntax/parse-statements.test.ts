import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { read, statement } from './texts.js'

const statements = suite('parse: statements')

const examples: readonly (readonly [string, string])[] = [
  [
    'folio *f = filemap_get_entry(index);',
    '(declare (* folio) (f (= (call filemap_get_entry index))))',
  ],
  ['int 0..3 x = 0, y;', '(declare (int 0 3) (x (= 0)) y)'],
  ['int r;', '(declare int r)'],
  ['share to = ALL;', '(declare share (to (= ALL)))'],
  ['folio *f @ "a.c:f";', '(declare (* folio) f (@ "a.c:f"))'],
  ['x = 1;', '(= x 1)'],
  ['*p = 1;', '(= (* p) 1)'],
  ['i_pages[0]->a.b = f;', '(= (. (-> ([] i_pages 0) a) b) f)'],
  ['(*p).a = f;', '(= (. (* p) a) f)'],
  ['x += 1;', '(+= x 1)'],
  ['x -= 1; x *= 2; x /= 2; x %= 2;', '(-= x 1) (*= x 2) (/= x 2) (%= x 2)'],
  ['x &= 1; x |= 1; x ^= 1; x <<= 1; x >>= 1;', '(&= x 1) (|= x 1) (^= x 1) (<<= x 1) (>>= x 1)'],
  ['n++;', '(++ n)'],
  ['--f->n;', '(-- (-> f n))'],
  ['folio_put(f);', '(do (call folio_put f))'],
  ['f(a, b) @ "x";', '(do (call f a b) (@ "x"))'],
  ['if (a) x();', '(if a (do (call x)))'],
  ['if (a) x(); else y();', '(if a (do (call x)) (do (call y)))'],
  ['if (a) { } else if (b) x(); else { }', '(if a (block) (if b (do (call x)) (block)))'],
  ['if (a) if (b) x(); else y();', '(if a (if b (do (call x)) (do (call y))))'],
  ['if (a) { if (b) x(); } else y();', '(if a (block (if b (do (call x)))) (do (call y)))'],
  ['while (true) skip;', '(while true (skip))'],
  ['for (i in 0..n-1) f(i);', '(for i 0 (- n 1) (do (call f i)))'],
  ['for (i in first..first+huge-1) skip;', '(for i first (- (+ first huge) 1) (skip))'],
  ['for (f in mem_map) free(f);', '(for-pool f mem_map (do (call free f)))'],
  ['break; continue;', '(break) (continue)'],
  ['return;', '(return)'],
  ['return -EAGAIN;', '(return (- EAGAIN))'],
  ['return 1 @ "x";', '(return 1 (@ "x"))'],
  ['goto out; out: skip;', '(goto out) (label out) (skip)'],
  ['out:', '(label out)'],
  ['either { skip; } or { }', '(either (block (skip)) (block))'],
  ['either { } or { } or { }', '(either (block) (block) (block))'],
  ['choose c in 0..CPUS-1;', '(choose c 0 (- CPUS 1))'],
  ['await (done);', '(await done)'],
  ['await(done) else lost-wakeup @ "a";', '(await done (else lost-wakeup) (@ "a"))'],
  ['atomic { await (c); x = 1; }', '(atomic (await c) (= x 1))'],
  ['assert(r == 0);', '(assert (== r 0))'],
  ['assert (r == 0, "no error");', '(assert (== r 0) "no error")'],
  ['fail mapped-at-free;', '(fail mapped-at-free)'],
  ['fail bug-on "a, b";', '(fail bug-on "a, b")'],
  ['skip;', '(skip)'],
  ['{ x(); { } }', '(block (do (call x)) (block))'],
  [';; x(); ;', '(do (call x))'],
]

for (const [text, tree] of examples) statements(text, () => assert.is(statement(text), tree))

statements('words of statements are names where no statement of theirs follows', () => {
  for (const word of [
    'skip',
    'fail',
    'choose',
    'either',
    'atomic',
    'await',
    'assert',
    'use',
    'op',
  ]) {
    assert.is(statement(`${word} = 1;`), `(= ${word} 1)`)
    assert.is(statement(`${word}++;`), `(++ ${word})`)
    assert.is(
      statement(`goto ${word}; ${word}: x = ${word};`),
      `(goto ${word}) (label ${word}) (= x ${word})`,
    )
    assert.is(statement(`int ${word} = ${word};`), `(declare int (${word} (= ${word})))`)
  }
})

statements('comments are kept in order, with the place they have on their line', () => {
  const file = read('// a\nmodel m; // b\n  /* c\n d */ bool x; /* e */\n')
  assert.equal(
    file.comments.map(({ text, ownLine }) => [text, ownLine]),
    [
      ['// a', true],
      ['// b', false],
      ['/* c\n d */', true],
      ['/* e */', false],
    ],
  )
})

statements.run()
