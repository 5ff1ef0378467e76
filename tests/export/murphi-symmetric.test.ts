import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'
import { chooseEngine } from '../../checker/engine/choose.js'
import { symmetricEngine } from '../../checker/engine/symmetric.js'
import { elaborate } from '../../checker/export/elaborate/elaborate.js'
import { murphi } from '../../checker/export/murphi/murphi.js'
import type { Program } from '../../checker/export/program.js'
import { rumur } from '../../checker/export/tools/rumur.js'
import { families } from '../../checker/reduction/families.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import type { Choices, TransitionSystem } from '../../spec/index.js'
import { corpusText } from '../helpers/corpus.js'
import { golden } from '../helpers/golden.js'
import { systemOf } from '../helpers/pipeline.js'

/**
 * Families as scalarsets. Rumur tries all permutations of them, so what it counts are orbits: a judge of our own
 * symmetry reduction, which sorts columns and knows nothing of that.
 */

function programOf(system: TransitionSystem): Program {
  const { program, refusals } = elaborate(system)
  if (!program) throw new Error(refusals[0]?.construct)
  return program
}

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

const texts = suite('families as scalarsets')

texts('a mutex reads as before', () => {
  const system = systemOf(corpusText('litmus/11-mutex-states.gmem'))
  golden('tests/export/golden/mutex-symmetric.m', textOf(programOf(system)))
})

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
])
for (const [file, settings] of CORPUS) {
  systems.set(`${file} ${JSON.stringify(settings)}`, systemOf(corpusText(file), settings))
}

for (const [name, system] of systems) {
  test(name, async () => {
    const found = families(system).flatMap((one) => ('orbit' in one ? [one] : []))
    const program = programOf(system)
    const scalarsets = [...program.codes.keys()].filter((at) => program.codes[at]?.symmetric)
    assert.ok(found.length > 0)
    assert.equal(
      scalarsets,
      found.map(({ code }) => code),
    )
    const orbits = found.map(({ orbit }) => orbit)
    const plain = chooseEngine(system, 'compiled')
    const ours = explore(symmetricEngine(plain, orbits), defaultSearchOptions)
    const theirs = await tool.run(
      { files: [{ name: 'model.m', text: textOf(program) }], kinds: new Map() },
      { only: null, timeoutSeconds: 300, memoryBytes: 2 ** 31, maxStates: 2 ** 20 },
    )
    assert.is(theirs.verdict, ours.verdict, theirs.output)
    if (ours.verdict === 'holds') {
      assert.is(theirs.states, ours.statistics.distinctStates)
      // An orbit of one state each would be no reduction at all.
      const all = explore(plain, defaultSearchOptions).statistics.distinctStates
      assert.ok(ours.statistics.distinctStates < all)
      return
    }
    const kind = program.faults.find(({ number }) => number === theirs.fault)?.kind
    const same = ours.violations.find((one) => one.kind === kind)
    assert.is(theirs.depth, same?.depth, `${kind}: ${theirs.output}`)
  })
}

runs.run()
