import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Rules 1 and 2: what is a step, and what is none. */
const steps = suite('steps')

/** The values of several variables at rest, as one tuple each. */
function tuples(text: string, ...names: readonly string[]): readonly string[] {
  const { rests, states } = explored(text)
  const found = rests.map((at) => names.map((name) => states[at]?.shared[name]).join(' '))
  return [...new Set(found)].sort()
}

steps('1: a lost update is found', () => {
  const text = (increment: string): string => `int 0..2 x;
    thread t[i in 0..1] { ${increment} }
    finally { assert(x == 2); }`
  for (const plain of ['x++;', '++x;', 'x = x + 1;', 'x += 1;', 'int v = x; x = v + 1;']) {
    assert.equal(kindsIn(text(plain)), ['assert'], plain)
  }
  assert.equal(kindsIn(text('atomic { x++; }')), [])
})

steps('1: two increments: the states, counted', () => {
  // Each thread: 0 before, 1 with the value it loaded, 2 done. x follows: per pair of places,
  // (0,0) 0; (1,0) 0; (0,1) 0; (1,1) 0,0; (2,0) 1; (0,2) 1; (2,1) loaded 0 or 1; (1,2) 0 or 1; (2,2) 1 or 2.
  assert.is(countOf('int 0..2 x; thread t[i in 0..1] { x++; }'), 12)
})

steps("1: loads go in the order of the text, the right side before the left side's address", () => {
  // With p = 0, q = 0: `a[p] = q` loads q, then p. Seen by a thread that sets p and then q:
  // q loaded as 1 means that p, loaded after it, is 1 too.
  const text = `int 0..1 p; int 0..1 q; int 0..2 a[2] = 2;
    thread t { a[p] = q; }
    thread s { p = 1; q = 1; }`
  assert.equal(tuples(text, 'a'), ['0,2', '2,0', '2,1'])
  // Left to right on the right side: seeing the second one changed and the first one not takes s in between.
  const sum = (order: string): string => `int 0..1 p; int 0..1 q; int 0..3 r;
    thread t { r = ${order}; }
    thread s { p = 1; q = 1; }`
  assert.equal(finals(sum('p + 2 * q'), 'r'), [0, 1, 2, 3])
  // q first: seen as 1 it was stored after p, so p is 1 as well.
  assert.equal(finals(sum('2 * q + p'), 'r'), [0, 1, 3])
})

steps('1: the address of `x op= e` is computed once', () => {
  // p is loaded, then a[p], then the store: nobody moves the target in between.
  const text = `int 0..1 p; int 0..3 a[2];
    thread t { a[p] += 1; }
    thread s { p = 1; }`
  assert.equal(tuples(text, 'a'), ['0,1', '1,0'])
  assert.is(countOf('int 0..1 p; int 0..3 a[2]; thread t { a[p] += 1; }'), 4)
})

steps('1: && and || load what is needed, and no more', () => {
  const stepsOf = (condition: string): number =>
    countOf(`bool a; bool b = true; bool r; thread t { r = ${condition}; }`) - 1
  assert.is(stepsOf('a && b'), 2)
  assert.is(stepsOf('b && a'), 3)
  assert.is(stepsOf('b || a'), 2)
  assert.is(stepsOf('a || b'), 3)
  assert.is(stepsOf('b && b && b'), 4)
  assert.is(stepsOf('a || a || a'), 4)
  assert.is(stepsOf('(a && b) || b'), 3)
})

steps('1: the right side of && is not evaluated when the left decides', () => {
  const text = (
    condition: string,
  ): string => `struct node { bool v; } pool node nodes[1]; node *p; bool r;
    thread t { if (${condition}) r = true; }`
  assert.equal(kindsIn(text('p != null && p->v')), [])
  assert.equal(kindsIn(text('p == null || p->v')), [])
  assert.equal(kindsIn(text('p->v && p != null')), ['null-dereference'])
})

steps('1: ?: loads the arm it takes', () => {
  const text = `bool c = true; int 0..3 a = 1; int 0..3 b = 2; int 0..3 r; thread t { r = c ? a : b; }`
  assert.is(countOf(text), 4)
  assert.equal(finals(text, 'r'), [1])
  const pointers = `struct node { int 0..3 v; } pool node nodes[1]; node *p; int 0..3 r = 3;
    thread t { r = p ? p->v : 1; }`
  assert.equal(kindsIn(pointers), [])
  assert.equal(finals(pointers, 'r'), [1])
})

