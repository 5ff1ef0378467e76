import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Rule 6: locks. What each function is called, by kind of lock and what it does. */
const locks = suite('locks')

interface Functions {
  readonly type: string
  readonly lock: string
  readonly trylock: string
  readonly unlock: string
}

const exclusive: readonly Functions[] = [
  { type: 'spinlock_t', lock: 'spin_lock', trylock: 'spin_trylock', unlock: 'spin_unlock' },
  { type: 'mutex', lock: 'mutex_lock', trylock: 'mutex_trylock', unlock: 'mutex_unlock' },
  { type: 'rwlock_t', lock: 'write_lock', trylock: 'write_trylock', unlock: 'write_unlock' },
  { type: 'rwsem', lock: 'down_write', trylock: 'down_write_trylock', unlock: 'up_write' },
]

const shared: readonly (Functions & { readonly other: Functions })[] = [
  {
    type: 'rwlock_t',
    lock: 'read_lock',
    trylock: 'read_trylock',
    unlock: 'read_unlock',
    other: exclusive[2] as Functions,
  },
  {
    type: 'rwsem',
    lock: 'down_read',
    trylock: 'down_read_trylock',
    unlock: 'up_read',
    other: exclusive[3] as Functions,
  },
]

const inside = 'inside = inside + 1; assert(inside == 1); inside = inside - 1;'

for (const { type, lock, trylock, unlock } of exclusive) {
  locks(`6: ${lock} lets one in at a time`, () => {
    const text = (body: string): string => `${type} l; int 0..3 inside;
      thread t[i in 0..2] { ${body} }`
    assert.equal(kindsIn(text(`${lock}(&l); ${inside} ${unlock}(&l);`)), [])
    assert.equal(kindsIn(text(`if (${trylock}(&l)) { ${inside} ${unlock}(&l); }`)), [])
  })

  locks(`6: ${lock} twice is self-deadlock, contended or not`, () => {
    assert.equal(kindsIn(`${type} l; thread t { ${lock}(&l); ${lock}(&l); }`), ['self-deadlock'])
  })

  locks(`6: ${trylock} of a lock one holds fails`, () => {
    const again = `bool got = ${trylock}(&l); assert(!got);`
    const text = `${type} l; thread t { ${lock}(&l); ${again} ${unlock}(&l); }`
    assert.equal(kindsIn(text), [])
  })

  locks(`6: ${unlock} of a lock nobody holds, or another holds`, () => {
    assert.equal(kindsIn(`${type} l; thread t { ${unlock}(&l); }`), ['unlock-not-held'])
    const other = `${type} l; bool held; bool go;
      thread a { ${lock}(&l); held = true; await (go); ${unlock}(&l); }
      thread b { await (held); ${unlock}(&l); }`
    assert.equal(kindsIn(other), ['unlock-not-owner'])
  })

  locks(`6: ending with a lock held, taken by ${lock} or ${trylock}`, () => {
    assert.equal(kindsIn(`${type} l; thread t { ${lock}(&l); }`), ['held-at-exit'])
    assert.equal(kindsIn(`${type} l; thread t { bool b = ${trylock}(&l); }`), ['held-at-exit'])
    // A daemon must not carry one over to its next run.
    assert.equal(kindsIn(`${type} l; daemon d { ${lock}(&l); }`), ['held-at-exit'])
    assert.equal(kindsIn(`${type} l; check not held-at-exit; thread t { ${lock}(&l); }`), [])
  })
}

