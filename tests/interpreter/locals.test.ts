import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { countOf, explored, finals, kindsIn } from '../helpers/pipeline.js'

/** Rules 2 and 3: scopes, parameters, and what stays finite. */
const locals = suite('locals and parameters')

const bump = 'op int bump(int *v) { *v = *v + 1; return *v; }'

locals('3: a local without an initialiser is uninitialised', () => {
  assert.equal(kindsIn('int 0..3 x; thread t { int i; x = i; }'), ['uninitialised-read'])
  assert.equal(kindsIn('int 0..3 x; thread t { int i; i = 1; x = i; }'), [])
  assert.equal(kindsIn('int 0..3 x; thread t { bool b; if (b) x = 1; }'), ['uninitialised-read'])
  const oneArm = 'int 0..3 x; thread t { int i; either { i = 1; } or { skip; } x = i; }'
  assert.equal(kindsIn(oneArm), ['uninitialised-read'])
  assert.equal(finals(oneArm, 'x'), [1])
  const member = 'struct s { int 0..3 a; int 0..3 b; } int 0..3 x; thread t { s l; l.a = 1; x = l.'
  assert.equal(kindsIn(`${member}a; }`), [])
  assert.equal(kindsIn(`${member}b; }`), ['uninitialised-read'])
})

locals('2: a local is uninitialised again each time its declaration is passed', () => {
  const text = (declare: string): string => `int 0..9 x;
    thread t { for (i in 0..2) { ${declare} if (i == 0) v = 5; x = v; } }`
  assert.equal(kindsIn(text('int v;')), ['uninitialised-read'])
  assert.equal(kindsIn(text('int v = i;')), [])
})

locals('2: a goto into a scope leaves its locals uninitialised', () => {
  const text = (jump: string): string => `int 0..9 x; bool b;
    thread t {
      if (b) goto inside;
      x = 1;
      ${jump}
      {
        int v = 4;
        x = v;
      inside:
        x = v;
      }
    }`
  assert.equal(kindsIn(text('')), [])
  assert.equal(finals(text(''), 'x'), [4])
  assert.equal(kindsIn(text('goto inside;')), ['uninitialised-read'])
})

locals("2: a goto back over a declaration ends the local's life", () => {
  const text = `int 0..9 x; int 0..3 n;
    thread t {
    again:
      n = n + 1;
      int v;
      if (n == 1) { v = 7; goto again; }
      x = v;
    }`
  assert.equal(kindsIn(text), ['uninitialised-read'])
})

locals('2: error paths by goto leave every scope they leave', () => {
  const text = `int 0..9 x; bool fails;
    op int try_it() {
      int r = 1;
      {
        int inner = 2;
        if (READ_ONCE(fails)) { r = inner; goto out; }
      }
      r = 3;
    out:
      x = r;
      return r;
    }
    thread t { int r = try_it(); assert(r == x); }`
  assert.equal(finals(text, 'x'), [3])
  assert.equal(finals(text.replace('bool fails', 'bool fails = true'), 'x'), [2])
})

locals('2: an inner local hides an outer one', () => {
  const text = `int 0..9 x; thread t { int v = 1; { int v = 2; x = x + v; } x = x + v; }`
  assert.equal(finals(text, 'x'), [3])
  // Its initialiser still means the outer one.
  assert.equal(finals('int 0..9 x; thread t { int v = 1; { int v = v + 1; x = v; } }', 'x'), [2])
})

locals('2: cells are shared by locals whose scopes do not overlap, values are not', () => {
  const text = `int 0..9 x; thread t { { int a = 7; x = a; } { int b; x = b; } }`
  assert.equal(kindsIn(text), ['uninitialised-read'])
})

locals('2: break, continue and nested loops', () => {
  const text = (body: string): string => `int 0..9 x; thread t { int s = 0; ${body} x = s; }`
  assert.equal(finals(text('for (i in 1..3) { if (i == 2) continue; s += i; }'), 'x'), [4])
  assert.equal(finals(text('for (i in 1..3) { if (i == 2) break; s += i; }'), 'x'), [1])
  assert.equal(finals(text('for (i in 0..2) for (j in i..2) s += 1;'), 'x'), [6])
  assert.equal(finals(text('for (i in 2..1) s = 9;'), 'x'), [0])
  assert.equal(
    finals(text('int i = 0; while (i < 4) { i += 1; x = i; if (i == 2) continue; s += i; }'), 'x'),
    [8],
  )
  assert.equal(finals(text('while (true) { s += 2; x = s; if (s == 4) break; }'), 'x'), [4])
})

