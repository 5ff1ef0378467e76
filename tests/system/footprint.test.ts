import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Outcome } from '../../spec/interpreter/outcome.js'
import { type State, stateKey } from '../../spec/interpreter/state.js'
import { type Footprint, footprint } from '../../spec/system/footprint.js'
import type { TransitionSystem } from '../../spec/system/system.js'
import { type Reached, reach, systemOf } from '../helpers/pipeline.js'
import { Recorder } from '../helpers/pipeline-record.js'

/** What `footprint` says of a transition holds of every transition that is really taken. */
const prints = suite('footprints')

const models: Readonly<Record<string, string>> = {
  'plain accesses': `
    struct pair { int 0..3 f; int 0..3 g[2]; }
    int 0..4 x; int 0..4 a[2]; pair p; pair q; pair r[2];
    thread t { x = a[0] + 1; a[1]++; p.g[1] = x; q = p; }
    thread u { r[1] = q; atomic { x = 0; p.f = r[0].f; } assert(x < 3 || q.g[0] == 0); }
    thread v { await (x == 0); for (i in 0..1) a[i] = 0; either { p.f = 1; } or { q.f = 1; } }`,
  locks: `
    struct box { mutex lock; int 0..3 v; }
    rwsem s; mutex m; spinlock_t l; box b[2];
    thread r { down_read(&s); mutex_lock(&b[1].lock); b[1].v = 1; mutex_unlock(&b[1].lock); up_read(&s); }
    thread w { down_write(&s); downgrade_write(&s); up_read(&s); lockdep_assert_not_held(&m); }
    thread q { if (mutex_trylock(&m)) { spin_lock(&l); spin_unlock(&l); mutex_unlock(&m); } mutex_lock(&b[0].lock); mutex_unlock(&b[0].lock); }`,
  'bits and counters': `
    bits { L, M } w[2]; atomic_t 0..3 c; refcount_t 0..3 n = 2; int 0..3 x;
    thread t[i in 0..1] { wait_on_bit_lock(&w[0], L); atomic_inc(&c); if (refcount_dec_and_test(&n)) x = 1; clear_and_wake_up_bit(L, &w[0]); }
    thread u { __set_bit(M, &w[1]); clear_bit(M, &w[1]); wake_up_bit(&w[0], L); int v = xchg(&x, 2); }`,
  objects: `
    struct node { int 0..3 v; node *next; mutex lock; } pool node nodes[2]; pool node other[1];
    node *head; node *spare[1];
    init { spare[0] = alloc(other); }
    thread t { node *n = alloc(nodes); if (n) { n->v = 2; n->next = head; head = n; } }
    thread u { node *n = head; if (n) { head = null; node *m = n->next; spare[0] = n; free(n); } }
    thread v { for (o in nodes) touch(o); node *s = spare[0]; if (s != &nodes[0]) s->v = 1; destroy(nodes); }`,
  'typesafe objects and tasks': `
    struct page { refcount_t 0..2 count; int 0..1 owner = 1; } pool page pages[2] typesafe;
    struct task { bool woken; } task *waiter; page *p; int 0..2 x;
    thread other { x = 1; x = 2; }
    init { p = alloc(&pages[0]); refcount_set(&p->count, 1); }
    thread get { if (refcount_inc_not_zero(&(&pages[0])->count)) { waiter = current; await (current->woken); } }
    thread put { if (refcount_dec_and_test(&p->count)) free(p); task *w = waiter; if (w) w->woken = true; }`,
}

/** The transition a process is about to take. */
function printOf(system: TransitionSystem, state: State, process: number): Footprint {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const at = state.processes[process]?.at
  if (!code || at === undefined) throw new Error(`no process ${process}`)
  return footprint(system, code, at)
}

const locksOf = (system: TransitionSystem): ReadonlySet<string> => {
  const found = new Set<string>()
  const look = (
    name: string,
    type: TransitionSystem['shared'][number]['type'],
    top: boolean,
  ): void => {
    if (type.kind === 'lock') found.add(name)
    if (type.kind === 'array') look(name, type.of, top)
    if (type.kind === 'struct' && top) {
      for (const field of type.fields) look(`${name}.${field.name}`, field.type, false)
    }
  }
  for (const { name, type } of system.shared) look(name, type, true)
  for (const { name, type } of system.pools) look(name, type, true)
  return found
}

