import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explored, kindsIn } from '../helpers/pipeline.js'

const exchange = suite('xchg and cmpxchg on every type of scalar')

const objects = `
  struct node { int 0..3 v; }
  pool node nodes[2];
  node *top; node *other;
  init { top = alloc(&nodes[0]); other = alloc(&nodes[1]); }`

/** The last state of a run without branches. */
function last(text: string): { readonly [name: string]: unknown } {
  const { states, violations } = explored(text)
  assert.equal([...violations.keys()], [])
  return states.at(-1)?.shared ?? {}
}

exchange('1: a bool', () => {
  const shared = last(`bool b; bool r; bool q;
    thread t { r = xchg(&b, true); q = cmpxchg(&b, true, false); }`)
  assert.equal(shared, { b: 0, r: 0, q: 1 })
})

exchange('1: an enumeration', () => {
  const shared = last(`enum phase { FIRST, SECOND, THIRD }
    phase p; phase r; bool same;
    thread t { r = xchg(&p, SECOND); same = cmpxchg(&p, SECOND, THIRD) == SECOND; }`)
  assert.equal(shared, { p: 2, r: 0, same: 1 })
})

exchange('1: a word of bits', () => {
  const shared = last(`bits { A, B } w; bits { A, B } r;
    thread t { set_bit(B, &w); r = xchg(&w, 0); }`)
  assert.equal(shared, { w: 0, r: 2 })
})

exchange('1: a pointer', () => {
  const shared = last(`${objects} bool r;
    thread t { node *old = xchg(&top, other); other = old; r = old == &nodes[0]; }`)
  // Pointers are 1 + the number of the object.
  assert.equal(shared, { top: 2, other: 1, r: 1 })
})

exchange('1: cmpxchg of a pointer compares addresses and stores when they are the same', () => {
  const shared = last(`${objects} check not leak; bool hit; bool missed;
    thread t {
      hit = cmpxchg(&top, &nodes[0], null) == &nodes[0];
      missed = cmpxchg(&other, &nodes[0], null) == &nodes[1];
    }`)
  assert.equal(shared, { top: 0, other: 2, hit: 1, missed: 1 })
})

exchange('4: a stale pointer still compares by address: ABA', () => {
  // The object is freed and taken again, so the swap succeeds with a pointer that is stale.
  const shared = last(`
    struct node { int 0..3 v; }
    pool node nodes[1];
    node *top; bool hit;
    init { top = alloc(nodes); }
    thread t {
      node *old = top;
      free(old);
      node *again = alloc(nodes, __GFP_NOFAIL);
      hit = cmpxchg(&top, old, again) == old;
    }`)
  assert.equal(shared, { top: 1, hit: 1 })
})

exchange('1: try_cmpxchg stores, or brings the expected value up to date', () => {
  const shared = last(`int 0..7 x = 3; bool r[2]; int 0..7 seen[2];
    thread t {
      int old = 3;
      r[0] = try_cmpxchg(&x, &old, 5);
      seen[0] = old;
      r[1] = try_cmpxchg(&x, &old, 6);
      seen[1] = old;
    }`)
  assert.equal(shared, { x: 5, r: [1, 0], seen: [3, 5] })
})

exchange('1: try_cmpxchg is one step', () => {
  // Before, after; the result and what was seen are locals, out of scope at the end.
  const { states } = explored(
    `int 0..7 x; thread t { int old = 0; bool r = try_cmpxchg(&x, &old, 5); }`,
  )
  assert.is(states.length, 2)
})

exchange('1: a loop around try_cmpxchg loses no increment', () => {
  const { violations, rests, states } = explored(`int 0..3 x;
    thread t[i in 0..2] {
      int old = READ_ONCE(x);
      while (!try_cmpxchg(&x, &old, old + 1)) skip;
    }`)
  assert.is(violations.size, 0)
  assert.equal(
    rests.map((at) => states[at]?.shared.x),
    [3],
  )
})

exchange('4: a successful try_cmpxchg does not make a stale pointer good again', () => {
  const text = (use: string): string => `
    struct node { int 0..3 v; }
    pool node nodes[1];
    node *top; int 0..3 seen;
    init { top = alloc(nodes); }
    thread t {
      node *old = top;
      free(old);
      top = alloc(nodes, __GFP_NOFAIL);
      bool hit = try_cmpxchg(&top, &old, null);
      assert(hit);
      ${use}
      top = &nodes[0];
    }`
  assert.equal(kindsIn(text('')), [])
  assert.equal(kindsIn(text('seen = old->v;')), ['use-after-free'])
})

exchange.run()
