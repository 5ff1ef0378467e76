import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { finals, kindsIn } from '../helpers/pipeline.js'

/** What the operations of the primitives' library say and do, one by one. */
const library = suite('the library of primitives')

const whole = (file: string, text: string): string =>
  `model inline; use "lib/${file}.gmem"; int 0..600 x; ${text}`
/** The values x can have at rest. */
const x = (file: string, text: string): readonly unknown[] => finals(whole(file, text), 'x')
const kinds = (file: string, text: string): readonly string[] => kindsIn(whole(file, text))

const COMPLETION: readonly (readonly [string, readonly number[]])[] = [
  ['complete(&c); complete(&c); wait_for_completion(&c); x = c.done;', [1]],
  ['complete_all(&c); wait_for_completion(&c); x = completion_done(&c);', [1]],
  ['complete_all(&c); complete(&c); x = c.done;', [7]],
  ['complete(&c); x = try_wait_for_completion(&c);', [1]],
  ['x = try_wait_for_completion(&c);', [0]],
  [
    'complete(&c); bool got = try_wait_for_completion(&c); assert(got); x = completion_done(&c);',
    [0],
  ],
  ['complete_all(&c); bool got = try_wait_for_completion(&c); assert(got); x = c.done;', [7]],
  ['complete_all(&c); reinit_completion(&c); x = completion_done(&c);', [0]],
  ['complete(&c); x = -wait_for_completion_interruptible(&c);', [0, 512]],
]
for (const [body, wanted] of COMPLETION) {
  library(`completion: ${body}`, () => {
    assert.equal(x('completion', `completion c; thread t { ${body} }`), wanted)
  })
}

library('completion: waiting sleeps, completing does not', () => {
  const text = (body: string): string => `completion c; spinlock_t l; init { complete(&c); }
    thread t { spin_lock(&l); ${body} spin_unlock(&l); }`
  assert.equal(kinds('completion', text('wait_for_completion(&c);')), ['sleep-in-atomic'])
  assert.equal(kinds('completion', text('int r = wait_for_completion_interruptible(&c);')), [
    'sleep-in-atomic',
  ])
  assert.equal(
    kinds('completion', text('complete(&c); complete_all(&c); reinit_completion(&c);')),
    [],
  )
})

library('wait: who is on the queue, and what a wake-up does', () => {
  const text = (body: string): string => `wait_queue_head q; thread t { ${body} }`
  const queue = 'prepare_to_wait(&q, TASK_UNINTERRUPTIBLE);'
  const active = 'x = waitqueue_active(&q);'
  assert.equal(x('wait', text(active)), [0])
  assert.equal(x('wait', text(`${queue} ${active} finish_wait(&q);`)), [1])
  assert.equal(x('wait', text(`${queue} ${queue} finish_wait(&q); ${active}`)), [0])
  assert.equal(x('wait', text(`${queue} wake_up(&q); ${active} schedule(); finish_wait(&q);`)), [0])
  assert.equal(x('wait', text(`${queue} finish_wait(&q); x = current->runnable;`)), [1])
  assert.equal(kinds('wait', text(`${queue} schedule(); finish_wait(&q);`)), ['lost-wakeup'])
  // A state that was set back is no sleep.
  assert.equal(
    kinds('wait', text(`${queue} set_current_state(TASK_RUNNING); schedule(); finish_wait(&q);`)),
    [],
  )
})

library('wait: wait_event returns at once when it may, and every waiter is woken', () => {
  assert.equal(kinds('wait', 'wait_queue_head q; thread t { wait_event(&q, x == 0); }'), [])
  const two = `wait_queue_head q; thread t[i in 0..1] { wait_event(&q, READ_ONCE(x) == 1); }
    thread w { x = 1; wake_up(&q); }`
  assert.equal(kinds('wait', two), [])
  const signal = `wait_queue_head q; thread t { x = -wait_event_interruptible(&q, false); }`
  // Without a signal it sleeps for ever.
  assert.equal(kinds('wait', signal), ['lost-wakeup'])
  assert.equal(x('wait', signal), [512])
})

