import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dumped, read } from './texts.js'

const declarations = suite('parse: declarations')

const examples: readonly (readonly [string, string])[] = [
  ['model truncate-vs-fault;', '(model truncate-vs-fault)'],
  ['use "lib/a.gmem";', '(use "lib/a.gmem")'],
  ['use "lib/a.gmem" with n = 2, max = 3 + n;', '(use "lib/a.gmem" (n 2) (max (+ 3 n)))'],
  ['const BIAS = 0x10;', '(const BIAS 16)'],
  ['param faulters : 1..4 = 1;', '(param faulters (range 1 4) 1)'],
  ['param n : int 0..3 = 1;', '(param n (int 0 3) 1)'],
  ['param debug : bool = true;', '(param debug bool true)'],
  ['param to : { one, two } = one;', '(param to (choice one two) one)'],
  ['param to : share = ALL;', '(param to share ALL)'],
  [
    'design { unmap : { before, after } = before;  recheck = true;  n : -1..3 = 0; }',
    '(design (unmap (choice before after) before) (recheck _ true) (n (range (- 1) 3) 0))',
  ],
  ['design { }', '(design)'],
  ['enum share { GUEST, ALL, }', '(enum share GUEST ALL)'],
  ['struct page { }', '(struct page)'],
  [
    'struct s { refcount_t 0..3 + n _refcount; bits { P, Q } flags; folio *next; bool a, b = true; }',
    [
      '(struct s',
      '  (member (refcount_t 0 (+ 3 n)) _refcount)',
      '  (member (bits P Q) flags)',
      '  (member (* folio) next)',
      '  (member bool a (b (= true))))',
    ].join('\n'),
  ],
  ['struct s { };', '(struct s)'],
  ['typedef int 0..7 sequence_t;', '(typedef sequence_t (int 0 7))'],
  ['pool folio mem_map[2];', '(pool folio mem_map 2 ordinary)'],
  ['pool folio mem_map[n + 1] typesafe;', '(pool folio mem_map (+ n 1) typesafe)'],
  ['pool inode cache[1] typesafe_by_rcu;', '(pool inode cache 1 typesafe_by_rcu)'],
  ['folio *pte[procs][pages];', '(variable (* folio) (pte (size procs) (size pages)))'],
  ['int -1..2 n = -1, m;', '(variable (int (- 1) 2) (n (= (- 1))) m)'],
  ['int 0..3 + faulters x;', '(variable (int 0 (+ 3 faulters)) x)'],
  ['int 0..2*n-1 x;', '(variable (int 0 (- (* 2 n) 1)) x)'],
  ['int 0..(a << 1) x;', '(variable (int 0 (<< a 1)) x)'],
  ['refcount_t 0..n _refcount;', '(variable (refcount_t 0 n) _refcount)'],
  ['atomic_t -48..6 _mapcount = -1;', '(variable (atomic_t (- 48) 6) (_mapcount (= (- 1))))'],
  ['atomic_t a;', '(variable atomic_t a)'],
  ['bool sent, acked;', '(variable bool sent acked)'],
  ['mutex a, b;', '(variable mutex a b)'],
  ['spinlock_t l;', '(variable spinlock_t l)'],
  ['rwlock_t mmu_lock;', '(variable rwlock_t mmu_lock)'],
  ['rwsem invalidate_lock;', '(variable rwsem invalidate_lock)'],
  ['bitlock b;', '(variable bitlock b)'],
  ['srcu domain;', '(variable srcu domain)'],
  ['folio **p;', '(variable (* (* folio)) p)'],
  ['op f() { }', '(op f (parameters) (block))'],
  [
    'op int punch_hole(int index, folio *f) @ "virt/kvm/guest_memfd.c:kvm_gmem_punch_hole" { }',
    [
      '(op punch_hole',
      '  (parameters (index int) (f (* folio)))',
      '  (returns int)',
      '  (@ "virt/kvm/guest_memfd.c:kvm_gmem_punch_hole")',
      '  (block))',
    ].join('\n'),
  ],
  [
    'weak op int other_refs(folio *f) { return 0; }',
    '(weak op other_refs (parameters (f (* folio))) (returns int) (block (return 0)))',
  ],
  [
    'atomic op bool take(macro bool condition) { }',
    '(atomic op take (parameters (macro condition bool)) (returns bool) (block))',
  ],
  ['weak atomic op f() { }', '(weak atomic op f (parameters) (block))'],
  ['op folio *get() { }', '(op get (parameters) (returns (* folio)) (block))'],
  ['op int 0..3 f() { }', '(op f (parameters) (returns (int 0 3)) (block))'],
  ['init { skip; }', '(init (block (skip)))'],
  ['thread vmm { }', '(thread vmm (block))'],
  ['thread vcpu[p in 0..n-1] { f(p); }', '(thread vcpu (for p 0 (- n 1)) (block (do (call f p))))'],
  ['daemon worker { }', '(daemon worker (block))'],
  ['daemon timer in hardirq on vcpu { }', '(daemon timer (in hardirq vcpu) (block))'],
  ['thread irq in softirq on vcpu { }', '(thread irq (in softirq vcpu) (block))'],
  ['shrinker s() { f(); }', '(shrinker s (block (do (call f))))'],
  ['invariant one-owner (n <= 1);', '(invariant one-owner (<= n 1))'],
  ['invariant (n <= 1);', '(invariant _ (<= n 1))'],
  ['invariant P1-no-mapping { fail leak; }', '(invariant P1-no-mapping (block (fail leak)))'],
  ['invariant { }', '(invariant _ (block))'],
  ['finally { }', '(finally (block))'],
  ['cover both-mapped (n == 2);', '(cover both-mapped (== n 2))'],
  ['cover (n == 2);', '(cover _ (== n 2))'],
  ['violation leak-2 "say \\"no\\" \\\\";', '(violation leak-2 "say \\"no\\" \\\\")'],
  ['check null-dereference, not not-x;', '(check null-dereference (not not-x))'],
  ['check data-race, not warn-on;', '(check data-race (not warn-on))'],
  ['expect holds;', '(expect holds)'],
  ['expect holds otherwise;', '(expect holds)'],
  ['expect holds when a == b;', '(expect holds (when (== a b)))'],
  [
    'expect violated deadlock, self-deadlock when !a;',
    '(expect violated deadlock self-deadlock (when (! a)))',
  ],
  ['expect violated leak otherwise;', '(expect violated leak)'],
]

