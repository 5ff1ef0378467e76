import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { referenceEngine } from '../../checker/engine/reference.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { compareEngines } from '../helpers/compare-engines.js'
import { compareExplorers } from '../helpers/compare-explorers.js'
import { systemOf } from '../helpers/pipeline.js'

/**
 * Small models that random ones were shrunk to, where the engines differed or one of them threw; and some that random
 * ones seldom come to.
 */
const found = suite('differences that were found')

const models: Readonly<Record<string, string>> = {
  'the entry of a handler writes in the same step': `int 0..1 x; thread t { skip; }
    thread h in softirq on t { atomic { x = 1; } }`,
  'the entry of a handler waits and writes in the same step': `int 0..1 x; thread t { x = 1; }
    thread h in hardirq on t { atomic { await (x == 1); x = 0; } }`,
  'judging a state executes no condition': `int 0..1 x; thread t { skip; }
    daemon h in softirq on t { await (x == 0); } init { either { x = 1; } or { skip; } }
    invariant (x == 1);`,
  'no step follows synchronize_rcu': 'thread t { synchronize_rcu(); }',
  'no step follows synchronize_srcu': 'srcu d; thread t { synchronize_srcu(&d); }',
  'no step follows rcu_barrier': 'thread t { rcu_barrier(); }',
  'a choice follows synchronize_rcu': `int 0..1 x;
    thread t { synchronize_rcu(); either { x = 1; } or { skip; } }`,
  'a loop follows synchronize_rcu': 'daemon t { for (i in 0..1) synchronize_rcu(); }',
  'a lock behind a null pointer': `struct node { rwsem rs; } pool node nodes[2]; node *n;
    thread t { down_write(&n->rs); up_write(&n->rs); }`,
  'a lock outside of its array': `mutex ma[2]; int 0..3 x = 3;
    thread t { int i = x; mutex_lock(&ma[i]); mutex_unlock(&ma[i]); }`,
  'callbacks of two structs, whose parameters are kept together': `
    struct node { int 0..3 v; rcu_head head; } pool node nodes[1]; node *n;
    struct page { int 0..3 v; rcu_head head; } pool page pages[1]; page *p;
    op node_gone(node *o) { o->v = 1; } op page_gone(page *o) { o->v = 1; }
    init { n = alloc(&nodes[0]); p = alloc(&pages[0]); }
    thread t { call_rcu(&n->head, node_gone); } daemon d { call_rcu(&p->head, page_gone); }`,
  'who waits for readers is none of them, where sleeping is not reported': `
    check not sleep-in-atomic; int 0..1 x;
    thread t { preempt_disable(); synchronize_rcu(); preempt_enable(); }
    thread u { rcu_read_lock(); x = 1; rcu_read_unlock(); }`,
  'readers of a domain leave while it is waited for': `srcu d; int 0..1 x;
    thread r[k in 0..1] { srcu_read_lock(&d); srcu_read_lock(&d); x = k; srcu_read_unlock(&d); srcu_read_unlock(&d); }
    thread u { synchronize_srcu(&d); x = 0; }`,
  'a local that has no value on one of the ways': `int 0..1 x; thread u { x = 1; }
    thread t { int l; if (x == 0) l = 1; x = 1; if (l > 0) x = 0; }`,
  'a callback is queued when everybody has finished': `
    struct obj { rcu_head head; } pool obj objs[1]; op gone(obj *o) { free(o); }
    thread t { obj *o = alloc(&objs[0]); call_rcu(&o->head, gone); }`,
  'one lock is wanted with and without another': `mutex a; mutex b; int 0..1 x;
    thread t { int i = x; if (i == 1) mutex_lock(&a); i = 0; mutex_lock(&b); mutex_unlock(&b);
      if (x == 1) mutex_unlock(&a); }
    init { either { x = 1; } or { skip; } }`,
  'a section is left that nobody entered': `int 0..1 x; thread t { preempt_disable(); preempt_enable();
    if (x == 0) preempt_enable(); }`,
  'sections nest too deep': `thread t { ${'local_bh_disable(); '.repeat(8)} ${'local_bh_enable(); '.repeat(8)} }`,
}

for (const [name, text] of Object.entries(models)) {
  found(name, () => {
    const system = systemOf(text)
    const engine = compiledEngine(system)
    if (engine === null) throw new Error('not compiled')
    assert.ok(compareEngines(referenceEngine(system), engine, 1000).isWhole)
    compareExplorers(system, defaultSearchOptions)
    compareExplorers(system, { ...defaultSearchOptions, all: true, byCause: true })
  })
}

found.run()
