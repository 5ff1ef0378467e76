import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dumpSystem } from '../../spec/system/dump.js'
import { golden } from '../helpers/golden.js'
import { systemOf } from '../helpers/pipeline.js'

/** What models are lowered to, as texts to read (`UPDATE=1` writes them anew). Each shows one part of the work. */
const dump = suite('lowering, as text')

const models: Readonly<Record<string, string>> = {
  statements: `
    int 0..9 x; int 0..9 y; int 0..9 a[3]; bool go; struct pair { int 0..3 f; bool g; } pair p; pair q;
    thread t {
      x = y + 1;
      a[x] += y;
      if (go && x > 2) y = 0; else y = x ? 1 : 2;
      for (i in 0..2) { if (a[i] == 3) continue; a[i] = i; }
      while (!go) x++;
      q = p;
      { int v = x; x = v; }
      assert(x == y, "both are the same");
    }`,
  calls: `
    int 0..9 x; int 0..9 a[2]; bool ready;
    weak op int hook(int v) { return v; }
    op int hook(int v) { v = v + 1; return v; }
    op store(int *to, int v) @ "mm/file.c:store" { *to = hook(v); }
    op wait_for(macro bool condition) { while (!condition) skip; }
    op int find(int v) {
      for (i in 0..1) { if (a[i] == v) return i; }
      return -1;
    }
    thread t[i in 0..1] {
      store(&a[i], i);
      wait_for(ready);
      int at = 0;
      store(&at, 3);
      x = find(at) + 1;
    }`,
  regions: `
    int 0..9 x; bool busy; bool go;
    atomic op int take() { await (!busy); busy = true; return x; }
    op bool quiet() { return !busy && !go; }
    thread t {
      int mine = take();
      atomic { if (mine > 3) goto out; either { x = mine; } or { choose mine in 0..2; x = mine; } }
      await (quiet()) else lost-wakeup;
      bool w = WARN_ON(x > 3);
      BUG_ON(w);
      VM_BUG_ON(go);
    out:
      fail assert "not reached";
    }`,
  objects: `
    struct node { int 0..3 v = 1; node *next; mutex lock; }
    pool node nodes[2]; pool node more[1] typesafe;
    node *head;
    init { head = alloc(nodes); head->next = alloc(&more[0]); }
    thread t {
      node *n = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL);
      mutex_lock(&n->lock);
      n->next = head;
      if (cmpxchg(&head, n->next, n) == &nodes[0]) n->v = head->next->v;
      mutex_unlock(&n->lock);
      for (o in nodes) touch(o);
      node *m = n + 1;
      int at = m - nodes;
      free(m);
      destroy(more);
    }`,
  primitives: `
    spinlock_t l; rwsem s; bits { A, B } w; bitlock k; refcount_t 0..3 r = 1; atomic_t 0..3 c; int 0..3 x;
    thread t {
      spin_lock(&l);
      if (down_read_trylock(&s)) up_read(&s);
      down_write(&s);
      downgrade_write(&s);
      lockdep_assert_held_read(&s);
      up_read(&s);
      spin_unlock(&l);
      wait_on_bit_lock(&k);
      __set_bit(B, &w);
      if (test_and_clear_bit(A, &w)) set_bit(B, &w);
      clear_and_wake_up_bit(&k);
      if (refcount_inc_not_zero(&r) && !refcount_dec_and_test(&r)) atomic_add(2, &c);
      int old = READ_ONCE(x);
      while (!try_cmpxchg(&x, &old, old + 1)) smp_mb();
    }`,
  daemons: `
    struct task { bool woken; } task *waiter; int 0..3 x; bool never;
    invariant bounded (x < 3);
    cover asleep (waiter != null);
    finally { int s = 0; for (t in tasks) s = s + (t->woken ? 1 : 0); assert(s == x); }
    thread t { waiter = current; await (current->woken); }
    daemon once { await (waiter); waiter->woken = true; waiter = null; }
    daemon again { top: await (x == 1); x = 2; if (x == 1) goto top; await (never); }`,
}

for (const [name, text] of Object.entries(models)) {
  dump(name, () => {
    golden(`tests/system/golden/${name}.txt`, dumpSystem(systemOf(`model ${name};${text}`)))
  })
}

dump('the same text gives the same dump', () => {
  for (const text of Object.values(models)) {
    assert.is(dumpSystem(systemOf(text)), dumpSystem(systemOf(text)))
  }
})

dump.run()
