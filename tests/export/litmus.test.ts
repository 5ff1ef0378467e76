import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  defaultSearchOptions,
  expectedOf,
  explore,
  litmusOf,
  prepareRow,
  readerOfTexts,
  readModel,
  replay,
} from '../../checker/index.js'
import { configure } from '../../spec/index.js'
import { corpusText } from '../helpers/corpus.js'
import { readLitmus } from '../helpers/litmus.js'

/** The litmus test of the first data race of a model. */
function litmus(text: string, design: Readonly<Record<string, string>> = {}) {
  const { model, diagnostics } = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  if (model === null) throw new Error(JSON.stringify(diagnostics))
  const { result } = configure(model, { design })
  if (result === null) throw new Error('no such design')
  const { row } = prepareRow(model, result)
  if (row === null) throw new Error('not lowered')
  const wanted = ['data-race']
  const found = explore(row.engine, { ...defaultSearchOptions, wanted, preferred: wanted })
  const { violation } = found
  if (violation?.kind !== 'data-race') throw new Error('no race')
  const expected = expectedOf(row.interpreter.system, violation)
  const { trace, refusal } = replay(row.interpreter, violation.trail, expected)
  if (trace === null) throw new Error(refusal)
  return litmusOf(model, row.interpreter, trace)
}

const written = (text: string, design: Readonly<Record<string, string>> = {}) => {
  const { text: test, refusal } = litmus(text, design)
  if (test === null) throw new Error(refusal)
  return readLitmus(test)
}

const model = (body: string): string => `model m;\ncheck data-race;\n${body}\n`
const condition = ({ condition: terms }: ReturnType<typeof readLitmus>): string =>
  terms.map(({ place, value }) => `${place}=${value}`).join(' ')

const test = suite('litmus tests of racing pairs')

test('a pointer that is published plainly, and what it points to', () => {
  const read = written(corpusText('litmus/157-publish-plainly.gmem'), { publishes: 'plainly' })
  const [updater, reader] = read.processes
  assert.equal(updater?.statements, ['*nodes_0_value = 1;', '*published = nodes_0_value;'])
  assert.equal(reader?.statements, [
    'rcu_read_lock();',
    'r0 = rcu_dereference(*published);',
    'r1 = *r0;',
    'rcu_read_unlock();',
  ])
  assert.is(condition(read), '1:r0=nodes_0_value 1:r1=0')
  assert.is(read.initial.get('published'), 'null')
})

test('plain and marked, a read of either order', () => {
  const text = corpusText('litmus/122-data-race.gmem')
  const plain = written(text, { writer: 'plain', reader: 'marked' })
  assert.equal(plain.processes[0]?.statements, ['*x = 1;'])
  assert.equal(plain.processes[1]?.statements, ['r0 = READ_ONCE(*x);'])
  assert.is(condition(plain), '1:r0=1')
})

test('two writers: the last value is the first one’s', () => {
  const read = written(model('int 0..2 x;\nthread a { x = 1; }\nthread b { x = 2; }'))
  assert.is(condition(read), 'x=1')
})

test('a flag with acquire and release around plain data, and a barrier', () => {
  const read = written(
    model(`int 0..1 data; int 0..1 flag; int 0..1 other;
thread a { data = 1; smp_wmb(); flag = 1; }
thread b { if (smp_load_acquire(&flag) == 1) { int d = data; other = d; } }`),
  )
  assert.equal(read.processes[0]?.statements, ['*data = 1;', 'smp_wmb();', '*flag = 1;'])
  assert.equal(read.processes[1]?.statements, [
    'r0 = smp_load_acquire(flag);',
    'if ((r0 == 1)) {',
    'r1 = *data;',
    '}',
  ])
  assert.is(condition(read), '1:r0=1 1:r1=0')
})

test('a value that depends on a load is stored as such', () => {
  const read = written(
    model(`int 0..3 x; int 0..3 y;
thread a { int v = READ_ONCE(x); y = v + 1; }
thread b { WRITE_ONCE(x, 2); int w = y; }`),
  )
  const all = read.processes.flatMap(({ statements }) => statements)
  assert.ok(all.includes('*y = (r0 + 1);'), all.join('\n'))
})

test('locks and initial values', () => {
  const read = written(
    model(`int 0..9 x = 5; int 0..1 y; spinlock_t l;
thread a { spin_lock(&l); WRITE_ONCE(y, 1); spin_unlock(&l); x = 6; }
thread b { spin_lock(&l); int v = READ_ONCE(y); spin_unlock(&l); int w = x; }`),
  )
  assert.is(read.initial.get('x'), '5')
  assert.equal(read.processes[0]?.statements.slice(0, 2), ['spin_lock(l);', 'WRITE_ONCE(*y, 1);'])
  assert.is(read.processes[0]?.parameters.get('l'), 'spinlock_t *')
})

const REFUSED: readonly (readonly [what: string, body: string, says: RegExp])[] = [
  [
    'a mutex between the accesses',
    `int 0..9 x; int 0..9 y; mutex m;
thread a { WRITE_ONCE(y, 1); mutex_lock(&m); mutex_unlock(&m); x = 1; }
thread b { int v = READ_ONCE(y); int w = x; }`,
    /mutex_lock.*spinlocks \(m\.gmem:/,
  ],
  [
    'an atomic block',
    `int 0..9 x; int 0..9 y;
thread a { atomic { y = 1; y = 2; } x = 1; }
thread b { int v = READ_ONCE(y); int w = x; }`,
    /atomic block/,
  ],
  [
    'a third process that writes',
    `int 0..9 x; int 0..9 y;
thread a { await (READ_ONCE(y) == 1); x = 1; }
thread b { await (READ_ONCE(y) == 1); int w = x; }
thread c { WRITE_ONCE(y, 1); }`,
    /third process takes part: c writes y/,
  ],
  [
    'a barrier inside of a condition',
    `int 0..9 x; int 0..9 y;
thread a { y = 1; int z = 0; if (z == 0) smp_wmb(); x = 1; }
thread b { int v = READ_ONCE(y); int w = x; }`,
    /smp_wmb inside of a condition/,
  ],
  [
    'two members of an object',
    `struct node { int 0..9 one; int 0..9 two; } pool node nodes[1]; node *p;
thread a { node *n = alloc(&nodes[0]); n->one = 1; n->two = 2; p = n; }
thread b { node *n = READ_ONCE(p); if (n != null) { int v = n->one; int w = n->two; } }`,
    /two members of one object/,
  ],
]
for (const [what, body, says] of REFUSED) {
  test(`refused: ${what}`, () => {
    const { refusal } = litmus(model(body))
    assert.match(refusal ?? 'it was written', says)
  })
}

test('the reader of the tests is strict', () => {
  const good = 'C a\n\n{\n}\n\nP0(int *x)\n{\n\t*x = 1;\n}\n\nexists (x=1)\n'
  assert.is(readLitmus(good).name, 'a')
  for (const [from, to] of [
    ['*x = 1', '*y = 1'],
    ['*x = 1', 'x = 1'],
    ['*x = 1', 'WRITE_ONCE(x, 1)'],
    ['*x = 1', 'smp_store_release(*x, 1)'],
    ['*x = 1', 'r0 = READ_ONCE(*x)'],
    ['P0', 'P1'],
    ['x=1', 'z=1'],
    ['int *x', 'int x'],
    ['{\n}', '{\nx=y;\n}'],
  ] as const) {
    assert.throws(() => readLitmus(good.replace(from, to)), undefined, `${from} ${to}`)
  }
})

test.run()
