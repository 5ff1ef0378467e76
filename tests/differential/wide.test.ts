import fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { layoutOf } from '../../checker/engine/layout.js'
import { referenceEngine } from '../../checker/engine/reference.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import type { SearchResult } from '../../checker/search/verdict.js'
import type { TransitionSystem } from '../../spec/index.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { arbitraryModel } from '../helpers/arbitrary-model.js'
import { compareEngines } from '../helpers/compare-engines.js'
import { searchedText } from '../helpers/compare-explorers.js'

/**
 * The same model with other bits: variables of chosen widths that nobody uses push everything behind them over the
 * ends of words. What is found must not change. They hold ones, so that a mask that is too wide is noticed.
 */
const wide = suite('narrow and wide layouts')

const most = 2 ** 31 - 1

/** The text with padding before all variables and in every object; its widths are params, 0 unless they are set. */
const padded = (text: string): string =>
  `param first : 0..${most} = 0; param second : 0..${most} = 0; param third : 0..${most} = 0;
  param inner : 0..${most} = 0;
  int 0..first fill_a = first; int 0..second fill_b = second; int 0..third fill_c = third;
  ${text.replaceAll(/struct (node|page|entry) \{/g, '$& int 0..inner fill = inner;')}`

interface Widths {
  readonly first: number
  readonly second: number
  readonly third: number
  readonly inner: number
}

const narrow: Widths = { first: 0, second: 0, third: 0, inner: 0 }

function systemOf(text: string, widths: Widths): TransitionSystem | null {
  const params = Object.entries(widths).map(([name, width]) => [name, `${2 ** width - 1}`])
  return acceptedSystem(padded(text), { params: Object.fromEntries(params) })
}

const statesMax = 400

function search(system: TransitionSystem): SearchResult {
  const engine = compiledEngine(system)
  if (engine === null) throw new Error('not compiled')
  return explore(engine, { ...defaultSearchOptions, all: true, maxStates: statesMax })
}

const models: Readonly<Record<string, string>> = {
  'locks and their waiters': `rwsem sem; mutex m[2]; int 0..3 x;
    thread t[k in 0..1] { down_write(&sem); x = k + 1; downgrade_write(&sem); up_read(&sem);
      mutex_lock(&m[k]); int v = x; mutex_lock(&m[1 - k]); x = v; mutex_unlock(&m[1 - k]); mutex_unlock(&m[k]); }
    thread r { down_read(&sem); assert(x < 3); up_read(&sem); }`,
  'objects, stale pointers and grace periods': `
    struct node { node *next; rcu_head head; refcount_t 0..2 cnt = 1; } pool node nodes[2]; node *n; int 0..2 ran;
    op gone(node *o) { ran = 1; free(o); }
    init { n = alloc(&nodes[0]); n->next = alloc(&nodes[1]); }
    thread reader { rcu_read_lock(); node *o = READ_ONCE(n); if (o != null) touch(o); rcu_read_unlock();
      if (o != null) touch(o); }
    thread writer { node *o = n; WRITE_ONCE(n, o->next); synchronize_rcu(); call_rcu(&o->head, gone); rcu_barrier(); }`,
  'full words and signed ranges': `int -2147483647..2147483647 big = -5; int -2..1 low = -2;
    bits { ${Array.from({ length: 32 }, (_, at) => `B${at}`).join(', ')} } word; bool b;
    thread t { int v = big; set_bit(B31, &word); big = 2147483647; low = 1; b = !test_bit(B0, &word); big = v - 1; }
    thread u { if (test_and_set_bit(B0, &word)) low = -1; int v = big; assert(v < 0 || low == -2 || b); clear_bit(B31, &word); }`,
}

for (const [name, text] of Object.entries(models)) {
  wide(`${name}: at every place in a word of 64 bits`, () => {
    const system = systemOf(text, narrow)
    if (system === null) throw new Error('not accepted')
    const expected = search(system)
    const reference = explore(referenceEngine(system), {
      ...defaultSearchOptions,
      all: true,
      maxStates: statesMax,
    })
    assert.equal(searchedText(expected), searchedText(reference))
    for (let width = 1; width <= 64; width++) {
      const first = Math.min(width, 31)
      const second = Math.min(width - first, 31)
      const third = width - first - second
      const wider = systemOf(text, { first, second, third, inner: width % 3 })
      if (wider === null) throw new Error('not accepted')
      const fills = layoutOf(wider).shared.slice(0, 3)
      const widths = fills.map(({ shape }) => (shape.kind === 'scalar' ? shape.field.width : 0))
      assert.equal(widths, [first, second, third])
      assert.equal(searchedText(search(wider)), searchedText(expected), `${width} bits wider`)
    }
  })
}

const seed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 40)

wide(`${runs} random models from seed ${seed}`, () => {
  const width = fc.integer({ min: 0, max: 31 })
  const widths = fc.record({ first: width, second: width, third: width, inner: width })
  const property = fc.property(arbitraryModel(), widths, (text, chosen) => {
    const system = systemOf(text, narrow)
    const wider = systemOf(text, chosen)
    fc.pre(system !== null && wider !== null)
    assert.equal(searchedText(search(wider)), searchedText(search(system)))
    const engine = compiledEngine(wider)
    if (engine === null) throw new Error('not compiled')
    compareEngines(referenceEngine(wider), engine, 30)
  })
  fc.assert(property, { seed, numRuns: runs })
})

wide.run()