for (const { type, lock, trylock, unlock, other } of shared) {
  locks(`6: ${lock} shares with readers and keeps writers out`, () => {
    const text = `${type} l; int 0..2 readers; bool writing; bool both;
      thread r[i in 0..1] {
        ${lock}(&l);
        atomic { readers = readers + 1; assert(!writing); both = both || readers == 2; }
        atomic { readers = readers - 1; }
        ${unlock}(&l);
      }
      thread w {
        ${other.lock}(&l);
        atomic { writing = true; assert(readers == 0); }
        writing = false;
        ${other.unlock}(&l);
      }`
    assert.equal(kindsIn(text), [])
    assert.equal(finals(text, 'both'), [0, 1])
  })

  locks(`6: reading what one owns, and writing what one reads, is self-deadlock`, () => {
    assert.equal(kindsIn(`${type} l; thread t { ${other.lock}(&l); ${lock}(&l); }`), [
      'self-deadlock',
    ])
    assert.equal(kindsIn(`${type} l; thread t { ${lock}(&l); ${other.lock}(&l); }`), [
      'self-deadlock',
    ])
  })

  locks(`6: ${lock} twice: fine alone, a deadlock when a writer comes in between`, () => {
    const twice = `${lock}(&l); ${lock}(&l); ${unlock}(&l); ${unlock}(&l);`
    assert.equal(kindsIn(`${type} l; thread t { ${twice} }`), [])
    const writer = `thread w { ${other.lock}(&l); ${other.unlock}(&l); }`
    assert.equal(kindsIn(`${type} l; thread t { ${twice} } ${writer}`), ['deadlock'])
  })

  locks(`6: ${unlock} by who does not read`, () => {
    assert.equal(kindsIn(`${type} l; thread t { ${unlock}(&l); }`), ['unlock-not-held'])
    const text = (body: string, end: string): string => `${type} l; bool held; bool go;
      thread a { ${body} held = true; await (go); ${end} }
      thread b { await (held); ${unlock}(&l); }`
    assert.equal(kindsIn(text(`${lock}(&l);`, `${unlock}(&l);`)), ['unlock-not-owner'])
    assert.equal(kindsIn(text(`${other.lock}(&l);`, `${other.unlock}(&l);`)), ['unlock-not-owner'])
  })

  locks(
    `6: releasing in the other mode: ${unlock} of what one owns, ${other.unlock} of what one reads`,
    () => {
      assert.equal(kindsIn(`${type} l; thread t { ${other.lock}(&l); ${unlock}(&l); }`), [
        'unlock-not-held',
      ])
      // Other readers do not make it theirs.
      const text = `${type} l; bool held; bool go;
      thread a { ${lock}(&l); held = true; await (go); ${unlock}(&l); }
      thread b { await (held); ${lock}(&l); ${other.unlock}(&l); }`
      assert.equal(kindsIn(text), ['unlock-not-held'])
    },
  )

  locks(`6: a reader counts as often as it has entered`, () => {
    const text = `${type} l; thread t { ${lock}(&l); ${lock}(&l); ${unlock}(&l); }`
    assert.equal(kindsIn(text), ['held-at-exit'])
  })

  locks(
    `6: a writer that waits is seen: ${trylock} fails, a reader of a free lock does not care`,
    () => {
      // The first reader holds the lock, the writer queues, then a read trylock fails though readers are in.
      const text = `${type} l; bool failed;
      thread a { ${lock}(&l); failed = !${trylock}(&l); if (!failed) ${unlock}(&l); ${unlock}(&l); }
      thread w { ${other.lock}(&l); ${other.unlock}(&l); }`
      assert.equal(finals(text, 'failed'), [0, 1])
      assert.equal(kindsIn(text), [])
      // Alone it never fails.
      const alone = text.slice(0, text.indexOf('thread w'))
      assert.equal(finals(alone, 'failed'), [0])
    },
  )

  locks(`6: ${other.trylock} fails while anybody holds the lock or waits for it`, () => {
    const text = (holder: string, release: string): string => `${type} l; bool held; bool done;
      thread a { ${holder}(&l); held = true; await (done); ${release}(&l); }
      thread b { await (held); bool got = ${other.trylock}(&l); assert(!got); done = true; }`
    assert.equal(kindsIn(text(lock, unlock)), [])
    assert.equal(kindsIn(text(other.lock, other.unlock)), [])
  })
}

locks(
  '6: a writer takes a free lock in one step, and queues in one more when it is not free',
  () => {
    // Alone: before, holding, done.
    assert.is(countOf('rwsem s; thread w { down_write(&s); up_write(&s); }'), 3)
    // r: 0 before, 1 reading, 2 done; w: 0 before, q queued, 1 holding, 2 done.
    // (0,0) (1,0) (2,0) (0,1) (0,2) (1,2) (2,2) (2,1); queued behind the reader (1,q), then (2,q), and with the reader
    // still before, (0,q) cannot be: it queues only when the lock is taken. The reader waits without a state of its own.
    const text = `rwsem s;
    thread r { down_read(&s); up_read(&s); }
    thread w { down_write(&s); up_write(&s); }`
    assert.is(countOf(text), 10)
  },
)

locks('6: a mutex waiter has no state of its own', () => {
  // Each thread is before, holding or done, and never both holding: 9 - 1.
  assert.is(countOf('mutex m; thread t[i in 0..1] { mutex_lock(&m); mutex_unlock(&m); }'), 8)
})