locals('2: the bounds of a for are computed once', () => {
  const text = `int 0..9 x; thread t { int n = 2; for (i in 0..n) { n = 5; x = x + 1; } }`
  assert.equal(finals(text, 'x'), [3])
  const shared = `int 0..3 n = 1; int 0..9 x; thread t { for (i in 0..n) { n = 3; x = x + 1; } }`
  assert.equal(finals(shared, 'x'), [2])
})

locals('3: leaving a declared range is count-overflow', () => {
  assert.equal(kindsIn('int 0..2 x; thread t { x = 3; }'), ['count-overflow'])
  assert.equal(kindsIn('int 0..2 x; thread t { x = x - 1; }'), ['count-overflow'])
  assert.equal(kindsIn('int 0..2 x; thread t { int 0..2 i = 2; i = i + 1; x = 1; }'), [
    'count-overflow',
  ])
  assert.equal(kindsIn('int 0..2 a[2]; int 0..5 i = 2; thread t { a[i] = 1; }'), ['count-overflow'])
  assert.equal(kindsIn('int 0..2 a[2]; int -1..1 i = -1; thread t { a[i] = 1; }'), [
    'count-overflow',
  ])
  assert.equal(kindsIn('typedef int 0..2 small; small x = 2; thread t { x++; }'), [
    'count-overflow',
  ])
})

locals(
  '3: the range of other locals is what is assigned to them; what keeps growing is a bound',
  () => {
    // Any value that arrives fits, whatever its size.
    assert.equal(kindsIn('bool r; thread t { int i = 5000; i = i + 7; r = i == 5007; }'), [])
    const growing = `bool r; bool stop; daemon d { stop = true; }
    thread t { int i = 0; while (!stop) i = i + 100; r = i > 0; }`
    assert.equal(kindsIn(growing), ['incomplete'])
    const [message = ''] = explored(growing).cuts
    assert.match(message, /`i` would become \d+, outside the range -128\.\.\d+ inferred/)
  },
)

locals('3: a violation and a bound are both found', () => {
  const text = `int 0..1 x; bool stop; daemon d { stop = true; }
    thread t { int i = 0; while (!stop) i = i + 100; x = 2; }`
  assert.equal(kindsIn(text), ['count-overflow', 'incomplete'])
})

locals("3: arithmetic is C's; division by zero is bug-on", () => {
  const values: readonly (readonly [expression: string, value: number])[] = [
    ['-7 / 2', -3],
    ['-7 % 3', -1],
    ['7 % -3', 1],
    ['1 << 3', 8],
    ['-8 >> 1', -4],
    ['6 & 3', 2],
    ['6 | 3', 7],
    ['6 ^ 3', 5],
    ['~5', -6],
    ['- -5', 5],
    ['!3 + !0', 1],
    ['2 + 3 * 4', 14],
    ['(2 < 3) + (2 <= 2) + (3 > 2) + (2 >= 3)', 3],
    ['(2 == 2) * 4 + (2 != 2)', 4],
    ['1 ? 5 : 6', 5],
  ]
  for (const [expression, value] of values) {
    assert.equal(finals(`int -20..20 x; thread t { x = ${expression}; }`, 'x'), [value], expression)
    // The same from variables, which nobody can compute beforehand.
    const text = expression.replace(/\d+/g, 'v$&')
    const names = [...new Set(text.match(/v\d+/g) ?? [])]
    const declared = names.map((name) => `int 0..9 ${name} = ${name.slice(1)};`).join(' ')
    assert.equal(finals(`${declared} int -20..20 x; thread t { x = ${text}; }`, 'x'), [value], text)
  }
  assert.equal(kindsIn('int 0..3 z; int 0..3 x; thread t { x = 1 / z; }'), ['bug-on'])
  assert.equal(kindsIn('int 0..3 z; int 0..3 x; thread t { x = 1 % z; }'), ['bug-on'])
  // Not computed, not divided.
  assert.equal(kindsIn('int 0..3 z; bool x; thread t { int i = z; x = i != 0 && 1 / i > 0; }'), [])
})

locals('3: an index, a range and a size may use params, and a constant its own arithmetic', () => {
  const text = `param n : 1..3 = 2; const LAST = n - 1; int 0..n x[n + 1];
    thread t[i in 0..LAST] { x[i + 1] = i + 1; }`
  const { rests, states } = explored(text, { params: { n: '3' } })
  assert.equal(
    rests.map((at) => states[at]?.shared.x),
    [[0, 1, 2, 3]],
  )
})

