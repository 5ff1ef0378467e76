import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Rule 1: atomic blocks, await, and what happens in one instant. */
const atomic = suite('atomic and await')

atomic('1: an atomic block is one step', () => {
  const text = `int 0..4 x; int 0..4 y; thread t[i in 0..1] { atomic { x++; y = x; x++; } }`
  // Each thread before or done; y tells who came last only by its value, which is the same.
  assert.is(countOf(text), 4)
  assert.equal(finals(text, 'x'), [4])
})

atomic('1: an atomic op is one step, and so is one inside another', () => {
  const text = `int 0..4 x;
    atomic op inc() { x++; }
    atomic op twice() { inc(); atomic { inc(); } }
    thread t { twice(); inc(); }`
  assert.is(countOf(text), 3)
})

atomic('1: an empty atomic block is a step', () => {
  assert.is(countOf('int 0..1 x; thread t { atomic { skip; } }'), 2)
})

atomic('1: it may be left by return, goto, break and continue', () => {
  const jumps: readonly (readonly [body: string, x: number, states: number])[] = [
    ['f();', 1, 3],
    ['atomic { x = 1; if (x == 1) goto out; x = 2; } x = 3; out: y = 1;', 1, 3],
    ['while (true) { atomic { x = x + 1; if (x == 2) break; } } y = 1;', 2, 4],
    ['for (i in 0..2) { atomic { if (i == 1) continue; x = x + 1; } y = 1; } y = 1;', 2, 7],
    ['again: atomic { x = x + 1; if (x < 3) goto again; } y = 1;', 3, 5],
  ]
  for (const [body, x, states] of jumps) {
    const text = `int 0..9 x; int 0..1 y;
      op f() { atomic { x = 1; if (x == 1) return; x = 2; } x = 3; }
      thread t { ${body} ${body === 'f();' ? 'y = 1;' : ''} }`
    assert.equal(finals(text, 'x'), [x], body)
    assert.is(countOf(text), states, body)
  }
})

atomic('1: either and choose inside are part of the step', () => {
  const text = `int 0..9 x; thread t { atomic { int c = 0; choose c in 1..2; either { x = c; } or { x = c + 4; } } }`
  assert.equal(finals(text, 'x'), [1, 2, 5, 6])
  // One initial state, not four.
  assert.is(countOf(text), 5)
})

atomic('1: it is enabled when its leading await is', () => {
  const text = (block: string): string => `bool go; int 0..2 x;
    thread a { ${block} }
    thread b { x = 2; go = true; }`
  for (const block of [
    'atomic { await (go); x = 1; }',
    'atomic { int one = 1; await (go); x = one; }',
    'atomic { take(); }',
    'take();',
    'await (go); x = 1;',
  ]) {
    const full = text(block).concat(' atomic op take() { await (go); x = 1; }')
    assert.equal(finals(full, 'x'), [1], block)
    assert.equal(kindsIn(full), [], block)
  }
  // b: 0, x stored, go stored; a moves after that only.
  assert.is(countOf(text('atomic { await (go); x = 1; }')), 4)
})

atomic('1: an await and what follows it are two steps, unless they are one block', () => {
  // A test and a set that come apart let both in.
  const text = (enter: string): string => `bool busy; int 0..2 inside;
    thread t[i in 0..1] { ${enter} atomic { inside++; assert(inside == 1); } inside = inside - 1; busy = false; }`
  assert.equal(kindsIn(text('atomic { await (!busy); busy = true; }')), [])
  assert.ok(kindsIn(text('await (!busy); busy = true;')).includes('assert'))
})

atomic('1: an await reads all it needs in one instant', () => {
  // a and b are never both set.
  const text = (wait: string): string => `bool a = true; bool b;
    thread s { atomic { a = false; b = true; } }
    thread w { ${wait} }`
  assert.equal(kindsIn(text('await (a && b);')), ['deadlock'])
  assert.equal(kindsIn(text('if (a && b) fail assert;')), ['assert'])
})

atomic('1: conditions may call ops, which are part of the instant', () => {
  const text = `int 0..3 a[3]; int 0..1 r;
    op int sum() { int s = 0; for (i in 0..2) s += a[i]; return s; }
    thread w { await (sum() == 3); assert(sum() == 3); r = 1; }
    thread s { atomic { a[0] = 1; a[1] = 1; a[2] = 1; } }`
  assert.equal(kindsIn(text), [])
  // s before; s done; then w past the await, past the assert, past the store.
  assert.is(countOf(text), 5)
})