for (const [name, text] of Object.entries(models)) {
  prints(`${name}: what is read and written lies inside`, () => {
    const system = systemOf(text)
    const recorder = new Recorder(system)
    const locks = locksOf(system)
    let transitions = 0
    reach(system, (outcome, before, process) => {
      if (before === null) return
      transitions += 1
      const { reads, writes } = printOf(system, before, process)
      const real = recorder.touched(before, process, outcome.choices)
      // A free makes stale whatever points to the pool: it looks at, and writes, every pointer there is.
      const frees = [...writes].some((each) => each.startsWith('*'))
      for (const each of real.writes) {
        const whole = each.endsWith('.#value') && writes.has(each.replace('#value', '#alive'))
        const stale = frees && (each === '#locals' || pointers(system).has(each))
        assert.ok(writes.has(each) || whole || stale, `writes ${each}: ${[...writes]}`)
      }
      for (const each of real.reads) {
        // Which locks one holds oneself (sleep-in-atomic, held-at-exit) nobody else can change.
        if (locks.has(each) || each.endsWith('.#value') || frees) continue
        const parked = each === '#locals' && reads.has('#parked')
        assert.ok(reads.has(each) || parked, `reads ${each}: ${[...reads]}`)
      }
    })
    assert.ok(transitions > 30, String(transitions))
  })

  prints(`${name}: transitions that do not meet commute`, () => {
    const found = reach(systemOf(text))
    assert.ok(countCommuting(found) > 5)
  })
}

/** The places of pointers, as footprints name them. */
function pointers(system: TransitionSystem): ReadonlySet<string> {
  const found = new Set<string>()
  const look = (
    name: string,
    type: TransitionSystem['shared'][number]['type'],
    top: boolean,
  ): void => {
    if (type.kind === 'pointer') found.add(name)
    if (type.kind === 'array') look(name, type.of, top)
    if (type.kind === 'struct') {
      for (const field of type.fields) look(top ? `${name}.${field.name}` : name, field.type, false)
    }
  }
  for (const { name, type } of [...system.shared, ...system.pools]) look(name, type, true)
  return found
}

function meet(one: Footprint, other: Footprint): boolean {
  if ([...one.writes, ...other.writes].some((each) => each.startsWith('*'))) return true
  const overlap = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean =>
    [...a].some((each) => b.has(each))
  return (
    overlap(one.writes, other.writes) ||
    overlap(one.writes, other.reads) ||
    overlap(one.reads, other.writes)
  )
}

/** Fires every pair of transitions that do not meet in both orders: what comes out must be the same. */
function countCommuting({ system, states, interpreter }: Reached): number {
  let pairs = 0
  for (const state of states) {
    for (const first of system.processes.keys()) {
      for (let second = first + 1; second < system.processes.length; second++) {
        if (interpreter.finished(state, first) || interpreter.finished(state, second)) continue
        if (meet(printOf(system, state, first), printOf(system, state, second))) continue
        for (const one of interpreter.fire(state, first)) {
          for (const other of interpreter.fire(state, second)) {
            if (one.kind !== 'next' || other.kind !== 'next') continue
            pairs += 1
            const there = interpreter.replay(one.state, second, other.choices)
            const back = interpreter.replay(other.state, first, one.choices)
            assert.is(keyOf(there), keyOf(back))
            assert.is(there?.kind, 'next')
          }
        }
      }
    }
  }
  return pairs
}

const keyOf = (outcome: Outcome | null): string =>
  outcome?.kind === 'next' ? stateKey(outcome.state) : (outcome?.kind ?? 'blocked')

prints('names of pools, members and variables; indexes are left out', () => {
  const system = systemOf(`struct node { int 0..3 v; } pool node nodes[2]; node *g; int 0..3 a[2];
    struct box { int 0..3 f; } box b[2];
    thread t { a[1] = 2; b[0].f = a[0]; g->v = 1; free(g); }`)
  const [code] = system.codes
  const starts = code?.instructions.flatMap((i, at) =>
    ['store', 'load', 'free'].includes(i.kind) ? [at] : [],
  )
  const found = (starts ?? []).map((at) => {
    const { reads, writes } = code ? footprint(system, code, at) : { reads: [], writes: [] }
    return `${[...reads].sort()} / ${[...writes].sort()}`
  })
  assert.equal(found, [
    ' / a',
    'a / ',
    ' / b.f',
    'g / ',
    'nodes.#alive / nodes.v',
    'g / ',
    'nodes.#alive / *nodes,nodes.#alive,nodes.v',
  ])
})

prints.run()
