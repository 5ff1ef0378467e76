/** Small models, each of which ends in one report in the kernel's words. The goldens beside them are read like code. */
export const REPORT_MODELS: readonly string[] = [
  `model deadlock;
mutex a;
mutex b;
rwsem s;
op first() { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
op inner() { mutex_lock(&a); mutex_unlock(&a); }
op second() { down_read(&s); mutex_lock(&b); inner(); mutex_unlock(&b); up_read(&s); }
op third() { down_write(&s); up_write(&s); }
thread one { first(); }
thread two { second(); }
thread three { third(); }
expect violated deadlock otherwise;
`,
  `model deadlock-behind-a-queued-writer;
rwsem s;
mutex m;
op prefetch() { down_read(&s); mutex_lock(&m); mutex_unlock(&m); up_read(&s); }
op resize() { down_write(&s); up_write(&s); }
op fault() { mutex_lock(&m); down_read(&s); up_read(&s); mutex_unlock(&m); }
thread vcpu { prefetch(); }
thread vmm { resize(); }
thread user { fault(); }
expect violated deadlock otherwise;
`,
  `model deadlock-with-a-handler;
spinlock_t l;
bool done;
op update() { spin_lock(&l); spin_unlock(&l); WRITE_ONCE(done, true); }
op tick() { spin_lock(&l); spin_unlock(&l); }
thread vcpu { update(); }
thread timer in hardirq on vcpu { tick(); }
expect violated deadlock otherwise;
`,
  `model deadlock-of-a-grace-period;
int 0..3 x;
op get() { rcu_read_lock(); x = 1; await (x == 2); rcu_read_unlock(); }
op wait() { synchronize_rcu(); x = 2; }
thread reader { get(); }
thread writer { wait(); }
expect violated deadlock otherwise;
`,
  `model deadlock-in-a-callback;
struct o { int 0..1 v; rcu_head rcu; }
pool o objs[1];
o *p;
init { p = alloc(objs, GFP_KERNEL|__GFP_NOFAIL); }
op release(o *x) { await (false); free(x); }
op put() { call_rcu(&p->rcu, release); rcu_barrier(); }
thread s { put(); }
expect violated deadlock otherwise;
`,
  `model livelock-under-a-lock;
bool ready;
mutex m;
op wait_ready() { while (!READ_ONCE(ready)) cpu_relax(); }
op cpu_relax() { skip; }
thread spinner { mutex_lock(&m); wait_ready(); mutex_unlock(&m); }
thread setter { mutex_lock(&m); WRITE_ONCE(ready, true); mutex_unlock(&m); }
expect violated livelock otherwise;
`,
  `model livelock-beside-blocked;
int 0..3 seq = 1;
bool stop;
mutex m;
op read_retry() { int s; retry: s = READ_ONCE(seq); if (s & 1) goto retry; }
thread reader { read_retry(); }
thread other { mutex_lock(&m); await (stop) ; mutex_unlock(&m); }
thread third { mutex_lock(&m); mutex_unlock(&m); }
expect violated livelock otherwise;
`,
  `model lost-wakeup-of-a-bit;
bits { locked, other } word;
op lock() { wait_on_bit_lock(&word, locked); }
op unlock() { clear_bit(locked, &word); }
thread a { lock(); unlock(); }
thread b { lock(); unlock(); }
expect violated lost-wakeup otherwise;
`,
  `model lost-wakeup-of-a-task;
struct task { bool runnable = true; }
bool done;
op wait_done() { if (READ_ONCE(done)) return; current->runnable = false; await (current->runnable) else lost-wakeup; }
op complete() { WRITE_ONCE(done, true); for (t in tasks) t->runnable = true; }
thread waiter { wait_done(); }
thread waker { complete(); }
daemon kworker { await (done); done = false; }
expect violated lost-wakeup otherwise;
`,
  `model lock-inversion;
mutex a;
mutex b;
rwsem s;
op first() { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
op inner() { mutex_lock(&a); mutex_unlock(&a); }
op second() { down_read(&s); mutex_lock(&b); inner(); mutex_unlock(&b); up_read(&s); }
op third() { down_write(&s); up_write(&s); }
thread one { first(); }
thread two { second(); }
thread three { third(); }
expect violated lock-inversion otherwise;
`,
  `model lock-inversion-of-three;
mutex a;
mutex b;
rwsem c;
bool started;
op ab() { mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
op bc() { mutex_lock(&b); down_read(&c); up_read(&c); mutex_unlock(&b); }
op ca() { await (started); down_write(&c); mutex_lock(&a); mutex_unlock(&a); up_write(&c); }
thread one { ab(); }
thread two { bc(); WRITE_ONCE(started, true); }
thread three { ca(); }
expect violated lock-inversion otherwise;
`,
  `model lock-inversion-with-a-grace-period;
srcu d;
mutex slots;
op update() { mutex_lock(&slots); synchronize_srcu(&d); mutex_unlock(&slots); }
op vcpu_run() { srcu_read_lock(&d); mutex_lock(&slots);  mutex_unlock(&slots); srcu_read_unlock(&d);}
thread vmm { update(); }
thread vcpu { vcpu_run(); }
expect violated lock-inversion otherwise;
`,
  `model deadlock-of-spinlocks;
spinlock_t a;
spinlock_t b;
op first() { spin_lock(&a); spin_lock(&b); spin_unlock(&b); spin_unlock(&a); }
op second() { spin_lock_irqsave(&b); spin_lock(&a); spin_unlock(&a); spin_unlock_irqrestore(&b); }
thread one { first(); }
thread two { second(); }
expect violated deadlock otherwise;
`,
  `model lock-inversion-through-a-handler;
spinlock_t a;
spinlock_t b;
op update() { spin_lock_irqsave(&a); spin_lock(&b); spin_unlock(&b); spin_unlock_irqrestore(&a); }
op other() { spin_lock(&b); spin_unlock(&b); }
op tick() { spin_lock(&a); spin_unlock(&a); }
thread vmm { update(); }
thread vcpu { other(); }
thread timer in hardirq on vcpu { tick(); }
expect violated lock-inversion otherwise;
`,
  `model irq-lock-inversion;
spinlock_t a;
spinlock_t b;
bool ordered;
bool raised;
op update() { spin_lock_irqsave(&a); spin_lock(&b); spin_unlock(&b); spin_unlock_irqrestore(&a); }
op other() { await (ordered); spin_lock(&b); WRITE_ONCE(raised, true); spin_unlock(&b); }
op tick() { spin_lock(&a); spin_unlock(&a); }
thread vmm { update(); WRITE_ONCE(ordered, true); }
thread vcpu { other(); }
thread timer in softirq on vcpu { await (raised); tick(); }
expect violated lock-inversion otherwise;
`,
  `model inconsistent-lock-state;
spinlock_t l;
bool done;
op update() { spin_lock(&l); spin_unlock(&l); WRITE_ONCE(done, true); }
op tick() { spin_lock(&l); spin_unlock(&l); }
thread vcpu { update(); }
thread timer in hardirq on vcpu { tick(); }
expect violated lock-inversion otherwise;
`,
  `model inconsistent-lock-state-never-met;
spinlock_t l;
bool done;
op update() { spin_lock(&l); spin_unlock(&l); WRITE_ONCE(done, true); }
op tick() { spin_lock(&l); spin_unlock(&l); }
thread vcpu { update(); }
thread timer in softirq on vcpu { await (done); tick(); }
expect violated lock-inversion otherwise;
`,
  `model data-race;
check data-race;
struct folio { int 0..3 n; spinlock_t lock; }
pool folio mem_map[2] typesafe;
op set(folio *f) @ "mm/filemap.c:folio_set" { spin_lock(&f->lock); f->n = 2; spin_unlock(&f->lock); }
op int get(folio *f) { return READ_ONCE(f->n); }
thread vmm { set(&mem_map[1]); }
thread vcpu[i in 0..0] { int v = get(&mem_map[1]); }
init { folio *f = alloc(&mem_map[1]); }
expect violated data-race otherwise;
`,
  `model data-race-of-readers;
check data-race;
rwsem s;
int 0..3 n;
op bump() { down_read(&s); n = n + 1; up_read(&s); }
thread t[i in 0..1] { bump(); }
expect violated data-race otherwise;
`,
  `model data-race-with-a-handler;
check data-race;
spinlock_t l;
int 0..3 ticks;
bool busy;
op account() { spin_lock(&l); ticks = 1; spin_unlock(&l); }
op tick() { ticks = 2; }
thread vmm { account(); }
thread vcpu { WRITE_ONCE(busy, true); }
thread timer in hardirq on vcpu { tick(); }
expect violated data-race otherwise;
`,
  `model sleep-under-a-spinlock;
spinlock_t l;
mutex m;
op leaf() { mutex_lock(&m); mutex_unlock(&m); }
op outer() { spin_lock_irqsave(&l); leaf(); spin_unlock_irqrestore(&l); }
thread vcpu { outer(); }
expect violated sleep-in-atomic otherwise;
`,
  `model sleep-in-a-bh-section;
struct obj { int 0..1 v; }
pool obj objs[1];
obj *p;
op grow() @ "mm/slub.c:kmem_cache_alloc" { p = alloc(objs, GFP_KERNEL | __GFP_NOFAIL); }
op poll() { local_bh_disable(); rcu_read_lock(); grow(); rcu_read_unlock(); local_bh_enable(); }
thread napi { poll(); }
expect violated sleep-in-atomic otherwise;
`,
  `model sleep-in-a-handler;
mutex m;
int 0..2 x;
op leaf() { mutex_lock(&m); mutex_unlock(&m); }
thread vcpu { x = 1; x = 2; }
thread timer in hardirq on vcpu { leaf(); }
expect violated sleep-in-atomic otherwise;
`,
  `model self-deadlock;
mutex a;
op inner() { mutex_lock(&a); mutex_unlock(&a); }
op outer() { mutex_lock(&a); inner(); mutex_unlock(&a); }
thread t { outer(); }
expect violated self-deadlock otherwise;
`,
  `model unlock-not-held;
mutex a;
op give() { mutex_unlock(&a); }
thread s { mutex_lock(&a); mutex_unlock(&a); }
thread t { give(); }
expect violated unlock-not-held otherwise;
`,
  `model unlock-not-owner;
mutex a;
op give() { mutex_unlock(&a); }
thread s { mutex_lock(&a); mutex_unlock(&a); }
thread t { if (mutex_trylock(&a)) give(); else give(); }
expect violated unlock-not-owner otherwise;
`,
  `model held-at-exit;
rwsem a;
op take() { down_read(&a); }
thread s { take(); }
expect violated held-at-exit otherwise;
`,
  `model freed-while-held;
struct o { spinlock_t l; }
pool o objs[1];
o *p;
init { p = alloc(objs, GFP_KERNEL|__GFP_NOFAIL); }
op use() { spin_lock(&p->l); spin_unlock(&p->l); }
op put() { free(p); }
thread s { use(); }
thread t { put(); }
expect violated freed-while-held otherwise;
`,
  `model rcu-wait-in-reader;
op helper() { synchronize_rcu(); }
op reader() { rcu_read_lock(); helper(); rcu_read_unlock(); }
thread s { reader(); }
expect violated rcu-wait-in-reader otherwise;
`,
  `model srcu-wait-in-reader;
srcu d;
op unregister() { synchronize_srcu(&d); }
op notify() { int i = srcu_read_lock(&d); unregister(); srcu_read_unlock(&d, i); }
thread t { notify(); }
expect violated rcu-wait-in-reader otherwise;
`,
  `model rcu-unbalanced;
int 0..1 x;
op reader() { rcu_read_lock(); if (x == 0) return; rcu_read_unlock(); }
thread s { reader(); x = 1; }
expect violated rcu-unbalanced otherwise;
`,
  `model rcu-left-twice;
op reader() { rcu_read_lock(); rcu_read_unlock(); }
thread t { reader(); rcu_read_unlock(); }
expect violated rcu-unbalanced otherwise;
`,
  `model callback-pending;
struct o { int 0..1 v; rcu_head rcu; }
pool o objs[1];
o *p;
init { p = alloc(objs, GFP_KERNEL|__GFP_NOFAIL); }
op release(o *x) { free(x); }
op put() { call_rcu(&p->rcu, release); }
thread s { put(); }
thread t { rcu_read_lock(); put(); rcu_read_unlock(); }
expect violated callback-pending otherwise;
`,
  `model callback-of-freed;
struct obj { int 0..1 v; rcu_head rcu; }
pool obj objs[1];
obj *p;
init { p = alloc(objs, GFP_KERNEL | __GFP_NOFAIL); }
op release(obj *o) { free(o); }
op drop() { call_rcu(&p->rcu, release); free(p); }
thread t { drop(); }
expect violated callback-pending otherwise;
`,
  `model use-after-a-grace-period;
struct obj { int 0..3 v; rcu_head rcu; }
pool obj objs[2];
obj *p;
op release(obj *o) { free(o); }
op drop() { obj *o = p; WRITE_ONCE(p, null); call_rcu(&o->rcu, release); }
op get() { rcu_read_lock(); obj *o = rcu_dereference(p); if (o) o->v = 1; rcu_read_unlock(); if (o) o->v = 2; }
init { p = alloc(objs, GFP_KERNEL | __GFP_NOFAIL); }
thread reader { get(); }
thread writer { drop(); }
expect violated use-after-free otherwise;
`,
  `model a-later-reader;
srcu d;
int 0..3 x;
op get() { int i = srcu_read_lock(&d); x = 1; srcu_read_unlock(&d, i); }
op wait() { synchronize_srcu(&d); assert(x != 1); }
thread reader { get(); }
thread writer { wait(); }
expect violated assert otherwise;
`,
  `model an-interrupt-between;
spinlock_t l;
int 0..3 x;
op locked_add() { spin_lock_irqsave(&l); x = x + 1; spin_unlock_irqrestore(&l); }
thread vcpu { x = 1; locked_add(); local_irq_disable(); x = 2; local_irq_enable(); }
thread timer in hardirq on vcpu { assert(x != 2); spin_lock(&l); spin_unlock(&l); }
expect violated assert otherwise;
`,
  `model a-softirq-waits-for-its-cue;
int 0..3 x;
bool go;
op tick() { x = 1; assert(x == 1); }
thread vcpu { go = true; x = 2; x = 3; }
thread timer in softirq on vcpu { await (go); tick(); finish(); }
op finish() { assert(x == 1); x = 0; }
finally { assert (x == 0); }
expect violated assert otherwise;
`,
  `model contexts-of-folded-calls;
int 0..3 x;
bool go;
op begin() { local_irq_disable(); rcu_read_lock(); rcu_read_lock(); }
op done() { rcu_read_unlock(); rcu_read_unlock(); local_irq_enable(); }
op wait() { synchronize_rcu(); x = 2; }
thread reader { begin(); WRITE_ONCE(go, true); x = 1; done(); assert(x != 2); }
thread writer { await (go); wait(); }
thread timer in softirq on reader { await (go); x = 3; }
expect violated assert otherwise;
`,
  `model null-from-another;
struct obj { int 0..1 v; }
pool obj objs[1];
obj *head;
init { head = alloc(&objs[0]); }
op use() { obj *o = head; if (o != null || true) o->v = 1; }
op drop() { obj *o = head; WRITE_ONCE(head, null); free(o); }
thread user { use(); }
thread dropper { drop(); }
expect violated null-dereference otherwise;
`,
  `model get-after-the-last-put;
struct obj { refcount_t 0..3 refs = 1; }
pool obj objs[1] typesafe;
obj *head;
init { head = alloc(&objs[0]); }
op get(obj *o) { refcount_inc(&o->refs); }
op put(obj *o) { if (refcount_dec_and_test(&o->refs)) atomic { head = null; free(o); } }
op lookup() { obj *o = head; if (o == null) return; get(o); put(o); }
thread one { get(&objs[0]); put(&objs[0]); put(&objs[0]); }
thread two { lookup(); }
expect violated refcount-inc-from-zero otherwise;
`,
  `model put-by-two;
struct obj { refcount_t 0..3 refs = 1; }
pool obj objs[1];
obj *head;
init { head = alloc(&objs[0]); }
op put(obj *o) { if (refcount_dec_and_test(&o->refs)) { atomic { head = null; free(o); } free(o); } }
thread one { obj *o = head; if (o != null) put(o); }
expect violated double-free otherwise;
`,
  `model a-page-is-freed-mapped;
violation mapped-at-free "nonzero mapcount";
param debug : { on, off } = on;
struct folio { refcount_t 0..3 _refcount = 1; atomic_t -1..3 _mapcount = -1; int 0..7 index = 3; }
pool folio mem_map[2];
op bool mapped(folio *f) { return atomic_read(&f->_mapcount) >= 0; }
op map(folio *f) { refcount_inc(&f->_refcount); atomic_inc(&f->_mapcount); }
op put(folio *f) @ "mm/page_alloc.c:free_unref_folio" {
  if (!refcount_dec_and_test(&f->_refcount)) return;
  atomic { if (debug == on && mapped(f)) fail mapped-at-free; free(f); }
}
op race(folio *f) { put(f); put(f); }
init { folio *f = alloc(&mem_map[0]); f = alloc(&mem_map[1]); }
thread vcpu { map(&mem_map[1]); }
thread vmm { race(&mem_map[1]); }
expect violated mapped-at-free otherwise;
`,
  `model one-of-several-conditions;
int 0..3 x;
int 0..3 y;
int 0..3 z;
op set() { y = 1; }
op check_all(int here) { BUG_ON(x == 2 || y == 1 || here == 3); }
thread setter { set(); }
thread checker { check_all(1); }
expect violated bug-on otherwise;
`,
  `model a-condition-on-a-local;
int 0..3 x;
int 0..3 y;
op take(int here) { assert(x < 3 && here != 1 && y == 0); }
thread taker { int n = x; take(n); }
thread giver { x = 1; }
expect violated assert otherwise;
`,
  `model an-invariant-of-two;
int 0..3 users;
bool listed;
op add() { listed = true; users = 1; }
op remove() { users = 0; listed = false; }
thread a { add(); remove(); }
invariant counted (users < 3 && (!listed || users > 0));
expect violated invariant otherwise;
`,
  `model a-reference-nobody-puts;
struct obj { refcount_t 0..3 refs = 1; }
pool obj objs[1];
op put(obj *o) { if (refcount_dec_and_test(&o->refs)) free(o); }
thread t { obj *o = alloc(&objs[0]); refcount_inc(&o->refs); put(o); o = null; }
expect violated leak otherwise;
`,
]
