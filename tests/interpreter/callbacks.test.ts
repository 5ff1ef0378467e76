import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explored, finals, kindsIn, loweringErrors } from '../helpers/pipeline.js'

/** Rule 7: call_rcu, its callbacks, rcu_barrier. */
const callbacks = suite('callbacks')

const objects = (size: number, op = 'free(o);'): string =>
  `struct obj { rcu_head rcu; int 0..2 n; } pool obj objs[${size}]; obj *gp; mutex m; spinlock_t l;
  int 0..3 ran; bool flag; op done(obj *o) { ${op} }`

callbacks('7: a callback runs at some later time, as steps of its own', () => {
  const text = `${objects(1, 'ran = 1; free(o);')} int 0..3 seen;
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); seen = ran; }`
  assert.equal(kindsIn(text), [])
  assert.equal(finals(text, 'seen'), [0, 1])
  // At rest it has run.
  assert.equal(finals(text, 'ran'), [1])
})

callbacks('7: there is a process for callbacks only where one is queued', () => {
  const names = (text: string): readonly string[] =>
    explored(text).system.processes.map(({ name }) => name)
  assert.equal(names(`${objects(1)} thread t { gp = null; }`), ['t'])
  const queues = `${objects(1)} thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); }`
  assert.equal(names(queues), ['t', 'rcu'])
})

callbacks('7: it waits for the readers of its time, not for later ones', () => {
  const text = (
    reader: string,
    use: string,
  ): string => `${objects(1)} init { gp = alloc(&objs[0]); }
    thread r { ${reader} obj *o = READ_ONCE(gp); if (o != null) touch(o); ${use} }
    thread u { obj *o = gp; WRITE_ONCE(gp, null); call_rcu(&o->rcu, done); }`
  assert.equal(kindsIn(text('rcu_read_lock();', 'rcu_read_unlock();')), [])
  assert.equal(kindsIn(text('preempt_disable();', 'preempt_enable();')), [])
  assert.equal(kindsIn(text('', '')), ['use-after-free'])
  // One's own section counts as well.
  const own = `${objects(1)}
    thread t { obj *o = alloc(&objs[0]); rcu_read_lock(); call_rcu(&o->rcu, done); touch(o); rcu_read_unlock(); }`
  assert.equal(kindsIn(own), [])
})

callbacks('7: any callback that is ready may be next, one at a time', () => {
  const text = `${objects(2, 'flag = !flag; assert(flag); ran = o->n; flag = false; free(o);')}
    thread t {
      obj *a = alloc(&objs[0]); a->n = 1; call_rcu(&a->rcu, done);
      obj *b = alloc(&objs[1]); b->n = 2; call_rcu(&b->rcu, done);
    }`
  assert.equal(kindsIn(text), [])
  // Whichever is last.
  assert.equal(finals(text, 'ran'), [1, 2])
})

callbacks('7: each head has its own callback, and each callback its object', () => {
  const text = `struct a { rcu_head h; } struct b { rcu_head h; int 0..3 n; } pool a as[1]; pool b bs[2];
    int 0..3 sum; op free_a(a *o) { sum = sum + 1; free(o); } op free_b(b *o) { sum = sum + o->n; free(o); }
    thread t {
      a *x = alloc(&as[0]); b *y = alloc(&bs[1]); y->n = 2;
      call_rcu(&x->h, free_a); call_rcu(&y->h, free_b);
    }`
  assert.equal(kindsIn(text), [])
  assert.equal(finals(text, 'sum'), [3])
})

callbacks('7: a head that is queued is not queued again, nor freed', () => {
  const text = (then: string): string => `${objects(1)}
    thread t { obj *o = alloc(&objs[0]); rcu_read_lock(); call_rcu(&o->rcu, done); ${then} rcu_read_unlock(); }`
  assert.equal(kindsIn(text('call_rcu(&o->rcu, done);')), ['callback-pending'])
  assert.equal(kindsIn(text('free(o);')), ['callback-pending'])
})

callbacks('7: a callback may queue its head again, and queues others', () => {
  const op =
    'if (o->n < 2) { o->n = o->n + 1; call_rcu(&o->rcu, done); } else { ran = 3; free(o); }'
  const text = `${objects(1, op)} thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); }`
  assert.equal(kindsIn(text), [])
  assert.equal(finals(text, 'ran'), [3])
  const other = `struct a { rcu_head h; } pool a as[2]; int 0..1 x; a *p; init { p = alloc(&as[1]); }
    op second(a *o) { x = 1; free(o); } op first(a *o) { free(o); a *q = p; p = null; call_rcu(&q->h, second); }
    thread t { a *o = alloc(&as[0]); call_rcu(&o->h, first); }`
  assert.equal(kindsIn(other), [])
  assert.equal(finals(other, 'x'), [1])
})

