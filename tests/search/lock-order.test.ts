import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  abba,
  both,
  design,
  holder,
  impossible,
  inversions,
  kinds,
  messages,
  populate,
  reachable,
  run,
} from '../helpers/lock-order.js'

/** Language rules 6 and 10, "Lock order": what is judged over several executions. */
const orders = suite('search: lock order')

// ---- the two orders

orders('two locks in two orders: the deadlock, and the chain as people read it', () => {
  assert.equal(kinds(abba), both)
  const [found] = inversions(abba)
  assert.is(
    found?.trap.message,
    `a -> b (t1, inline.gmem:9), b -> a (t2, inline.gmem:20); ${reachable}`,
  )
  assert.equal(
    found?.trap.involved?.map(({ process, what }) => `${process} ${what}`),
    ['0 holds a, takes b', '1 holds b, takes a'],
  )
})

orders('a gate lock that one of the two holds for writing excludes them, another does not', () => {
  assert.equal(kinds(abba, design({ gate: 'writes' })), [])
  assert.equal(kinds(abba, design({ gate: 'reads' })), both)
  assert.equal(kinds(abba, design({ gate: 'own' })), both)
})

orders('a trylock waits for nobody, so it has no order', () => {
  assert.equal(kinds(abba, design({ inner: 'tries' })), [])
})

orders('one process alone, whatever its order, can wait for nobody else', () => {
  const text = `
    mutex a; mutex b;
    op nested(mutex *one, mutex *other) {
      mutex_lock(one); mutex_lock(other); mutex_unlock(other); mutex_unlock(one);
    }
    param others : 0..1 = 0;
    thread t { nested(&a, &b); nested(&b, &a); }
    thread u[i in 1..others] { nested(&a, &b); nested(&b, &a); }`
  assert.equal(kinds(text), [])
  assert.equal(kinds(text, { params: { others: '1' } }), both)
})

orders('two instances of a family are two processes', () => {
  const text = `
    int 0..1 turn; mutex a; mutex b;
    thread t[i in 0..1] {
      if (i == 0) { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
      else { await (turn == 1); mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
      turn = 1;
    }`
  assert.equal(messages(text), [
    `a -> b (t0, inline.gmem:5), b -> a (t1, inline.gmem:6); ${impossible}`,
  ])
  assert.is(run(text).verdict, 'violated')
})

orders('a circle of three, told once and from the least name on', () => {
  const text = `
    mutex c; mutex b; mutex a; bool one; bool two;
    thread x { mutex_lock(&c); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&c); one = true; }
    thread y { await (one); mutex_lock(&b); mutex_lock(&c); mutex_unlock(&c); mutex_unlock(&b); two = true; }
    thread z { await (two); mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }`
  const line = (at: number) => `inline.gmem:${at}`
  assert.equal(messages(text), [
    `a -> b (z, ${line(6)}), b -> c (y, ${line(5)}), c -> a (x, ${line(4)}); ${impossible}`,
  ])
})

orders(
  'a lock that the second holds as well as its own does not come between the other two',
  () => {
    // x: a -> b. y: a, b -> c. z: c -> a. The circle a b c would need x and y to hold a at one time.
    const text = (second: string) => `
    mutex a; mutex b; mutex c; bool one; bool two;
    thread x { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); one = true; }
    thread y {
      await (one);
      ${second}
      mutex_lock(&b); mutex_lock(&c); mutex_unlock(&c); mutex_unlock(&b);
      two = true;
    }
    thread z { await (two); mutex_lock(&c); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&c); }`
    const locks = (message: string) => message.match(/\w+ ->/g)?.join(' ')
    assert.equal(messages(text('')).map(locks), ['a -> b -> c ->'])
    const held = text('mutex_lock(&a);').replace('two = true', 'mutex_unlock(&a); two = true')
    assert.equal(messages(held).map(locks), ['a -> c ->'])
  },
)

// ---- readers

orders('populate under invalidate_lock: with two threads a splat, with a third one a hang', () => {
  assert.equal(kinds(populate), ['lock-inversion'])
  assert.ok(messages(populate)[0]?.endsWith(impossible))
  assert.equal(kinds(populate, design({ munmap: 'true' })), both)
  assert.ok(messages(populate, design({ munmap: 'true' }))[0]?.endsWith(reachable))
  for (const munmap of ['true', 'false']) {
    assert.equal(kinds(populate, design({ fault_in: 'hoisted', munmap })), [])
  }
})

orders('readers everywhere are no inversion', () => {
  const nested = (one: string, other: string) =>
    `down_read(&${one}); down_read(&${other}); up_read(&${other}); up_read(&${one});`
  const text = `
    rwsem a; rwsem b; bool done;
    thread t1 { ${nested('a', 'b')} done = true; }
    thread t2 { await (done); ${nested('b', 'a')} }`
  assert.equal(kinds(text), [])
})

orders(
  'a handler does not queue behind a waiting writer, so its read lock has no end of wait to order',
  () => {
    const text = (context: string) => `
    rwlock_t a; spinlock_t b; bool done;
    thread cpu { await (done); skip; }
    thread holder { read_lock_irq(&a); spin_lock(&b); spin_unlock(&b); read_unlock_irq(&a); done = true; }
    thread reader ${context} { spin_lock(&b); read_lock(&a); read_unlock(&a); spin_unlock(&b); }`
    assert.equal(kinds(text('')), ['lock-inversion'])
    assert.equal(kinds(text('in hardirq on cpu')), [])
  },
)

