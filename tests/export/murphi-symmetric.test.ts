import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'
import { chooseEngine } from '../../checker/engine/choose.js'
import { symmetricEngine } from '../../checker/engine/symmetric.js'
import { elaborate } from '../../checker/export/elaborate/elaborate.js'
import { murphi } from '../../checker/export/murphi/murphi.js'
import type {
  Index,
  Program,
  Refusal,
  Statement,
  Test,
  Variable,
} from '../../checker/export/program.js'
import { rumur } from '../../checker/export/tools/rumur.js'
import type { ToolResult } from '../../checker/export/tools/tool.js'
import { families } from '../../checker/reduction/families.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import type { SearchResult } from '../../checker/search/verdict.js'
import type { Choices, TransitionSystem } from '../../spec/index.js'
import { corpusText } from '../helpers/corpus.js'
import { golden } from '../helpers/golden.js'
import { systemOf } from '../helpers/pipeline.js'
import { randomFamilies } from '../helpers/random-families.js'
import {
  action,
  always,
  arithmetic,
  compare,
  fault,
  num,
  perProcess,
  plain,
  program,
  read,
  self,
  set,
  variable,
} from './hand-made.js'

/**
 * Families as scalarsets. Rumur tries all permutations of them, so what it counts are orbits: a judge of our own
 * symmetry reduction, which sorts columns and knows nothing of that.
 */

function programOf(system: TransitionSystem): Program {
  const { program, refusals } = elaborate(system)
  if (!program) throw new Error(refusals[0]?.construct)
  return program
}

const x = variable('x', 0, 2)
const at = perProcess('t.at', 2, 1)
const owner: Variable = { ...variable('owner', -1, 1), holds: 'process' }
const other: Variable = { ...owner, name: 'other' }
const some: Index = { name: 'p', from: 1, to: 1, over: 'process' }
const when = (test: Test): Statement => ({ kind: 'fault', when: test, fault: fault(1, 'assert') })

/** Two that differ in nothing, each of which does that. */
const family = (statement: Statement): Program =>
  program({
    processes: ['t0', 't1'].map((name) => ({ name, code: 0, daemon: false })),
    codes: [{ name: 't', first: 0, last: 1, symmetric: true }],
    variables: [x, at, owner, other],
    actions: [action(0, 't', 0, always, plain(statement))],
  })

function textOf(program: Program): string {
  const written = murphi(program, { symmetric: true })
  if (written.refusals !== undefined) throw new Error(written.refusals[0]?.construct)
  return written.text
}

/** An owner of a family and one of none, readers and waiting writers of both, an invariant and a choice. */
const LOCKS = `
mutex m;
rwsem s;
int 0..3 n;
thread t[p in 0..2] {
  mutex_lock(&m);
  either { n = 1; } or { n = 2; }
  mutex_unlock(&m);
  down_read(&s);
  up_read(&s);
  down_write(&s);
  n = 0;
  up_write(&s);
}
thread vmm {
  down_write(&s);
  if (mutex_trylock(&m)) { n = 3; mutex_unlock(&m); }
  downgrade_write(&s);
  up_read(&s);
}
`

const TWO_FAMILIES = `
mutex m;
rwlock_t l;
int 0..2 n;
thread a[p in 0..1] { mutex_lock(&m); read_lock(&l); n = 1; read_unlock(&l); mutex_unlock(&m); }
thread b[p in 0..1] { write_lock(&l); n = 2; write_unlock(&l); mutex_lock(&m); mutex_unlock(&m); }
`

/** Instances wait for each other in a circle, whoever they are. */
const CYCLE = `
mutex m;
mutex k;
thread t[p in 0..2] {
  either { mutex_lock(&m); mutex_lock(&k); } or { mutex_lock(&k); mutex_lock(&m); }
  mutex_unlock(&k);
  mutex_unlock(&m);
}
`

/** What our own search does not take for one another, since a grace period waits for readers by name. */
const GRACE = `
int 0..2 x;
spinlock_t l;
thread r[p in 0..2] {
  either { rcu_read_lock(); x = 1; rcu_read_unlock(); } or { synchronize_rcu(); }
  spin_lock(&l);
  x = 2;
  spin_unlock(&l);
}
`

/** Each instance chooses before its first step; `init` holds a lock for a while. */
const CHOOSING = `
mutex m;
int 0..1 x;
thread t[p in 0..2] {
  int 0..1 v;
  either { v = 0; } or { v = 1; }
  mutex_lock(&m);
  x = v;
  mutex_unlock(&m);
}
init { mutex_lock(&m); x = 1; mutex_unlock(&m); }
`

const texts = suite('families as scalarsets')

texts('a mutex reads as before', () => {
  const system = systemOf(corpusText('litmus/11-mutex-states.gmem'))
  golden('tests/export/golden/mutex-symmetric.m', textOf(programOf(system)))
})

const refusalsOf = (program: Program): readonly unknown[] =>
  murphi(program, { symmetric: true }).refusals ?? []

texts('refused where no family is symmetric, with what tells the instances apart', () => {
  const own = systemOf('int 0..1 own[2];\nthread t[p in 0..1] {\n  own[p] = 1;\n}\n')
  const place = { file: 'inline.gmem', line: 4, text: 'own[p] = 1;' }
  assert.equal(refusalsOf(programOf(own)), [{ construct: 't, which asks for its number', place }])
  const construct = 'a scalarset without a family of two or more'
  const single = systemOf('int 0..1 x;\nthread t { x = 1; }\n')
  assert.equal(refusalsOf(programOf(single)), [{ construct, place: null }])
})

