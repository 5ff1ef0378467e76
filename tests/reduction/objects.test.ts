import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { chooseEngine } from '../../checker/engine/choose.js'
import { layoutOf } from '../../checker/engine/layout.js'
import { pack, unpack } from '../../checker/engine/pack.js'
import { plainChanges } from '../../checker/engine/renaming.js'
import { symmetricEngine } from '../../checker/engine/symmetric.js'
import { canonicalState, type Symmetry } from '../../checker/engine/symmetry.js'
import { foldingConstants } from '../../checker/reduction/constants.js'
import { symmetryOf } from '../../checker/reduction/reduce.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { interpreter, type State, stateKey, type TransitionSystem } from '../../spec/index.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { compareReduced } from '../helpers/compare-reduced.js'
import { randomObjects } from '../helpers/random-objects.js'
import { orbitKey, permutations, type Renaming, renamed } from '../helpers/renamed-state.js'

/**
 * Objects and values that are taken for one another, against brute force on the structured states of the interpreter: every
 * state of an orbit does what every other does, and the search sees each orbit once. `SEED`, `RUNS` and `STATES` choose the
 * random models.
 */
const objects = suite('objects and values of one orbit')

const seed = Number(process.env.SEED ?? 1)
const runs = Number(process.env.RUNS ?? 24)
const maxStates = Number(process.env.STATES ?? 120)

/** All renamings that the tool says change nothing. */
function renamings(system: TransitionSystem, { families, sorts }: Symmetry): Renaming[] {
  const ofSort = (name: string) => sorts.find((sort) => sort.name === name)
  const processes = permutations(
    system.processes.length,
    families.map((orbit) => orbit.processes),
  )
  const values = sorts.filter(({ name }) => system.pools.every((pool) => pool.name !== name))
  let all: Renaming[] = processes.map((one) => ({ processes: one, pools: [], values: [] }))
  for (const pool of system.pools) {
    const count = ofSort(pool.name)?.count ?? 0
    const members = Array.from({ length: count }, (_, at) => at)
    const orders = permutations(pool.size, [members])
    all = all.flatMap((one) => orders.map((order) => ({ ...one, pools: [...one.pools, order] })))
  }
  assert.ok(values.length < 2, 'these models have one class of values')
  for (const { count } of values) {
    // Of 0, 1, 2 the last two, where 0 is what things begin with.
    const group = Array.from({ length: count }, (_, at) => at + 3 - count)
    const orders = permutations(3, [group])
    all = all.flatMap((one) => orders.map((values) => ({ ...one, values })))
  }
  return all
}

interface Compared {
  readonly states: number
  readonly orbits: number
}

function compare(system: TransitionSystem, most = maxStates): Compared | null {
  const { symmetry } = symmetryOf(system)
  if (symmetry.sorts.length === 0) return null
  const all = renamings(system, symmetry)
  const machine = interpreter(system)
  const keyOf = (state: State): string => orbitKey(system, state, all)
  const said = (state: State) => {
    const ways = system.processes.flatMap(({ code }, process) =>
      machine.fire(state, process).map((outcome) => {
        if (outcome.kind === 'next') return `${code} ${keyOf(outcome.state)}`
        return `${code} ${outcome.kind} ${outcome.kind === 'violation' ? outcome.trap.kind : ''}`
      }),
    )
    return {
      ways: [...new Set(ways)].sort(),
      judged: machine.judge(state)?.kind ?? null,
      rests: machine.mayRest(state) ? (machine.judgeRest(state)?.kind ?? 'well') : null,
    }
  }
  const states = reachable(machine, most)
  const layout = layoutOf(system)
  for (const [at, state] of states.entries()) {
    const by = all[at % all.length] as Renaming
    const other = renamed(system, state, by)
    if (at % 3 === 0) assert.equal(said(other), said(state))
    const least = canonicalState(symmetry, pack(layout, state))
    assert.equal(canonicalState(symmetry, pack(layout, other)), least)
    assert.is(keyOf(unpack(layout, least)), keyOf(state))
  }
  if (states.length >= most) return { states: 0, orbits: 0 }
  const orbits = new Set(states.map(keyOf)).size
  for (const name of ['reference', 'compiled'] as const) {
    const engine = symmetricEngine(chooseEngine(system, name), symmetry)
    const { statistics, limit } = explore(engine, { ...defaultSearchOptions, all: true })
    // A pool that is empty ends a search.
    if (limit === null) assert.is(statistics.distinctStates, orbits, name)
  }
  return { states: states.length, orbits }
}

