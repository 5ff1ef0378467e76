import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { HeldLock } from '../../spec/interpreter/outcome.js'
import { explored } from '../helpers/pipeline.js'

/** Rule 6: what is held when a process comes to wait for a lock, and what a handler could find held. */
const orders = suite('lock orders')

const shown = ({ name, mode }: HeldLock): string => (mode === 'read' ? `${name}(r)` : name)

/** Every `held > wanted` of the states that can be reached, each once, sorted. */
function edges(text: string): readonly string[] {
  const { states, interpreter, system } = explored(text)
  const found = new Set<string>()
  for (const state of states) {
    for (const process of system.processes.keys()) {
      const acquisition = interpreter.acquisition(state, process)
      if (!acquisition) continue
      for (const held of acquisition.held)
        found.add(`${shown(held)} > ${shown(acquisition.wanted)}`)
    }
  }
  return [...found].sort()
}

function exposed(text: string): readonly string[] {
  const { states, interpreter } = explored(text)
  const found = states.flatMap((state) => interpreter.exposures(state))
  return [...new Set(found.map(({ lock }) => shown(lock)))].sort()
}

const locks = 'mutex a, b; rwsem s; rwlock_t rw; spinlock_t l; srcu d; lockdep_map map;'

orders('6: what is held is before what is wanted, contended or not', () => {
  const text = `${locks} thread t {
    mutex_lock(&a); down_read(&s); spin_lock(&l);
    spin_unlock(&l); up_read(&s); mutex_unlock(&a); }`
  assert.equal(edges(text), ['a > l', 'a > s(r)', 's(r) > l'])
})

orders('6: writing and reading are told apart', () => {
  const text = (take: string, leave: string): string =>
    `${locks} thread t { mutex_lock(&a); ${take} ${leave} mutex_unlock(&a); }`
  assert.equal(edges(text('down_write(&s);', 'up_write(&s);')), ['a > s'])
  assert.equal(edges(text('read_lock(&rw);', 'read_unlock(&rw);')), ['a > rw(r)'])
  assert.equal(edges(text('write_lock(&rw);', 'write_unlock(&rw);')), ['a > rw'])
})

orders('6: a trylock wants nothing, but what it took is held', () => {
  const text = `${locks} thread t {
    mutex_lock(&a);
    if (mutex_trylock(&b)) { spin_lock(&l); spin_unlock(&l); mutex_unlock(&b); }
    mutex_unlock(&a); }`
  assert.equal(edges(text), ['a > l', 'b > l'])
})

orders('6: a downgraded lock is held for reading', () => {
  const text = `${locks} thread t {
    down_write(&s); downgrade_write(&s); mutex_lock(&a); mutex_unlock(&a); up_read(&s); }`
  assert.equal(edges(text), ['s(r) > a'])
})

orders('6: a read section is held, and waiting for its readers wants it', () => {
  const text = `${locks}
    thread t { rcu_read_lock(); spin_lock(&l); spin_unlock(&l); rcu_read_unlock(); }
    thread u { mutex_lock(&a); synchronize_rcu(); mutex_unlock(&a); }`
  assert.equal(edges(text), ['RCU(r) > l', 'a > RCU'])
  const srcu = `${locks}
    thread t { srcu_read_lock(&d); mutex_lock(&a); mutex_unlock(&a); srcu_read_unlock(&d); }
    thread u { mutex_lock(&a); synchronize_srcu(&d); mutex_unlock(&a); }`
  assert.equal(edges(srcu), ['a > d', 'd(r) > a'])
})

orders('6: a lockdep_map is wanted and held like a lock, and blocks nobody', () => {
  const text = `${locks} thread t[i in 0..1] {
    lock_map_acquire(&map); mutex_lock(&a); mutex_unlock(&a); lock_map_release(&map);
    mutex_lock(&b); lock_map_acquire(&map); lock_map_release(&map); mutex_unlock(&b); }`
  assert.equal(edges(text), ['b > map', 'map > a'])
})

orders('6 and 9: reclaim takes its locks under those of who allocates', () => {
  const text = `${locks} struct p { int 0..1 v; } pool p ps[1];
    shrinker s1() { mutex_lock(&b); mutex_unlock(&b); }
    thread t { mutex_lock(&a); p *o = alloc(ps, GFP_KERNEL); mutex_unlock(&a); if (o != null) free(o); }`
  assert.equal(edges(text), ['a > b'])
  assert.equal(edges(text.replace('GFP_KERNEL', 'GFP_ATOMIC')), [])
})

orders('6: locks of objects have the names of their slots', () => {
  const text = `struct o { mutex m; } pool o os[2];
    thread t { o *x = alloc(&os[0]); o *y = alloc(&os[1]);
      mutex_lock(&x->m); mutex_lock(&y->m); mutex_unlock(&y->m); mutex_unlock(&x->m); free(x); free(y); }`
  assert.equal(edges(text), ['os[0].m > os[1].m'])
})

orders('6: a lock is exposed where its holder can be interrupted', () => {
  const text = (body: string, context: string): string => `${locks} int 0..1 x;
    thread t { ${body} } daemon h in ${context} on t { x = 1; }`
  const held = 'spin_lock(&l); spin_unlock(&l);'
  const bh = 'spin_lock_bh(&l); spin_unlock_bh(&l);'
  const irq = 'spin_lock_irq(&l); spin_unlock_irq(&l);'
  assert.equal(exposed(text(held, 'hardirq')), ['l'])
  assert.equal(exposed(text(held, 'softirq')), ['l'])
  assert.equal(exposed(text(bh, 'hardirq')), ['l'])
  assert.equal(exposed(text(bh, 'softirq')), [])
  assert.equal(exposed(text(irq, 'hardirq')), [])
  assert.equal(exposed(text(irq, 'softirq')), [])
  assert.equal(exposed(`${locks} thread t { ${held} }`), [])
})

orders.run()
