import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { dumpLayout } from '../../checker/engine/dump-layout.js'
import { layoutOf } from '../../checker/engine/layout.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import { systemOf } from '../helpers/pipeline.js'

const layouts = suite('engine: layout')

function dump(text: string): string[] {
  return dumpLayout(layoutOf(systemOf(`${text} expect holds;`)))
    .trimEnd()
    .split('\n')
}

/** The line of one field, its columns apart by one blank. */
function field(text: string, name: string): string {
  const line = dump(text).find((row) => row.split(/ {2,}/)[1] === name)
  return line === undefined ? 'no such field' : line.replace(/ {2,}/g, ' ')
}

layouts('every part of a state has its bits, in the order of declaration', () => {
  const text = `
    model layout;
    struct page { refcount_t 0..3 _refcount; bits { locked, dirty } flags; page *next; rwsem sem; }
    pool page mem[2];
    enum mode { off, on, broken };
    int -2..2 total;
    mode state;
    mutex m;
    bits { busy } word;
    thread reader[i in 0..1] {
      mutex_lock(&m);
      page *p = &mem[i];
      down_read(&p->sem);
      int seen = total;
      up_read(&p->sem);
      total = seen;
      mutex_unlock(&m);
    }
    thread writer {
      wait_on_bit_lock(&word, busy);
      down_write(&mem[0].sem);
      up_write(&mem[0].sem);
      clear_and_wake_up_bit(busy, &word);
    }`
  assert.equal(dump(text), [
    'layout of layout: 58 bits in 2 words',
    '0..2    total                       -2..2',
    '3..4    state                       0..2',
    '5..6    m.owner                     nobody, reader0, reader1',
    '7       word                        1 bit',
    '8       mem[0].alive                0..1',
    '9..10   mem[0]._refcount            0..3',
    '11..12  mem[0].flags                2 bits',
    '13..15  mem[0].next                 null, 2 objects, each also stale',
    '16      mem[0].sem.owner            nobody, writer',
    '17..18  mem[0].sem.readers.reader0  0..3',
    '19..20  mem[0].sem.readers.reader1  0..3',
    '21      mem[0].sem.waiting.writer   0..1',
    '22      mem[1].alive                0..1',
    '23..24  mem[1]._refcount            0..3',
    '25..26  mem[1].flags                2 bits',
    '27..29  mem[1].next                 null, 2 objects, each also stale',
    '30      mem[1].sem.owner            nobody, writer',
    '31..32  mem[1].sem.readers.reader0  0..3',
    '33..34  mem[1].sem.readers.reader1  0..3',
    '35      mem[1].sem.waiting.writer   0..1',
    '36..38  reader0.at                  0, 2, 3, 5, 6, 7, 8',
    '39..41    reader0.p                 null, 2 objects, each also stale',
    '42..44    reader0.seen              -2..2',
    '45..47  reader1.at                  0, 2, 3, 5, 6, 7, 8',
    '48..50    reader1.p                 null, 2 objects, each also stale',
    '51..53    reader1.seen              -2..2',
    '54..56  writer.at                   0, 1, 2, 3, 4',
    '57      writer.parked               0..1',
  ])
})

layouts('a lock has bits only for those who use it', () => {
  const unused = 'model m; rwsem s; thread t { skip; }'
  assert.is(field(unused, 's.owner'), '- s.owner nobody')
  const tried = 'model m; rwsem s; thread t { if (down_write_trylock(&s)) up_write(&s); }'
  assert.is(field(tried, 's.owner'), '0 s.owner nobody, t')
  assert.is(field(tried, 's.waiting.t'), 'no such field')
  const waited = 'model m; rwsem s; thread t { down_write(&s); downgrade_write(&s); up_read(&s); }'
  assert.is(field(waited, 's.waiting.t'), '3 s.waiting.t 0..1')
  assert.is(field(waited, 's.readers.t'), '1..2 s.readers.t 0..3')
})

layouts('init has a place in a lock where it may leave one held', () => {
  const text = 'mutex s; init { mutex_lock(&s); } thread t { mutex_lock(&s); }'
  assert.is(field(`model m; ${text}`, 's.owner'), '0 s.owner nobody, t')
  assert.is(
    field(`model m; check not held-at-exit; ${text}`, 's.owner'),
    '0..1 s.owner nobody, init, t',
  )
})

