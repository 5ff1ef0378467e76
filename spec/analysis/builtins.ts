/**
 * The built-in functions: how many arguments each takes, of what sort, and what it gives. What they do is
 * `semantics.md`; how they become steps is `system/lower-builtin.ts`.
 *
 * Sorts of argument:
 *   place     a place itself, read or written (`READ_ONCE(x)`)
 *   scalar*   a pointer to a scalar (`cmpxchg(&x, …)`); counter* to a counter; refcount* to a refcount_t
 *   bits*     a pointer to a bit word; bit: the name of one of its bits (found in that word's type;
 *             may be left out when the word is a bitlock)
 *   lock:K|K  a pointer to a lock of one of these kinds
 *   value     of the pointed-to or place's type (for a counter: int)
 *   int, bool a number, a condition (ints and pointers are conditions too, as in C)
 *   pointer   a pointer to an object of a pool
 *   pool      a pool's name; slot: a pool's name or `&pool[i]`
 *   callback  the name of an op that takes one pointer, to the object a head is in
 *   local*    a pointer to a local of the same type as the first argument's target
 * A trailing `?` marks an argument that may be left out.
 *
 * Results: void, bool, int, same (as the first argument's target), object (pointer to the pool's struct).
 */
export interface Builtin {
  readonly arguments: readonly string[]
  readonly result: 'void' | 'bool' | 'int' | 'same' | 'object'
}

const builtin = (result: Builtin['result'], ...parameters: string[]): Builtin => ({
  arguments: parameters,
  result,
})

const mutex = 'lock:mutex'
const spin = 'lock:spinlock_t'
const rw = 'lock:rwlock_t'
const rwsem = 'lock:rwsem'
const anyLock = 'lock:spinlock_t|rwlock_t|mutex|rwsem'

