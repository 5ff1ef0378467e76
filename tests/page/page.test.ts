import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { pageHtml, readerOfTexts } from '../../checker/index.js'
import type { Run } from '../../checker/page/document.js'
import { fullPlace } from '../../checker/trace/format.js'
import { type Interpreter, type State, stateKey } from '../../spec/index.js'
import { type ShownRun, shownRun } from './shown.js'

/** A pool whose objects die, and whose memory is used again. */
const LIVES = `model lives;
struct node { int 0..3 value; mutex m; bits { LOCKED, OTHER } flags; }
pool node nodes[2];
node *shared_node;
thread maker {
  node *n = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL);
  n->value = 2;
  mutex_lock(&n->m);
  wait_on_bit_lock(&n->flags, LOCKED);
  mutex_unlock(&n->m);
  clear_and_wake_up_bit(LOCKED, &n->flags);
  free(n);
  n = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL);
  assert(n->value == 1);
}
expect violated assert otherwise;
`

/** The bound ends some runs: nobody knows what would have come of them. */
const BOUNDED = `model bounded;
struct node { int 0..1 value; }
pool node nodes[1];
node *kept;
int 0..1 x;
int 0..1 way;
thread writer { way = 0; either { way = 1; kept = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL); } or { x = 1; } }
thread other { node *n = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL); free(n); assert(x == 0); }
expect violated assert otherwise;
`

const texts = readerOfTexts({ 'lives.gmem': LIVES, 'bounded.gmem': BOUNDED })
const truncation = shownRun('guest_memfd/truncate-vs-fault.gmem')
const livelock = shownRun('guest_memfd/truncate-vs-fault.gmem', {
  unmap: 'until_unmapped',
  unmap_units: 'pages',
})
const RUNS: readonly ShownRun[] = [
  truncation,
  livelock,
  shownRun('lives.gmem', {}, texts),
  shownRun('litmus/43-rwlock-recursive-read.gmem'),
  shownRun('litmus/50-bit-lock-lost-wakeup.gmem'),
  shownRun('litmus/114-order-only.gmem', { second: 'later' }),
  shownRun('guest_memfd/s28-gup-fast.gmem', { recheck_pte: 'false', ipi_flush: 'false' }),
]

const runOf = ({ page }: ShownRun): Run => page.run as Run
const page = suite('what a page is given')

for (const shown of RUNS) {
  const { model } = shown.page
  const run = runOf(shown)

  page(`${model}: each step belongs to one line`, () => {
    const steps = run.rows.flatMap((row) => {
      if (row.steps === null) return []
      const [first, last] = row.steps
      return Array.from({ length: last - first + 1 }, (_, at) => first + at)
    })
    assert.equal(
      steps,
      run.steps.map((_, at) => at + 1),
    )
  })

  page(`${model}: the values are those that the steps of the trace tell`, () => {
    const values = [...run.start.values]
    const names = run.places.map(fullPlace)
    assert.is(new Set(names).size, names.length)
    const steps = [...shown.trace.steps, ...shown.trace.loop]
    let told = 0
    steps.forEach(({ changes }, at) => {
      const known = changes.filter(({ kind }) => kind !== 'section' && kind !== 'awaits')
      // An object's birth is told from what its memory held; the page has nothing to say of that.
      const placed = known.map((change) => ({ change, place: names.indexOf(fullPlace(change)) }))
      for (const { change, place } of placed) {
        assert.ok(place >= 0, fullPlace(change))
        if (values[place] !== null) assert.is(values[place], change.before, fullPlace(change))
      }
      for (const [place, value] of run.steps[at]?.values ?? []) values[place] = value
      for (const { change, place } of placed) {
        assert.is(values[place], change.after, fullPlace(change))
        told += 1
      }
    })
    assert.ok(told > 0)
  })

  page(`${model}: the run goes on with one of the steps that were enabled`, () => {
    assert.is(run.choices.length, run.steps.length)
    run.choices.forEach((choices, position) => {
      const taken = choices.filter((choice) => choice.taken)
      assert.equal(
        taken.map(({ process }) => process),
        [run.steps[position]?.process],
      )
      if (run.leadsUnknown !== null) return
      // The run itself is a way to the violation.
      assert.not.equal(taken[0]?.leads.kind, 'safe')
    })
  })
}

page(
  'locks, lock bits and sections are held from the step that takes them to the one that gives them back',
  () => {
    const texts = (shown: ShownRun) =>
      runOf(shown).locks.flatMap(({ name, holds }) =>
        holds.map(({ process, mode, from, to }) => {
          const who = process === null ? '?' : runOf(shown).processes[process]?.name
          return `${name} ${mode} ${who} ${from}-${to ?? 'end'}`
        }),
      )
    assert.equal(texts(truncation), [
      'invalidate_lock read vcpu0 1-7',
      'invalidate_lock write vmm 8-end',
      'PG_locked write vcpu0 5-11',
      'PG_locked write vmm 15-end',
    ])
  },
)

