import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { finals, kindsIn } from '../helpers/pipeline.js'

/** Rule 4: SLAB_TYPESAFE_BY_RCU, and what objects with parts begin with. */
const typesafe = suite('typesafe_by_rcu')

/** `body` of t meets the object freed, or freed and taken again, by u. */
const text = (body: string, size = 1): string => `
  struct o { refcount_t 0..3 refs; int 0..1 v; } pool o os[${size}] typesafe_by_rcu; o *p; int 0..1 gone, again;
  init { p = alloc(&os[0]); refcount_set(&p->refs, 1); }
  thread t { ${body} }
  thread u {
    o *q = p;
    if (refcount_dec_and_test(&q->refs)) free(q);
    atomic { gone = 1; }
    q = alloc(&os[0]);
    refcount_set(&q->refs, 1);
    again = 1;
  }`
const load = 'o *q = p; await (gone == 1);'

typesafe('4: marked accesses to a dead object are legal in a read section', () => {
  const read = 'int v = READ_ONCE(q->v); assert(v <= 1);'
  assert.equal(kindsIn(text(`rcu_read_lock(); ${load} ${read} rcu_read_unlock();`)), [])
  assert.equal(kindsIn(text(`preempt_disable(); ${load} ${read} preempt_enable();`)), [])
  assert.equal(kindsIn(text(`${load} ${read}`)), ['use-after-free'])
  assert.equal(kindsIn(text(`rcu_read_lock(); ${load} rcu_read_unlock(); ${read}`)), [
    'use-after-free',
  ])
})

typesafe('4: plain accesses to a dead object are not', () => {
  const text1 = text(`rcu_read_lock(); ${load} int v = q->v; assert(v <= 1); rcu_read_unlock();`)
  assert.equal(kindsIn(text1), ['use-after-free'])
})

typesafe('4: a reference taken in the section is to whatever object is there by then', () => {
  const lookup = (before: string, inside: string): string => `
    struct o { refcount_t 0..3 refs; int 0..1 v; } pool o os[2] typesafe_by_rcu; o *p;
    init { p = alloc(&os[0]); refcount_set(&p->refs, 1); }
    op put(o *q) { if (refcount_dec_and_test(&q->refs)) free(q); }
    thread t {
      o *q = null; bool got = false;
      ${before} rcu_read_lock(); ${inside}
      if (q != null) got = refcount_inc_not_zero(&q->refs);
      rcu_read_unlock();
      if (got) { q->v = 1; put(q); }
    }
    thread u {
      o *q = p; WRITE_ONCE(p, null); put(q);
      q = alloc(os, GFP_KERNEL | __GFP_NOFAIL); q->v = 0; refcount_set(&q->refs, 1); put(q);
    }`
  assert.equal(kindsIn(lookup('', 'q = p;')), [])
  // Loaded before the section it protects nothing.
  assert.equal(kindsIn(lookup('q = p;', '')), ['use-after-free'])
})

typesafe('4: freed twice in a section is still a double free', () => {
  const body = `struct o { int 0..1 v; } pool o os[1] typesafe_by_rcu; 
    thread t { rcu_read_lock(); o *q = alloc(&os[0]); free(q); free(q); rcu_read_unlock(); }`
  assert.equal(kindsIn(body), ['double-free'])
})

typesafe(
  '4: parts of an object begin anew at every alloc, and init does not change what they begin with',
  () => {
    const nested = (safety: string): string => `struct part { int 0..3 n = 1; int 0..3 a[2]; }
    struct o { part inside; } pool o os[1] ${safety}; int 0..7 seen; o *p;
    init { p = alloc(&os[0]); p->inside.n = 3; p->inside.a[1] = 2; }
    thread t { o *q = p; free(q); q = alloc(&os[0]); seen = q->inside.n + q->inside.a[1]; free(q); }`
    assert.equal(finals(nested(''), 'seen'), [1])
    assert.equal(finals(nested('typesafe'), 'seen'), [1])
  },
)

typesafe.run()
