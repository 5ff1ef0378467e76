import { readdirSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { projectRoot, runNode } from '../helpers/spawn.js'
import { temporaryFolder } from './folder.js'

const emitted = suite('counterexamples')

emitted('are written anew byte for byte', async () => {
  const out = temporaryFolder()
  const { status, stderr } = await runNode([`${projectRoot}scripts/counterexamples.js`, out])
  assert.is(status, 0, stderr)
  const kept = `${projectRoot}counterexamples/`
  const names = readdirSync(out).sort()
  assert.ok(names.length > 20)
  assert.equal(readdirSync(kept).sort(), names)
  for (const name of names) {
    assert.is(readFileSync(`${out}/${name}`, 'utf8'), readFileSync(kept + name, 'utf8'), name)
  }
})

emitted(
  'fault against truncate fits a commit message, and switches no more than the race as it was seen',
  () => {
    const kept = `${projectRoot}counterexamples/truncate-vs-fault`
    for (const line of readFileSync(`${kept}.txt`, 'utf8').split('\n')) {
      assert.ok(line.length <= 72, line)
    }
    // The fault looks up, the hole punch unmaps, the fault maps, the hole punch removes.
    const { length } = JSON.parse(readFileSync(`${kept}.trace.json`, 'utf8'))
    assert.ok(length.switches <= 3, `${length.switches} context switches`)
  },
)

emitted.run()