locks('6: a queued writer keeps new readers out only while others read', () => {
  // The reader has left, the writer has queued: a new reader may still overtake it.
  const text = `rwsem s; bool overtaken; bool queued;
    thread first { down_read(&s); up_read(&s); }
    thread w { down_write(&s); up_write(&s); }
    thread second { down_read(&s); up_read(&s); }`
  const { states, interpreter } = explored(text)
  const lockOf = (at: number): { owner: number; readers: number[]; waiting: number[] } =>
    states[at]?.shared.s as never
  const waiting = states.flatMap((_, at) => (lockOf(at).waiting.length > 0 ? [at] : []))
  const entersAt = (at: number): boolean => {
    const state = states[at]
    return state !== undefined && interpreter.fire(state, 2).length > 0
  }
  const before = waiting.filter((at) => states[at]?.processes[2]?.at === 0)
  assert.ok(before.some((at) => lockOf(at).readers.length === 0))
  for (const at of before) assert.is(entersAt(at), lockOf(at).readers.length === 0)
})

locks('6: which waiting writer takes the lock is open', () => {
  const text = `rwsem s; int 0..2 last;
    init { last = 0; }
    thread w[i in 1..2] { down_write(&s); last = i; up_write(&s); }
    thread r { down_read(&s); up_read(&s); }`
  assert.equal(finals(text, 'last'), [1, 2])
})

locks('6: downgrade_write is one step, and lets readers in but no writer', () => {
  const text = `rwsem s; bool x; int 0..2 readers; bool together;
    thread a {
      down_write(&s);
      x = true;
      downgrade_write(&s);
      assert(x);
      atomic { readers = readers + 1; }
      up_read(&s);
    }
    thread r { down_read(&s); up_read(&s); }
    thread w { down_write(&s); x = false; up_write(&s); }`
  // Between the store and the assert no writer comes in.
  assert.equal(kindsIn(text), [])
  assert.is(countOf('rwsem s; thread t { down_write(&s); downgrade_write(&s); up_read(&s); }'), 4)
})

locks('6: downgrade_write of what one does not own', () => {
  assert.equal(kindsIn('rwsem s; thread t { downgrade_write(&s); }'), ['unlock-not-held'])
  const reader = 'rwsem s; thread t { down_read(&s); downgrade_write(&s); up_read(&s); }'
  assert.equal(kindsIn(reader), ['unlock-not-held'])
})

locks('6: an exclusive lock in the wrong order is a deadlock, found as a cycle of owners', () => {
  const text = `mutex a; mutex b;
    thread t { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
    thread u { mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }`
  const { violations } = explored(text)
  assert.equal([...violations.keys()], ['deadlock'])
  // Each takes one.
  assert.is(violations.get('deadlock')?.depth, 2)
  // It is reported though a daemon goes on for ever beside it.
  const beside = explored(`${text} bool x; daemon d { x = !x; }`)
  assert.is(beside.violations.get('deadlock')?.depth, 2)
})

locks('6: a cycle over reading holders and a waiting writer', () => {
  // r reads a and wants m; o owns m and wants to write a.
  const text = `rwsem a; mutex m;
    thread r { down_read(&a); mutex_lock(&m); mutex_unlock(&m); up_read(&a); }
    thread o { mutex_lock(&m); down_write(&a); up_write(&a); mutex_unlock(&m); }`
  assert.equal(kindsIn(text), ['deadlock'])
})

locks('6: a trylock breaks the cycle', () => {
  const text = `mutex a; mutex b;
    thread t { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
    thread u {
      mutex_lock(&b);
      if (mutex_trylock(&a)) mutex_unlock(&a);
      mutex_unlock(&b);
    }`
  assert.equal(kindsIn(text), [])
})

locks('6: sleeping with a spinlock held, contended or not', () => {
  const sleepers = [
    'mutex_lock(&m); mutex_unlock(&m);',
    'down_read(&s); up_read(&s);',
    'down_write(&s); up_write(&s);',
    'wait_on_bit(&w, L);',
    'wait_on_bit_lock(&w, L);',
    'node *n = alloc(nodes, GFP_KERNEL);',
    'node *n = alloc(nodes);',
    'node *n = alloc(nodes, GFP_NOFS);',
  ]
  const declarations = `mutex m; rwsem s; bits { L } w; spinlock_t l; rwlock_t rw;
    struct node { int 0..1 v; } pool node nodes[1]; check not leak;`
  for (const sleeper of sleepers) {
    for (const [take, release] of [
      ['spin_lock(&l)', 'spin_unlock(&l)'],
      ['read_lock(&rw)', 'read_unlock(&rw)'],
      ['write_lock(&rw)', 'write_unlock(&rw)'],
    ]) {
      const text = `${declarations} thread t { ${take}; ${sleeper} ${release}; }`
      assert.equal(kindsIn(text), ['sleep-in-atomic'], text)
      assert.equal(kindsIn(`${text} check not sleep-in-atomic;`), [], text)
    }
  }
})

