import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Rule 4: objects have lifetimes. */
const objects = suite('objects')

const node = (safety = '', size = 1): string =>
  `struct node { int 0..7 v; int 0..7 k = 5; atomic_t 0..7 c; bits { A } w; }
   pool node nodes[${size}] ${safety};
   node *g;`
const must = '__GFP_NOFAIL'

objects('4: alloc takes any dead object: every choice is explored', () => {
  const text = `${node('', 3)} int 0..3 taken;
    init { g = alloc(&nodes[1]); }
    thread t { node *n = alloc(nodes, ${must}); taken = n - nodes; }
    check not leak;`
  assert.equal(finals(text, 'taken'), [0, 2])
})

objects('9: an alloc may fail, unless it may not', () => {
  const text = (flags: string): string => `${node()} bool failed; check not leak;
    thread t { node *n = alloc(nodes${flags}); failed = n == null; }`
  assert.equal(finals(text(''), 'failed'), [0, 1])
  assert.equal(finals(text(', GFP_KERNEL'), 'failed'), [0, 1])
  assert.equal(finals(text(', GFP_ATOMIC'), 'failed'), [0, 1])
  assert.equal(finals(text(`, GFP_KERNEL | ${must}`), 'failed'), [0])
})

objects('9: never in init', () => {
  const { states } = explored(`${node()} init { g = alloc(nodes); }`)
  assert.equal(
    states.map((state) => state.shared.g),
    [1],
  )
})

objects(
  '3: an empty pool is the bound of the model, and the failing branch is explored besides',
  () => {
    const text = (flags: string): string => `${node()} bool failed; check not leak;
    init { g = alloc(nodes); }
    thread t { node *n = alloc(nodes${flags}); failed = n == null; }`
    assert.equal(kindsIn(text('')), ['incomplete'])
    assert.equal(finals(text(''), 'failed'), [1])
    assert.equal(kindsIn(text(`, ${must}`)), ['incomplete'])
    assert.equal(finals(text(`, ${must}`), 'failed'), [])
    const bound = [...explored(text('')).cuts]
    assert.equal(bound, ['pool nodes[1] is empty'])
  },
)

objects('4: alloc(&pool[i]) takes that object, and refuses one in use', () => {
  const text = `${node('', 2)} thread t { g = alloc(&nodes[1]); }`
  assert.equal(finals(text, 'g'), [2])
  assert.equal(kindsIn(`${node()} thread t { g = alloc(&nodes[0]); g = alloc(&nodes[0]); }`), [
    'bug-on',
  ])
})

objects('4: alloc and free are one step each', () => {
  // Before; allocated; freed. The pointer is in scope in between.
  assert.is(countOf(`${node()} thread t { node *n = alloc(nodes, ${must}); free(n); }`), 3)
})

objects('4: use after free, for reading, writing, and every kind of access', () => {
  const uses = [
    'x = n->v;',
    'n->v = 1;',
    'x = READ_ONCE(n->v);',
    'WRITE_ONCE(n->v, 1);',
    'atomic_inc(&n->c);',
    'set_bit(A, &n->w);',
    'wait_on_bit(&n->w, A);',
    'touch(n);',
    'assert(n->v == 0);',
    'await (n->v == 0);',
    'x = (n + 0)->v;',
  ]
  for (const use of uses) {
    const text = (then: string): string => `${node()} int 0..7 x;
      thread t { node *n = alloc(nodes, ${must}); ${then} }`
    assert.equal(kindsIn(text(`${use} free(n);`)), [], use)
    assert.equal(kindsIn(text(`free(n); ${use}`)), ['use-after-free'], use)
  }
})

objects('4: a pointer stays stale when its memory is in use again', () => {
  const text = (use: string): string => `${node()} int 0..7 x;
    thread t {
      node *old = alloc(nodes, ${must});
      free(old);
      g = alloc(nodes, ${must});
      assert(old == g && g == old && !(old != g));
      ${use}
    }`
  assert.equal(kindsIn(text('x = g->v;')), [])
  assert.equal(kindsIn(text('x = old->v;')), ['use-after-free'])
  assert.equal(kindsIn(text('free(old);')), ['double-free'])
  // Copying it copies what it is; taking it out of the pool by its index makes a good one.
  assert.equal(kindsIn(text('node *n = old; x = n->v;')), ['use-after-free'])
  assert.equal(kindsIn(text('g = old; x = g->v;')), ['use-after-free'])
  assert.equal(kindsIn(text('x = (&nodes[old - nodes])->v;')), [])
})

