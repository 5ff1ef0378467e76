import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  defaultSearchOptions,
  explore,
  modelHash,
  prepareRow,
  type Row,
  readerOfTexts,
  readModel,
  readToken,
  replay,
  reportRow,
  type Shrunk,
  shrinking,
} from '../../checker/index.js'
import { configure } from '../../spec/index.js'

const shrink = suite('the scenario of a violation, shrunk')

function shrunk(text: string): Shrunk & { readonly before: Row } {
  const { model, diagnostics } = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  assert.ok(model, diagnostics.map(({ message }) => message).join('\n'))
  const configuration = configure(model, {}).result
  assert.ok(configuration)
  const { row } = prepareRow(model, configuration)
  assert.ok(row)
  const result = explore(row.engine, defaultSearchOptions)
  const given = { model, configuration, engine: 'compiled', row, result } as const
  const work = shrinking(given, defaultSearchOptions, { reductions: [] })
  for (;;) {
    const next = work.next()
    if (next.done === true) return { ...next.value, before: row }
  }
}

const texts = ({ row, smaller }: Shrunk): readonly string[] => [
  ...row.leftOut.map(({ what }) => what),
  ...smaller,
]

const model = `model scenario;
param users : 1..3 = 3;
int 0..3 refs = 1;
int 0..7 noise;
int 0..2 start;
op get() { refcount_t_get(); }
op refcount_t_get() { atomic { refs = refs + 1; } }
op stir(int by) { atomic { noise = by; } }
op put() { BUG_ON(refs == 0); atomic { refs = refs - 1; } }
init { int 0..2 c; choose c in 0..2; start = c; either { stir(1); } or { stir(2); } }
thread bystander { stir(3); }
thread user[u in 1..users] { stir(4); put(); }
expect violated bug-on otherwise;
`

shrink('threads, instances, calls and choices of init that it does not need are left out', () => {
  const found = shrunk(model)
  assert.equal(texts(found), [
    'process bystander',
    'call of stir, m.gmem:12',
    'call of stir, m.gmem:10',
    'other values of c than 0, m.gmem:10',
    'other branches of either than number 1, m.gmem:10',
    'users 3 -> 2',
  ])
  assert.is(found.result.violation?.kind, 'bug-on')
})

const protecting = `model protecting;
bool held;
int 0..2 x;
op lock() { atomic { await (!held); held = true; } }
op unlock() { atomic { held = false; } }
op bump() { x = 1; x = 2; x = 0; }
op look() { BUG_ON(x == 2); }
thread writer { lock(); bump(); unlock(); }
thread reader { lock(); unlock(); look(); }
expect violated bug-on otherwise;
`

shrink('a call that keeps others away stays: without it another run would be the shortest', () => {
  const found = shrunk(protecting)
  assert.ok(!texts(found).some((text) => text.endsWith(':9')), texts(found).join('\n'))
  assert.ok((found.result.violation?.depth ?? 99) <= 8)
})

shrink('what is left is replayed from its token, by the model it was made from', () => {
  const found = shrunk(model)
  const { document, evidence } = reportRow(found.row, found.result, {
    file: 'm.gmem',
    traceFile: null,
  })
  assert.equal(document.leftOut, texts(found).slice(0, -1))
  assert.match(evidence?.columns ?? '', /^left out: process bystander; call of stir, m.gmem:12;/m)
  const token = readToken(document.trace?.token ?? '')
  assert.ok(token?.leftOut)
  assert.equal(
    evidence?.trace.leftOut?.map(({ part, keep }) => ({ part, keep })),
    token.leftOut,
  )
  const { model: read } = readModel('m.gmem', readerOfTexts({ 'm.gmem': model }))
  const configuration = read && configure(read, { params: { users: '2' } }).result
  assert.ok(read && configuration)
  assert.is(modelHash(read.sources).slice(0, 12), token.hash)
  const again = prepareRow(read, configuration, 'reference', token.leftOut).row
  assert.ok(again)
  assert.is(replay(again.interpreter, token.trail, null).refusal, null)
  // The whole model is another one: there, the schedule means other steps.
  assert.is.not(replay(found.before.interpreter, token.trail, null).refusal, null)
  const forged = [{ part: 99, keep: null }]
  assert.is(prepareRow(read, configuration, 'reference', forged).row, null)
  const outside = [{ part: 5, keep: 7 }]
  assert.is(prepareRow(read, configuration, 'reference', outside).row, null)
})

shrink.run()
