import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readerOfTexts, readModel } from '../../checker/design/model.js'
import { MutantJudge } from '../../checker/design/mutant.js'
import { planMutations, uncoveredBy } from '../../checker/design/mutation-plan.js'
import { type MutationReport, reportMutations } from '../../checker/design/mutation-report.js'
import { testRow } from '../../checker/design/test-row.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { designRows, mutationsOf } from '../../spec/index.js'
import { schemaProblems } from '../helpers/schema.js'
import { gmemcheck } from '../helpers/spawn.js'
import { BROKEN, temporaryFolder } from './folder.js'

/** One model, and what `mutate` says of it, in this thread. */
function report(text: string, maxStates = Number.POSITIVE_INFINITY): MutationReport {
  const read = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  const { model, loaded } = read
  if (model === null || loaded === null) throw new Error(read.diagnostics[0]?.message)
  const rows = designRows(model).map((_, row) => testRow(read, row, 'm.gmem', defaultSearchOptions))
  const tested = [{ file: 'm.gmem', loaded, rows }]
  const options = () => ({ ...defaultSearchOptions, maxStates })
  const originals = [{ loaded, model, uncovered: uncoveredBy({ file: '', loaded, rows }) }]
  const judge = new MutantJudge(originals, { options, engine: 'compiled', reductions: [] })
  const asked = planMutations(tested).map((planned) => ({
    planned,
    outcome: planned.rows.length > 0 ? judge.judge(planned.mutation, planned.rows) : null,
  }))
  const all = asked.map(({ planned, outcome }) => {
    return { planned, outcome: outcome ?? (planned.isExecuted ? unnoticed : null) }
  })
  return reportMutations(tested, all, () => true)
}
const unnoticed = { status: 'unnoticed' } as const

const statuses = ({ judged }: MutationReport): Readonly<Record<string, string>> =>
  Object.fromEntries(judged.map(({ mutation, status }) => [mutation.name, status]))

const names = (text: string): readonly string[] => {
  const { loaded } = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  if (loaded === null) throw new Error('it does not parse')
  return mutationsOf(loaded).map(({ kind, name }) => `${kind}: ${name}`)
}

/** A counter under a mutex; the second mutex is one too many. */
const COUNTER = `model counter;
int 0..2 x;
mutex m;
mutex spare;
op add() {
  mutex_lock(&spare);
  mutex_lock(&m);
  x++;
  mutex_unlock(&m);
  mutex_unlock(&spare);
}
thread t[i in 0..1] { add(); }
finally { assert(x == 2); }
expect holds otherwise;
`

const mutate = suite('mutate')

mutate('a lock that is needed is noticed, one of two that do the same is not', () => {
  const both = statuses(report(COUNTER))
  assert.is(both['mutex_lock(&m) in add'], 'unnoticed')
  assert.is(both['mutex_lock(&spare) in add'], 'unnoticed')
  const one = report(COUNTER.replace(/.*spare.*\n/g, ''))
  assert.is(statuses(one)['mutex_lock(&m) in add'], 'noticed')
  assert.is(statuses(one)['mutex_lock(&m) one statement later in add'], 'noticed')
  const [noticed] = one.judged
  assert.ok(noticed?.outcome?.status === 'noticed')
  assert.equal(noticed.outcome.by.kinds, ['assert'])
  assert.is(noticed.outcome.by.reason, 'expected holds, got violated assert')
})

mutate('an assertion is needed when other mutations run into it, and else not noticed', () => {
  const one = report(COUNTER.replace(/.*spare.*\n/g, ''))
  const assertion = one.judged.find(({ mutation }) => mutation.kind === 'assertions')
  assert.is(assertion?.status, 'needed')
  assert.is(assertion?.neededBy?.name, 'mutex_lock(&m) in add')
  const idle = COUNTER.replace('x++;', 'x++; assert(x > 0);')
  assert.is(statuses(report(idle))['assert(x > 0) in add'], 'unnoticed')
})