locals('3: a parameter is a value of its own', () => {
  const text = `int 0..9 x; int 0..9 y;
    op int add(int a, int b) { a = a + b; b = 0; return a; }
    thread t { int a = 2; int b = 3; x = add(a, b); y = a + b; }`
  assert.equal([finals(text, 'x'), finals(text, 'y')], [[5], [5]])
})

locals(
  '3: an argument is what it was at the call, though the op changes what it was read from',
  () => {
    const cases: readonly (readonly [op: string, body: string])[] = [
      ['op int f(int v, int *p) { *p = 5; return v; }', 'int i = 2; x = f(i, &i);'],
      ['op int f(int *p, int v) { *p = 5; return v; }', 'int i = 2; x = f(&i, i);'],
      ['op int f(int v, int w) { return v; }', 'int i = 2; x = f(i, bump(&i));'],
      ['op int f(int v) { v = v + 0; return v; }', 'int i = 2; x = f(i);'],
      [
        'op int f(macro bool c, int v) { if (c) skip; return v; }',
        'int i = 2; x = f(bump(&i) > 0, i);',
      ],
    ]
    for (const [op, body] of cases) {
      assert.equal(finals(`int 0..9 x; ${bump} ${op} thread t { ${body} }`, 'x'), [2], op)
    }
  },
)

locals('3: an op may change its own parameter in any place an expression may stand', () => {
  const cases: readonly (readonly [body: string, result: number])[] = [
    ['a[bump(&v)] = 1; return v;', 2],
    ['for (i in 0..bump(&v)) skip; return v;', 2],
    ['for (i in bump(&v)..3) skip; return v;', 2],
    ['int c = 0; choose c in bump(&v)..v; return c;', 2],
    ['int c = a[bump(&v)]; return v;', 2],
    ['if (bump(&v) == 2) return v; return 0;', 2],
    ['return bump(&v) + v;', 4],
    ['assert(bump(&v) == 2); return v;', 2],
  ]
  for (const [body, result] of cases) {
    const text = `int 0..9 a[4]; int 0..9 x; ${bump} op int f(int v) { ${body} } thread t { x = f(1); }`
    assert.equal(finals(text, 'x'), [result], body)
  }
})

locals('1: operands are taken in the order of the text, locals too', () => {
  const cases: readonly (readonly [body: string, result: number])[] = [
    ['x = i + bump(&i);', 5],
    ['x = bump(&i) + i;', 6],
    ['x = i * 2 + bump(&i);', 7],
    ['i += bump(&i); x = i;', 5],
    ['a[bump(&i)] = i; x = a[3];', 2],
    ['a[i] += bump(&i); x = a[2];', 3],
    ['int b[4]; b[2] = 1; b[i] += bump(&i); x = b[2];', 4],
    ['x = a[i] + bump(&i) + i;', 6],
    ['WRITE_ONCE(a[bump(&i)], i); x = a[3];', 2],
    ['for (j in i..bump(&i)) x += 1;', 2],
  ]
  for (const [body, result] of cases) {
    const text = `int 0..9 a[4]; int 0..9 x; ${bump} thread t { int i = 2; ${body} }`
    assert.equal(finals(text, 'x'), [result], body)
  }
})

locals("3: a pointer parameter stands for the caller's place", () => {
  const shared = `int 0..9 x; op set(int *p) { *p = 4; } thread t { set(&x); }`
  assert.equal(finals(shared, 'x'), [4])
  // Through it too an access is a step; a local's is none.
  assert.is(countOf(shared), 2)
  const text = `int 0..9 x; op set(int *p) { *p = *p + 4; } thread t { int i = 1; set(&i); x = i; }`
  assert.is(countOf(text), 2)
  assert.equal(finals(text, 'x'), [5])
})

locals('3: a place is fixed when the call is made', () => {
  const set = 'op set(int *p, int *i) { *i = 1; *p = 7; }'
  const cases: readonly (readonly [declarations: string, body: string, result: string])[] = [
    ['int 0..9 x[2];', 'int i = 0; set(&x[i], &i);', '[7,0]'],
    ['int 0..9 x[2]; int 0..9 i;', 'set(&x[i], &i);', '[7,0]'],
    [
      'int 0..9 x[2];',
      'int i = 0; int b[2]; b[1] = 0; set(&b[i], &i); x[0] = b[0]; x[1] = b[1];',
      '[7,0]',
    ],
    ['struct s { int 0..9 v[2]; } s x;', 'int i = 0; set(&x.v[i], &i);', '{"v":[7,0]}'],
  ]
  for (const [declarations, body, result] of cases) {
    const { states, violations } = explored(`${declarations} ${set} thread t { ${body} }`)
    assert.equal([...violations.keys()], [])
    assert.is(JSON.stringify(states.at(-1)?.shared.x), result, body)
  }
})