atomic('1: what an op called by a condition chooses, it may choose either way', () => {
  const maybe =
    'op bool maybe() { bool r = false; either { r = false; } or { r = true; } return r; }'
  // The await is enabled, because it can be.
  assert.equal(kindsIn(`int 0..1 x; ${maybe} thread t { await (maybe()); x = 1; }`), [])
  assert.equal(kindsIn(`int 0..1 x; ${maybe} thread t { await (x == 1 && maybe()); }`), [
    'deadlock',
  ])
  // An assertion fails, because it can.
  assert.equal(kindsIn(`int 0..1 x; ${maybe} thread t { assert(x == 1 || maybe()); }`), ['assert'])
  assert.equal(kindsIn(`int 0..1 x; ${maybe} thread t { x = 1; } finally { assert(maybe()); }`), [
    'assert',
  ])
  const chosen = 'finally { int i = 0; choose i in 0..2; assert(a[i] == 0); }'
  assert.equal(kindsIn(`int 0..1 a[3]; thread t { a[2] = 1; } ${chosen}`), ['assert'])
  assert.equal(kindsIn(`int 0..1 a[3]; thread t { a[2] = 0; } ${chosen}`), [])
})

atomic('1: a loop in an atomic block that never ends is livelock', () => {
  assert.equal(kindsIn('int 0..1 x; thread t { atomic { while (x == 0) skip; } }'), ['livelock'])
  assert.equal(kindsIn('int 0..1 x; thread t { atomic { while (true) x = 1 - x; } }'), ['livelock'])
  // One that ends is fine.
  assert.equal(kindsIn('int 0..9 x; thread t { atomic { while (x < 9) x++; } }'), [])
})

atomic('1: a violation inside stops the block where it is', () => {
  const { violations, states } = explored(`int 0..3 x; int 0..3 y;
    thread t { atomic { x = 1; assert(y == 1); x = 2; } }`)
  assert.is(violations.get('assert')?.depth, 1)
  assert.is(states.length, 1)
})

atomic('3: a bound inside cuts the whole block', () => {
  const { cuts, states, violations } = explored(`int 0..3 x; bool stop;
    thread t { atomic { x = 1; int i = 1; while (!stop) { i = i * 2; } } }`)
  assert.is(cuts.size, 1)
  assert.is(states.length, 1)
  assert.is(violations.size, 0)
})

atomic('8: await else names the kind of a lost rest', () => {
  assert.equal(kindsIn('bool go; thread t { await (go) else lost-wakeup; }'), ['lost-wakeup'])
  assert.equal(kindsIn('bool go; thread t { await (go); }'), ['deadlock'])
  const own = 'violation hung "nobody answers"; bool go; thread t { await (go) else hung; }'
  assert.equal(kindsIn(own), ['hung'])
  // Another process that is merely stuck does not change it.
  const both = `${own} thread u { await (go); }`
  assert.equal(kindsIn(both), ['hung'])
})

// ---- init and the properties

atomic('1: init is one instant, with calls, loops and locks', () => {
  const text = `int 0..9 x; mutex m; struct node { int 0..3 v; } pool node nodes[2]; node *head;
    op push(int v) { node *n = alloc(nodes); n->v = v; head = n; x += v; }
    init { mutex_lock(&m); for (i in 1..2) push(i); mutex_unlock(&m); }
    check not leak;
    thread t { x = head->v; }`
  // Two objects in one order or the other: two initial states.
  const { interpreter } = explored(text)
  assert.is(interpreter.initial().length, 2)
  assert.equal(finals(text, 'x'), [2])
})

atomic('9: init may choose', () => {
  const text = `int 0..9 x; int 0..9 y;
    init { either { x = 1; } or { x = 2; } }
    init { int c = 0; choose c in 0..2; y = c; }
    thread t { x = x + y; }`
  const { interpreter } = explored(text)
  const choices = interpreter.initial().map((outcome) => outcome.choices.join(''))
  assert.equal(choices, ['00', '01', '02', '10', '11', '12'])
  assert.equal(finals(text, 'x'), [1, 2, 3, 4])
})

