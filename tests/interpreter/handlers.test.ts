import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Rule 7: handlers, who they interrupt and who keeps them out. */
const handlers = suite('handlers')

/** The thread reads x twice inside of a section; the handler writes it. */
const reader = (enter: string, leave: string, context: string): string => `
  spinlock_t l; rwlock_t rw; int 0..1 x;
  thread t { ${enter} int a = x; int b = x; assert(a == b); ${leave} }
  thread h in ${context} on t { x = 1; }`

const KEEPS_OUT: readonly (readonly [string, string, boolean, boolean])[] = [
  ['', '', false, false],
  ['preempt_disable();', 'preempt_enable();', false, false],
  ['rcu_read_lock();', 'rcu_read_unlock();', false, false],
  ['spin_lock(&l);', 'spin_unlock(&l);', false, false],
  ['local_bh_disable();', 'local_bh_enable();', false, true],
  ['spin_lock_bh(&l);', 'spin_unlock_bh(&l);', false, true],
  ['local_irq_disable();', 'local_irq_enable();', true, true],
  ['spin_lock_irq(&l);', 'spin_unlock_irq(&l);', true, true],
  ['spin_lock_irqsave(&l);', 'spin_unlock_irqrestore(&l);', true, true],
  ['write_lock_irq(&rw);', 'write_unlock_irq(&rw);', true, true],
  ['read_lock_bh(&rw);', 'read_unlock_bh(&rw);', false, true],
]
for (const [enter, leave, hardirq, softirq] of KEEPS_OUT) {
  handlers(
    `7: ${enter || 'nothing'} keeps ${softirq ? (hardirq ? 'both' : 'softirqs') : 'none'} out`,
    () => {
      assert.equal(kindsIn(reader(enter, leave, 'hardirq')), hardirq ? [] : ['assert'])
      assert.equal(kindsIn(reader(enter, leave, 'softirq')), softirq ? [] : ['assert'])
    },
  )
}

handlers('7: the interrupted process waits until the handler ends, others do not', () => {
  const text = (observer: string): string => `int 0..1 x, y;
    op look() { int a = x; int b = y; assert(a <= b); }
    thread t { ${observer === 't' ? 'look();' : 'skip;'} }
    thread u { ${observer === 'u' ? 'look();' : 'skip;'} }
    thread h in hardirq on t { x = 1; y = 1; }`
  assert.equal(kindsIn(text('t')), [])
  assert.equal(kindsIn(text('u')), ['assert'])
})

handlers(
  '7: a handler also comes before the first step, after the last, and while its process waits',
  () => {
    const text = (body: string): string => `int 0..1 x; int 0..2 seen; mutex m; bool go;
    thread t { ${body} }
    thread h in hardirq on t { x = 1; }`
    assert.equal(finals(text('seen = x;'), 'seen'), [0, 1])
    assert.equal(finals(text('seen = x;'), 'x'), [1])
    // Blocked in an await, which only the handler ends.
    assert.equal(kindsIn(text('await (x == 1);')), [])
  },
)

handlers('7: a handler of one process says nothing about another', () => {
  const text = `spinlock_t l; int 0..1 x; thread t { x = 1; }
    thread u { spin_lock(&l); spin_unlock(&l); }
    daemon h in hardirq on t { spin_lock(&l); spin_unlock(&l); }`
  assert.equal(kindsIn(text), [])
})

handlers('7: a handler that wants what its process holds is a deadlock, a trylock is none', () => {
  const text = (body: string): string => `spinlock_t l;
    thread t { spin_lock(&l); spin_unlock(&l); }
    daemon h in hardirq on t { ${body} }`
  assert.equal(kindsIn(text('spin_lock(&l); spin_unlock(&l);')), ['deadlock'])
  assert.equal(kindsIn(text('if (spin_trylock(&l)) spin_unlock(&l);')), [])
})

const both = (hard: string, soft: string): string => `int 0..1 x; bool in_hard, in_soft, met;
  thread t { x = 1; }
  thread soft in softirq on t { in_soft = true; ${soft} in_soft = false; }
  thread hard in hardirq on t { in_hard = true; ${hard} in_hard = false; }`

handlers('7: a hardirq interrupts a softirq of its process, and not the other way round', () => {
  assert.equal(finals(both('if (in_soft) met = true;', ''), 'met'), [0, 1])
  assert.equal(finals(both('', 'if (in_hard) met = true;'), 'met'), [0])
  // The softirq waits until the hardirq has ended.
  const text = both('x = 0;', 'int a = in_hard; int b = in_hard; assert(a == b && a == 0);')
  assert.equal(kindsIn(text), [])
  assert.equal(
    finals(both('if (in_soft) met = true;', 'local_irq_disable(); local_irq_enable();'), 'met'),
    [0, 1],
  )
})

handlers('7: hardirqs do not nest, nor do softirqs', () => {
  const text = (context: string): string => `int 0..1 x; int 0..2 inside;
    thread t { x = 1; }
    thread a in ${context} on t { inside = inside + 1; assert(inside == 1); inside = inside - 1; }
    thread b in ${context} on t { inside = inside + 1; assert(inside == 1); inside = inside - 1; }`
  assert.equal(kindsIn(text('hardirq')), [])
  assert.equal(kindsIn(text('softirq')), [])
})

handlers('7: entering is a step, together with what a body waits for first', () => {
  // t: 2 places; h not come, come, done: it comes when it likes.
  assert.is(countOf('int 0..1 x; thread t { x = 1; } thread h in hardirq on t { skip; }'), 4)
  const waits =
    'bool go; int 0..1 x; thread t { go = true; } thread h in hardirq on t { await (go); x = 1; }'
  assert.is(countOf(waits), 4)
  assert.equal(kindsIn(waits), [])
  const block = waits.replace('await (go);', 'atomic { await (go); go = false; }')
  assert.equal(kindsIn(block), [])
  // An await that is not the first is waited for inside, and the process with it.
  const late =
    'bool go; int 0..1 x; thread t { go = true; } thread h in hardirq on t { x = 1; await (go); }'
  assert.equal(kindsIn(late), ['deadlock'])
})

handlers('7: handlers may not sleep', () => {
  for (const context of ['hardirq', 'softirq']) {
    const text = `mutex m; int 0..1 x; thread t { x = 1; }
      daemon h in ${context} on t { mutex_lock(&m); mutex_unlock(&m); }`
    const { violations } = explored(text)
    assert.equal([...violations.keys()], ['sleep-in-atomic'])
    assert.match(violations.get('sleep-in-atomic')?.message ?? '', `${context} context`)
  }
})

handlers('7: a handler of a daemon comes between its runs as well', () => {
  const text = `int 0..1 x; bool done; thread t { await (x == 1); }
    daemon d { await (done); done = false; }
    thread h in hardirq on d { x = 1; }`
  assert.equal(kindsIn(text), [])
})

handlers('6: a reading handler does not wait for writers that only wait', () => {
  const text = (inner: string, handler: string): string => `rwlock_t l;
    thread t { read_lock(&l); ${inner} read_unlock(&l); }
    thread w { write_lock_irq(&l); write_unlock_irq(&l); }
    thread h in hardirq on t { ${handler} }`
  const again = 'read_lock(&l); read_unlock(&l);'
  assert.equal(kindsIn(text('', again)), [])
  assert.equal(kindsIn(text(again, 'skip;')), ['deadlock'])
})

handlers('8: rest is when handlers have ended', () => {
  const text = `int 0..1 x; thread t { skip; } daemon h in hardirq on t { x = 1; x = 0; }`
  assert.equal(finals(text, 'x'), [0])
})

handlers.run()