export const builtins = {
  // marked accesses
  READ_ONCE: builtin('same', 'place'),
  WRITE_ONCE: builtin('void', 'place', 'value'),
  rcu_dereference: builtin('same', 'place'),
  rcu_assign_pointer: builtin('void', 'place', 'value'),
  smp_load_acquire: builtin('same', 'scalar*'),
  smp_store_release: builtin('void', 'scalar*', 'value'),
  // memory ordering: nothing to do under sequential consistency, kept so that code transcribes
  smp_mb: builtin('void'),
  smp_rmb: builtin('void'),
  smp_wmb: builtin('void'),
  // read-modify-write on any scalar
  xchg: builtin('same', 'scalar*', 'value'),
  cmpxchg: builtin('same', 'scalar*', 'value', 'value'),
  try_cmpxchg: builtin('bool', 'scalar*', 'local*', 'value'),
  // refcount_t
  refcount_set: builtin('void', 'refcount*', 'int'),
  refcount_read: builtin('int', 'refcount*'),
  refcount_inc: builtin('void', 'refcount*'),
  refcount_add: builtin('void', 'int', 'refcount*'),
  refcount_inc_not_zero: builtin('bool', 'refcount*'),
  refcount_add_not_zero: builtin('bool', 'int', 'refcount*'),
  refcount_dec: builtin('void', 'refcount*'),
  refcount_dec_and_test: builtin('bool', 'refcount*'),
  refcount_sub_and_test: builtin('bool', 'int', 'refcount*'),
  refcount_dec_not_one: builtin('bool', 'refcount*'),
  refcount_dec_if_one: builtin('bool', 'refcount*'),
  // atomic_t (the reading ones also take a refcount_t)
  atomic_read: builtin('int', 'counter*'),
  atomic_set: builtin('void', 'counter*', 'int'),
  atomic_inc: builtin('void', 'counter*'),
  atomic_dec: builtin('void', 'counter*'),
  atomic_add: builtin('void', 'int', 'counter*'),
  atomic_sub: builtin('void', 'int', 'counter*'),
  atomic_inc_return: builtin('int', 'counter*'),
  atomic_dec_return: builtin('int', 'counter*'),
  atomic_add_return: builtin('int', 'int', 'counter*'),
  atomic_sub_return: builtin('int', 'int', 'counter*'),
  atomic_fetch_add: builtin('int', 'int', 'counter*'),
  atomic_fetch_sub: builtin('int', 'int', 'counter*'),
  atomic_fetch_inc: builtin('int', 'counter*'),
  atomic_fetch_dec: builtin('int', 'counter*'),
  atomic_inc_and_test: builtin('bool', 'counter*'),
  atomic_dec_and_test: builtin('bool', 'counter*'),
  atomic_sub_and_test: builtin('bool', 'int', 'counter*'),
  atomic_add_negative: builtin('bool', 'int', 'counter*'),
  atomic_inc_not_zero: builtin('bool', 'counter*'),
  atomic_add_unless: builtin('bool', 'counter*', 'int', 'int'),
  atomic_xchg: builtin('int', 'counter*', 'int'),
  atomic_cmpxchg: builtin('int', 'counter*', 'int', 'int'),
  // bits
  test_bit: builtin('bool', 'bit', 'bits*'),
  set_bit: builtin('void', 'bit', 'bits*'),
  clear_bit: builtin('void', 'bit', 'bits*'),
  change_bit: builtin('void', 'bit', 'bits*'),
  __set_bit: builtin('void', 'bit', 'bits*'),
  __clear_bit: builtin('void', 'bit', 'bits*'),
  test_and_set_bit: builtin('bool', 'bit', 'bits*'),
  test_and_clear_bit: builtin('bool', 'bit', 'bits*'),
  wait_on_bit: builtin('void', 'bits*', 'bit'),
  wait_on_bit_lock: builtin('void', 'bits*', 'bit'),
  clear_and_wake_up_bit: builtin('void', 'bit', 'bits*'),
  wake_up_bit: builtin('void', 'bits*', 'bit'),
  // locks
  spin_lock: builtin('void', spin),
  spin_trylock: builtin('bool', spin),
  spin_unlock: builtin('void', spin),
  mutex_lock: builtin('void', mutex),
  mutex_trylock: builtin('bool', mutex),
  mutex_unlock: builtin('void', mutex),
  read_lock: builtin('void', rw),
  read_trylock: builtin('bool', rw),
  read_unlock: builtin('void', rw),
  write_lock: builtin('void', rw),
  write_trylock: builtin('bool', rw),
  write_unlock: builtin('void', rw),
  down_read: builtin('void', rwsem),
  down_read_trylock: builtin('bool', rwsem),
  up_read: builtin('void', rwsem),
  down_write: builtin('void', rwsem),
  down_write_trylock: builtin('bool', rwsem),
  up_write: builtin('void', rwsem),
  downgrade_write: builtin('void', rwsem),
  lockdep_assert_held: builtin('void', anyLock),
  lockdep_assert_held_read: builtin('void', anyLock),
  lockdep_assert_held_write: builtin('void', anyLock),
  lockdep_assert_not_held: builtin('void', anyLock),
  // spinning locks that keep handlers out as well: two steps each
  spin_lock_irq: builtin('void', spin),
  spin_unlock_irq: builtin('void', spin),
  spin_lock_irqsave: builtin('void', spin),
  spin_unlock_irqrestore: builtin('void', spin),
  spin_lock_bh: builtin('void', spin),
  spin_unlock_bh: builtin('void', spin),
  read_lock_irq: builtin('void', rw),
  read_unlock_irq: builtin('void', rw),
  read_lock_irqsave: builtin('void', rw),
  read_unlock_irqrestore: builtin('void', rw),
  read_lock_bh: builtin('void', rw),
  read_unlock_bh: builtin('void', rw),
  write_lock_irq: builtin('void', rw),
  write_unlock_irq: builtin('void', rw),
  write_lock_irqsave: builtin('void', rw),
  write_unlock_irqrestore: builtin('void', rw),
  write_lock_bh: builtin('void', rw),
  write_unlock_bh: builtin('void', rw),
  // contexts
  preempt_disable: builtin('void'),
  preempt_enable: builtin('void'),
  local_irq_disable: builtin('void'),
  local_irq_enable: builtin('void'),
  local_irq_save: builtin('void'),
  local_irq_restore: builtin('void'),
  local_bh_disable: builtin('void'),
  local_bh_enable: builtin('void'),
  might_sleep: builtin('void'),
  preemptible: builtin('bool'),
  // RCU and SRCU
  rcu_read_lock: builtin('void'),
  rcu_read_unlock: builtin('void'),
  synchronize_rcu: builtin('void'),
  call_rcu: builtin('void', 'lock:rcu_head', 'callback'),
  rcu_barrier: builtin('void'),
  srcu_read_lock: builtin('int', 'lock:srcu'),
  srcu_read_unlock: builtin('void', 'lock:srcu', 'int?'),
  synchronize_srcu: builtin('void', 'lock:srcu'),
  srcu_dereference: builtin('same', 'place'),
  // lock order of what is no lock: work items
  lock_map_acquire: builtin('void', 'lock:lockdep_map'),
  lock_map_release: builtin('void', 'lock:lockdep_map'),
  // objects
  alloc: builtin('object', 'slot', 'int?'),
  free: builtin('void', 'pointer'),
  destroy: builtin('void', 'pool'),
  touch: builtin('void', 'pointer'),
  // the kernel's own assertions
  BUG_ON: builtin('void', 'bool'),
  VM_BUG_ON: builtin('void', 'bool'),
  WARN_ON: builtin('bool', 'bool'),
  WARN_ON_ONCE: builtin('bool', 'bool'),
} as const satisfies Record<string, Builtin>

export type BuiltinName = keyof typeof builtins

/** GFP flags and errno values every model knows, as numbers. The flag values are ours; only the bits matter. */
export const predefined: Readonly<Record<string, number>> = {
  GFP_KERNEL: 0x3,
  GFP_NOFS: 0x1,
  GFP_NOIO: 0x1,
  GFP_ATOMIC: 0x4,
  GFP_NOWAIT: 0x0,
  __GFP_DIRECT_RECLAIM: 0x1,
  __GFP_FS: 0x2,
  __GFP_HIGH: 0x4,
  __GFP_NOFAIL: 0x8,
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  EINVAL: 22,
  ENOSPC: 28,
  EHWPOISON: 133,
}
