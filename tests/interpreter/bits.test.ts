import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Bit words: the operations of bitops.h, and waiting on bits (wait_bit.h). */
const bits = suite('bits')

/** The word (A = 1, B = 2, C = 4) and the result after one call on a word in which B is set. */
function after(call: string, gives: boolean): { w: unknown; r: unknown; steps: number } {
  const { states, edges, violations } = explored(`
    bits { A, B, C } w; bool r;
    init { set_bit(B, &w); }
    thread t { ${gives ? `r = ${call}` : call}; }`)
  assert.equal([...violations.keys()], [])
  const last = states.at(-1)
  return { w: last?.shared.w, r: last?.shared.r, steps: edges.length - (gives ? 1 : 0) }
}

const rows: readonly (readonly [call: string, w: number, r: number | null, steps: number])[] = [
  ['test_bit(A, &w)', 2, 0, 1],
  ['test_bit(B, &w)', 2, 1, 1],
  ['set_bit(C, &w)', 6, null, 1],
  ['set_bit(B, &w)', 2, null, 1],
  ['clear_bit(B, &w)', 0, null, 1],
  ['clear_bit(A, &w)', 2, null, 1],
  ['change_bit(A, &w)', 3, null, 1],
  ['change_bit(B, &w)', 0, null, 1],
  ['test_and_set_bit(A, &w)', 3, 0, 1],
  ['test_and_set_bit(B, &w)', 2, 1, 1],
  ['test_and_clear_bit(A, &w)', 2, 0, 1],
  ['test_and_clear_bit(B, &w)', 0, 1, 1],
  // A load, a store.
  ['__set_bit(C, &w)', 6, null, 2],
  ['__clear_bit(B, &w)', 0, null, 2],
  ['wait_on_bit(&w, A)', 2, null, 1],
  ['wait_on_bit_lock(&w, C)', 6, null, 1],
  ['clear_and_wake_up_bit(B, &w)', 0, null, 1],
  ['wake_up_bit(&w, B)', 2, null, 1],
]

for (const [call, w, r, steps] of rows) {
  bits(`1: ${call}`, () => {
    assert.equal(after(call, r !== null), { w, r: r ?? 0, steps })
  })
}

bits('1: two plain bit operations on one word lose an update, two atomic ones do not', () => {
  const both = (set: string): string => `bits { A, B } w;
    thread a { ${set}(A, &w); }
    thread b { ${set}(B, &w); }`
  assert.equal(finals(both('__set_bit'), 'w'), [1, 2, 3])
  assert.equal(finals(both('set_bit'), 'w'), [3])
})

bits('1: a bitlock has one bit, which need not be named', () => {
  assert.equal(finals('bitlock l; thread t { set_bit(&l); }', 'l'), [1])
  assert.equal(
    kindsIn('bitlock l; thread t[i in 0..1] { wait_on_bit_lock(&l); clear_and_wake_up_bit(&l); }'),
    [],
  )
})

const locker = 'wait_on_bit_lock(&w, L);'

bits('6: a waiter parks, a step of its own, and is woken', () => {
  // The holder (bit set by init) clears and wakes: h0, h1. The waiter: w0 before, p parked, w0 again or done.
  // h0: w0, p. h1 with the bit clear: w0 (also after a wake-up: the same state), done. 4 states.
  const text = `bits { L } w;
    init { set_bit(L, &w); }
    thread holder { clear_and_wake_up_bit(L, &w); }
    thread waiter { ${locker} }`
  assert.is(countOf(text), 4)
  assert.equal(kindsIn(text), [])
})

bits('6: clearing the bit in any other way wakes nobody', () => {
  for (const clear of [
    'clear_bit(L, &w)',
    '__clear_bit(L, &w)',
    'test_and_clear_bit(L, &w)',
    'w = 0',
  ]) {
    const text = `bits { L } w;
      init { set_bit(L, &w); }
      thread holder { ${clear}; }
      thread waiter { ${locker} }`
    assert.equal(kindsIn(text), ['lost-wakeup'], clear)
  }
})

