/**
 * The violation kinds that belong to the semantics, with the words the kernel itself would print.
 * Kinds of the folio family (`mapped-at-free`, …) are declared by models in the language.
 */
export const kinds = {
  'use-after-free': 'use-after-free',
  'double-free': 'double-free or invalid-free',
  leak: 'unreferenced object',
  'null-dereference': 'kernel NULL pointer dereference',
  'destroy-nonempty': 'objects remaining in the cache on __kmem_cache_shutdown',
  'uninitialised-read': 'uninit-value',
  'refcount-underflow': 'refcount_t: underflow; use-after-free',
  'refcount-inc-from-zero': 'refcount_t: addition on 0; use-after-free',
  'count-overflow': 'value out of its declared range',
  deadlock: 'task blocked for more than 120 seconds',
  'self-deadlock': 'possible recursive locking detected',
  'lock-inversion': 'possible circular locking dependency detected',
  'unlock-not-held': 'bad unlock balance detected',
  'unlock-not-owner': 'bad unlock: the lock is held by another task',
  'held-at-exit': 'lock held when returning to user space',
  'freed-while-held': 'held lock freed',
  'lock-not-held': 'lockdep_assert_held',
  'sleep-in-atomic': 'sleeping function called from invalid context',
  'rcu-wait-in-reader': 'Illegal synchronize_rcu() in RCU read-side critical section',
  'rcu-unbalanced': 'RCU read-side critical section left open',
  'callback-pending': 'ODEBUG: activate active (active state 1) object type: rcu_head',
  livelock: 'soft lockup: no way on to rest',
  'lost-wakeup': 'task sleeps and nobody is left to wake it',
  'data-race': 'data-race',
  assert: 'assertion failed',
  invariant: 'invariant violated',
  'bug-on': 'kernel BUG',
  'warn-on': 'WARNING',
  unbalanced: 'unbalanced',
} as const

export type SemanticKind = keyof typeof kinds

/** Kinds after which the kernel goes on, so that `check not K` has a meaning: the report is left out. */
export const optionalKinds: ReadonlySet<string> = new Set([
  'warn-on',
  'leak',
  'lock-not-held',
  'sleep-in-atomic',
  'held-at-exit',
  'lock-inversion',
  'data-race',
])