atomic('1: what init does wrong is a violation before the first step', () => {
  const wrong: readonly (readonly [init: string, kind: string])[] = [
    ['x = 3; x = x + 7;', 'count-overflow'],
    ['assert(x == 1);', 'assert'],
    ['fail bug-on;', 'bug-on'],
    ['await (x == 1);', 'deadlock'],
    ['mutex_lock(&m);', 'held-at-exit'],
    ['mutex_unlock(&m);', 'unlock-not-held'],
    ['mutex_lock(&m); mutex_lock(&m);', 'self-deadlock'],
    ['set_bit(L, &w); wait_on_bit(&w, L);', 'deadlock'],
    ['while (x == 0) skip;', 'livelock'],
    ['int i; x = i;', 'uninitialised-read'],
  ]
  for (const [init, kind] of wrong) {
    const text = `int 0..9 x; mutex m; bits { L } w; init { ${init} } thread t { x = 1; }`
    const { violations, states } = explored(text)
    assert.equal([...violations.keys()], [kind], init)
    assert.is(violations.get(kind)?.depth, 0)
    assert.is(states.length, 0)
  }
})

atomic('3: init may set a refcount plainly', () => {
  const text = `refcount_t 0..3 r; int 0..3 x; init { r = 2; } thread t { x = refcount_read(&r); }`
  assert.equal(finals(text, 'x'), [2])
})

atomic('2: what threads compute before their first step belongs to the initial state', () => {
  const text = `int 0..9 x; thread t { int i = 0; either { i = 1; } or { i = 2; } x = i; }`
  const { interpreter } = explored(text)
  assert.equal(
    interpreter.initial().map(({ choices }) => [...choices]),
    [[0], [1]],
  )
  // A violation there happens before any step.
  const { violations } = explored('int 0..9 x; thread t { int i = 1; assert(i == 0); x = i; }')
  assert.is(violations.get('assert')?.depth, 0)
})

atomic('1: invariants hold in every state, finally at rest only', () => {
  const text = (property: string): string =>
    `int 0..3 x; ${property} thread t { x = 1; x = 2; x = 0; }`
  assert.equal(kindsIn(text('invariant small (x < 2);')), ['invariant'])
  assert.is(explored(text('invariant small (x < 2);')).violations.get('invariant')?.depth, 2)
  assert.equal(kindsIn(text('finally { assert(x == 0); }')), [])
  assert.equal(kindsIn(text('finally { assert(x == 1); }')), ['assert'])
  // In the initial state too.
  assert.is(explored(text('invariant (x != 0);')).violations.get('invariant')?.depth, 0)
})

atomic('1: properties may loop, call ops and fail', () => {
  const text = (limit: number): string => `violation too-many "more than it can bear";
    int 0..9 a[3]; thread t[i in 0..2] { a[i] = 3; }
    op int sum() { int s = 0; for (i in 0..2) s += a[i]; return s; }
    invariant balanced { if (sum() > ${limit}) fail too-many; }`
  assert.equal(kindsIn(text(9)), [])
  assert.equal(kindsIn(text(6)), ['too-many'])
  assert.is(explored(text(6)).violations.get('too-many')?.depth, 3)
})

atomic('3: the locals of a property are not bounded', () => {
  const text = (limit: number): string => `int 0..1 x; thread t { x = 1; }
    invariant { int s = 0; int a[2]; for (i in 0..99) { s = s + 1000; a[1] = s; } assert(a[1] == ${limit}); }`
  assert.equal(kindsIn(text(100_000)), [])
  assert.equal(kindsIn(text(99_999)), ['assert'])
})

atomic('3: a bound in the condition of an await cuts', () => {
  const text = `int 0..1 x; op int big() { int s = 0; for (i in 0..20) s = s + 100; return s; }
    thread t { await (big() + x > 3); }`
  assert.equal(kindsIn(text), ['incomplete'])
})

atomic('9: cover conditions say in which states they hold', () => {
  const text = `int 0..3 x; cover middle (x == 1); cover never (x == 3); cover chosen (maybe() && x == 2);
    op bool maybe() { bool r = false; either { r = false; } or { r = true; } return r; }
    thread t { x = 1; x = 2; }`
  const { states, interpreter } = explored(text)
  assert.equal(
    states.map((state) => interpreter.covered(state)),
    [[], [0], [2]],
  )
})

atomic.run()