layouts('pointers have a stale bit only where they can go stale', () => {
  const text = (safety: string) =>
    `model m; struct page { int 0..1 x; } pool page mem[3] ${safety}; page *p; thread t { skip; }`
  assert.is(field(text(''), 'p'), '0..2 p null, 3 objects, each also stale')
  assert.is(field(text('typesafe_by_rcu'), 'p'), '0..2 p null, 3 objects, each also stale')
  assert.is(field(text('typesafe'), 'p'), '0..1 p null, 3 objects')
})

layouts('locals that are never kept together share their bits', () => {
  const text = `
    model m; int 0..3 x; int 0..1 y;
    thread t { { int wide = x; y = 0; x = wide; } { int slim = y; x = 0; y = slim; } }`
  assert.is(field(text, 't.wide'), '6..7 t.wide 0..3')
  assert.is(field(text, 't.slim'), '6 t.slim 0..1')
})

layouts('a local has a code for "empty" only where some path leaves it without a value', () => {
  const text = (otherwise: string) => `
    model m; int 0..3 x;
    thread t { int y = x; int a; if (y == 1) a = 2; ${otherwise} x = 0; x = a; }`
  assert.match(field(text(''), 't.a'), /t\.a empty, -?\d+\.\.2$/)
  assert.match(field(text('else a = 1;'), 't.a'), /t\.a -?\d+\.\.2$/)
})

layouts('a section has bits only where the code enters it', () => {
  const text =
    'model m; thread t { rcu_read_lock(); rcu_read_unlock(); } thread u { preempt_disable(); preempt_enable(); }'
  assert.is(field(text, 't.rcu'), '2..4 t.rcu 0..7')
  assert.is(field(text, 't.preempt'), 'no such field')
  assert.is(field(text, 'u.rcu'), 'no such field')
  assert.is(field(text, 'u.preempt'), '7..9 u.preempt 0..7')
})

layouts('a wait for readers has bits for those who can ever be readers', () => {
  const text = `
    model m; srcu d; spinlock_t l;
    thread reads { srcu_read_lock(&d); srcu_read_unlock(&d); }
    thread spins { spin_lock(&l); spin_unlock(&l); }
    thread neither { skip; }
    thread waits { synchronize_rcu(); synchronize_srcu(&d); }`
  assert.is(field(text, 'waits.awaits'), '9 waits.awaits 0..1')
  assert.is(field(text, 'neither.awaits'), 'no such field')
  assert.equal(
    dump(text).flatMap((row) => row.match(/waits\.awaits\.\S+/) ?? []),
    ['waits.awaits.spins', 'waits.awaits.reads'],
  )
  // It waits at one place at a time.
  assert.is(field(text, 'waits.awaits.spins').split(' ')[0], '10')
  assert.is(field(text, 'waits.awaits.reads').split(' ')[0], '10')
})

layouts('a head has bits for its callbacks and their readers, and a barrier for the heads', () => {
  const text = (barrier: string) => `
    model m; struct object { rcu_head rcu; rcu_head idle; } pool object objects[2]; object *o;
    op gone(object *x) { free(x); }
    init { o = alloc(&objects[0]); }
    thread reader { rcu_read_lock(); rcu_read_unlock(); }
    thread owner { call_rcu(&o->rcu, gone); ${barrier} }`
  assert.match(field(text(''), 'objects[0].rcu'), /^\d+ objects\[0\]\.rcu -1, 0$/)
  assert.is(field(text(''), 'objects[0].idle'), '- objects[0].idle -1')
  assert.match(field(text(''), 'objects[0].rcu.readers.reader'), /0\.\.1$/)
  assert.is(field(text(''), 'objects[0].rcu.readers.owner'), 'no such field')
  assert.is(field(text(''), 'owner.awaits'), 'no such field')
  assert.equal(
    dump(text('rcu_barrier();')).flatMap((row) => row.match(/owner\.awaits\.head \d/) ?? []),
    ['owner.awaits.head 0', 'owner.awaits.head 2'],
  )
})

layouts(
  'all of 32 bits, and having no value, is one value too many for the compiled engine',
  () => {
    const system = (most: number) =>
      systemOf(`model m; int 0..1 s;
      thread t { int -2147483648..${most} x; s = 1; if (s == 0) x = 1; s = 0; s = 1; }
      expect holds;`)
    const fits = system(2 ** 31 - 2)
    const tooWide = system(2 ** 31 - 1)
    assert.equal([layoutOf(fits).widest, layoutOf(tooWide).widest], [32, 33])
    assert.is(compiledEngine(fits)?.name, 'compiled')
    assert.is(compiledEngine(tooWide), null)
  },
)

layouts.run()