mutate('what is violated as expected misses its assertion', () => {
  const violated = COUNTER.replace(/.*mutex_.*\n/g, '').replace('holds', 'violated assert')
  const { judged } = report(violated)
  const [only] = judged.filter(({ mutation }) => mutation.kind === 'assertions')
  assert.is(only?.status, 'noticed')
  assert.ok(only?.outcome?.status === 'noticed')
  assert.is(only.outcome.by.reason, 'expected violated assert, got holds')
})

mutate('a line says what is redundant, and is told when it is wrong', () => {
  const lines = [
    '// redundant: mutex_lock(&spare) in add: the other one',
    '// is enough.',
    '// redundant: mutex_lock(&gone) in add: it was here once.',
    '// redundant: mutex_lock(&m) in lone: nobody else.',
  ]
  const lone = `int 0..2 y;
op lone() { mutex_lock(&m); y++; mutex_unlock(&m); }
thread u[i in 0..1] { lone(); }
finally { assert(y == 2); }
`
  const { judged, stale } = report(`${COUNTER}${lone}${lines.join('\n')}\n`)
  const spare = judged.find(({ mutation }) => mutation.name === 'mutex_lock(&spare) in add')
  assert.is(spare?.status, 'redundant')
  assert.is(spare?.why, 'the other one is enough.')
  assert.equal(
    stale.map(({ line, outcome }) => [line.text.split(':')[0], outcome?.status ?? null]),
    [
      ['mutex_lock(&gone) in add', null],
      ['mutex_lock(&m) in lone', 'noticed'],
    ],
  )
})

mutate(
  'two stores that nobody reads between may change places, which is seen; locals may unseen',
  () => {
    const stores = `model stores;
int 0..1 a; int 0..1 b; int 0..3 c;
op both() { WRITE_ONCE(a, 1); WRITE_ONCE(b, 1); }
op mixed() { int k = READ_ONCE(a); c = READ_ONCE(a) + 1; if (k > 1) c = 0; }
thread t { both(); smp_mb(); mixed(); }
expect holds otherwise;
`
    const found = statuses(report(stores))
    assert.is(found['WRITE_ONCE(b, 1) before WRITE_ONCE(a, 1) in both'], 'unnoticed')
    const same = stores.replace('WRITE_ONCE(b, 1)', 'b += 0')
    assert.is(statuses(report(same))['b += 0 before WRITE_ONCE(a, 1) in both'], 'unnoticed')
    const equal =
      stores.replace('WRITE_ONCE(a, 1); WRITE_ONCE(b, 1);', 'touch_a(); touch_b();') +
      'op touch_a() { if (READ_ONCE(c) > 3) WRITE_ONCE(a, 0); }\nop touch_b() { if (READ_ONCE(c) > 3) WRITE_ONCE(b, 0); }\n'
    assert.is(statuses(report(equal))['touch_b() before touch_a() in both'], 'equivalent')
  },
)

mutate('a cover that is no longer reached is noticed', () => {
  const covered = `model covered;
bool open; bool seen;
op enter() { if (!READ_ONCE(open)) return; seen = true; }
op leave() { WRITE_ONCE(open, true); }
thread t { enter(); }
thread u { leave(); }
cover came (seen);
invariant honest (!seen || open);
expect holds otherwise;
`
  const found = report(covered)
  assert.is(statuses(found)['if (!READ_ONCE(open)) in enter'], 'noticed')
  assert.is(statuses(found)['invariant honest'], 'needed')
})

mutate('a limit leaves a mutation open, never unnoticed', () => {
  const { judged } = report(COUNTER, 5)
  const [lock] = judged
  assert.is(lock?.status, 'open')
})