steps('1: a struct assignment goes member by member', () => {
  const text = `struct pair { int 0..2 a; int 0..2 b; } pair x; pair y;
    thread copy { y = x; }
    thread change { x.a = 1; x.b = 1; }`
  const { rests, states } = explored(text)
  const copies = new Set(rests.map((at) => JSON.stringify(states[at]?.shared.y)))
  // a is loaded before b, and a is stored before b: {a: 1, b: 0} and {a: 0, b: 1} both happen.
  assert.equal([...copies].sort(), [
    '{"a":0,"b":0}',
    '{"a":0,"b":1}',
    '{"a":1,"b":0}',
    '{"a":1,"b":1}',
  ])
  // Two loads and two stores.
  assert.is(
    countOf('struct pair { int 0..2 a; int 0..2 b; } pair x; pair y; thread t { y = x; }'),
    5,
  )
})

steps('1: structs of structs and arrays are copied scalar by scalar', () => {
  const types = 'struct in { int 0..3 v[2]; } struct out { in i; bool b; }'
  const text = `${types} out x; out y;
    thread t { x.i.v[1] = 3; x.b = true; y = x; }`
  const { states } = explored(text)
  assert.equal(states.at(-1)?.shared.y, { i: { v: [0, 3] }, b: 1 })
  // Two stores, then a load and a store for each of three scalars.
  assert.is(states.length, 9)
})

steps('1: struct locals are copied without steps, and are values of their own', () => {
  const text = `struct pair { int 0..3 a; int 0..3 b; } pair x; int 0..3 r;
    thread t {
      pair p;
      p.a = 1;
      p.b = 2;
      pair q = p;
      q.a = 3;
      r = p.a;
      x = q;
    }`
  const { states } = explored(text)
  assert.is(states.length, 4)
  assert.equal(states.at(-1)?.shared, { x: { a: 3, b: 2 }, r: 1 })
})

steps('1: a struct local from a shared struct: a load for each member', () => {
  const text = `struct pair { int 0..3 a; int 0..3 b; } pair x; pair y;
    init { x.a = 1; x.b = 2; }
    thread t { pair p = x; p.a += 2; y = p; }`
  const { states } = explored(text)
  assert.is(states.length, 5)
  assert.equal(states.at(-1)?.shared.y, { a: 3, b: 2 })
})

steps('1: local arrays', () => {
  const text = `int 0..9 r; int 0..2 i;
    thread t { int a[3]; a[0] = 4; a[1] = 5; a[i + 1] = 7; r = a[1]; }`
  assert.equal(finals(text, 'r'), [7])
  // One load of `i`, one store.
  assert.is(countOf(text), 3)
  assert.equal(kindsIn('int 0..9 r; thread t { int a[3]; r = a[1]; }'), ['uninitialised-read'])
  assert.equal(kindsIn('int 0..9 r; thread t { int a[3]; int i = 3; a[i] = 1; }'), [
    'count-overflow',
  ])
})

steps('1: assert on shared state is one step and reads in one instant', () => {
  // x and y are never seen different, though they are two variables.
  const text = (check: string): string => `bool x; bool y;
    thread a { atomic { x = true; y = true; } }
    thread b { ${check} }`
  for (const check of [
    'assert(x == y);',
    'BUG_ON(x != y);',
    'VM_BUG_ON(x != y);',
    'bool w = WARN_ON(x != y);',
    'WARN_ON_ONCE(x != y);',
    'await (x == y);',
  ]) {
    assert.equal(kindsIn(text(check)), [], check)
    // (a before, a done) times (b before, b done).
    assert.is(countOf(text(check)), 4, check)
  }
  assert.equal(kindsIn(text('if (x != y) BUG_ON(true);')), ['bug-on'])
})

steps('1: assert on locals is no step', () => {
  assert.is(
    countOf('int 0..1 x; thread t { int i = 1; assert(i == 1); x = i; assert(i == 1); }'),
    2,
  )
  assert.equal(kindsIn('thread t { int i = 1; assert(i == 2); }'), ['assert'])
})

steps('10: the kinds and messages of the assertions', () => {
  const found = (statement: string): string => {
    const [entry] = [...explored(`int 0..1 x; thread t { ${statement} }`).violations]
    return entry ? `${entry[0]}: ${entry[1].message}` : 'nothing'
  }
  assert.is(found('assert(x == 1);'), 'assert: x == 1')
  assert.is(found('assert(x == 1, "it is one");'), 'assert: it is one')
  assert.is(found('BUG_ON(x == 0);'), 'bug-on: BUG_ON(x == 0)')
  assert.is(found('VM_BUG_ON(x == 0);'), 'bug-on: VM_BUG_ON(x == 0)')
  assert.is(found('WARN_ON(x == 0);'), 'warn-on: WARN_ON(x == 0)')
  assert.is(found('WARN_ON_ONCE(x == 0);'), 'warn-on: WARN_ON_ONCE(x == 0)')
  assert.is(found('fail assert;'), 'assert: assertion failed')
  assert.is(found('fail assert "never";'), 'assert: never')
  assert.is(found('BUG_ON(x == 1);'), 'nothing')
})

