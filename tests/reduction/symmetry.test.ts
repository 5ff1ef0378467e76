import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { chooseEngine } from '../../checker/engine/choose.js'
import type { Engine, PackedState } from '../../checker/engine/engine.js'
import { referenceEngine } from '../../checker/engine/reference.js'
import { symmetricEngine } from '../../checker/engine/symmetric.js'
import { canonicalState, isEmpty } from '../../checker/engine/symmetry.js'
import { foldingConstants } from '../../checker/reduction/constants.js'
import { families } from '../../checker/reduction/families.js'
import { symmetryOf } from '../../checker/reduction/reduce.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { configure, lower, type TransitionSystem } from '../../spec/index.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { compareReduced } from '../helpers/compare-reduced.js'
import { corpusModels, corpusReader, spreadRows } from '../helpers/corpus.js'

/**
 * By brute force: what a state of an orbit can do, every other state of it can do as well, to the same orbits. So the
 * states of a search that takes them for one another are exactly the orbits of the states of one that does not.
 */
const symmetry = suite('states of one orbit')

const maxStates = Number(process.env.STATES ?? 150)

/** The system of a text that the language accepts. */
function accepted(text: string): TransitionSystem {
  const system = acceptedSystem(text)
  if (system === null) throw new Error('not accepted')
  return system
}

const key = (state: PackedState): string => state.join()

function reachable(engine: Engine): readonly PackedState[] {
  const found = new Map<string, PackedState>()
  const add = (state: PackedState): void => {
    if (found.size < maxStates && !found.has(key(state))) found.set(key(state), state)
  }
  for (const transition of engine.initial()) if (transition.kind === 'next') add(transition.state)
  for (const state of found.values()) {
    if (engine.judge(state) !== null) continue
    engine.successors(state, (transition) => {
      if (transition.kind === 'next') add(transition.state)
    })
  }
  return [...found.values()]
}

/** Everything that may be said of a state; of processes their code only, and not which of some objects is picked. */
function said(engine: Engine, least: (state: PackedState) => PackedState, state: PackedState) {
  const { processes } = engine.system
  const ways: string[] = []
  engine.successors(state, (transition) => {
    const { process, kind } = transition
    const what =
      transition.kind === 'next'
        ? key(least(transition.state))
        : transition.kind === 'violation'
          ? `${transition.trap.kind} ${transition.trap.at.from}`
          : transition.bound.message
    ways.push(`${processes[process]?.code} ${kind} ${what}`)
  })
  return {
    ways: [...new Set(ways)].sort(),
    judged: engine.judge(state)?.kind ?? null,
    mayRest: engine.mayRest(state),
    atRest: engine.mayRest(state) ? (engine.judgeRest(state)?.kind ?? null) : null,
    covered: engine.covered(state),
  }
}

function compareOrbits(system: TransitionSystem): number {
  const orbits = symmetryOf(system).symmetry
  if (isEmpty(orbits)) return 0
  const engine = referenceEngine(system)
  const least = (state: PackedState): PackedState => canonicalState(orbits, state)
  const states = reachable(engine)
  for (const state of states) {
    const other = least(state)
    assert.is(key(least(other)), key(other))
    if (key(other) === key(state)) continue
    assert.equal(said(engine, least, state), said(engine, least, other))
  }
  if (states.length < maxStates) {
    for (const name of ['reference', 'compiled'] as const) {
      const plain = chooseEngine(system, name)
      const { statistics } = explore(symmetricEngine(plain, orbits), {
        ...defaultSearchOptions,
        all: true,
      })
      const count = new Set(states.map((one) => key(least(one)))).size
      assert.is(statistics.distinctStates, count, name)
    }
  }
  return states.length
}

let compared = 0

for (const file of corpusModels('odd')) {
  const { model } = readModel(file, corpusReader())
  for (const [number, configuration] of spreadRows(model, 1).entries()) {
    if (!model) continue
    const lowered = lower(model, configuration).result
    const system = lowered && foldingConstants(lowered)
    if (system === null || isEmpty(symmetryOf(system).symmetry)) continue
    symmetry(`${file}, row ${number + 1} of those tried`, () => {
      compared += compareOrbits(system)
    })
  }
}

const OWN = `
int 0..3 x;
mutex m;
rwsem s;
int 0..2 own[3];
thread t[p in 0..2] {
  either { own[p] = 1; } or { own[p] = 2; }
  if (own[p] == 1) { down_read(&s); x = 1; up_read(&s); }
  else { down_write(&s); mutex_lock(&m); x = 2; mutex_unlock(&m); up_write(&s); }
}
`

symmetry('arrays by index, owners, readers and writers that wait are columns', () => {
  assert.ok(compareOrbits(accepted(OWN)) >= maxStates)
})

const refused: readonly (readonly [why: string, text: string, reason: RegExp])[] = [
  ['a number', 'int 0..3 x; thread t[p in 0..1] { x = p; }', /uses the index as a number/],
  [
    'an array that somebody else looks at',
    'int 0..1 a[2]; thread t[p in 0..1] { a[p] = 1; } thread u { a[0] = 0; }',
    /others look at what belongs to each/,
  ],
  [
    'an array of which an invariant names an element',
    'int 0..1 a[2]; thread t[p in 0..1] { a[p] = 1; } invariant odd (a[0] <= 1);',
    /others look at what belongs to each/,
  ],
  [
    'tasks that are compared',
    'struct task { int 0..1 x; } task *who; thread t[p in 0..1] { who = current; }',
    /a task is a value/,
  ],
  [
    'readers that are waited for',
    'thread t[p in 0..1] { rcu_read_lock(); rcu_read_unlock(); } thread u { synchronize_rcu(); }',
    /a grace period waits for readers by name/,
  ],
]

for (const [why, text, reason] of refused) {
  symmetry(`no symmetry: ${why}`, () => {
    const [found] = families(accepted(text))
    assert.match(found !== undefined && 'reason' in found ? found.reason : 'found', reason)
  })
}

/** Only the first takes the locks, in both orders: nobody else can hold one of them meanwhile. */
const ORDERS = `
mutex a;
mutex b;
int 0..1 own[3];
init { own[0] = 1; }
thread t[p in 0..2] {
  skip;
  if (own[p] == 1) {
    mutex_lock(&a); mutex_lock(&b); mutex_unlock(&b); mutex_unlock(&a);
    mutex_lock(&b); mutex_lock(&a); mutex_unlock(&a); mutex_unlock(&b);
  }
}
`

symmetry('a lock order of one is none of another that begins otherwise', () => {
  const system = accepted(ORDERS)
  const [found] = families(system)
  assert.ok(found !== undefined && 'orbit' in found)
  const { full, reduced } = compareReduced(system, defaultSearchOptions, ['symmetry'])
  assert.is(full.verdict, 'holds')
  assert.equal(reduced.shortcuts.refused, [
    { name: 'symmetry', reason: 'a lock order is of one process' },
  ])
})

symmetry('users that differ in nothing', () => {
  const { model } = readModel('scale/users.gmem', corpusReader())
  assert.ok(model)
  if (model === null) return
  const configuration = configure(model, { params: { users: '3' } }).result
  assert.ok(configuration)
  if (configuration === null) return
  const system = lower(model, configuration).result
  assert.ok(system)
  if (system === null) return
  const [found] = families(system)
  assert.ok(found !== undefined && 'orbit' in found)
})

symmetry('enough states were compared', () => assert.ok(compared > 1000, String(compared)))

symmetry.run()