const REFUSED: readonly (readonly [what: string, says: RegExp, statement: Statement])[] = [
  ['an order', /whether a process is < another/, when(compare(self, '<', num(1)))],
  ['a sum', /which t it is, as a number/, set(x, arithmetic(self, '+', num(1)))],
  ['an index worked out', /a process whose number is worked out/, set(at, num(1), read(x))],
  ['one by its number', /^t 1 of a symmetric family$/, set(at, num(1), num(1))],
  ['some of them', /^some instances/, { kind: 'each', index: some, statements: [] }],
  ['an owner as a number', /^owner as a number$/, set(x, read(owner))],
  ['another owner', /^owner and another owner$/, when(compare(read(owner), '==', read(other)))],
]
for (const [what, says, statement] of REFUSED) {
  texts(`refused in a family: ${what}`, () => {
    const place = { file: 'hand.gmem', line: 3, text: what }
    const [refusal] = refusalsOf(family({ ...statement, note: place })) as readonly Refusal[]
    assert.match(refusal?.construct ?? '', says)
    assert.equal(refusal?.place, place)
  })
}

texts.run()

const runs = suite('orbits in Rumur')
const tool = rumur(childHost())
const test = (await tool.version()) === null ? runs.skip : runs

const USERS = 'scale/users.gmem'
const CORPUS: readonly (readonly [file: string, settings: Choices])[] = [
  ['litmus/02-lost-update.gmem', {}],
  ['litmus/11-mutex-states.gmem', {}],
  ['litmus/12-waiting-writer-states.gmem', {}],
  ['litmus/13-atomic-block-states.gmem', {}],
  ['litmus/44-readers-share.gmem', {}],
  ['litmus/53-test-and-set.gmem', {}],
  [USERS, { params: { users: '2' } }],
  [USERS, { params: { users: '3' } }],
]

const systems = new Map<string, TransitionSystem>([
  ['locks', systemOf(LOCKS)],
  ['two families', systemOf(TWO_FAMILIES)],
  ['a cycle', systemOf(CYCLE)],
  ['choosing', systemOf(CHOOSING)],
])
for (const [file, settings] of CORPUS) {
  systems.set(`${file} ${JSON.stringify(settings)}`, systemOf(corpusText(file), settings))
}

const asked = (text: string) =>
  tool.run(
    { files: [{ name: 'model.m', text }], kinds: new Map() },
    { only: null, timeoutSeconds: 300, memoryBytes: 2 ** 31, maxStates: 2 ** 20, isSmall: true },
  )

/** Nothing is done with instances that numbers would not allow: so as ranges they are told apart again. */
const withRanges = (text: string): string =>
  text.replace(/scalarset\((\d+)\)/g, (_, size) => `0 .. ${Number(size) - 1}`)

/** Both have the same verdict, and as many states, or the same kind of violation as far away. */
function compareRuns(ours: SearchResult, theirs: ToolResult, of: Program): void {
  assert.is(theirs.verdict, ours.verdict, theirs.output)
  if (ours.verdict === 'holds') {
    assert.is(theirs.states, ours.statistics.distinctStates)
    return
  }
  const stuck = theirs.fault === of.rest.stuck.number
  const kind = of.faults.find(({ number }) => number === theirs.fault)?.kind
  const same = ours.violations.find((one) => (stuck ? one.trap.site === null : one.kind === kind))
  assert.is(theirs.depth, same?.depth, `${kind}: ${theirs.output}`)
}

/** The orbits that our own search counts are Rumur's; and so, if they are asked for, are the states. */
async function compareOrbits(system: TransitionSystem, withStates: boolean): Promise<void> {
  const found = families(system).flatMap((one) => ('orbit' in one ? [one] : []))
  const of = programOf(system)
  const text = textOf(of)
  const plain = chooseEngine(system, 'compiled')
  const all = explore(plain, defaultSearchOptions)
  if (withStates) compareRuns(all, await asked(withRanges(text)), of)
  const scalarsets = [...of.codes.keys()].filter((code) => of.codes[code]?.symmetric)
  assert.equal(
    scalarsets,
    found.map(({ code }) => code),
  )
  const engine = symmetricEngine(
    plain,
    found.map(({ orbit }) => orbit),
  )
  const ours = explore(engine, defaultSearchOptions)
  compareRuns(ours, await asked(text), of)
  if (ours.verdict === 'holds') {
    assert.ok(ours.statistics.distinctStates < all.statistics.distinctStates)
  }
}

for (const [name, system] of systems) {
  test(name, () => compareOrbits(system, !name.includes('.gmem')))
}

test('a grace period: its readers are a scalarset, and our own search lets them be', async () => {
  const system = systemOf(GRACE)
  assert.ok(families(system).every((one) => 'reason' in one))
  const of = programOf(system)
  const text = textOf(of)
  const ours = explore(chooseEngine(system, 'compiled'), defaultSearchOptions)
  compareRuns(ours, await asked(withRanges(text)), of)
  const { verdict, states } = await asked(text)
  assert.is(verdict, ours.verdict)
  // An orbit has six states at most.
  const { distinctStates } = ours.statistics
  assert.ok(states !== null && states < distinctStates && states * 6 >= distinctStates, `${states}`)
})

const seed = Number(process.env.SEED ?? 1)
const count = Number(process.env.RUNS ?? 1)
for (let one = seed; one < seed + count; one++) {
  test(`random families, seed ${one}`, () => compareOrbits(systemOf(randomFamilies(one)), true))
}

runs.run()