library('rcuwait: a wake-up says whether somebody waited', () => {
  assert.equal(x('rcuwait', 'rcuwait w; thread t { x = rcuwait_wake_up(&w); }'), [0])
  const self =
    'rcuwait w; thread t { prepare_to_rcuwait(&w); x = rcuwait_wake_up(&w); finish_rcuwait(&w); }'
  assert.equal(x('rcuwait', self), [1])
})

library('work: what queue_work and cancel_work_sync give back', () => {
  const text = (body: string): string => `work_struct w; bool a, b; thread t { ${body} }`
  assert.equal(
    x('work', text('a = queue_work(&w); b = queue_work(&w); x = a && !b; cancel_work_sync(&w);')),
    [1],
  )
  assert.equal(x('work', text('queue_work(&w); x = cancel_work_sync(&w);')), [1])
  assert.equal(x('work', text('x = cancel_work_sync(&w);')), [0])
  // After the cancel it can be queued again.
  assert.equal(
    x('work', text('cancel_work_sync(&w); x = queue_work(&w); cancel_work_sync(&w);')),
    [1],
  )
})

library('work: a flush waits for the run that was pending, not for later ones', () => {
  const text = `work_struct w; bool again;
    thread t { queue_work(&w); flush_work(&w); assert(x >= 1); WRITE_ONCE(again, true); }
    daemon worker { work_begin(&w); if (x == 0) queue_work(&w); atomic { if (x < 2) x++; } work_end(&w); }`
  assert.equal(kinds('work', text), [])
  // One that queues itself for ever does not keep the flusher.
  const forever = `work_struct w; thread t { queue_work(&w); flush_work(&w); x = 1; }
    daemon worker { work_begin(&w); queue_work(&w); work_end(&w); }`
  assert.equal(x('work', forever), [1])
})

library('kref and refcount', () => {
  const text = (body: string): string => `kref k; mutex m; spinlock_t l; bool last;
    init { kref_init(&k); } thread t { ${body} }`
  assert.equal(x('kref', text('kref_get(&k); x = kref_read(&k);')), [2])
  assert.equal(x('kref', text('kref_get(&k); x = kref_put(&k);')), [0])
  assert.equal(x('kref', text('x = kref_put(&k);')), [1])
  assert.equal(x('kref', text('last = kref_put(&k); x = kref_get_unless_zero(&k);')), [0])
  // The lock is held exactly when the reference was the last.
  assert.equal(x('kref', text('x = kref_put_mutex(&k, &m); mutex_unlock(&m);')), [1])
  assert.equal(
    x('kref', text('kref_get(&k); x = kref_put_mutex(&k, &m); mutex_lock(&m); mutex_unlock(&m);')),
    [0],
  )
  assert.equal(x('kref', text('x = kref_put_lock(&k, &l); spin_unlock(&l);')), [1])
  assert.equal(
    x('kref', text('kref_get(&k); x = kref_put_lock(&k, &l); spin_lock(&l); spin_unlock(&l);')),
    [0],
  )
})

library('kref: a get that comes between the two looks of kref_put_mutex is seen', () => {
  const text = `kref k; mutex m; int 0..2 releases; init { kref_init(&k); }
    op put() { if (kref_put_mutex(&k, &m)) { releases++; mutex_unlock(&m); } }
    thread t { put(); }
    thread u { mutex_lock(&m); bool got = kref_get_unless_zero(&k); mutex_unlock(&m); if (got) put(); }
    finally { assert(releases == 1); }`
  assert.equal(kinds('kref', text), [])
})

