import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { drawDiagram } from '../../checker/diagram/diagram.js'
import {
  allCovers,
  conditionCovers,
  type Observed,
  observedTexts,
  projectionOf,
} from '../../checker/diagram/projection.js'
import { type Quotient, quotientOf } from '../../checker/diagram/quotient.js'
import { chooseEngine } from '../../checker/engine/choose.js'
import { lookUp } from '../../checker/trace/changes.js'
import { interpreter, type State, type TransitionSystem } from '../../spec/index.js'
import { corpusText } from '../helpers/corpus.js'
import { reach, systemOf } from '../helpers/pipeline.js'

const diagram = suite('diagrams of states')

/** A system with the conditions of a list as its last covers, and what the list names in it. */
function observe(text: string, list: string): [TransitionSystem, readonly Observed[]] {
  const texts = observedTexts(list) ?? []
  const system = systemOf(`${text}\n${conditionCovers(texts)}`)
  const found = projectionOf(system, texts)
  if ('problem' in found) throw new Error(`${found.problem}; ${found.hint}`)
  return [system, found]
}

function quotient(text: string, list: string): Quotient {
  const [system, projection] = observe(text, list)
  const found = quotientOf(chooseEngine(system, 'compiled'), projection, 100_000)
  if ('why' in found) throw new Error(found.why)
  return found
}

/** `x = 0 -> x = 1: bump(1)`, a view by its texts. */
function lines({ views, edges }: Quotient): string[] {
  const name = (view: number | string) =>
    typeof view === 'string' ? view : (views[view]?.texts.join(' ') ?? '?')
  return edges.map(({ from, to, labels }) => `${name(from)} -> ${name(to)}: ${labels.join(', ')}`)
}

const COUNTS = `
  int 0..3 x;
  bool done;
  int 0..9 elsewhere;
  cover all-done (done);
  op inner(int by) { x = x + by; }
  op bump(int by) { elsewhere = by; inner(by); }
  thread one { bump(1); await (x == 3); done = true; }
  thread two { await (x == 1); bump(2); }
  expect holds;
`

diagram(
  'a view for what is seen, an edge for a step that changes it, in its outermost call',
  () => {
    const found = quotient(COUNTS, 'x,all-done')
    assert.equal(lines(found), [
      'x = 0 -> x = 1: bump(1)',
      'x = 1 -> x = 3: bump(2)',
      'x = 3 -> x = 3 all-done: done = true',
    ])
    assert.equal(
      found.views.map(({ isInitial, mayEnd }) => [isInitial, mayEnd]),
      [
        [true, false],
        [false, false],
        [false, false],
        [false, true],
      ],
    )
  },
)

diagram('calls of several threads are one label, and what nobody sees makes no view', () => {
  const text = `
    atomic_t 0..2 count;
    op get() { atomic_inc(&count); }
    thread t[i in 0..1] { get(); }
    expect holds;
  `
  assert.equal(lines(quotient(text, 'count')), [
    'count = 0 -> count = 1: get()',
    'count = 1 -> count = 2: get()',
  ])
  assert.equal(lines(quotient(text, 'atomic_read(&count) > 0')), [
    ' -> atomic_read(&count) > 0: get()',
  ])
})

diagram('a condition in brackets is no name for what it is about', () => {
  assert.equal(
    quotient(COUNTS, '(done),done').views.map(({ texts }) => texts),
    [['done = false'], ['(done)', 'done = true']],
  )
})

diagram('violations are where their steps lead', () => {
  const text = `
    int 0..2 x;
    mutex a; mutex b;
    op check_it() { assert(x != 1); }
    thread one { x = 1; check_it(); mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a); }
    thread two { x = 2; mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b); }
    invariant (x < 2 || x == 2);
    check not lock-inversion;
    expect violated assert, deadlock otherwise;
  `
  const found = lines(quotient(text, 'x'))
  assert.ok(found.includes('x = 1 -> assert: check_it()'), found.join('\n'))
  assert.ok(found.includes('x = 2 -> deadlock: '), found.join('\n'))
})

/** What the interpreter says of every pair of states, with nothing of packing, engines or numbers of states. */
function asDefined(system: TransitionSystem, projection: readonly Observed[]): Set<string> {
  const machine = interpreter(system)
  const look = (state: State): string =>
    projection
      .flatMap((each) => {
        if (each.kind === 'place')
          return `${each.text} = ${lookUp(system, state, each.path)?.value}`
        return machine.covered(state).includes(each.cover) ? each.text : []
      })
      .join(' ')
  const found = new Set<string>()
  const { states, edges } = reach(system)
  const views = states.map(look)
  for (const { from, to } of edges) {
    if (to !== null && views[from] !== views[to]) found.add(`${views[from]} -> ${views[to]}`)
  }
  return found
}

const FILES = [
  'litmus/138-freeze-or-compare.gmem',
  'litmus/105-irq-against-holder.gmem',
  'litmus/118-inline-reclaim.gmem',
  'litmus/136-kref-put-mutex.gmem',
]

/** Every shared variable and every object. */
const everything = ({ shared, pools }: TransitionSystem): readonly string[] => [
  ...shared.map(({ name }) => name),
  ...pools.flatMap(({ name, size }) => Array.from({ length: size }, (_, at) => `${name}[${at}]`)),
]