function reachable(machine: ReturnType<typeof interpreter>, most: number): readonly State[] {
  const found = new Map<string, State>()
  const add = (state: State): void => {
    if (found.size < most) found.set(stateKey(state), state)
  }
  for (const outcome of machine.initial()) if (outcome.kind === 'next') add(outcome.state)
  for (const state of found.values()) {
    if (machine.judge(state) !== null) continue
    for (const process of machine.system.processes.keys()) {
      for (const outcome of machine.fire(state, process)) {
        if (outcome.kind === 'next') add(outcome.state)
      }
    }
  }
  return [...found.values()]
}

objects(`${runs} random models from seed ${seed}`, () => {
  let [states, orbits, whole] = [0, 0, 0]
  for (let run = 0; run < runs; run++) {
    const text = randomObjects(seed * 1000 + run)
    try {
      const accepted = acceptedSystem(text)
      if (accepted === null) throw new Error('not accepted')
      const system = foldingConstants(accepted)
      const found = compare(system)
      states += found?.states ?? 0
      orbits += found?.orbits ?? 0
      if (found !== null && found.states > 0) whole++
      compareReduced(system, { ...defaultSearchOptions, all: true, maxStates: 1000 }, ['symmetry'])
    } catch (problem) {
      const why = problem instanceof Error ? problem.stack : problem
      throw new Error(`seed ${seed * 1000 + run}\n${text}\n${why}`)
    }
  }
  if (runs < 24) return
  assert.ok(whole > runs / 4, `${whole} of ${runs} to the end`)
  assert.ok(states > 1.5 * orbits, `${states} states in ${orbits} orbits`)
})

const CALLBACKS = `
struct node { rcu_head rcu; mutex m; bool b; }
pool node nodes[2];
node *published;
op free_node(node *n) { free(n); }
thread t {
  node *n = alloc(nodes, GFP_KERNEL | __GFP_NOFAIL);
  mutex_lock(&n->m);
  published = n;
  mutex_unlock(&n->m);
  node *o = alloc(nodes);
  if (o != null) call_rcu(&o->rcu, free_node);
  call_rcu(&n->rcu, free_node);
  rcu_barrier();
  destroy(nodes);
}
thread u { rcu_read_lock(); node *n = published; if (n != null) n->b = true; rcu_read_unlock(); }
`

objects('queued heads, callbacks, readers and barriers go with their objects', () => {
  const found = compare(acceptedSystem(CALLBACKS) as TransitionSystem, 1000)
  assert.ok(found !== null && found.states > 1.6 * found.orbits, JSON.stringify(found))
})

const MATCHED = `
struct one { bool b; }
struct other { one *to; }
pool one ones[2];
pool other others[2];
thread t {
  one *p = alloc(ones, GFP_KERNEL | __GFP_NOFAIL);
  one *q = alloc(ones, GFP_KERNEL | __GFP_NOFAIL);
  other *r = alloc(others, GFP_KERNEL | __GFP_NOFAIL);
  other *s = alloc(others, GFP_KERNEL | __GFP_NOFAIL);
  r->to = p;
  s->to = q;
}
`

objects('objects that no key tells apart are put in order by trying', () => {
  const found = compare(acceptedSystem(MATCHED) as TransitionSystem)
  // At each of seven places one orbit; in the last two locals are forgotten, and only pairs are left.
  assert.equal(found, { states: 19, orbits: 7 })
})

const LOCKS = 'struct s { mutex m; }\npool s o[2];\ns *a;\ns *b;\nbool done;\n'
const BOTH = 'mutex_lock(&a->m); mutex_lock(&b->m); mutex_unlock(&b->m); mutex_unlock(&a->m);'
// One after the other: so in every orbit that is kept the first is the same object.
const IN_ORDER = `thread t { ${BOTH} done = true; } thread u { await(done); ${BOTH} }`

