import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, finals, kindsIn, loweringErrors } from '../helpers/pipeline.js'

/** Rule 7: read sections, grace periods, domains. */
const rcu = suite('rcu')

/** A node is unpublished, waited for and freed; `body` reads it. */
const removal = (reader: string, wait: string, more = ''): string => `
  struct node { int 0..1 v; } pool node nodes[1]; node *gp; srcu d, e;
  spinlock_t l; rwlock_t rw; mutex m; int 0..1 x;
  init { gp = alloc(&nodes[0]); }
  op look() { node *n = READ_ONCE(gp); if (n != null) touch(n); }
  ${reader}
  thread updater { node *old = gp; WRITE_ONCE(gp, null); ${wait} free(old); } ${more}`

const READERS: readonly (readonly [string, string, boolean])[] = [
  ['rcu_read_lock();', 'rcu_read_unlock();', true],
  ['preempt_disable();', 'preempt_enable();', true],
  ['local_irq_disable();', 'local_irq_enable();', true],
  ['local_bh_disable();', 'local_bh_enable();', true],
  ['spin_lock(&l);', 'spin_unlock(&l);', true],
  ['read_lock(&rw);', 'read_unlock(&rw);', true],
  ['write_lock(&rw);', 'write_unlock(&rw);', true],
  ['mutex_lock(&m);', 'mutex_unlock(&m);', false],
  ['srcu_read_lock(&d);', 'srcu_read_unlock(&d);', false],
  ['', '', false],
]
for (const [enter, leave, protects] of READERS) {
  rcu(`7: ${enter || 'nothing'} ${protects ? 'is' : 'is no'} read section of RCU`, () => {
    const text = removal(`thread reader { ${enter} look(); ${leave} }`, 'synchronize_rcu();')
    assert.equal(kindsIn(text), protects ? [] : ['use-after-free'])
  })
}

rcu('7: a handler is a reader while it runs', () => {
  const handler = 'thread t { x = 1; } thread reader in hardirq on t { look(); }'
  assert.equal(kindsIn(removal(handler, 'synchronize_rcu();')), [])
  assert.equal(kindsIn(removal(handler, '')), ['use-after-free'])
})

rcu('7: nested sections end with the outermost, of whatever sort', () => {
  const nested = (body: string): readonly string[] =>
    kindsIn(removal(`thread reader { ${body} }`, 'synchronize_rcu();'))
  const load = 'node *n = READ_ONCE(gp);'
  const use = 'if (n != null) touch(n);'
  assert.equal(
    nested(
      `rcu_read_lock(); ${load} rcu_read_lock(); rcu_read_unlock(); ${use} rcu_read_unlock();`,
    ),
    [],
  )
  assert.equal(
    nested(`rcu_read_lock(); ${load} spin_lock(&l); rcu_read_unlock(); ${use} spin_unlock(&l);`),
    [],
  )
  // Left and entered again: two sections.
  assert.equal(
    nested(
      `rcu_read_lock(); ${load} rcu_read_unlock(); rcu_read_lock(); ${use} rcu_read_unlock();`,
    ),
    ['use-after-free'],
  )
})

rcu('7: SRCU waits for the readers of its own domain', () => {
  const text = (domain: string, wait: string): string =>
    removal(
      `thread reader { int i = srcu_read_lock(&${domain}); look(); srcu_read_unlock(&${domain}, i); }`,
      wait,
    )
  assert.equal(kindsIn(text('d', 'synchronize_srcu(&d);')), [])
  assert.equal(kindsIn(text('e', 'synchronize_srcu(&d);')), ['use-after-free'])
  assert.equal(
    kindsIn(
      removal(
        'thread reader { rcu_read_lock(); look(); rcu_read_unlock(); }',
        'synchronize_srcu(&d);',
      ),
    ),
    ['use-after-free'],
  )
})

rcu('7: domains in an array, and in an object', () => {
  const array = (left: number): string => `srcu d[2]; bool gone; int 0..1 i = ${left};
    thread reader { srcu_read_lock(&d[i]); bool g = gone; assert(!g || gone); srcu_read_unlock(&d[i]); }
    thread updater { synchronize_srcu(&d[1]); }`
  assert.equal(kindsIn(array(1)), [])
  const object = `struct dev { srcu d; int 0..1 v; } pool dev devs[1]; dev *p; init { p = alloc(&devs[0]); }
    thread reader { dev *o = p; srcu_read_lock(&o->d); touch(o); srcu_read_unlock(&o->d); }
    thread updater { dev *o = p; synchronize_srcu(&o->d); }`
  assert.equal(kindsIn(object), [])
})

