import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { lower } from '../../spec/system/lower.js'
import { checked, loweringErrors, row } from '../helpers/pipeline.js'

/** What is refused when a model is lowered: mistakes that need the row's constants, or the flow of control. */
const diagnostics = suite('diagnostics of lowering')

type Case = readonly [text: string, ...codes: string[]]

/** A line of its own is line 2: the text begins behind a line break. */
function check(title: string, cases: readonly Case[]): void {
  for (const [text, ...codes] of cases) {
    diagnostics(`${title}: ${text}`, () => {
      assert.equal(
        loweringErrors(`\n${text}`),
        codes.map((code) => `${code} at 2`),
      )
    })
  }
}

const loop = 'loop-without-step'
check('2: a loop without a step', [
  ['thread t { int i = 0; while (i < 3) i = i + 1; }', loop],
  ['thread t { while (true) skip; }', loop],
  ['int 0..1 x; thread t { x = 1; loop: goto loop; }', loop],
  ['thread t { again: either { goto again; } or { skip; } }', loop],
  ['daemon d { skip; }', loop],
  ['daemon d { int i = 0; i = i + 1; }', loop],
  ['int 0..1 x; daemon d { either { x = 1; } or { skip; } }', loop],
  // `continue` goes round without the step.
  [
    'int 0..9 x; thread t { int i = 0; while (i < 4) { i += 1; if (i == 2) continue; x = i; } }',
    loop,
  ],
  ['op spin() { while (true) skip; } thread t { spin(); }', loop],
  // With a step on every way round, or an end that is known, there is nothing to say.
  ['int 0..1 x; thread t { while (x == 0) skip; }'],
  ['thread t { for (i in 0..9) for (j in 0..9) skip; }'],
  ['int 0..1 x; thread t { int i = 0; again: i = i + 1; x = 1; if (i < 3) goto again; }'],
  ['thread t { atomic { skip; } while (true) atomic { skip; } }'],
  ['thread t { while (true) break; }'],
  ['int 0..1 x; daemon d { await (x == 1); }'],
  // In an atomic block it is all one step; that it ends is seen when it runs.
  ['int 0..9 x; thread t { atomic { int i = 0; while (i < 3) i = i + 1; x = i; } }'],
])

const late = 'await-in-atomic'
check('1: an await that is not the first thing in its atomic block', [
  ['int 0..1 x; thread t { atomic { x = 1; await (x == 0); } }', late],
  ['int 0..1 x; thread t { atomic { int v = x; await (v == 0); } }', late],
  ['int 0..1 x; thread t { atomic { await (x == 0); await (x == 1); } }', late],
  [
    'int 0..1 x; thread t { atomic { if (true) skip; int i = 0; if (i == 0) await (x == 0); } }',
    late,
  ],
  ['int 0..1 x; thread t { atomic { either { await (x == 0); } or { skip; } } }', late],
  [
    'int 0..1 x; thread t { atomic { int i = 0; while (i == 0) { await (x == 0); i = 1; } } }',
    late,
  ],
  ['int 0..1 x; op wait() { await (x == 0); } thread t { atomic { x = 1; wait(); } }', late],
  ['int 0..1 x; atomic op wait() { await (x == 0); } thread t { atomic { x = 1; wait(); } }', late],
  ['int 0..1 x; thread t { atomic { atomic { await (x == 0); } } }'],
  ['int 0..1 x; op wait(int v) { await (x == v); } thread t { atomic { int v = 1; wait(v); } }'],
  ['int 0..1 x; thread t { x = 1; await (x == 0); await (x == 1); }'],
])

const blocks = 'blocking-in-atomic'
check('1: what may block in an atomic block', [
  ['mutex m; thread t { atomic { mutex_lock(&m); mutex_unlock(&m); } }', blocks],
  ['spinlock_t l; thread t { atomic { spin_lock(&l); spin_unlock(&l); } }', blocks],
  ['rwsem s; thread t { atomic { down_read(&s); up_read(&s); } }', blocks],
  ['rwlock_t l; atomic op f() { write_lock(&l); } thread t { f(); write_unlock(&l); }', blocks],
  ['bits { L } w; thread t { atomic { wait_on_bit(&w, L); } }', blocks],
  ['bits { L } w; thread t { atomic { wait_on_bit_lock(&w, L); } }', blocks],
  ['mutex m; thread t { mutex_lock(&m); atomic { mutex_unlock(&m); } }'],
  ['mutex m; thread t { atomic { bool b = mutex_trylock(&m); if (b) mutex_unlock(&m); } }'],
])