for (const [text, tree] of examples) {
  declarations(text, () => assert.is(dumped(text), tree))
}

declarations('words of declarations are names everywhere else', () => {
  const words = [
    'use',
    'end',
    'test',
    'put',
    'check',
    'model',
    'op',
    'init',
    'pool',
    'atomic',
    'head',
  ]
  for (const word of [
    ...words,
    'skip',
    'fail',
    'thread',
    'in',
    'on',
    'or',
    'not',
    'when',
    'mutex',
  ]) {
    assert.is(dumped(`int 0..1 ${word};`), `(variable (int 0 1) ${word})`)
    assert.is(dumped(`op ${word}() { }`), `(op ${word} (parameters) (block))`)
    assert.is(
      dumped(`cover (${word}(${word}.${word}[${word}]));`),
      `(cover _ (call ${word} ([] (. ${word} ${word}) ${word})))`,
    )
  }
})

declarations('declarations follow each other with comments and blanks anywhere', () => {
  const text = '\uFEFFmodel/* a */m ;// b\n\n\tbool\r\nx;;pool folio p[1]; // no line end'
  assert.is(dumped(text), '(model m)\n(variable bool x)\n(pool folio p 1 ordinary)')
})

declarations('a span covers its text and nothing around it', () => {
  const text = '  struct s { folio  *a ; }  int  0..n  x [2] = 1 ; '
  const spans: string[] = []
  JSON.stringify(read(text).declarations, (key, value) => {
    if (key === 'span') spans.push(text.slice(value.from, value.to))
    return value
  })
  for (const each of spans) assert.is(each, each.trim())
  const expected = ['struct s { folio  *a ; }', 'folio  *a ;', 'folio  *', 'int  0..n', 'x [2] = 1']
  for (const each of expected) assert.ok(spans.includes(each), each)
})

declarations.run()
