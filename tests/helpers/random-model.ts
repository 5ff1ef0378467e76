/** Small random models as texts: the same seed gives the same model. */

/** mulberry32: a number below `bound` each time. */
function generator(seed: number): (bound: number) => number {
  let state = seed >>> 0
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
  }
}

const declarations = `struct pair { int 0..2 f; bool g; }
int 0..3 x; int 0..2 y = 1; bool b; int 0..2 a[2]; atomic_t -1..2 c; refcount_t 0..2 r = 1;
bits { A, B } w; pair p; pair q; mutex m; mutex n; spinlock_t l;
op int peek(int i) { if (i > 1) return x; return a[i]; }
op add(int *to, int by) { *to = *to + by; }
atomic op int take(int v) { int old = y; y = v; return old; }
op int bump(int *v) { *v = (*v + 1) % 3; return *v; }
op int find(int v) { for (at in 0..1) { if (a[at] == v) return at; } return 2; }
op flip() { if (b) goto clear; b = true; return; clear: b = false; }
op bool quiet() { return x == 0 && !b; }
`

/** Where a statement stands: what it may use. */
interface Place {
  readonly locals: readonly string[]
  readonly depth: number
  readonly atomic: boolean
  /** In a loop inside an atomic block: choices there would make one step of endlessly many kinds. */
  readonly decided?: boolean
  readonly loop: boolean
}

export class RandomModel {
  readonly #below: (bound: number) => number
  #fresh = 0

  constructor(seed: number) {
    this.#below = generator(seed)
  }

  /** The text of a whole model: two or three processes of a few statements. */
  text(): string {
    const count = 2 + this.#below(2)
    const bodies = Array.from({ length: count }, (_, at) => this.#process(at, count))
    return `${declarations}${bodies.join('\n')}\n`
  }

  #one<T>(options: readonly T[]): T {
    return options[this.#below(options.length)] as T
  }

  #process(at: number, count: number): string {
    const family = count === 2 && this.#below(4) === 0
    const body = this.#body({ locals: family ? ['k'] : [], depth: 0, atomic: false, loop: false })
    return family ? `thread t${at}[k in 0..1] {\n${body}}` : `thread t${at} {\n${body}}`
  }

  /** A few statements; the locals they declare are used by those that follow. */
  #body(place: Place, most = 4): string {
    const lines: string[] = []
    let here = place
    const length = 1 + this.#below(most)
    for (let at = 0; at < length; at++) {
      if (this.#below(6) === 0) {
        const name = `v${this.#fresh++}`
        lines.push(`int ${name} = ${this.#shared(here)};`)
        here = { ...here, locals: [...here.locals, name] }
      } else lines.push(this.#statement(here))
    }
    const indent = '  '.repeat(place.depth + 1)
    return lines.map((line) => `${indent}${line}\n`).join('')
  }

