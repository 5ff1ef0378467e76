import { existsSync, readFileSync } from 'node:fs'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { childHost } from '../../checker/cli/host.js'

const host = childHost()
const test = suite('running other programs')

test('what it printed, and its exit code', async () => {
  const options = { timeoutSeconds: 60 }
  const { code, ended, stdout, stderr } = await host.execute(
    'sh',
    ['-c', 'echo out; echo err >&2; exit 3'],
    options,
  )
  assert.equal(
    { code, ended, stdout, stderr },
    { code: 3, ended: 'itself', stdout: 'out\n', stderr: 'err\n' },
  )
})

test('no such program', async () => {
  const { code, ended } = await host.execute('no-such-program-here', [], { timeoutSeconds: 60 })
  assert.equal({ code, ended }, { code: null, ended: 'missing' })
})

test('when its time is over it ends, with all that it started', async () => {
  const { ended, stdout } = await host.execute('sh', ['-c', 'sleep 600 & echo $!; wait'], {
    timeoutSeconds: 1,
  })
  assert.is(ended, 'time')
  const state = `/proc/${stdout.trim()}/stat`
  // Where nobody waits for it, it may be left as a zombie.
  const isLeft = existsSync(state) && !/\) Z /.test(readFileSync(state, 'utf8'))
  assert.not.ok(isLeft)
})

test('everything that runs ends on demand', async () => {
  const run = host.execute('sleep', ['600'], { timeoutSeconds: 600 })
  host.stop()
  assert.is((await run).ended, 'signal')
})

test('a folder for one run', async () => {
  const scratch = await host.scratch([{ name: 'model.m', text: 'text' }])
  await host.execute('sh', ['-c', 'cp model.m copy'], { cwd: scratch.path, timeoutSeconds: 60 })
  assert.is(await scratch.read('copy'), 'text')
  assert.is(await scratch.read('nothing'), null)
  await scratch.remove()
  assert.not.ok(existsSync(scratch.path))
})

test.run()