objects('4: free makes every pointer stale, wherever it is kept', () => {
  const text = (keep: string, use: string): string => `
    struct node { int 0..7 v; } struct box { node *p; int 0..1 v; node *a[2]; }
    pool node nodes[1]; pool box boxes[1];
    node *g; node *list[2]; box *b; box inline; int 0..7 x;
    check not leak;
    init { b = alloc(boxes); }
    op int peek(node *n) { free(&nodes[0]); return n->v; }
    thread t { node *n = alloc(nodes, ${must}); node *array[2]; box local; ${keep}
      ${use.includes('peek') ? '' : 'free(n);'} ${use} }`
  const places: readonly (readonly [keep: string, use: string])[] = [
    ['g = n;', 'x = g->v;'],
    ['list[1] = n;', 'x = list[1]->v;'],
    ['b->p = n;', 'x = b->p->v;'],
    ['b->a[1] = n;', 'x = b->a[1]->v;'],
    ['inline.p = n;', 'x = inline.p->v;'],
    ['array[1] = n;', 'x = array[1]->v;'],
    ['local.p = n;', 'x = local.p->v;'],
    ['', 'x = peek(n);'],
  ]
  for (const [keep, use] of places) {
    assert.equal(kindsIn(text(keep, use)), ['use-after-free'], `${keep} ${use}`)
  }
})

objects('4: free makes the locals of other processes stale too', () => {
  const text = `${node()} bool have; bool freed; int 0..7 x;
    init { g = alloc(nodes); }
    thread a { node *n = g; have = true; await (freed); x = n->v; }
    thread b { await (have); free(g); g = null; freed = true; }`
  assert.equal(kindsIn(text), ['use-after-free'])
})

objects('4: a value on its way from a load to its use becomes stale as well', () => {
  // `g` is loaded, the other thread frees, then `->v` is loaded through the loaded pointer.
  const text = `${node()} int 0..7 x;
    init { g = alloc(nodes); }
    thread a { x = g->v; }
    thread b { free(g); g = null; }`
  assert.equal(kindsIn(text), ['null-dereference', 'use-after-free'])
})

objects('4: a pointer parameter for a place inside an object keeps hold of that object', () => {
  const text = `${node()} bool have; bool freed;
    init { g = alloc(nodes); }
    op later(int *v) { have = true; await (freed); *v = 1; }
    thread a { later(&g->v); }
    thread b { await (have); node *n = g; g = null; free(n); freed = true; }`
  assert.equal(kindsIn(text), ['use-after-free'])
})

objects('4: null', () => {
  assert.equal(kindsIn(`${node()} int 0..7 x; thread t { x = g->v; }`), ['null-dereference'])
  assert.equal(kindsIn(`${node()} thread t { free(g); }`), ['null-dereference'])
  assert.equal(kindsIn(`${node()} thread t { touch(g); }`), ['null-dereference'])
  assert.equal(kindsIn(`${node()} thread t { node *n = g + 0; }`), ['null-dereference'])
  assert.equal(kindsIn(`${node()} thread t { int i = g - nodes; }`), ['null-dereference'])
})

objects('4: double free', () => {
  const text = (then: string): string =>
    `${node()} thread t { node *n = alloc(nodes, ${must}); free(n); ${then} }`
  assert.equal(kindsIn(text('free(n);')), ['double-free'])
  assert.equal(kindsIn(text('free(&nodes[0]);')), ['double-free'])
})

objects('4: pointers into a pool: &pool[i], p + n, p - pool, and their bounds', () => {
  const text = (
    statement: string,
  ): string => `${node('', 3)} bool ok; int 0..7 i = 1; check not leak;
    init { node *a = alloc(&nodes[0]); node *b = alloc(&nodes[2]); }
    thread t { node *n = &nodes[i]; ${statement} }`
  for (const fine of [
    'n + 1 == &nodes[2]',
    'n - 1 == &nodes[0]',
    'n - nodes == 1',
    '1 + n - nodes == 2',
  ]) {
    assert.equal(finals(text(`ok = ${fine};`), 'ok'), [1], fine)
  }
  for (const outside of ['n = n + 2;', 'n = n - 2;', 'n = &nodes[i + 2];', 'n = &nodes[i - 2];']) {
    assert.equal(kindsIn(text(outside)), ['count-overflow'], outside)
  }
  // An object that is not alive is not there.
  assert.equal(kindsIn(text('n->v = 1;')), ['use-after-free'])
  assert.equal(kindsIn(text('nodes[1].v = 1;')), ['use-after-free'])
  assert.equal(kindsIn(text('nodes[2].v = 1;')), [])
})