locks('6: with a spinlock held, what does not sleep is fine', () => {
  const fine = [
    'bool b = mutex_trylock(&m); if (b) mutex_unlock(&m);',
    'mutex_unlock(&n);',
    'spin_lock(&k); spin_unlock(&k);',
    'node *o = alloc(nodes, GFP_ATOMIC);',
    'node *o = alloc(nodes, GFP_NOWAIT);',
  ]
  for (const statement of fine) {
    const text = `mutex m; mutex n; spinlock_t l; spinlock_t k;
      struct node { int 0..1 v; } pool node nodes[1]; check not leak;
      thread t {
        mutex_lock(&n);
        spin_lock(&l);
        ${statement}
        spin_unlock(&l);
        ${statement.includes('&n') ? '' : 'mutex_unlock(&n);'}
      }`
    assert.equal(kindsIn(text), [], statement)
  }
})

locks('6: sleeping on a lock that another holds for ever is still reported at the attempt', () => {
  const text = `mutex m; spinlock_t l; bool held; bool go;
    thread a { mutex_lock(&m); held = true; await (go); mutex_unlock(&m); }
    thread b { await (held); spin_lock(&l); mutex_lock(&m); }`
  assert.equal(kindsIn(text), ['sleep-in-atomic'])
})

const heldAsserts: readonly (readonly [held: string, free: string, allowed: readonly string[]])[] =
  [
    ['down_read(&l)', 'up_read(&l)', ['lockdep_assert_held', 'lockdep_assert_held_read']],
    ['down_write(&l)', 'up_write(&l)', ['lockdep_assert_held', 'lockdep_assert_held_write']],
    ['skip', 'skip', ['lockdep_assert_not_held']],
  ]

for (const [hold, release, allowed] of heldAsserts) {
  locks(`6: the lockdep assertions after ${hold}`, () => {
    const names = [
      'lockdep_assert_held',
      'lockdep_assert_held_read',
      'lockdep_assert_held_write',
      'lockdep_assert_not_held',
    ]
    for (const name of names) {
      const text = `rwsem l; thread t { ${hold}; ${name}(&l); ${release}; }`
      assert.equal(kindsIn(text), allowed.includes(name) ? [] : ['lock-not-held'], name)
      assert.equal(kindsIn(`${text} check not lock-not-held;`), [], name)
    }
  })
}

locks(
  '6: a lockdep assertion is about the caller, not about somebody else who holds the lock',
  () => {
    const text = `spinlock_t l; bool held; bool go;
    thread a { spin_lock(&l); held = true; await (go); spin_unlock(&l); }
    thread b { await (held); lockdep_assert_held(&l); }`
    assert.equal(kindsIn(text), ['lock-not-held'])
  },
)

locks('1: every lock operation is one step', () => {
  const text = `mutex m; spinlock_t s; bool b;
    thread t {
      mutex_lock(&m);
      bool got = mutex_trylock(&m);
      lockdep_assert_held(&m);
      mutex_unlock(&m);
      spin_lock(&s);
      spin_unlock(&s);
    }`
  assert.is(countOf(text), 7)
})

locks('4: freeing an object whose lock is held', () => {
  const text = (take: string, type: string): string => `
    struct node { ${type} l; } pool node nodes[1];
    thread t { node *n = alloc(nodes, __GFP_NOFAIL); ${take}(&n->l); free(n); }`
  assert.equal(kindsIn(text('mutex_lock', 'mutex')), ['freed-while-held'])
  assert.equal(kindsIn(text('down_read', 'rwsem')), ['freed-while-held'])
})

locks('4: waiting for a lock in an object that is freed meanwhile', () => {
  const text = `struct node { mutex l; } pool node nodes[1]; node *n;
    init { n = alloc(nodes); }
    thread a { node *p = n; mutex_lock(&p->l); n = null; mutex_unlock(&p->l); free(p); }
    thread b { node *p = n; if (p != null) { mutex_lock(&p->l); mutex_unlock(&p->l); } }`
  assert.equal(kindsIn(text), ['freed-while-held', 'use-after-free'])
})

locks('6: locks in arrays and in structs are locks of their own', () => {
  const text = (second: string): string => `struct box { mutex l[2]; } box b[2];
    thread t { mutex_lock(&b[0].l[1]); mutex_lock(&b[${second}]); mutex_unlock(&b[${second}]);
      mutex_unlock(&b[0].l[1]); }`
  assert.equal(kindsIn(text('0].l[0')), [])
  assert.equal(kindsIn(text('1].l[1')), [])
  assert.equal(kindsIn(text('0].l[1')), ['self-deadlock'])
})

locks.run()