rcu('7: an SRCU section nests, and a grace period waits for the last of it', () => {
  const text = `srcu d; bool inside; 
    thread reader {
      srcu_read_lock(&d); inside = true; srcu_read_lock(&d); srcu_read_unlock(&d);
      inside = false; srcu_read_unlock(&d);
    }
    thread updater { bool was = inside; synchronize_srcu(&d); assert(!was || !inside); }`
  assert.equal(kindsIn(text), [])
})

rcu('7: waiting is two steps, and later readers are not waited for', () => {
  const text = 'thread r { rcu_read_lock(); rcu_read_unlock(); } thread u { synchronize_rcu(); }'
  // Worked out in models/litmus/90.
  assert.is(countOf(text), 10)
  const srcu =
    'srcu d; thread r { srcu_read_lock(&d); srcu_read_unlock(&d); } thread u { synchronize_srcu(&d); }'
  assert.is(countOf(srcu), 10)
  // Nobody reads: still two steps.
  assert.is(countOf('thread u { synchronize_rcu(); }'), 3)
})

rcu('7: a waiter in task context is no reader for another waiter', () => {
  assert.equal(kindsIn('thread u[i in 0..1] { synchronize_rcu(); }'), [])
})

rcu('7: waiting for oneself is reported on arrival', () => {
  const inside = (enter: string, wait: string, leave: string): readonly string[] =>
    kindsIn(`srcu d, e; spinlock_t l; thread t { ${enter} ${wait} ${leave} }`)
  const read = ['rcu_read_lock();', 'rcu_read_unlock();'] as const
  const enter = ['srcu_read_lock(&d);', 'srcu_read_unlock(&d);'] as const
  assert.equal(inside(read[0], 'synchronize_rcu();', read[1]), ['rcu-wait-in-reader'])
  assert.equal(inside(read[0], 'rcu_barrier();', read[1]), ['rcu-wait-in-reader'])
  assert.equal(inside(enter[0], 'synchronize_srcu(&d);', enter[1]), ['rcu-wait-in-reader'])
  assert.equal(inside(enter[0], 'synchronize_srcu(&e);', enter[1]), [])
  assert.equal(inside(enter[0], 'synchronize_rcu();', enter[1]), [])
  // An SRCU wait in an RCU section sleeps where it may not; a reader by a spinlock only as well.
  assert.equal(inside(read[0], 'synchronize_srcu(&d);', read[1]), ['sleep-in-atomic'])
  assert.equal(inside('spin_lock(&l);', 'synchronize_rcu();', 'spin_unlock(&l);'), [
    'sleep-in-atomic',
  ])
})

rcu('7: sections are balanced', () => {
  for (const [enter, leave] of [
    ['rcu_read_lock();', 'rcu_read_unlock();'],
    ['srcu_read_lock(&d);', 'srcu_read_unlock(&d);'],
  ]) {
    assert.equal(kindsIn(`srcu d; thread t { ${enter} }`), ['rcu-unbalanced'])
    assert.equal(kindsIn(`srcu d; thread t { ${leave} }`), ['rcu-unbalanced'])
    assert.equal(kindsIn(`srcu d; daemon t { ${enter} }`), ['rcu-unbalanced'])
    assert.equal(kindsIn(`srcu d; thread t { ${enter} ${enter} ${leave} ${leave} }`), [])
  }
})

rcu('6: a reader that waits for a lock of the waiter is a deadlock at once', () => {
  const text = (daemon: string): string => `srcu d; mutex m; int 0..1 clock;
    thread r { srcu_read_lock(&d); mutex_lock(&m); mutex_unlock(&m); srcu_read_unlock(&d); }
    thread u { mutex_lock(&m); synchronize_srcu(&d); mutex_unlock(&m); } ${daemon}`
  assert.equal(kindsIn(text('')), ['deadlock'])
  assert.equal(kindsIn(text('daemon ticking { clock = 1 - clock; }')), ['deadlock'])
})

rcu('7: the index is any value', () => {
  assert.equal(
    finals(
      'srcu d; int 0..1 x; thread t { x = srcu_read_lock(&d); srcu_read_unlock(&d, 1); }',
      'x',
    ),
    [1],
  )
})

rcu('1: waiting is refused in an atomic block', () => {
  assert.equal(loweringErrors('thread t { atomic { synchronize_rcu(); } }'), [
    'blocking-in-atomic at 1',
  ])
  assert.equal(loweringErrors('thread t { atomic { rcu_barrier(); } }'), [
    'blocking-in-atomic at 1',
  ])
})

rcu.run()
