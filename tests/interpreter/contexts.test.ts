import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Rule 7: sections, and who may not sleep. */
const contexts = suite('contexts')

/** What enters and leaves each section, and whether one may sleep there. */
const sections: readonly (readonly [string, string, boolean])[] = [
  ['preempt_disable();', 'preempt_enable();', false],
  ['local_irq_disable();', 'local_irq_enable();', false],
  ['local_irq_save();', 'local_irq_restore();', false],
  ['local_bh_disable();', 'local_bh_enable();', false],
  ['rcu_read_lock();', 'rcu_read_unlock();', false],
  ['spin_lock(&l);', 'spin_unlock(&l);', false],
  ['spin_lock_irq(&l);', 'spin_unlock_irq(&l);', false],
  ['spin_lock_irqsave(&l);', 'spin_unlock_irqrestore(&l);', false],
  ['spin_lock_bh(&l);', 'spin_unlock_bh(&l);', false],
  ['read_lock(&rw);', 'read_unlock(&rw);', false],
  ['write_lock_irq(&rw);', 'write_unlock_irq(&rw);', false],
  ['mutex_lock(&outer);', 'mutex_unlock(&outer);', true],
  ['srcu_read_lock(&d);', 'srcu_read_unlock(&d);', true],
]
const sleepers: readonly string[] = [
  'mutex_lock(&m); mutex_unlock(&m);',
  'down_read(&s); up_read(&s);',
  'down_write(&s); up_write(&s);',
  'wait_on_bit(&flags, PG_locked);',
  'synchronize_srcu(&e);',
  'might_sleep();',
  'object *o = alloc(objects, GFP_KERNEL); if (o != null) free(o);',
]
const wakers: readonly string[] = [
  'bool got = mutex_trylock(&m); if (got) mutex_unlock(&m);',
  'object *o = alloc(objects, GFP_ATOMIC); if (o != null) free(o);',
  'spin_lock(&inner); spin_unlock(&inner);',
]
const declared = `spinlock_t l, inner; rwlock_t rw; mutex m, outer; rwsem s; srcu d, e;
  bits { PG_locked } flags; struct object { int 0..1 v; } pool object objects[1];`

for (const [enter, leave, maySleep] of sections) {
  contexts(`7: ${enter} ${maySleep ? 'allows' : 'forbids'} sleeping`, () => {
    for (const body of sleepers) {
      const kinds = kindsIn(`${declared} thread t { ${enter} ${body} ${leave} }`)
      assert.equal(kinds, maySleep ? [] : ['sleep-in-atomic'], body)
    }
    for (const body of wakers) {
      assert.equal(kindsIn(`${declared} thread t { ${enter} ${body} ${leave} }`), [], body)
    }
  })

  contexts(`7: after ${leave} one may sleep again`, () => {
    assert.equal(kindsIn(`${declared} thread t { ${enter} ${leave} might_sleep(); }`), [])
  })
}

contexts('7: check not sleep-in-atomic leaves it out', () => {
  const text =
    'check not sleep-in-atomic; thread t { preempt_disable(); might_sleep(); preempt_enable(); }'
  assert.equal(kindsIn(text), [])
})

contexts('7: sections nest by counting, and are separate', () => {
  const text = (body: string): string => `thread t { ${body} }`
  const twice = 'preempt_disable(); preempt_disable(); preempt_enable();'
  assert.equal(kindsIn(text(`${twice} might_sleep(); preempt_enable();`)), ['sleep-in-atomic'])
  assert.equal(kindsIn(text(`${twice} preempt_enable(); might_sleep();`)), [])
  const crossed = 'preempt_disable(); local_irq_disable(); preempt_enable(); local_irq_enable();'
  assert.equal(kindsIn(text(crossed)), [])
  assert.equal(kindsIn(text('preempt_disable(); local_bh_enable();')), ['unbalanced'])
})

for (const [enter, leave] of sections.slice(0, 4)) {
  contexts(`7: ${enter} without ${leave}, and the other way round`, () => {
    assert.equal(kindsIn(`thread t { ${enter} }`), ['unbalanced'])
    assert.equal(kindsIn(`thread t { ${leave} }`), ['unbalanced'])
    // A daemon does not carry one over to its next run.
    assert.equal(kindsIn(`daemon d { ${enter} }`), ['unbalanced'])
  })
}

contexts('7: a section nests seven deep', () => {
  const deep = (depth: number): string =>
    `thread t { ${'preempt_disable(); '.repeat(depth)} ${'preempt_enable(); '.repeat(depth)} }`
  assert.equal(kindsIn(deep(7)), [])
  assert.equal(kindsIn(deep(8)), ['count-overflow'])
})

contexts('7: entering and leaving are steps of their own', () => {
  assert.is(countOf('thread t { preempt_disable(); preempt_enable(); }'), 3)
  assert.is(countOf('spinlock_t l; thread t { spin_lock(&l); spin_unlock(&l); }'), 3)
  // Handlers off, then the lock; the lock, then handlers on.
  for (const [lock, unlock] of [
    ['spin_lock_irq', 'spin_unlock_irq'],
    ['spin_lock_irqsave', 'spin_unlock_irqrestore'],
    ['spin_lock_bh', 'spin_unlock_bh'],
  ]) {
    assert.is(countOf(`spinlock_t l; thread t { ${lock}(&l); ${unlock}(&l); }`), 5)
  }
})

contexts('7: preemptible() is about the caller', () => {
  const inside = (enter: string, leave: string): readonly unknown[] =>
    finals(`${declared} int 0..1 p; thread t { ${enter} p = preemptible(); ${leave} }`, 'p')
  for (const [enter, leave, maySleep] of sections) {
    const says = maySleep || enter.startsWith('rcu')
    assert.equal(inside(enter, leave), [says ? 1 : 0], enter)
  }
  assert.equal(inside('', ''), [1])
  // The read section does not hide the lock.
  assert.equal(
    inside('rcu_read_lock(); spin_lock(&l);', 'spin_unlock(&l); rcu_read_unlock();'),
    [0],
  )
  const other = `spinlock_t l; int 0..1 p; bool held;
    thread a { spin_lock(&l); held = true; await (p == 1); spin_unlock(&l); }
    thread b { await (held); p = preemptible(); }`
  assert.equal(finals(other, 'p'), [1])
})

contexts('7: init has no context', () => {
  assert.equal(
    kindsIn('mutex m; init { preempt_disable(); mutex_lock(&m); mutex_unlock(&m); }'),
    [],
  )
})

contexts('7: what may not sleep says so', () => {
  const { violations } = explored('mutex m; thread t { local_bh_disable(); mutex_lock(&m); }')
  assert.is(
    violations.get('sleep-in-atomic')?.message,
    'mutex_lock may sleep, and softirqs are off',
  )
})

contexts.run()
