import { readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { temporaryFolder } from './folder.js'

const MODEL = `${projectRoot}models/guest_memfd/truncate-vs-fault.gmem`
const cwd = temporaryFolder()

const start = suite('the main job')

start(
  'the fault-versus-truncate race: two columns, the words of the kernel, shortest',
  async () => {
    const { status, stdout, stderr } = await gmemcheck(['check', MODEL], { cwd })
    assert.is(status, 1, stderr)
    assert.match(stdout, /^BUG: nonzero mapcount in /)
    assert.match(stdout, /^verdict: violated mapped-at-free /m)
    const text = readFileSync(`${cwd}/counterexamples/truncate-vs-fault.txt`, 'utf8')
    assert.match(text, /^vcpu0: fault\(0, 1\) +vmm: punch_hole\(4, 4\)$/m)
    assert.match(text, /\*\*\* _mapcount 0/)
    assert.match(text, /^\d+ steps, [1-3] context switch(?:es)?, shortest possible\.$/m)
    for (const line of text.split('\n')) {
      if (!line.includes(projectRoot)) assert.ok(line.length <= 72, line)
    }
  },
)

start('the fixed design holds, with its states', async () => {
  const args = ['check', MODEL, '--design', 'unmap=under_folio_lock']
  const { status, stdout, stderr } = await gmemcheck(args, { cwd })
  assert.is(status, 0, stderr)
  assert.match(stdout, /^verdict: holds/m)
  assert.match(stdout, /^search: states \d+, /m)
  assert.match(stdout, /sequential consistency$/m)
})

start('what V8 has compiled of the program is of this program, and of this Node', () => {
  const script = new Script(readFileSync(`${projectRoot}build/gmemcheck.js`, 'latin1'), {
    cachedData: readFileSync(`${projectRoot}build/gmemcheck.compiled`),
  })
  assert.is(script.cachedDataRejected, false)
})

start.run()
