import { referenceEngine } from '../../checker/engine/reference.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions, type SearchOptions } from '../../checker/search/options.js'
import type { SearchResult } from '../../checker/search/verdict.js'
import type { Choices } from '../../spec/index.js'
import { systemOf } from './pipeline.js'

/** Searches of small texts for lock orders, and the texts that several tests look at. */

export type Search = Partial<SearchOptions>

export function run(text: string, choices: Choices = {}, options: Search = {}): SearchResult {
  const engine = referenceEngine(systemOf(text, choices))
  return explore(engine, { ...defaultSearchOptions, ...options })
}

export const kinds = (
  text: string,
  choices: Choices = {},
  options: Search = {},
): readonly string[] =>
  [
    ...new Set(run(text, choices, { all: true, ...options }).violations.map(({ kind }) => kind)),
  ].sort()

export const inversions = (text: string, choices: Choices = {}, options: Search = {}) =>
  run(text, choices, { all: true, ...options }).violations.filter(
    ({ kind }) => kind === 'lock-inversion',
  )

export const messages = (
  text: string,
  choices: Choices = {},
  options: Search = {},
): readonly string[] => inversions(text, choices, options).map(({ trap }) => trap.message)

export const design = (values: Readonly<Record<string, string>>): Choices => ({ design: values })

export const both = ['deadlock', 'lock-inversion']
export const impossible = 'order violation only: no deadlock is reachable in this model'
export const reachable = 'the deadlock itself is reachable in this model'

/** Two locks in two orders, with gates and a trylock. */
export const abba = `
  design { gate : { none, writes, reads, own } = none; inner : { locks, tries } = locks; }
  rwsem g; rwsem h; mutex a; mutex b;
  thread t1 {
    if (gate == writes) down_write(&g);
    if (gate == reads || gate == own) down_read(&g);
    mutex_lock(&a);
    mutex_lock(&b);
    mutex_unlock(&b);
    mutex_unlock(&a);
    if (gate == writes) up_write(&g);
    if (gate == reads || gate == own) up_read(&g);
  }
  thread t2 {
    if (gate == writes || gate == reads) down_read(&g);
    if (gate == own) down_write(&h);
    mutex_lock(&b);
    if (inner == locks) {
      mutex_lock(&a);
      mutex_unlock(&a);
    } else if (mutex_trylock(&a)) {
      mutex_unlock(&a);
    }
    mutex_unlock(&b);
    if (gate == writes || gate == reads) up_read(&g);
    if (gate == own) up_write(&h);
  }`

/** The fault-in of populate under invalidate_lock, beside a host fault and a writer of mmap_lock. */
export const populate = `
  design { fault_in : { under_inv, hoisted } = under_inv; munmap : bool = false; }
  rwsem mmap_lock; rwsem invalidate_lock;
  op get_user_pages() { down_read(&mmap_lock); up_read(&mmap_lock); }
  thread populate {
    if (fault_in == hoisted) get_user_pages();
    down_write(&invalidate_lock);
    if (fault_in == under_inv) get_user_pages();
    up_write(&invalidate_lock);
  }
  thread host_fault {
    down_read(&mmap_lock);
    down_read(&invalidate_lock);
    up_read(&invalidate_lock);
    up_read(&mmap_lock);
  }
  thread other { if (munmap) { down_write(&mmap_lock); up_write(&mmap_lock); } }`

/** A lock of a process that a handler takes; the test says in which context. */
export const holder = `
  design { lock : { plain, bh, irqsave } = plain; }
  spinlock_t l;
  thread writer {
    if (lock == plain) spin_lock(&l);
    if (lock == bh) spin_lock_bh(&l);
    if (lock == irqsave) spin_lock_irqsave(&l);
    if (lock == plain) spin_unlock(&l);
    if (lock == bh) spin_unlock_bh(&l);
    if (lock == irqsave) spin_unlock_irqrestore(&l);
  }
  daemon handler in CONTEXT on writer { spin_lock(&l); spin_unlock(&l); }`