locals('3: a member of an object is fixed by the pointer as it was', () => {
  const text = (pass: string): string => `struct node { int 0..9 v; } pool node nodes[2];
    node *a; node *b; int 0..9 x;
    init { a = alloc(&nodes[0]); b = alloc(&nodes[1]); }
    op move(int *v, node **p) { *p = b; *v = 6; }
    thread t { node *p = a; ${pass} x = a->v; }`
  assert.equal(finals(text('move(&p->v, &p);'), 'x'), [6])
  assert.equal(finals(text('move(&a->v, &p);'), 'x'), [6])
})

locals('3: a place is handed on from op to op', () => {
  const text = `int 0..9 x[3]; mutex m;
    op inner(int *p) { *p += 1; }
    op outer(int *p, mutex *l) { mutex_lock(l); inner(p); inner(p); mutex_unlock(l); }
    thread t[i in 0..2] { outer(&x[i], &m); }
    finally { for (i in 0..2) assert(x[i] == 2); }`
  assert.equal(kindsIn(text), [])
})

locals('3: struct and array places', () => {
  const text = `struct pair { int 0..9 a; int 0..9 b; } pair x; pair y[2];
    op fill(pair *p, int v) { p->a = v; (*p).b = v + 1; }
    op copy(pair *to, pair *from) { *to = *from; }
    thread t { pair l; fill(&l, 1); x = l; fill(&y[1], 3); copy(&y[0], &y[1]); copy(&x, &l); }`
  const { states } = explored(text)
  const last = states.at(-1)?.shared
  assert.equal(last, {
    x: { a: 1, b: 2 },
    y: [
      { a: 3, b: 4 },
      { a: 3, b: 4 },
    ],
  })
})

locals('3: a macro parameter is evaluated anew at each use, where it is used', () => {
  const twice = 'op int twice(macro int e) { return e + e; }'
  // Two loads: another thread may come in between.
  const text = `int 0..1 x; int 0..2 r; ${twice}
    thread t { r = twice(x); } thread s { x = 1; }`
  assert.equal(finals(text, 'r'), [0, 1, 2])
  const value = text.replace('macro int e', 'int e')
  assert.equal(finals(value, 'r'), [0, 2])
  // In the caller's scope: `v` means the caller's v.
  const hygienic = `int 0..9 r; op int f(macro int e) { int v = 3; return e * 2 + v; }
    thread t { int v = 1; r = f(v); }`
  assert.equal(finals(hygienic, 'r'), [5])
  // Handed on.
  const nested = `int 0..3 x; int 0..20 r; ${twice} op int quadruple(macro int e) { return twice(e) + twice(e); }
    thread t { int i = 1; r = quadruple(bump(&i)); } ${bump}`
  assert.equal(finals(nested, 'r'), [2 + 3 + 4 + 5])
})

locals('3: a macro condition in an await is read in one instant', () => {
  const text = (how: string): string => `bool a; bool b; int 0..1 done;
    op wait_for(macro bool condition) { ${how} }
    thread w { wait_for(a && b); done = 1; }
    thread s { a = true; b = true; }`
  assert.equal(kindsIn(text('await (condition);')), [])
  assert.equal(kindsIn(text('while (!condition) skip;')), [])
})

locals("3: weak ops: the model's own body replaces the library's", () => {
  const text = (own: string): string => `int 0..3 x;
    weak op int hook(int v) { return v; }
    op run() { x = hook(2); }
    ${own}
    thread t { run(); }`
  assert.equal(finals(text(''), 'x'), [2])
  assert.equal(finals(text('op int hook(int v) { return v + 1; }'), 'x'), [3])
})

locals('3: the instances of a family have an index and locals each', () => {
  const text = `int 0..9 sum; int 0..9 last; thread t[i in 2..4] { int v = i; atomic { sum += v; } }`
  assert.equal(finals(text, 'sum'), [9])
  const { system } = explored(text)
  assert.equal(
    system.processes.map(({ name }) => name),
    ['t2', 't3', 't4'],
  )
  assert.equal(new Set(system.processes.map(({ code }) => code)).size, 1)
})

locals('3: return leaves an op from any depth, with or without a value', () => {
  const text = `int 0..9 x;
    op int find(int v) { for (i in 0..9) { while (true) { if (i == v) return i; break; } } return 9; }
    op stop(int v) { if (v > 2) return; x = 8; }
    thread t { x = find(4); stop(3); }`
  assert.equal(finals(text, 'x'), [4])
})

locals.run()
