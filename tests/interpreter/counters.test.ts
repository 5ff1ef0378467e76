import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explored } from '../helpers/pipeline.js'

/**
 * Rule 1: the read-modify-writes of refcount.h and atomic.h, each one step. A row: the call, the counter's value
 * before, then what it gives and the value after, or the kind it is refused with.
 */
const counters = suite('refcount_t and atomic_t')

type Row = readonly [call: string, before: number, result: number | null, after: number | string]

const refcounts: readonly Row[] = [
  ['refcount_read(&x)', 3, 3, 3],
  ['refcount_set(&x, 5)', 0, null, 5],
  ['refcount_set(&x, 8)', 1, null, 'count-overflow'],
  ['refcount_inc(&x)', 1, null, 2],
  ['refcount_inc(&x)', 0, null, 'refcount-inc-from-zero'],
  ['refcount_inc(&x)', 7, null, 'count-overflow'],
  ['refcount_add(2, &x)', 1, null, 3],
  ['refcount_add(2, &x)', 0, null, 'refcount-inc-from-zero'],
  ['refcount_add(2, &x)', 6, null, 'count-overflow'],
  ['refcount_inc_not_zero(&x)', 2, 1, 3],
  ['refcount_inc_not_zero(&x)', 0, 0, 0],
  ['refcount_inc_not_zero(&x)', 7, null, 'count-overflow'],
  ['refcount_add_not_zero(3, &x)', 2, 1, 5],
  ['refcount_add_not_zero(3, &x)', 0, 0, 0],
  ['refcount_dec(&x)', 3, null, 2],
  ['refcount_dec(&x)', 1, null, 'refcount-underflow'],
  ['refcount_dec(&x)', 0, null, 'refcount-underflow'],
  ['refcount_dec_and_test(&x)', 2, 0, 1],
  ['refcount_dec_and_test(&x)', 1, 1, 0],
  ['refcount_dec_and_test(&x)', 0, null, 'refcount-underflow'],
  ['refcount_sub_and_test(2, &x)', 3, 0, 1],
  ['refcount_sub_and_test(2, &x)', 2, 1, 0],
  ['refcount_sub_and_test(2, &x)', 1, null, 'refcount-underflow'],
  ['refcount_dec_not_one(&x)', 3, 1, 2],
  ['refcount_dec_not_one(&x)', 1, 0, 1],
  ['refcount_dec_not_one(&x)', 0, null, 'refcount-underflow'],
  ['refcount_dec_if_one(&x)', 1, 1, 0],
  ['refcount_dec_if_one(&x)', 2, 0, 2],
  ['refcount_dec_if_one(&x)', 0, 0, 0],
  ['atomic_read(&x)', 4, 4, 4],
]

const atomics: readonly Row[] = [
  ['atomic_read(&x)', -3, -3, -3],
  ['atomic_set(&x, 5)', 0, null, 5],
  ['atomic_inc(&x)', -1, null, 0],
  ['atomic_inc(&x)', 7, null, 'count-overflow'],
  ['atomic_dec(&x)', 0, null, -1],
  ['atomic_dec(&x)', -8, null, 'count-overflow'],
  ['atomic_add(3, &x)', -1, null, 2],
  ['atomic_sub(3, &x)', 1, null, -2],
  ['atomic_inc_return(&x)', 4, 5, 5],
  ['atomic_dec_return(&x)', 4, 3, 3],
  ['atomic_add_return(3, &x)', 4, 7, 7],
  ['atomic_add_return(4, &x)', 4, null, 'count-overflow'],
  ['atomic_sub_return(3, &x)', 1, -2, -2],
  ['atomic_fetch_add(3, &x)', 2, 2, 5],
  ['atomic_fetch_sub(3, &x)', 2, 2, -1],
  ['atomic_fetch_inc(&x)', 2, 2, 3],
  ['atomic_fetch_dec(&x)', 2, 2, 1],
  ['atomic_inc_and_test(&x)', -1, 1, 0],
  ['atomic_inc_and_test(&x)', 0, 0, 1],
  ['atomic_dec_and_test(&x)', 1, 1, 0],
  ['atomic_dec_and_test(&x)', 0, 0, -1],
  ['atomic_sub_and_test(3, &x)', 3, 1, 0],
  ['atomic_sub_and_test(3, &x)', 2, 0, -1],
  ['atomic_add_negative(-3, &x)', 2, 1, -1],
  ['atomic_add_negative(-2, &x)', 2, 0, 0],
  ['atomic_inc_not_zero(&x)', 0, 0, 0],
  ['atomic_inc_not_zero(&x)', -1, 1, 0],
  ['atomic_add_unless(&x, 2, 5)', 5, 0, 5],
  ['atomic_add_unless(&x, 2, 5)', 3, 1, 5],
  ['atomic_add_unless(&x, 2, 7)', 7, 0, 7],
  ['atomic_xchg(&x, 6)', 2, 2, 6],
  ['atomic_cmpxchg(&x, 2, 6)', 2, 2, 6],
  ['atomic_cmpxchg(&x, 2, 6)', 3, 3, 3],
  ['atomic_cmpxchg(&x, 2, 9)', 3, 3, 3],
  ['atomic_cmpxchg(&x, 3, 9)', 3, null, 'count-overflow'],
]