mutate('what no longer compiles is counted as that', () => {
  const text = `model endless;
int 0..1 x;
op zap_one() { x = 0; }
op zap_all() { int k = 0; while (k < 2) { zap_one(); k++; } }
thread t { zap_all(); }
expect holds otherwise;
`
  const { judged } = report(text)
  const [zap] = judged.filter(({ mutation }) => mutation.name === 'zap_one() in zap_all')
  assert.is(zap?.status, 'broken')
  assert.ok(zap?.outcome?.status === 'broken' && /loop/.test(zap.outcome.message))
})

mutate('every kind of mutation is made', () => {
  const text = `model kinds;
struct page { refcount_t 0..3 refs; }
pool page pages[1];
rwsem sem; spinlock_t irq_lock; bool flag; int 0..3 x; bool y;
op page_get(page *p) { refcount_inc(&p->refs); }
op zap_all() { x = 0; }
op work(page *p) {
  down_write(&sem);
  WRITE_ONCE(flag, true);
  y = true;
  up_write(&sem);
  spin_lock_irq(&irq_lock);
  x = 1;
  spin_unlock_irq(&irq_lock);
  if (READ_ONCE(x) == 2) return;
  page_get(p);
  zap_all();
  BUG_ON(x == 3);
}
op chosen(int k) { if (true) return; }
init { page *p = alloc(pages); }
thread t { work(&pages[0]); chosen(1); }
invariant low (x < 3);
expect holds otherwise;
`
  assert.equal(names(text), [
    'references: refcount_inc(&p->refs) in page_get',
    'locks: down_write(&sem) in work',
    'modes: down_read for down_write(&sem) in work',
    'sections: down_write(&sem) one statement later in work',
    'order: y = true before WRITE_ONCE(flag, true) in work',
    'sections: up_write(&sem) one statement earlier in work',
    'locks: spin_lock_irq(&irq_lock) in work',
    'modes: spin_lock for spin_lock_irq(&irq_lock) in work',
    'sections: spin_lock_irq(&irq_lock) one statement later in work',
    'sections: spin_unlock_irq(&irq_lock) one statement earlier in work',
    'rechecks: if (READ_ONCE(x) == 2) in work',
    'references: page_get(p) in work',
    'order: zap_all() before page_get(p) in work',
    'unmaps: zap_all() in work',
    'assertions: BUG_ON(x == 3) in work',
    'order: chosen(1) before work(&pages[0]) in t',
    'invariants: invariant low',
  ])
})

const cwd = temporaryFolder({
  'counter.gmem': COUNTER,
  'excused.gmem': `${COUNTER}// redundant: mutex_lock(&spare) in add: the other one does.\n`,
  'wrong.gmem': COUNTER.replace('expect holds', 'expect violated assert'),
  'broken.gmem': BROKEN,
})
const run = (...args: string[]) => gmemcheck(['mutate', ...args], { cwd })

mutate('1: something went unnoticed; JSON fits its schema; workers change nothing', async () => {
  const { status, stdout, stderr } = await run('counter.gmem', '--json', '--workers', '1')
  assert.is(status, 1, stderr)
  assert.equal(schemaProblems('mutate', JSON.parse(stdout)), [])
  const two = await run('counter.gmem', '--json', '--workers', '2')
  assert.is(two.stdout, stdout)
})

mutate(
  '0: with --only, and nothing of that kind unnoticed; 2: not a model that is as it expects',
  async () => {
    // The line about a lock is not wrong because no lock is taken out.
    const only = await run('excused.gmem', '--only', 'rechecks,unmaps')
    assert.is(only.status, 0, only.stderr)
    assert.match(only.stdout, /^0 mutations: nothing to change$/m)
    for (const [file, says] of [
      ['wrong.gmem', /default: expected violated assert, got holds\n.*gmemcheck test wrong\.gmem/],
      ['broken.gmem', /error\[/],
    ] as const) {
      const { status, stdout, stderr } = await run(file)
      assert.is(status, 2)
      assert.is(stdout, '')
      assert.match(stderr, says)
    }
  },
)

mutate.run()