objects(
  'an order of locks in objects is one for all that might have been them, and none for others',
  () => {
    const init = (text: string) => acceptedSystem(`${LOCKS}init { ${text} }\n${IN_ORDER}`)
    const named = init('a = alloc(&o[0]); b = alloc(&o[1]);') as TransitionSystem
    assert.match(symmetryOf(named).reasons.join(), /o: they have locks, and do not begin alike/)
    const any = init('a = alloc(o); b = alloc(o);') as TransitionSystem
    assert.is(symmetryOf(any).symmetry.sorts.length, 1)
    const options = { ...defaultSearchOptions, all: true }
    assert.is(compareReduced(named, options, ['symmetry']).full.verdict, 'holds')
    const found = compareReduced(any, options, ['symmetry'])
    assert.equal(
      found.reduced.violations.map(({ kind }) => kind),
      ['lock-inversion'],
    )
  },
)

const refused: readonly (readonly [why: string, text: string, reason: RegExp])[] = [
  ['an object by its name', 'thread t { s *p = &o[1]; touch(p); }', /o: names one of its objects/],
  ['a neighbour', 'thread t { s *p = alloc(o); if (p != null) p = p + 1; }', /o: goes from one/],
  ['a number', 'int 0..1 n; thread t { s *p = alloc(o); n = p - o; }', /o: asks for the number/],
  ['an order', 'thread t { for (p in o) p->b = true; }', /o: goes through its objects in their/],
  [
    'an order that a property sees',
    'thread t { s *p = alloc(o); } finally { s *q; q = null; for (p in o) q = p; assert(q == null || q->b); }',
    /o: goes through its objects in their/,
  ],
  [
    'the first of them that a property sees',
    'thread t { s *p = alloc(o); } finally { for (p in o) { if (p->b) break; assert(!p->b); } }',
    /o: goes through its objects in their/,
  ],
  [
    'the last of them that a property sees',
    'thread t { s *p = alloc(o); } finally { bool l = false; for (p in o) { if (p->b) l = true; else l = false; } assert(!l); }',
    /o: goes through its objects in their/,
  ],
  ['a sum', 'int 0..4 n; thread t { int 0..2 i; choose i in 0..2; n = i + 1; }', /i: reckons/],
  [
    'a size',
    'int 0..2 n; thread t { int 0..2 i; choose i in 0..2; if (i < n) n = i; }',
    /i: compares/,
  ],
  [
    'names for all',
    'thread t { int 0..1 i; choose i in 0..1; if (i == 1) skip; }',
    /i: each of its/,
  ],
]

for (const [why, text, reason] of refused) {
  objects(`told apart: ${why}`, () => {
    const system = acceptedSystem(`struct s { bool b; }\npool s o[2];\n${text}`)
    assert.ok(system !== null)
    if (system !== null) assert.match(symmetryOf(system).reasons.join('\n'), reason)
  })
}

objects('a sum over all objects in a property tells none apart', () => {
  const text = 'finally { int n = 0; for (p in o) if (p->b) n += 1; assert(n < 2); }'
  const system = acceptedSystem(
    `struct s { bool b; }\npool s o[2];\nthread t { s *p = alloc(o); }\n${text}`,
  )
  assert.is(system && symmetryOf(system).symmetry.sorts.length, 1)
})

objects('plain changes come by every order once, and by 0 back to the first', () => {
  for (const count of [2, 3, 4, 5]) {
    const order = Array.from({ length: count }, (_, at) => at)
    const seen = new Set([order.join()])
    const exchange = (at: number): void => {
      order.splice(at, 2, order[at + 1] as number, order[at] as number)
    }
    for (const at of plainChanges(count)) {
      exchange(at)
      seen.add(order.join())
    }
    assert.is(seen.size, plainChanges(count).length + 1)
    assert.is(seen.size, [1, 2, 6, 24, 120][count - 1])
    exchange(0)
    assert.is(order.join(), [...order].sort().join())
  }
})

objects.run()
