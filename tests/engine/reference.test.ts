import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Engine, PackedState, Transition } from '../../checker/engine/engine.js'
import { layoutOf } from '../../checker/engine/layout.js'
import { unpack } from '../../checker/engine/pack.js'
import { referenceEngine } from '../../checker/engine/reference.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { stateKey } from '../../spec/index.js'
import { corpusFiles, corpusText } from '../helpers/corpus.js'
import { type Reached, reach, systemOf } from '../helpers/pipeline.js'

/** The interpreter behind the engine's contract, on models: every step of both is compared. */
const reference = suite('engine: reference')

const litmus = corpusFiles().filter((file) => file.startsWith('litmus/'))

/** Every state the engine reaches, in the order of discovery. */
function statesOf(engine: Engine): PackedState[] {
  const found = new Map<string, PackedState>()
  const add = (transition: Transition) => {
    if (transition.kind !== 'next') return
    const key = transition.state.join()
    if (!found.has(key)) found.set(key, transition.state)
  }
  for (const transition of engine.initial()) add(transition)
  for (const state of found.values()) {
    if (engine.judge(state) === null) engine.successors(state, add)
  }
  return [...found.values()]
}

function transitionsOf(engine: Engine, state: PackedState): string[] {
  const found: string[] = []
  engine.successors(state, (transition) => {
    const { process, choices, kind } = transition
    const end = kind === 'next' ? transition.state.join() : kind
    found.push(`${process} [${choices}] ${end}`)
  })
  return found
}

reference('there are models to compare on', () => {
  assert.ok(litmus.length >= 25)
})

for (const file of litmus) {
  reference(`${file}: packed states are the interpreter's states, one for one`, () => {
    const system = systemOf(corpusText(file))
    const reached = reach(system)
    const layout = layoutOf(system)
    const engine = referenceEngine(system)
    const states = statesOf(engine)
    assert.equal(
      states.map((state) => stateKey(unpack(layout, state))).sort(),
      reached.states.map(stateKey).sort(),
    )
    for (const state of states) {
      // Words of its own the engine has never seen, so that it has to unpack them.
      const copy = Uint32Array.from(state)
      assert.equal(transitionsOf(engine, copy), transitionsOf(engine, state))
      assert.is(engine.mayRest(copy), engine.mayRest(state))
      for (const process of system.processes.keys()) {
        const { at } = unpack(layout, state).processes[process] ?? { at: -1 }
        assert.is(engine.location(copy, process), at)
      }
    }
  })

  reference(`${file}: the search finds what plain enumeration finds`, () => {
    const system = systemOf(corpusText(file))
    const reached = reach(system)
    const result = explore(referenceEngine(system), { ...defaultSearchOptions, all: true })
    assert.is(result.statistics.distinctStates, reached.states.length)
    // What several runs make together is judged by nobody but the search.
    const found = result.violations.filter(({ kind }) => kind !== 'lock-inversion')
    assert.equal(depthsByKind(found), depthsOf(reached))
    assert.is(result.limit?.name === 'bound', reached.cuts.size > 0 && result.violation === null)
  })
}

function depthsByKind(violations: readonly { kind: string; depth: number }[]): string[] {
  const least = new Map<string, number>()
  for (const { kind, depth } of violations) {
    least.set(kind, Math.min(depth, least.get(kind) ?? Number.POSITIVE_INFINITY))
  }
  return [...least].map(([kind, depth]) => `${kind}@${depth}`).sort()
}

function depthsOf({ violations }: Reached): string[] {
  return [...violations].map(([kind, { depth }]) => `${kind}@${depth}`).sort()
}

reference('a fourth reading hold of one process is a bound, and the search incomplete', () => {
  const ways = [
    ['rwlock_t', 'read_lock', 'read_unlock'],
    ['srcu', 'srcu_read_lock', 'srcu_read_unlock'],
    ['lockdep_map', 'lock_map_acquire', 'lock_map_release'],
  ] as const
  for (const [type, enter, leave] of ways) {
    const holds = (times: number) => {
      const [lock, unlock] = [enter, leave].map((name) => `${name}(&l); `.repeat(times))
      return `model m; ${type} l; thread t { ${lock}${unlock} } expect holds;`
    }
    const run = (times: number) => {
      return explore(referenceEngine(systemOf(holds(times))), defaultSearchOptions)
    }
    assert.is(run(3).verdict, 'holds', type)
    const cut = run(4)
    assert.is(cut.verdict, 'incomplete', type)
    assert.is(cut.limit?.name, 'bound')
    assert.is(cut.limit?.bound?.kind, 'readers')
    assert.is(cut.limit?.message, 'one process holds l for reading more than 3 times')
    assert.ok((cut.limit?.bound?.at.from ?? 0) > 0)
  }
})

reference('the deadlock names who waits for whom', () => {
  const text = `
    model m; bool a; bool b;
    thread p { await (a); b = true; }
    thread q { await (b) else lost-wakeup; a = true; }
    expect violated lost-wakeup;`
  const { violation } = explore(referenceEngine(systemOf(text)), defaultSearchOptions)
  assert.is(violation?.kind, 'lost-wakeup')
  assert.match(violation?.trap.message ?? '', /^q waits for condition .*b.* \(inline\.gmem:4\)$/)
})

reference.run()
