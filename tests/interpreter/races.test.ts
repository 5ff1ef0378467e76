import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explored, kindsIn } from '../helpers/pipeline.js'

/** Rule 5: data races, where they are asked for. */
const races = suite('data races')

const pair = (one: string, two: string, more = ''): string => `check data-race;
  int 0..3 x, y; bits { A, B } w; atomic_t 0..3 n; spinlock_t l; bool sink; int 0..3 t[2]; ${more}
  thread a { ${one} } thread b { ${two} }`
const racing = (one: string, two: string, more = ''): boolean => {
  const kinds = kindsIn(pair(one, two, more))
  assert.ok(kinds.length <= 1 && kinds.every((kind) => kind === 'data-race'), kinds.join())
  return kinds.length === 1
}

const WRITES = { plain: 'x = 1;', marked: 'WRITE_ONCE(x, 1);', exchange: 'xchg(&x, 1);' }
const READS = { plain: 'sink = x == 1;', marked: 'sink = READ_ONCE(x) == 1;' }

races('5: one writes and one is plain', () => {
  const quiet = (text: string): string => text.replace(/sink = (.*);/, 'bool v = $1; if (v) skip;')
  for (const [how, write] of Object.entries(WRITES)) {
    for (const [reading, read] of Object.entries(READS)) {
      const wanted = how === 'plain' || reading === 'plain'
      assert.is(racing(write, quiet(read)), wanted, `${how} write, ${reading} read`)
    }
    for (const [other, write2] of Object.entries(WRITES)) {
      const wanted = how === 'plain' || other === 'plain'
      assert.is(racing(write, write2), wanted, `${how} and ${other} write`)
    }
  }
  assert.is(racing('int v = x;', 'int v = x;'), false)
})

races('5: other places, other elements and one process do not race', () => {
  assert.is(racing('x = 1;', 'y = 1;'), false)
  assert.is(racing('t[0] = 1;', 't[1] = 1;'), false)
  assert.is(racing('t[0] = 1;', 't[0] = 1;'), true)
  assert.is(racing('x = 1; x = 2;', 'skip;'), false)
})

races('5: what a lock keeps apart does not race; one lock on one side does not help', () => {
  const locked = 'spin_lock(&l); x = 1; spin_unlock(&l);'
  assert.is(racing(locked, locked), false)
  assert.is(racing(locked, 'x = 2;'), true)
})

races('5: an order in which they must come is no race', () => {
  assert.is(racing('x = 1; WRITE_ONCE(y, 1);', 'await (y == 1); x = 2;'), false)
})

races('5: accesses in atomic blocks, asserts and awaits count as marked', () => {
  assert.is(racing('atomic { x = 1; }', 'atomic { x = 2; }'), false)
  assert.is(racing('WRITE_ONCE(x, 1);', 'assert(x <= 1);'), false)
  assert.is(racing('WRITE_ONCE(x, 1);', 'await (x == 1);'), false)
})

races('5: bits: the word is the place', () => {
  assert.is(racing('set_bit(A, &w);', 'set_bit(B, &w);'), false)
  assert.is(racing('__set_bit(A, &w);', 'set_bit(B, &w);'), true)
})

races('5: the same object through two pointers', () => {
  const more = 'struct o { int 0..1 v; } pool o os[1]; o *p, *q; init { p = alloc(&os[0]); q = p; }'
  const access = (name: string): string => `o *m = READ_ONCE(${name}); m->v = 1;`
  assert.is(racing(access('p'), access('q'), more.replace('o *p, *q;', 'o *p; o *q;')), true)
})

races('5: a process that waits for its handler makes no access next', () => {
  const text = `check data-race; int 0..1 x; thread t { x = 1; } thread h in hardirq on t { x = 0; }`
  // Before the handler comes both could be next; with the entry a step of its own it is never so.
  assert.equal(kindsIn(text), [])
})

races('5: nobody asked, nothing is said', () => {
  assert.equal(kindsIn('int 0..1 x; thread a { x = 1; } thread b { x = 0; }'), [])
  const not = 'check not data-race; int 0..1 x; thread a { x = 1; } thread b { x = 0; }'
  assert.equal(kindsIn(not), [])
})

races('10: both accesses are told', () => {
  const { violations } = explored(pair('x = 1;', 'int v = READ_ONCE(x);'))
  assert.is(violations.get('data-race')?.message, 'write by a and marked read by b')
})

races.run()