library('interruptible: each form locks, or says -EINTR and does not', () => {
  for (const [type, lock, unlock] of [
    ['mutex', 'mutex_lock_interruptible', 'mutex_unlock'],
    ['mutex', 'mutex_lock_killable', 'mutex_unlock'],
    ['rwsem', 'down_read_interruptible', 'up_read'],
    ['rwsem', 'down_read_killable', 'up_read'],
    ['rwsem', 'down_write_killable', 'up_write'],
  ]) {
    const text = (before: string, after: string): string => `${type} l; spinlock_t s;
      thread t { ${before} int r = ${lock}(&l); if (r == 0) ${unlock}(&l); ${after} x = -r; }`
    assert.equal(x('interruptible', text('', '')), [0, 4], lock)
    const atomic = text('spin_lock(&s);', 'spin_unlock(&s);')
    assert.equal(kinds('interruptible', atomic), ['sleep-in-atomic'], lock)
  }
})

library('seqcount: a reader that saw a write in between is told', () => {
  const text = (between: string): string => `seqlock_t s;
    thread t { int start = read_seqbegin(&s); ${between} x = read_seqretry(&s, start); }`
  assert.equal(x('seqcount', text('')), [0])
  assert.equal(x('seqcount', text('write_seqlock(&s); write_sequnlock(&s);')), [1])
  assert.equal(x('seqcount', text('write_seqlock_irq(&s); write_sequnlock_irq(&s);')), [1])
  const end =
    'seqcount_t s; thread t { preempt_disable(); write_seqcount_end(&s); preempt_enable(); }'
  assert.equal(kinds('seqcount', end), ['seqcount-writers'])
})

library('percpu: get_cpu takes any free CPU, keeps it, and nests', () => {
  const pinned = 'int c = get_cpu(); x = c; assert(raw_smp_processor_id() == c); put_cpu();'
  assert.equal(x('percpu', `thread t { ${pinned} }`), [0, 1])
  assert.equal(x('percpu', 'thread t { x = raw_smp_processor_id(); }'), [0, 1])
  const apart = `int 0..1 at[2]; bool in[2];
    thread t[i in 0..1] {
      at[i] = get_cpu(); in[i] = true;
      atomic { assert(!in[0] || !in[1] || at[0] != at[1]); }
      in[i] = false; put_cpu();
    }`
  assert.equal(kinds('percpu', apart), [])
  assert.equal(
    kinds(
      'percpu',
      'thread t { int a = get_cpu(); int b = get_cpu(); assert(a == b); put_cpu(); put_cpu(); }',
    ),
    [],
  )
  assert.equal(kinds('percpu', 'thread t { int a = get_cpu(); }'), ['unbalanced'])
})

library('filemap: at rest a page has the reference of the cache', () => {
  const text = (puts: string): string =>
    `init { filemap_populate(0, 0); } thread t { folio *f = filemap_get_entry(0); ${puts} }`
  assert.equal(kinds('filemap', text('folio_put(f);')), [])
  assert.equal(kinds('filemap', text('')), ['leak'])
  assert.equal(kinds('filemap', text('folio_put_refs(f, 2);')), ['unbalanced'])
})

library('percpu-counter: batches are folded in, and the sum is exact', () => {
  const text = (body: string): string =>
    `percpu_counter c; init { percpu_counter_init(&c); } thread t { ${body} }`
  const add = (times: number): string => 'percpu_counter_add(&c, 1); '.repeat(times)
  assert.equal(x('percpu-counter', text(`${add(1)} x = percpu_counter_read(&c);`)), [0])
  assert.equal(x('percpu-counter', text(`${add(3)} x = percpu_counter_sum(&c);`)), [3])
  // Two on one CPU are a batch of 2; one on each are not.
  assert.equal(x('percpu-counter', text(`${add(2)} x = percpu_counter_read(&c);`)), [0, 2])
  assert.equal(
    x('percpu-counter', text(`${add(2)} percpu_counter_add(&c, -1); x = percpu_counter_sum(&c);`)),
    [1],
  )
  assert.equal(
    kinds('percpu-counter', text('percpu_counter_destroy(&c); percpu_counter_destroy(&c);')),
    [],
  )
})

library.run()