  #block(place: Place, more: Partial<Place> = {}): string {
    const inner = this.#body({ ...place, depth: place.depth + 1, ...more }, 2)
    return `{\n${inner}${'  '.repeat(place.depth + 1)}}`
  }

  #statement(place: Place): string {
    const simple = place.depth >= 2 || this.#below(3) > 0
    if (simple) return this.#simple(place)
    const blocks: readonly (() => string)[] = [
      () => `if (${this.#condition(place)}) ${this.#block(place)}`,
      () => `if (${this.#condition(place)}) ${this.#block(place)} else ${this.#block(place)}`,
      () => {
        const test = this.#one(['x < 2', 'x > 1', 'y == 1', '!b', 'b && x < 2'])
        return `while (${test}) ${this.#block(place, { loop: true, decided: place.atomic })}`
      },
      () => this.#for(place),
      () => (place.decided ? 'skip;' : `either ${this.#block(place)} or ${this.#block(place)}`),
      () => `atomic ${this.#block(place, { atomic: true })}`,
      () => (place.atomic ? this.#simple(place) : this.#guarded(place)),
      () => (place.atomic ? this.#simple(place) : this.#locked(place)),
      () => (place.atomic ? this.#simple(place) : this.#locked(place)),
    ]
    return this.#one(blocks)()
  }

  #for(place: Place): string {
    const name = `i${this.#fresh++}`
    const locals = [...place.locals, name]
    const to = this.#one(['1', '1', 'y'])
    return `for (${name} in 0..${to}) ${this.#block(place, { locals, loop: true })}`
  }

  #guarded(place: Place): string {
    const wait = `await (${this.#condition(place)});`
    if (this.#below(2) === 0) return wait
    const inner = this.#body({ ...place, depth: place.depth + 1, atomic: true }, 2)
    const indent = '  '.repeat(place.depth + 1)
    return `atomic {\n${indent}  ${wait}\n${inner}${indent}}`
  }

  /** A lock around a block, and now and then a lock forgotten, or taken or released once too often. */
  #locked(place: Place): string {
    const [kind, name] = this.#one([
      ['mutex', 'm'],
      ['mutex', 'n'],
      ['spin', 'l'],
    ])
    const wrong = this.#below(12)
    if (wrong === 0) return `${kind}_lock(&${name});`
    if (wrong === 1) return `${kind}_unlock(&${name});`
    const block = this.#block(place, { loop: false })
    if (this.#below(3) === 0) {
      return `if (${kind}_trylock(&${name})) { ${block} ${kind}_unlock(&${name}); }`
    }
    return `${kind}_lock(&${name}); ${block} ${kind}_unlock(&${name});`
  }

  #simple(place: Place): string {
    const value = () => this.#value(place)
    const options: readonly (() => string)[] = [
      () => `x = ${value()};`,
      () => `x = ${value()};`,
      () => `y = ${value()};`,
      () => `a[${this.#index(place)}] = ${value()};`,
      () => `a[${this.#index(place)}] += ${this.#one(['1', 'x', 'y'])};`,
      () => `${this.#one(['x', 'y'])}${this.#one(['++', '--'])};`,
      () => `b = ${this.#condition(place)};`,
      () => `add(&${this.#one(['x', 'y', 'a[y % 2]', 'p.f'])}, ${this.#one(['1', 'y'])});`,
      () => this.#one(['p = q;', 'q = p;', `p.f = ${value()};`, 'q.g = b;', 'x = p.f;']),
      () => `WRITE_ONCE(${this.#one(['x', 'y'])}, ${value()});`,
      () => this.#one(['atomic_inc(&c);', 'atomic_dec(&c);', `atomic_add(${this.#below(2)}, &c);`]),
      () => this.#one(['refcount_inc(&r);', 'if (refcount_dec_and_test(&r)) b = true;']),
      () => this.#one(['set_bit(A, &w);', 'clear_bit(A, &w);', 'set_bit(B, &w);']),
      () => `assert(${this.#condition(place)} || ${this.#condition(place)});`,
      () => `assert(${this.#condition(place)});`,
      () => this.#one(['flip();', 'y = find(x);', 'x = bump(&y);', 'x = bump(&a[y % 2]);']),
      () => this.#bumped(place),
      () => (place.atomic ? 'skip;' : `BUG_ON(x == 3 && ${this.#condition(place)});`),
      () => (place.loop ? this.#one(['break;', 'continue;']) : 'skip;'),
      () => (place.decided ? 'skip;' : this.#chosen()),
    ]
    return this.#one(options)()
  }

  /** A local that is handed on by address, and read before and after it. */
  #bumped(place: Place): string {
    const name = this.#one(['', ...place.locals.filter((each) => each.startsWith('v'))])
    if (name === '') return 'skip;'
    return this.#one([
      `x = ${name} + bump(&${name});`,
      `x = bump(&${name}) * ${name} % 3;`,
      `a[bump(&${name}) % 2] = ${name} % 3;`,
      `a[${name} % 2] += bump(&${name});`,
      `add(&a[${name} % 2], bump(&${name}));`,
      `for (j in 0..bump(&${name}) - 1) y = ${name} % 3;`,
      `if (bump(&${name}) == ${name}) x = ${name} % 3;`,
    ])
  }

  #chosen(): string {
    const name = `c${this.#fresh++}`
    return `{ int ${name} = 0; choose ${name} in 0..${1 + this.#below(2)}; x = ${name}; }`
  }

  #index(place: Place): string {
    return this.#one(['0', '1', 'y', 'y % 2', ...place.locals.filter((name) => /^[ik]/.test(name))])
  }

  /** Something that is read from shared state, so that a local never grows by itself. */
  #shared(place: Place): string {
    return this.#one([
      'x',
      'y',
      'x + y',
      'READ_ONCE(x)',
      `a[${this.#index(place)}]`,
      'p.f',
      `peek(${this.#below(3)})`,
      `take(${this.#below(3)})`,
      'atomic_fetch_add(1, &c)',
      'atomic_inc_not_zero(&c)',
      'refcount_inc_not_zero(&r)',
      'find(1)',
      'bump(&y)',
      'test_and_set_bit(A, &w)',
      'atomic_add_unless(&c, 1, 1)',
      'xchg(&x, 1)',
      'cmpxchg(&y, 1, 2)',
      'atomic_read(&c)',
      'refcount_read(&r)',
    ])
  }

  #value(place: Place): string {
    const local = place.locals.length > 0 ? this.#one(place.locals) : '1'
    return this.#one([
      `${this.#below(3)}`,
      this.#shared(place),
      local,
      `${this.#shared(place)} + ${this.#one(['1', local, 'x'])}`,
      `(${this.#shared(place)} + ${local}) % 3`,
      `${this.#condition(place)} ? ${this.#shared(place)} : ${local}`,
    ])
  }

  /** Reads only: it may stand where nothing may be written. */
  #condition(place: Place): string {
    const local = place.locals.length > 0 ? this.#one(place.locals) : '1'
    const term = (): string =>
      this.#one([
        `x == ${this.#below(3)}`,
        `x ${this.#one(['<', '<=', '>', '>=', '!='])} y`,
        'b',
        '!b',
        `y != ${local}`,
        `a[${this.#index(place)}] > 0`,
        'test_bit(A, &w)',
        'atomic_read(&c) > 0',
        'quiet()',
        'p.g',
      ])
    return this.#one([term(), term(), `${term()} && ${term()}`, `(${term()} || ${term()})`])
  }
}
