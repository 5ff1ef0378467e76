import { Random } from './random.js'

/** Random models of objects and array indexes; all ints are such indexes, and some values are named. */
export function randomObjects(seed: number): string {
  const random = new Random(seed)
  const safety = random.pick(['', '', ' typesafe', ' typesafe_by_rcu'])
  const members = ['bool b;', 'bits { L } flags;', 'obj *next;', 'int 0..2 index;', 'mutex m;']
  const has = [...random.some(members, 0.6), 'bool c;']
  const shared = ['obj *a;', 'obj *slot[3];', 'bool flag[3];', 'int 0..2 page;', 'mutex big;']
  const usable = PLAIN.filter(({ wants }) =>
    wants.every((want) => has.some((one) => one.includes(want))),
  )
  // Every int and every array there is has to do with the others.
  const last = has.some((one) => one.includes('index')) ? 'if (p != null) p->index = i;\n' : ''
  const body = (): string =>
    `${statements(random, usable, 3)}${last}page = i;\nif (flag[i]) slot[i] = null;\n`
  const thread = (name: string, family: string): string =>
    `thread ${name}${family} {\n  int 0..2 i;\n  choose i in 0..2;\n  obj *p = null;\n${body()}}\n`
  return [
    `struct obj { ${has.join(' ')} }\n`,
    `pool obj objs[${random.integer(2, 3)}]${safety};\n`,
    `${shared.join('\n')}\n`,
    random.chance(0.3) ? thread('t', '[k in 0..1]') : thread('t', ''),
    random.chance(0.5) ? thread('u', '') : '',
    random.chance(0.3) ? 'invariant { for (o in objs) assert(!o->c || a != o); }\n' : '',
    random.chance(0.3) ? 'invariant { for (i in 0..2) if (flag[i]) assert(slot[i] != a); }\n' : '',
    random.chance(0.3) ? 'init { a = alloc(&objs[1]); slot[2] = a; }\n' : '',
  ].join('')
}

const PLAIN: readonly { readonly text: string; readonly wants: readonly string[] }[] = [
  { text: 'p = alloc(objs, GFP_KERNEL | __GFP_NOFAIL);', wants: [] },
  { text: 'if (p == null) p = alloc(objs);', wants: [] },
  { text: 'if (p != null && p != a) free(p);', wants: [] },
  { text: 'a = p;', wants: [] },
  { text: 'p = a;', wants: [] },
  { text: 'slot[i] = p;', wants: [] },
  { text: 'p = slot[i];', wants: [] },
  { text: 'flag[i] = !flag[i];', wants: [] },
  { text: 'page = i;', wants: [] },
  { text: 'if (page == i) flag[page] = true;', wants: [] },
  { text: 'if (p != null) p->c = true;', wants: [] },
  { text: 'if (p != null) p->b = !p->b;', wants: ['bool b'] },
  { text: 'if (p != null) p->next = a;', wants: ['next'] },
  { text: 'if (p != null) p = p->next;', wants: ['next'] },
  { text: 'if (p != null) p->index = i;', wants: ['index'] },
  { text: 'if (p != null) i = p->index;', wants: ['index'] },
  {
    text: 'if (p != null) { mutex_lock(&p->m); page = i; mutex_unlock(&p->m); }',
    wants: ['mutex'],
  },
  {
    text: 'if (p != null) { mutex_lock(&p->m); mutex_lock(&big); mutex_unlock(&big); mutex_unlock(&p->m); }',
    wants: ['mutex'],
  },
  {
    text: 'if (p != null) { wait_on_bit_lock(&p->flags, L); a = p; clear_and_wake_up_bit(L, &p->flags); }',
    wants: ['flags'],
  },
  { text: 'if (i == 0) page = i;', wants: [] },
]

function statements(random: Random, usable: typeof PLAIN, most: number): string {
  return random
    .list(1, most, () => {
      const { text } = random.pick(usable)
      if (random.chance(0.15)) return `either { ${text} } or { page = i; }\n`
      return random.chance(0.15)
        ? `atomic { ${text.includes('lock') ? 'a = p;' : text} }\n`
        : `${text}\n`
    })
    .join('')
}