page('of an object that is free nothing is told but that', () => {
  const { run } = (RUNS[2] as ShownRun).page as { readonly run: Run }
  const told = (object: string) => run.places.findIndex((place) => fullPlace(place) === object)
  const freed = run.steps.findIndex(({ values }) =>
    values.some(([place, value]) => place === told('nodes[0]') && value === 'free'),
  )
  assert.ok(freed >= 0)
  const now = new Map(run.steps[freed]?.values)
  assert.is(now.get(told('nodes[0].value')), null)
  assert.is(now.get(told('nodes[0].m')), null)
})

page('what counts up and down has a curve, bits and pointers have none', () => {
  const run = runOf(truncation)
  const names = run.counters.map((place) => run.places[place]?.name)
  assert.equal(names, ['_refcount', '_mapcount'])
})

/** The fewest steps from a state to a violation, by walking; null: there is none. For models that never turn back. */
function walked(machine: Interpreter, start: State): number | null {
  const seen = new Set<string>()
  let level = [start]
  for (let depth = 0; level.length > 0; depth++) {
    const next: State[] = []
    let violates = false
    for (const state of level) {
      if (seen.has(stateKey(state))) continue
      seen.add(stateKey(state))
      const outcomes = machine.system.processes.flatMap((_, each) => machine.fire(state, each))
      const rests = machine.mayRest(state)
      const wrong = rests ? machine.judgeRest(state) : machine.judge(state)
      if (wrong !== null || (outcomes.length === 0 && !rests)) return depth
      for (const outcome of outcomes) {
        if (outcome.kind === 'violation') violates = true
        if (outcome.kind === 'next') next.push(outcome.state)
      }
    }
    // A state of the next level that is wrong itself is as near.
    if (violates) return depth + 1
    level = next
  }
  return null
}

for (const shown of [truncation, RUNS[3] as ShownRun, RUNS[4] as ShownRun]) {
  page(`${shown.page.model}: where each step leads is what walking on from there finds`, () => {
    const { interpreter } = shown.row
    const found = { reaches: 0, safe: 0 }
    runOf(shown).choices.forEach((choices, position) => {
      const state = shown.trace.steps[position]?.before as State
      const outcomes = interpreter.system.processes.flatMap((_, each) =>
        interpreter.fire(state, each),
      )
      assert.is(choices.length, outcomes.length)
      choices.forEach(({ leads }, index) => {
        const outcome = outcomes[index]
        if (outcome?.kind !== 'next') {
          assert.is(leads.kind, outcome?.kind)
          return
        }
        const steps = walked(interpreter, outcome.state)
        assert.equal(leads, steps === null ? { kind: 'safe' } : { kind: 'reaches', steps })
        found[steps === null ? 'safe' : 'reaches'] += 1
      })
    })
    assert.ok(found.reaches > 0)
  })
}

page('a lost rest is lost all around its loop', () => {
  const run = runOf(livelock)
  for (const choices of run.choices.slice(run.loopFrom ?? 0)) {
    for (const { leads } of choices) assert.equal(leads, { kind: 'reaches', steps: 0 })
  }
})

page('where a bound was met, nothing is called safe', () => {
  const kinds = runOf(shownRun('bounded.gmem', {}, texts)).choices.flatMap((choices) =>
    choices.map(({ leads }) => leads.kind),
  )
  assert.ok(kinds.includes('unknown'), kinds.join())
  assert.not.ok(kinds.includes('safe'), kinds.join())
})

page('of an order of locks it is not said what leads to it', () => {
  const run = runOf(RUNS[5] as ShownRun)
  assert.match(run.leadsUnknown ?? '', /order of locks/)
  assert.ok(run.choices.flat().every(({ leads }) => leads.kind === 'unknown'))
})

page('no text of a model gets out of its place in the page', () => {
  const text = "</script><script>alert(1)</script><!-- $& $' `"
  const viewer = '<title><!--title--></title><pre><!--text--></pre><b>/*data*/</b>'
  const wild = { ...truncation.page, model: text, report: [text], run: null }
  const html = pageHtml(viewer, wild, text)
  const [, title, plain, data = ''] =
    /^<title>([^<>]*)<\/title><pre>([^<>]*)<\/pre><b>([^<]*)<\/b>$/.exec(html) ?? []
  assert.match(title ?? '', /^&lt;\/script&gt;/)
  assert.match(plain ?? '', /\$&amp; \$' `$/)
  assert.equal(JSON.parse(data), wild)
  assert.throws(() => pageHtml('<title></title>', wild, text), /no place/)
})

page.run()
