import { Random } from './random.js'

/** Random models whose families differ in nothing: every lock, in pieces that fit, and what they guard. */
export function randomFamilies(seed: number): string {
  const random = new Random(seed)
  const isTwice = random.chance(0.3)
  const family = (name: string) => {
    const last = random.integer(1, isTwice ? 1 : 2)
    return `thread ${name}[p in 0..${last}] {\n${statements(random, 2)}}\n`
  }
  return [
    'mutex m;\nrwsem s;\nspinlock_t l;\nrwlock_t k;\nbits { L } f;\n',
    `int 0..2 x;\nint 0..1 y = ${random.integer(0, 1)};\nbool z;\n`,
    family('t'),
    isTwice ? family('u') : '',
    random.chance(0.5) ? `thread vmm {\n${statements(random, 1)}}\n` : '',
    random.chance(0.3) ? 'invariant { if (x == 2 && y == 1) assert(false); }\n' : '',
    random.chance(0.3) ? 'init {\n  either { x = 1; } or { y = 0; }\n}\n' : '',
  ].join('')
}

const PAIRS = [
  ['mutex_lock(&m);', 'mutex_unlock(&m);'],
  ['down_read(&s);', 'up_read(&s);'],
  ['down_write(&s);', 'up_write(&s);'],
  ['down_write(&s);', 'downgrade_write(&s); up_read(&s);'],
  ['spin_lock(&l);', 'spin_unlock(&l);'],
  ['read_lock(&k);', 'read_unlock(&k);'],
  ['write_lock(&k);', 'write_unlock(&k);'],
  ['if (mutex_trylock(&m)) {', 'mutex_unlock(&m); }'],
  ['if (down_read_trylock(&s)) {', 'up_read(&s); }'],
  ['if (down_write_trylock(&s)) {', 'up_write(&s); }'],
  ['either {', '} or { z = !z; }'],
  ['if (x == y) {', '}'],
  ['atomic {', '}'],
  ['if (true) { int 0..2 v = x;', 'x = v; }'],
  ['wait_on_bit_lock(&f, L);', 'clear_and_wake_up_bit(L, &f);'],
  ['rcu_read_lock();', 'rcu_read_unlock();'],
  ['preempt_disable();', 'preempt_enable();'],
] as const

const PLAIN = ['x = 1;', 'x = y;', 'y = 1 - y;', 'z = true;', 'if (z) x = 2;', 'x = 0;'] as const

function statements(random: Random, depth: number): string {
  return random
    .list(1, 2, () => {
      if (depth === 0 || random.chance(0.3)) return `${random.pick(PLAIN)}\n`
      const [begin, end] = random.pick(PAIRS)
      const inner = begin === 'atomic {' ? 0 : depth - 1
      return `${begin}\n${statements(random, inner)}${end}\n`
    })
    .join('')
}