callbacks('7: they run in softirq context', () => {
  const text = (op: string): string =>
    `${objects(1, `${op} free(o);`)} thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); }`
  assert.equal(kindsIn(text('mutex_lock(&m); mutex_unlock(&m);')), ['sleep-in-atomic'])
  assert.equal(kindsIn(text('synchronize_rcu();')), ['sleep-in-atomic'])
  assert.equal(kindsIn(text('spin_lock(&l); spin_unlock(&l);')), [])
  assert.equal(kindsIn(text('spin_lock(&l);')), ['held-at-exit'])
  assert.equal(
    kindsIn(`${objects(1, 'rcu_read_lock(); free(o);')}
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); }`),
    ['rcu-unbalanced'],
  )
})

callbacks(
  '7: a spinlock held by a task with interrupts on does not stop them: their CPU is their own',
  () => {
    const text = `${objects(1, 'spin_lock(&l); spin_unlock(&l); free(o);')}
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); spin_lock(&l); ran = 1; spin_unlock(&l); }`
    assert.equal(kindsIn(text), [])
  },
)

callbacks('7: a callback is an RCU reader while it runs', () => {
  const text = (
    wait: string,
  ): string => `${objects(2, 'obj *p = READ_ONCE(gp); if (p != null) touch(p); free(o);')}
    init { gp = alloc(&objs[1]); }
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); }
    thread u { obj *p = gp; WRITE_ONCE(gp, null); ${wait} free(p); }`
  assert.equal(kindsIn(text('synchronize_rcu();')), [])
  assert.equal(kindsIn(text('')), ['use-after-free'])
})

const exit = (wait: string): string => `${objects(1)}
  thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); ${wait} destroy(objs); }`

callbacks('7: rcu_barrier waits until they have run, synchronize_rcu does not', () => {
  assert.equal(kindsIn(exit('')), ['destroy-nonempty'])
  assert.equal(kindsIn(exit('synchronize_rcu();')), ['destroy-nonempty'])
  assert.equal(kindsIn(exit('rcu_barrier();')), [])
})

callbacks('7: rcu_barrier waits for the one that runs, and not for those queued later', () => {
  // The callback takes its head off the list first, so that it is running and not queued.
  const runs = `${objects(1, 'flag = true; ran = 1; free(o);')}
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); await (flag);
      rcu_barrier(); assert(ran == 1); destroy(objs); }`
  assert.equal(kindsIn(runs), [])
  const op = 'if (o->n == 0) { o->n = 1; call_rcu(&o->rcu, done); } else free(o);'
  const again = `${objects(1, op)}
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); rcu_barrier(); destroy(objs); }`
  assert.equal(kindsIn(again), ['destroy-nonempty'])
  assert.equal(kindsIn(`${objects(1)} thread t { rcu_barrier(); }`), [])
})

callbacks('7: rcu_barrier does not wait for readers', () => {
  const text = `${objects(1)} init { gp = alloc(&objs[0]); }
    thread r { rcu_read_lock(); obj *o = READ_ONCE(gp); if (o != null) touch(o); rcu_read_unlock(); }
    thread u { obj *o = gp; WRITE_ONCE(gp, null); rcu_barrier(); free(o); }`
  assert.equal(kindsIn(text), ['use-after-free'])
})

callbacks('8: a callback that can never run keeps the model from rest', () => {
  const text = `${objects(1)}
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->rcu, done); rcu_read_lock(); await (flag); rcu_read_unlock(); }`
  assert.equal(kindsIn(text), ['deadlock'])
})

callbacks('a head belongs to an object, and a callback takes that object', () => {
  const text = (head: string, op: string): string => `struct in { rcu_head h; }
    struct a { rcu_head h; in inside; } struct b { int 0..1 v; } pool a as[1]; pool b bs[1]; rcu_head alone;
    op fine(a *o) { free(o); } op other(b *o) { free(o); }
    thread t { a *o = alloc(&as[0]); call_rcu(&${head}, ${op}); }`
  assert.equal(loweringErrors(text('o->h', 'fine')), [])
  assert.equal(loweringErrors(text('alone', 'fine')), ['bad-head at 4'])
  assert.equal(loweringErrors(text('o->inside.h', 'fine')), ['bad-head at 4'])
  assert.equal(loweringErrors(text('o->h', 'other')), ['not-a-callback at 4'])
})

callbacks.run()