bits('6: clearing and then waking is as good as both at once', () => {
  const text = (release: string): string => `bits { L } w;
    thread t[i in 0..2] { ${locker} ${release} }`
  assert.equal(kindsIn(text('clear_bit(L, &w); wake_up_bit(&w, L);')), [])
  assert.equal(kindsIn(text('clear_and_wake_up_bit(L, &w);')), [])
})

bits('6: waking before clearing loses the wake-up', () => {
  const text = `bits { L } w;
    thread t[i in 0..1] { ${locker} wake_up_bit(&w, L); clear_bit(L, &w); }`
  assert.equal(kindsIn(text), ['lost-wakeup'])
})

bits('6: a waker wakes everybody parked on that bit of that word, and nobody else', () => {
  // Two on bit A of the first word are woken by one call. The one on the other word, on the other bit, sleeps on.
  const text = (where: string): string => `bits { A, B } w[2];
    init { set_bit(A, &w[0]); set_bit(B, &w[0]); set_bit(A, &w[1]); }
    thread waker { clear_and_wake_up_bit(A, &w[0]); }
    thread two[i in 0..1] { wait_on_bit(&w[0], A); }
    thread one { ${where} }`
  assert.equal(kindsIn(text('wait_on_bit(&w[0], A);')), [])
  // Nobody clears these: a deadlock, not a lost wake-up.
  assert.equal(kindsIn(text('wait_on_bit(&w[1], A);')), ['deadlock'])
  assert.equal(kindsIn(text('wait_on_bit(&w[0], B);')), ['deadlock'])
})

bits('6: wait_on_bit waits without taking the bit', () => {
  const text = `bits { L } w; bool seen;
    init { set_bit(L, &w); }
    thread holder { clear_and_wake_up_bit(L, &w); }
    thread t[i in 0..1] { wait_on_bit(&w, L); }
    finally { assert(!test_bit(L, &w)); }`
  assert.equal(kindsIn(text), [])
})

bits('6: a bit has no owner: who did not take it may release it', () => {
  const text = `bits { L } w; bool taken;
    thread a { ${locker} taken = true; }
    thread b { await (taken); clear_and_wake_up_bit(L, &w); }
    finally { assert(!test_bit(L, &w)); }`
  assert.equal(kindsIn(text), [])
})

bits('6: a cycle through a bit lock is no cycle of owners: it is found as a lost rest', () => {
  const text = (last: string): string => `bits { L } w; mutex m;
    thread a { mutex_lock(&m); ${locker} clear_and_wake_up_bit(L, &w); mutex_unlock(&m); }
    thread b { ${locker} mutex_lock(&m); mutex_unlock(&m); clear_and_wake_up_bit(L, &w); }
    ${last}`
  assert.equal(kindsIn(text('')), ['deadlock'])
  // Somebody else may release the bit, and then nobody is stuck.
  const helper = 'thread c { await (!test_bit(L, &w)); } daemon d { clear_and_wake_up_bit(L, &w); }'
  assert.equal(kindsIn(text(helper)), [])
})

bits('6: who is parked on an object that is freed sleeps for ever', () => {
  const text = (wake: string): string => `
    struct page { bits { L } flags; }
    pool page pages[1];
    page *p; bool parked;
    init { p = alloc(pages); set_bit(L, &p->flags); }
    thread waiter { wait_on_bit(&(&pages[0])->flags, L); }
    thread freer { page *q = p; p = null; ${wake} free(q); }`
  const { violations } = explored(text(''))
  // Parked before the free: nobody wakes it. Not yet parked: it looks at freed memory.
  assert.equal([...violations.keys()].sort(), ['deadlock', 'use-after-free'])
  // Woken before the free it looks again: after the free that is a use of freed memory.
  const woken = explored(text('clear_and_wake_up_bit(L, &q->flags);'))
  assert.equal([...woken.violations.keys()].sort(), ['use-after-free'])
})

bits.run()
