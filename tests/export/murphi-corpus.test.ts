import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'
import { chooseEngine } from '../../checker/engine/choose.js'
import { elaborate } from '../../checker/export/elaborate/elaborate.js'
import { murphi } from '../../checker/export/murphi/murphi.js'
import type { Program } from '../../checker/export/program.js'
import { readRumur } from '../../checker/export/read-back/rumur.js'
import { rumur } from '../../checker/export/tools/rumur.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import type { TransitionSystem } from '../../spec/index.js'
import { corpusText } from '../helpers/corpus.js'
import { golden } from '../helpers/golden.js'
import { systemOf } from '../helpers/pipeline.js'

/** Rows of the corpus as Murphi: how they read, and that Rumur says of them what our search says. */

type Design = Readonly<Record<string, string>>

const systemIn = (file: string, design: Design): TransitionSystem =>
  systemOf(corpusText(file), { design })

function programOf(system: TransitionSystem): Program {
  const { program, refusals } = elaborate(system)
  if (!program) throw new Error(refusals[0]?.construct)
  return program
}

function textOf(program: Program): string {
  const written = murphi(program)
  if (written.refusals !== undefined) throw new Error(written.refusals[0]?.construct)
  return written.text
}

const texts = suite('rows of the corpus as Murphi')

const READ: readonly (readonly [name: string, file: string, design: Design])[] = [
  ['two-increments', 'litmus/01-two-increments.gmem', {}],
  ['lost-wakeup', 'litmus/64-lost-wakeup.gmem', { sleeps: 'named', tests: 'before_sleeping' }],
  [
    'completion',
    'litmus/128-completion.gmem',
    { ends_with: 'complete', waiters: '2', reinit: 'never' },
  ],
]

for (const [name, file, design] of READ) {
  texts(`${name} reads as before`, () => {
    golden(`tests/export/golden/${name}.m`, textOf(programOf(systemIn(file, design))))
  })
}

texts.run()

const runs = suite('rows of the corpus in Rumur')
const tool = rumur(childHost())
const test = (await tool.version()) === null ? runs.skip : runs

const REGISTRY = 'fd_private/mutex-registry.gmem'
const ROWS: readonly (readonly [file: string, design: Design])[] = [
  ['litmus/01-two-increments.gmem', {}],
  ['litmus/28-stale-after-reuse.gmem', {}],
  ['litmus/64-lost-wakeup.gmem', { sleeps: 'named', tests: 'before_sleeping' }],
  ['litmus/103-callback-waits-for-readers.gmem', {}],
  ['litmus/128-completion.gmem', { ends_with: 'complete_all', waiters: '2', reinit: 'never' }],
  [REGISTRY, { lock: 'registration_only', callback: 'takes_mmu_lock' }],
  [REGISTRY, { lock: 'callbacks_too', callback: 'takes_mmu_lock' }],
]

for (const [file, design] of ROWS) {
  test([file, ...Object.values(design)].join(' '), async () => {
    const system = systemIn(file, design)
    const ours = explore(chooseEngine(system, 'compiled'), defaultSearchOptions)
    const program = programOf(system)
    const theirs = await tool.run(
      { files: [{ name: 'model.m', text: textOf(program) }], kinds: new Map() },
      { only: null, timeoutSeconds: 300, memoryBytes: 2 ** 31, maxStates: 2 ** 20, isSmall: true },
    )
    assert.is(theirs.verdict, ours.verdict, theirs.output)
    if (ours.verdict === 'holds') {
      assert.is(theirs.states, ours.statistics.distinctStates)
      return
    }
    const stuck = theirs.fault === program.rest.stuck.number
    const kind = program.faults.find(({ number }) => number === theirs.fault)?.kind
    const same = ours.violations.find((one) => (stuck ? one.trap.site === null : one.kind === kind))
    assert.is(theirs.depth, same?.depth, `${kind}: ${theirs.output}`)
    const { points } = readRumur(theirs.trace ?? '', program)
    assert.is(points?.length, theirs.depth)
  })
}

runs.run()