steps('10: check not warn-on goes on, and WARN_ON still gives its condition', () => {
  const text = `int 0..1 x; int 0..2 r; check not warn-on;
    thread t { if (WARN_ON(x == 0)) r = 1; else r = 2; }`
  assert.equal(kindsIn(text), [])
  assert.equal(finals(text, 'r'), [1])
  assert.equal(finals(text.replace('x == 0', 'x == 1'), 'r'), [2])
})

steps("10: a model's own violation, with its headline", () => {
  const text = `violation torn "half of it is old"; int 0..1 x; thread t { if (x == 0) fail torn; }`
  const { violations } = explored(text)
  assert.equal([...violations], [['torn', { depth: 1, message: 'half of it is old' }]])
})

steps('2: computation on locals is no step', () => {
  const text = `int 0..9 x;
    thread t {
      int i = 2;
      int j = i * 3;
      if (j > 5) i = j - 4; else i = 0;
      while (j > 3) { x = j; j = j - 1; }
      x = i;
    }`
  // Stores of 6, 5, 4, then of 2.
  assert.is(countOf(text), 5)
})

steps('2: either and choose commit on arrival, before anything else can happen', () => {
  // Chosen at the start: two initial states; a store each.
  assert.is(countOf('int 0..2 x; thread t { either { x = 1; } or { x = 2; } }'), 4)
  assert.is(countOf('int 0..3 x; thread t { int c = 0; choose c in 1..3; x = c; }'), 6)
  // A branch that waits does not hide behind the one that can go on.
  const text = `bool never; thread t { either { await (never); } or { skip; } }`
  assert.equal(kindsIn(text), ['deadlock'])
  // After the choice the other thread's step does not reconsider it.
  const decided = `bool ready; int 0..2 r;
    thread a { either { await (ready); r = 1; } or { r = 2; } }
    thread b { ready = true; }`
  assert.equal(finals(decided, 'r'), [1, 2])
  // Two initial states. (waiting, ¬ready) (waiting, ready) (through, ready) (1, done);
  // (2 to do, ¬ready) (2 to do, ready) (2 done, ¬ready) (2 done, ready).
  assert.is(countOf(decided), 8)
})

steps('9: a choice of many, an empty one, and one nested in another', () => {
  assert.equal(
    finals('int 0..9 x; thread t { int c = 0; choose c in 2..4; x = c; }', 'x'),
    [2, 3, 4],
  )
  const nested = `int 0..9 x; thread t { int c = 0; int d = 0; choose c in 0..1; choose d in c..1; x = 3 * c + d; }`
  assert.equal(finals(nested, 'x'), [0, 1, 4])
  assert.equal(kindsIn('int 0..9 x; thread t { int c = 0; int n = x; choose c in 1..n; }'), [
    'bug-on',
  ])
  assert.equal(
    finals('int 0..9 x; thread t { either { x = 1; } or { x = 2; } or { x = 3; } }', 'x'),
    [1, 2, 3],
  )
})

steps('2: the locals in scope are part of the state, others are not', () => {
  const text = (after: string): string => `int 0..1 x; int 0..1 y;
    thread t { { int v = x; y = 1; ${after} } y = 0; }
    thread s { x = 1; }`
  // The value of v tells states apart while it is in scope: at `y = 1` only.
  // t: 0 before its load, 1 v in scope, 2 before `y = 0`, 3 done; s: 0, 1. v is 0 or, if s came first, 1.
  // (0,0) (0,1) (1 v=0,0) (1 v=0,1) (1 v=1,1) (2,0) (2,1) (3,0) (3,1)
  assert.is(countOf(text('')), 9)
  // With `y = v` after it, v is in scope at one place more, and afterwards y tells v: (0,0) (0,1); three at each of
  // the two places with v; three before `y = 0`; (done,0) (done,1).
  assert.is(countOf(text('y = v;')), 13)
})

steps('5: every access is made in order: stores are seen by all at once', () => {
  // Store buffering: with sequential consistency both cannot read 0.
  const text = `int 0..1 x; int 0..1 y; int 0..1 a = 1; int 0..1 b = 1;
    thread t { x = 1; a = y; }
    thread u { y = 1; b = x; }`
  assert.equal(tuples(text, 'a', 'b'), ['0 1', '1 0', '1 1'])
})

steps.run()