const writes = 'write-in-condition'
check('1: a condition or a property that writes', [
  ['int 0..1 x; op int set() { x = 1; return 1; } thread t { assert(set() == 1); }', writes],
  ['atomic_t 0..1 x; thread t { await (atomic_inc_return(&x) == 1); }', writes],
  ['int 0..1 x; thread t { BUG_ON(xchg(&x, 1) == 1); }', writes],
  ['bits { A } w; thread t { bool b = WARN_ON(test_and_set_bit(A, &w)); }', writes],
  ['mutex m; thread t { assert(mutex_trylock(&m)); }', writes],
  ['int 0..1 x; invariant { x = 1; } thread t { skip; }', writes],
  ['int 0..1 x; finally { WRITE_ONCE(x, 1); } thread t { skip; }', writes],
  ['int 0..1 x; cover one (xchg(&x, 1) == 0); thread t { skip; }', writes],
  [
    'struct s { int 0..1 v; } pool s p[1]; finally { s *n = alloc(p); free(n); } thread t { skip; }',
    writes,
    writes,
  ],
  ['int 0..1 x; op set(int *p) { *p = 1; } finally { set(&x); } thread t { skip; }', writes],
  ['int 0..1 x; op int f() { atomic { x = 1; } return 1; } thread t { await (f() == 1); }', writes],
  // Its own locals it may write.
  [
    'int 0..1 x; op set(int *p) { *p = 1; } finally { int i = 0; set(&i); i = 2; } thread t { skip; }',
  ],
  [
    'int 0..3 x; op int sum() { int s = 0; for (i in 0..3) s += x; return s; } thread t { assert(sum() == 0); }',
  ],
])

/** A row nobody has looked at before: the param gets a value its own range does not have. */
function withParam(text: string, value: number): readonly string[] {
  const model = checked(text)
  const [param] = model.constants
  if (!param) throw new Error('no param')
  const { result, diagnostics: found } = lower(model, new Map(row(model)).set(param, value))
  assert.is(result, null)
  return found.map(({ code }) => code)
}

const unfit: readonly (readonly [text: string, value: number, code: string])[] = [
  ['param n : 1..3 = 1; int 0..1 a[n]; thread t { a[0] = 1; }', 0, 'bad-size'],
  ['param n : 1..3 = 1; int 0..1 a[n]; thread t { a[0] = 1; }', 5000, 'bad-size'],
  [
    'param n : 1..3 = 1; struct s { int 0..1 v; } pool s p[n]; s *g; thread t { g = null; }',
    0,
    'bad-size',
  ],
  ['param n : 1..3 = 1; int 0..n x; thread t { x = 1; }', -1, 'empty-range'],
  ['param n : 1..3 = 1; thread t { int 0..n v = 0; assert(v == 0); }', -1, 'empty-range'],
  ['param n : 1..3 = 1; int 0..n x = 1; thread t { x = 1; }', 0, 'value-outside-range'],
  [
    'param n : 1..3 = 1; struct s { int 0..n v = 1; } s g; thread t { g.v = 0; }',
    0,
    'value-outside-range',
  ],
  ['param n : 1..3 = 1; int 0..(4 / n) x; thread t { x = 1; }', 0, 'bad-constant'],
]

for (const [text, value, code] of unfit) {
  diagnostics(`3: ${text} with n = ${value}`, () => assert.equal(withParam(text, value), [code]))
}

diagnostics('3: a model that unfolds to too much', () => {
  const doubled = (n: number): string => `op a${n + 1}() { a${n}(); a${n}(); }`
  const ops = Array.from({ length: 18 }, (_, n) => doubled(n)).join(' ')
  const text = `int 0..1 x; op a0() { x = 1; } ${ops}\nthread t { a18(); }`
  assert.equal(loweringErrors(text), ['too-large at 2'])
})

diagnostics('each mistake is reported once, however often the op is unfolded', () => {
  const text = `int 0..1 x;
    op wrong() { atomic { x = 1; await (x == 0); } }
    thread t { wrong(); wrong(); }
    thread u[i in 0..3] { wrong(); }`
  assert.equal(loweringErrors(text), ['await-in-atomic at 2'])
})

diagnostics('several mistakes are reported in one run', () => {
  const text = `int 0..1 x; mutex m;
    thread t { atomic { x = 1; await (x == 0); } }
    thread u { while (true) skip; }
    thread v { atomic { mutex_lock(&m); } }`
  assert.equal([...loweringErrors(text)].sort(), [
    'await-in-atomic at 2',
    'blocking-in-atomic at 4',
    'loop-without-step at 3',
  ])
})

diagnostics.run()
