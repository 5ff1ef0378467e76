import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { caseOf } from '../../bench/cases.js'
import { search } from '../../bench/engines.js'
import { isInstalled } from '../../bench/measure.js'
import { rivals } from '../../bench/rivals/all.js'
import { agreeing, type Rival } from '../../bench/rivals/rival.js'

/**
 * The models of models/scale, written again by hand for other tools, have exactly as many states and transitions there
 * as here. Only then does a comparison of speed mean anything; and a step that either side takes for more or less than
 * it is would show here.
 */
const SIZES: Readonly<Record<string, readonly string[]>> = {
  // Only with two pages do two vCPUs allocate the same one: a page is reserved once.
  spin: ['vcpus-pages 2,2,1', 'vcpus-pages 3,2,0', 'users 2'],
  // Its ranges cannot be empty, so there is a pinner.
  rumur: ['vcpus-pages 2,2,1', 'users 2'],
  native: ['vcpus-pages 2,2,1', 'vcpus-pages 3,2,0'],
}

const counts = suite('twins of the scale models count the same')

for (const name of new Set(Object.values(SIZES).flat())) {
  counts(`${name}: ours`, async () => {
    const each = caseOf(name)
    const found = await search('compiled', each)
    assert.is(found?.states, each.states)
    assert.is(found?.generated, each.generated)
  })
}

for (const rival of rivals) {
  const isHere = rival.commands.every(isInstalled)
  const test = isHere ? counts : counts.skip
  for (const name of SIZES[rival.name] ?? []) {
    test(`${name}: ${rival.name}`, async () => {
      const { states, transitions } = await verified(rival, name)
      const { generated, states: ours } = caseOf(name)
      assert.is(states, ours)
      assert.is(transitions + (rival.countsInitialState ? 0 : 1), generated)
    })
  }
}

/** Small sizes are compiled for longer than they run. */
async function verified(rival: Rival, name: string) {
  const folder = mkdtempSync(join(tmpdir(), 'gmemcheck-rivals-'))
  try {
    const built = await rival.build(caseOf(name), folder, ['-O0'])
    return await built.run()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

counts('every rival is counted', () => {
  assert.equal(Object.keys(SIZES).sort(), rivals.map(({ name }) => name).sort())
})

counts('a twin with another count is refused', () => {
  const each = caseOf('vcpus-pages 2,1,1')
  const run = { status: 0, stdout: '', stderr: '', seconds: 1, cpuSeconds: 1, peakBytes: 1 }
  for (const rival of rivals) {
    const transitions = each.generated - (rival.countsInitialState ? 0 : 1)
    const right = { run, states: each.states, transitions }
    assert.is(agreeing(rival, each, right), right)
    assert.throws(() => agreeing(rival, each, { ...right, states: each.states + 1 }), /ours 3041/)
    assert.throws(() => agreeing(rival, each, { ...right, transitions: 0 }), /0 transitions/)
  }
})

counts.run()