const onAnyScalar: readonly Row[] = [
  ['READ_ONCE(x)', 3, 3, 3],
  ['WRITE_ONCE(x, 4)', 3, null, 4],
  ['WRITE_ONCE(x, 8)', 3, null, 'count-overflow'],
  ['rcu_dereference(x)', 3, 3, 3],
  ['rcu_assign_pointer(x, 4)', 3, null, 4],
  ['smp_load_acquire(&x)', 3, 3, 3],
  ['smp_store_release(&x, 4)', 3, null, 4],
  ['xchg(&x, 6)', 2, 2, 6],
  ['xchg(&x, 8)', 2, null, 'count-overflow'],
  ['cmpxchg(&x, 2, 6)', 2, 2, 6],
  ['cmpxchg(&x, 2, 6)', 3, 3, 3],
  ['cmpxchg(&x, 2, 8)', 2, null, 'count-overflow'],
]

function check(declaration: string, rows: readonly Row[]): void {
  for (const [call, before, result, after] of rows) {
    counters(`1: ${call} of ${before}`, () => {
      const statement = result === null ? `${call};` : `r = ${call};`
      const { states, edges, violations } = explored(`
        ${declaration} x = ${before};
        int -8..7 r;
        thread t { ${statement} }`)
      if (typeof after === 'string') {
        assert.equal([...violations.keys()], [after])
        // The call is the first step, and what it refuses is not done.
        assert.is(violations.get(after)?.depth, 1)
        return
      }
      assert.equal([...violations.keys()], [])
      // One step for the call, one for the store to `r`.
      assert.is(edges.length, result === null ? 1 : 2)
      const last = states.at(-1)
      assert.is(last?.shared.x, after)
      assert.is(last?.shared.r, result ?? 0)
    })
  }
}

check('refcount_t 0..7', refcounts)
check('atomic_t -8..7', atomics)
check('int -8..7', onAnyScalar)

counters('1: barriers are no steps', () => {
  const { states } = explored('int 0..1 x; thread t { smp_mb(); smp_rmb(); x = 1; smp_wmb(); }')
  assert.is(states.length, 2)
})

counters('1: a read-modify-write in the middle of an expression gives its result once', () => {
  // fetch_add, store: two steps of each thread. The two additions never see one old value, so {a, b} is {0, 1}.
  const { states, rests } = explored(`
    atomic_t 0..2 x; int 0..1 r[2];
    thread t[i in 0..1] { r[i] = atomic_fetch_inc(&x); }`)
  const results = rests.map((at) => JSON.stringify(states[at]?.shared.r)).sort()
  assert.equal(results, ['[0,1]', '[1,0]'])
})

counters('1: two puts of the last two references free once', () => {
  const put = `op put() { if (refcount_dec_and_test(&count)) freed = freed + 1; }`
  const { violations, rests, states } = explored(`
    refcount_t 0..2 count = 2; int 0..2 freed;
    ${put}
    thread t[i in 0..1] { put(); }`)
  assert.is(violations.size, 0)
  assert.equal(
    rests.map((at) => states[at]?.shared.freed),
    [1],
  )
})

counters.run()