objects('4: an ordinary object starts anew: members are initial values at every alloc', () => {
  const text = (safety: string): string => `${node(safety)} int 0..7 v; int 0..7 k;
    thread t {
      g = alloc(nodes, ${must});
      g->v = 3; g->k = 3;
      free(g);
      g = alloc(nodes, ${must});
      v = g->v; k = g->k;
    }`
  assert.equal([finals(text(''), 'v'), finals(text(''), 'k')], [[0], [5]])
  assert.equal([finals(text('typesafe'), 'v'), finals(text('typesafe'), 'k')], [[0], [5]])
  // SLAB_TYPESAFE_BY_RCU: only what has an initialiser is set.
  const kept = text('typesafe_by_rcu')
  assert.equal([finals(kept, 'v'), finals(kept, 'k')], [[3], [5]])
})

objects('4: a typesafe pool: marked accesses to a dead object are legal, others are not', () => {
  const text = (use: string): string => `${node('typesafe')} int 0..7 x; bool b; mutex m;
    thread t { node *n = alloc(nodes, ${must}); n->v = 3; free(n); ${use} }`
  const marked = [
    'x = READ_ONCE(n->v); assert(x == 3);',
    'WRITE_ONCE(n->v, 1);',
    'atomic_inc(&n->c);',
    'x = atomic_read(&n->c);',
    'b = test_bit(A, &n->w);',
    'set_bit(A, &n->w);',
    'x = cmpxchg(&n->v, 3, 1);',
    'x = xchg(&n->v, 1);',
    'wait_on_bit(&n->w, A);',
    'wake_up_bit(&n->w, A);',
    'x = smp_load_acquire(&n->v);',
  ]
  for (const use of marked) assert.equal(kindsIn(text(use)), [], use)
  for (const use of [
    'x = n->v;',
    'n->v = 1;',
    'touch(n);',
    'assert(n->v == 0);',
    '__set_bit(A, &n->w);',
  ]) {
    assert.equal(kindsIn(text(use)), ['use-after-free'], use)
  }
  assert.equal(kindsIn(text('free(n);')), ['double-free'])
})

objects('4: pointers into a typesafe pool never become stale', () => {
  const text = `${node('typesafe')} int 0..7 x;
    thread t {
      node *n = alloc(nodes, ${must});
      free(n);
      g = alloc(nodes, ${must});
      g->v = 4;
      x = n->v;
    }`
  assert.equal(finals(text, 'x'), [4])
})

objects('4: without an RCU read section a typesafe_by_rcu pool is like an ordinary one', () => {
  const text = (use: string): string => `${node('typesafe_by_rcu')} int 0..7 x;
    thread t { node *n = alloc(nodes, ${must}); free(n); ${use} }`
  assert.equal(kindsIn(text('x = READ_ONCE(n->v);')), ['use-after-free'])
})

objects('4: a lock in a dead typesafe object cannot be taken', () => {
  const text = `struct node { spinlock_t l; } pool node nodes[1] typesafe;
    thread t { node *n = alloc(nodes, ${must}); free(n); spin_lock(&n->l); spin_unlock(&n->l); }`
  assert.equal(kindsIn(text), ['use-after-free'])
})

objects('4: destroy', () => {
  assert.equal(kindsIn(`${node()} thread t { destroy(nodes); }`), [])
  assert.equal(kindsIn(`${node()} thread t { g = alloc(nodes, ${must}); destroy(nodes); }`), [
    'destroy-nonempty',
  ])
  const freed = `${node()} thread t { g = alloc(nodes, ${must}); free(g); destroy(nodes); }`
  assert.equal(kindsIn(freed), [])
})

