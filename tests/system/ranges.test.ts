import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ValueType } from '../../spec/system/expression.js'
import { kindsIn, systemOf } from '../helpers/pipeline.js'

/** Rule 3: what lowering makes of types, sizes, initial values and the ranges nobody declared. */
const ranges = suite('ranges')

const rangeOf = (type: ValueType | undefined): string =>
  type?.kind === 'int' ? `${type.from}..${type.to}` : (type?.kind ?? 'none')

/** The range inferred for the local `v` of the one thread. */
function inferred(body: string, declarations = ''): string {
  const { codes } = systemOf(`${declarations} int -9..9 x; thread t { ${body} }`)
  return rangeOf(codes[0]?.slots.find(({ name }) => name === 'v')?.type)
}

const rows: readonly (readonly [body: string, range: string])[] = [
  ['int v = 3; x = v;', '3..3'],
  ['int v = 3; v = -2; x = v;', '-2..3'],
  ['int v = x; x = v;', '-9..9'],
  ['int v = x + 1; x = v - 1;', '-8..10'],
  ['int v = x - x; x = v;', '-18..18'],
  ['int v = -x; x = v;', '-9..9'],
  ['int v = ~x; x = 1;', '-10..8'],
  ['int v = x * x; x = 0;', '-81..81'],
  ['int v = x / 2; x = v;', '-9..9'],
  ['int v = x % 4; x = v;', '-3..3'],
  ['int v = x & 6; x = v;', '0..6'],
  ['int v = x == 1; x = v;', '0..1'],
  ['int v = x ? 4 : x; x = v;', '-9..9'],
  ['int v = 0; choose v in 2..5; x = v;', '0..5'],
  ['int v; choose v in 0..x; x = v;', '0..9'],
  ['for (v in 1..4) x = v;', '1..4'],
  ['for (v in x..6) x = v;', '-9..9'],
  ['int v = 0; while (x > 0) { v = x; x = v - 1; }', '-9..9'],
  ['int v = 0; while (x > 0) { v = v + 1; x = 0; }', '-128..127'],
  ['int v = 0; while (x > 0) { v = v == 3 ? 0 : v; x = 0; }', '0..0'],
  ['int 0..5 v = 3; x = v;', '0..5'],
  ['int v; x = 1;', '0..0'],
]

for (const [body, range] of rows) {
  ranges(`3: ${body}`, () => assert.is(inferred(body), range))
}

ranges('3: a parameter has the range of what it is given, in each place it is unfolded', () => {
  const { codes } = systemOf(
    'int 0..99 x; op f(int v) { v = v > 9 ? v : 0; x = v; } thread t { f(3); f(40); }',
  )
  const found = codes[0]?.slots.filter(({ name }) => name === 'v').map(({ type }) => rangeOf(type))
  assert.equal(found, ['0..3', '0..40'])
})

ranges('3: the index of a family', () => {
  const { codes } = systemOf('int 0..9 x; thread t[i in 2..5] { int v = i + 1; x = v; }')
  assert.is(rangeOf(codes[0]?.slots.find(({ name }) => name === 'v')?.type), '3..6')
})

ranges('3: an inferred range holds every value that arrives: nothing is cut', () => {
  const bodies = [
    'int v = x * x - x; choose v in -3..3; x = v;',
    'int v = (x | 5) ^ 3; x = v & 7;',
    'int v = x << 2; x = v >> 3;',
    'int v = x / -3 + x % 3; x = v;',
    'int v = ~x & 15; x = v / 2;',
    'int v = (x > 3 ? x : -x) + (x && 1); x = v % 5;',
  ]
  for (const body of bodies) {
    for (let start = -9; start <= 9; start++) {
      const kinds = kindsIn(`int -9..9 x = ${start}; thread t { ${body} }`)
      assert.not(kinds.includes('incomplete'), `${body} from ${start}`)
    }
  }
})

ranges('3: sizes, ranges and initial values take params and design choices', () => {
  const text = `param n : 1..4 = 2; design { wide = false; unit : { page, huge } = page; }
    param wide_at : 0..9 = 3;
    const TOP = wide ? 7 : n;
    int 0..TOP x = n; int 0..1 a[n * 2] = 1; bool b = wide;
    struct s { int 0..TOP m = TOP; } pool s p[n + 1]; s *g;
    thread t { x = 0; }`.replace('wide = false; ', 'wide : bool = false; ')
  const at = (design: string, params: string): string => {
    const system = systemOf(text, { design: { wide: design }, params: { n: params } })
    const [x, a, b] = system.shared
    const length = a?.type.kind === 'array' ? a.type.length : 0
    const [pool] = system.pools
    const member = pool?.initial.m
    return `${rangeOf(x?.type)} ${x?.initial} ${length} ${b?.initial} ${pool?.size} ${member}`
  }
  assert.is(at('false', '2'), '0..2 2 4 0 3 2')
  assert.is(at('true', '4'), '0..7 4 8 1 5 7')
})

ranges('3: initial values: zero, or the initialiser for every element', () => {
  const { shared } = systemOf(`enum e { A, B } struct s { int 2..4 v = 3; bool b; e k = B; }
    int 0..3 x; int 0..3 a[2][2] = 2; s one; s many[2]; bits { P, Q } w; mutex m;
    thread t { x = 1; }`)
  const free = { owner: -1, readers: [], waiting: [] }
  const one = { v: 3, b: 0, k: 1 }
  assert.equal(
    shared.map(({ initial }) => initial),
    [
      0,
      [
        [2, 2],
        [2, 2],
      ],
      one,
      [one, one],
      0,
      free,
    ],
  )
})

ranges.run()