for (const file of FILES) {
  diagram(`${file}: every engine draws what the interpreter defines`, () => {
    const [system, projection] = observe(
      corpusText(file),
      everything(systemOf(corpusText(file))).join(),
    )
    const drawn = (engine: 'compiled' | 'reference') => {
      const found = quotientOf(chooseEngine(system, engine), projection, 100_000)
      if ('why' in found) throw new Error(found.why)
      return found
    }
    const compiled = drawn('compiled')
    assert.equal(compiled, drawn('reference'))
    const pairs = lines({
      ...compiled,
      edges: compiled.edges.filter(({ to }) => typeof to === 'number'),
    })
    const expected = asDefined(system, projection)
    assert.equal(pairs.map((line) => line.replace(/: [^:]*$/, '')).sort(), [...expected].sort())
    assert.ok(expected.size > 2)
  })
}

diagram('what is not whole is not drawn', () => {
  const [system, projection] = observe(COUNTS, 'x')
  const engine = chooseEngine(system, 'compiled')
  const { states } = quotient(COUNTS, 'x')
  assert.ok('views' in quotientOf(engine, projection, states))
  const less = quotientOf(engine, projection, states - 1)
  assert.match('why' in less ? less.why : '', /more than \d+ states/)
  const [cut, seen] = observe(
    PLACES.replace('t {', 't { alloc(mem); alloc(mem); alloc(mem, GFP_KERNEL | __GFP_NOFAIL);'),
    'mem[0]',
  )
  assert.ok('why' in quotientOf(chooseEngine(cut, 'compiled'), seen, 100_000))
})

const PLACES = `
  struct page { atomic_t 0..3 _refcount; bits { locked, dirty } flags; }
  pool page mem[2];
  int 0..1 table[2];
  cover is-set (table[1] == 1);
  thread t { table[1] = 1; page *p = alloc(&mem[0]); set_bit(locked, &p->flags); }
  expect holds;
`

const REFUSED: readonly (readonly [list: string, says: RegExp])[] = [
  ['tabel[1]', /no `tabel`; did you mean `table\[1\]`/],
  ['is-sett', /did you mean `is-set`/],
  ['table[2]', /`table` has no element 2; `table\[0\]` to `table\[1\]`/],
  ['table.x', /`table` has no member `x`/],
  ['table[1][0]', /`table\[1\]` is no array/],
  ['mem', /no object of the pool `mem`; `mem\[0\]` to `mem\[1\]`/],
  ['mem[2].flags', /no object of the pool/],
  ['mem[1]._refcont', /did you mean `mem\[1\]\._refcount`/],
]

for (const [list, says] of REFUSED) {
  diagram(`no such place, and what to write instead: ${list}`, () => {
    assert.throws(() => observe(PLACES, list), says)
  })
}

diagram('lists end at commas outside of brackets, and a list is no way into the model', () => {
  assert.equal(observedTexts('a, f(b, c[1]),d'), ['a', 'f(b, c[1])', 'd'])
  assert.is(observedTexts('x); thread evil { x = 1; } cover (x'), null)
  assert.is(observedTexts('(a'), null)
})

diagram('objects are free or allocated, words are the bits that are set', () => {
  const labels = quotient(PLACES, 'mem[0].flags,mem[0],mem[1],is-set').views.map(
    ({ texts }) => texts,
  )
  assert.equal(labels, [
    ['mem[0].flags = free', 'mem[0] = free', 'mem[1] = free'],
    ['mem[0].flags = free', 'mem[0] = free', 'mem[1] = free', 'is-set'],
    ['mem[0].flags = 0', 'mem[0] = allocated', 'mem[1] = free', 'is-set'],
    ['mem[0].flags = locked', 'mem[0] = allocated', 'mem[1] = free', 'is-set'],
  ])
})

/** Texts that mean something in one of the languages. */
const ODD: Quotient = {
  states: 2,
  views: [
    { texts: ['a"b\\', 'c; #d: <e> %% f'], isInitial: true, mayEnd: false },
    { texts: [], isInitial: false, mayEnd: true },
  ],
  edges: [
    { from: 0, to: 1, labels: ['f("x"): --> y;', 'g()'] },
    { from: 1, to: 'use-after-free', labels: [] },
  ],
}

diagram('no text breaks a Mermaid diagram', () => {
  const text = drawDiagram('mermaid', ODD, 'say "a"')
  const body = text.split('\n').slice(4, -1)
  assert.equal(text.split('\n').slice(0, 4), [
    '---',
    'title: "say \\"a\\""',
    '---',
    'stateDiagram-v2',
  ])
  // An entity is `#`, a number, `;`: without those nothing may be left that ends a text.
  const plain = body.map((line) => line.replace(/#\d+;/g, ''))
  for (const line of plain) {
    assert.match(
      line,
      /^ {4}(?:state "[^"#;:%]*" as \w+|(?:\w+|\[\*\]) --> (?:\w+|\[\*\])(?:: [^"#;:%]+)?|class(?:Def)? [\w,]+ .*)$/,
    )
  }
  assert.is(body.filter((line) => line.includes(' as ')).length, 3)
  assert.is(body.filter((line) => line.includes('-->')).length, 4)
})

diagram('no text breaks a Graphviz graph', () => {
  const text = drawDiagram('dot', ODD, 'say "a"')
  const strings = /"(?:[^"\\]|\\.)*"/g
  const bare = text.replace(strings, 'S')
  assert.match(bare, /^digraph \{\n(?: {2}[^"\n]*;\n)+\}\n$/)
  assert.is(bare.match(/->/g)?.length, 3)
  assert.ok(text.includes('label="a\\"b\\\\\\nc; #d'))
})

diagram('without a list all covers are shown', () => {
  assert.equal(allCovers(systemOf(COUNTS)), [{ kind: 'condition', text: 'all-done', cover: 0 }])
})

diagram.run()