// ---- grace periods, work items

orders('a grace period waited for under a lock that readers take', () => {
  const text = `
    srcu d; mutex m;
    thread reader { srcu_read_lock(&d); mutex_lock(&m); mutex_unlock(&m); srcu_read_unlock(&d); }
    thread updater { mutex_lock(&m); synchronize_srcu(&d); mutex_unlock(&m); }`
  assert.equal(kinds(text), both)
  assert.equal(messages(text), [
    `d -> m (reader, inline.gmem:4), m -> d (updater, inline.gmem:5); ${reachable}`,
  ])
})

orders('flushing a work item under a lock that the work takes', () => {
  const text = `
    use "lib/work.gmem";
    design { holds_lock : bool = true; queued : bool = true; }
    work_struct w; mutex m;
    thread destroy {
      if (queued) queue_work(&w);
      if (holds_lock) mutex_lock(&m);
      flush_work(&w);
      if (holds_lock) mutex_unlock(&m);
    }
    daemon kworker { work_begin(&w); mutex_lock(&m); mutex_unlock(&m); work_end(&w); }`
  assert.equal(kinds(text), both)
  assert.ok(messages(text)[0]?.endsWith(reachable), 'the wait for the work is the deadlock')
  assert.equal(kinds(text, design({ queued: 'false' })), [])
  assert.equal(kinds(text, design({ holds_lock: 'false' })), [])
})

orders('a lockdep map excludes nobody: it is no gate', () => {
  const nested = (one: string, other: string) => `
    lock_map_acquire(&g); mutex_lock(&${one}); mutex_lock(&${other});
    mutex_unlock(&${other}); mutex_unlock(&${one}); lock_map_release(&g);`
  const text = `
    lockdep_map g; mutex a; mutex b;
    thread t1 { ${nested('a', 'b')} }
    thread t2 { ${nested('b', 'a')} }`
  assert.equal(kinds(text), both)
})

// ---- handlers

orders('a lock that a handler takes must be held with that handler off', () => {
  const hardirq = holder.replace('CONTEXT', 'hardirq')
  const softirq = holder.replace('CONTEXT', 'softirq')
  assert.equal(kinds(hardirq), both)
  assert.equal(kinds(hardirq, design({ lock: 'bh' })), both)
  assert.equal(kinds(hardirq, design({ lock: 'irqsave' })), [])
  assert.equal(kinds(softirq), both)
  assert.equal(kinds(softirq, design({ lock: 'bh' })), [])
  assert.equal(kinds(softirq, design({ lock: 'irqsave' })), [])
  assert.ok(
    messages(hardirq)[0]?.startsWith(
      'inconsistent lock state: writer holds l where handler may interrupt it, and handler takes it',
    ),
  )
})

orders('an interrupt that never comes just then is an order violation all the same', () => {
  const text = `
    spinlock_t l; bool armed;
    thread task { spin_lock(&l); spin_unlock(&l); armed = true; await (!armed); }
    thread timer in hardirq on task { await (armed); spin_lock(&l); spin_unlock(&l); armed = false; }`
  assert.equal(kinds(text), ['lock-inversion'])
  assert.ok(messages(text)[0]?.endsWith(impossible))
})

orders(
  'a lock taken under one that a handler takes: the interrupted holder closes the circle',
  () => {
    const text = (disable: string, enable: string) => `
    spinlock_t safe; spinlock_t unsafe;
    thread other { spin_lock_irq(&safe); spin_lock(&unsafe); spin_unlock(&unsafe); spin_unlock_irq(&safe); }
    thread task { ${disable} spin_lock(&unsafe); spin_unlock(&unsafe); ${enable} }
    thread timer in hardirq on task { spin_lock(&safe); spin_unlock(&safe); }`
    assert.equal(kinds(text('', '')), both)
    assert.ok(messages(text('', ''))[0]?.includes('unsafe -> safe (timer interrupting task,'))
    assert.equal(kinds(text('local_irq_disable();', 'local_irq_enable();')), [])
  },
)

orders('a hardirq interrupts the softirq handler of its CPU', () => {
  const text = (take: string, release: string) => `
    spinlock_t l;
    thread task { skip; might_sleep(); }
    thread tasklet in softirq on task { ${take}(&l); ${release}(&l); }
    thread timer in hardirq on task { spin_lock(&l); spin_unlock(&l); }`
  assert.equal(kinds(text('spin_lock', 'spin_unlock')), both)
  assert.equal(kinds(text('spin_lock_irq', 'spin_unlock_irq')), [])
})

orders('a CPU that spins with interrupts off deadlocks without any order of locks', () => {
  const text = `
    spinlock_t l; bool sent; bool acked;
    thread a { spin_lock_irqsave(&l); spin_unlock_irqrestore(&l); }
    thread b { spin_lock(&l); WRITE_ONCE(sent, true); await (acked); spin_unlock(&l); }
    daemon ipi in hardirq on a { await (sent && !acked); WRITE_ONCE(acked, true); }`
  assert.equal(kinds(text), ['deadlock'])
})

orders.run()