objects('4: leaks', () => {
  const text = (body: string, safety = ''): string => `
    struct node { node *next; } pool node nodes[2] ${safety}; node *head; int 0..1 x;
    thread t { ${body} }`
  const one = `node *n = alloc(nodes, ${must});`
  assert.equal(kindsIn(text(one)), ['leak'])
  assert.equal(kindsIn(text(`${one} free(n);`)), [])
  assert.equal(kindsIn(text(`${one} head = n;`)), [])
  const two = `${one} node *m = alloc(nodes, ${must}); n->next = m;`
  assert.equal(kindsIn(text(two)), ['leak'])
  assert.equal(kindsIn(text(`${two} head = n;`)), [])
  assert.equal(kindsIn(text(`${two} head = m;`)), ['leak'])
  // A cycle that nothing leads to.
  assert.equal(kindsIn(text(`${two} m->next = n;`)), ['leak'])
  // A stale pointer leads nowhere.
  assert.equal(kindsIn(text(`head = alloc(&nodes[0]); free(head); node *m = alloc(&nodes[0]);`)), [
    'leak',
  ])
  assert.equal(kindsIn(text(one, 'typesafe')), [])
  assert.equal(kindsIn(`${text(one)} check not leak;`), [])
})

objects('4: a struct of two pools: pointers go to both, and each is freed in its own', () => {
  const text = `struct node { int 0..7 v; } pool node first[1]; pool node second[2];
    node *a; node *b; bool same; int 0..7 at;
    thread t {
      a = alloc(first, ${must});
      b = alloc(&second[1]);
      same = a == b;
      b->v = 3;
      at = b - second;
      free(a);
      b->v = 4;
      free(b);
      destroy(first);
      destroy(second);
    }`
  assert.equal(kindsIn(text), [])
  assert.equal([finals(text, 'same'), finals(text, 'at')], [[0], [1]])
  assert.equal(kindsIn(text.replace('destroy(first)', 'a->v = 1')), ['use-after-free'])
})

objects('1: for over a pool visits the live ones, one step for each look', () => {
  const text = `${node('', 3)} int 0..7 sum; check not leak;
    init { node *a = alloc(&nodes[0]); a->v = 1; node *b = alloc(&nodes[2]); b->v = 4; }
    thread t { int s = 0; for (n in nodes) s = s + n->v; sum = s; }`
  assert.equal(finals(text, 'sum'), [5])
  // Three looks (two objects, then the end), two loads, the store.
  assert.is(countOf(text), 7)
})

objects('4: for over a pool goes on when its object is freed, and sees what comes later', () => {
  const text = `${node('', 3)} int 0..7 seen;
    init { node *a = alloc(&nodes[0]); node *b = alloc(&nodes[1]); }
    thread t { for (n in nodes) { seen = seen + 1; free(n); } }`
  assert.equal(kindsIn(text), [])
  assert.equal(finals(text, 'seen'), [2])
  // Another process allocates meanwhile: behind the look it is not seen, before it it is.
  const late = `${node('', 3)} int 0..7 seen; check not leak;
    init { node *b = alloc(&nodes[1]); }
    thread t { for (n in nodes) seen = seen + 1; }
    thread u { either { node *a = alloc(&nodes[0]); } or { node *c = alloc(&nodes[2]); } }`
  assert.equal(finals(late, 'seen'), [1, 2])
})

objects('4: break and continue in a for over a pool', () => {
  const text = (jump: string): string => `${node('', 3)} int 0..7 seen; check not leak;
    init { for (i in 0..2) { node *a = alloc(&nodes[i]); a->v = i; } }
    thread t { for (n in nodes) { if (n->v == 1) ${jump}; seen = seen + 1; } }`
  assert.equal(finals(text('break'), 'seen'), [1])
  assert.equal(finals(text('continue'), 'seen'), [2])
})

objects("4: struct task: current is one's own, and tasks are always there", () => {
  const text = `struct task { int 0..7 v; bool runnable = true; }
    int 0..7 sum; int 0..7 count;
    thread t[i in 1..2] { current->v = i; assert(current->runnable); }
    thread u { int s = 0; int n = 0; for (t in tasks) { s = s + t->v; n = n + 1; } sum = s; count = n; }`
  assert.equal(finals(text, 'sum'), [0, 1, 2, 3])
  assert.equal(finals(text, 'count'), [3])
  assert.equal(kindsIn(text), [])
})

objects('4: a pointer to a task can be kept and followed by others', () => {
  const text = `struct task { bool woken; } task *waiter;
    thread w { waiter = current; await (current->woken) else lost-wakeup; }
    thread k { task *w = waiter; if (w) w->woken = true; }`
  assert.equal(kindsIn(text), ['lost-wakeup'])
  assert.equal(kindsIn(text.replace('task *w = waiter;', 'await (waiter); task *w = waiter;')), [])
})

objects.run()
