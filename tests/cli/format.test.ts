import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck } from '../helpers/spawn.js'
import { BROKEN, HOLDS, temporaryFolder } from './folder.js'

const UGLY = 'model   ugly ;\nint 0..2   x;\nthread t{x=1;}\n'
const cwd = temporaryFolder({
  'ugly.gmem': UGLY,
  'other.gmem': HOLDS,
  'unreadable.gmem': 'model ;;; {',
  'broken.gmem': BROKEN,
})
const run = (args: string[], stdin?: string) =>
  gmemcheck(['format', ...args], stdin === undefined ? { cwd } : { cwd, stdin })

const format = suite('format')

format('prints one file, and leaves it alone', async () => {
  const { status, stdout, stderr } = await run(['ugly.gmem'])
  assert.is(status, 0, stderr)
  assert.match(stdout, /^model ugly;\n/)
  assert.is(readFileSync(join(cwd, 'ugly.gmem'), 'utf8'), UGLY)
  assert.is((await run(['-'], UGLY)).stdout, stdout)
})

format('--check: 1 where it is not formatted, and what was printed is', async () => {
  const { status, stdout } = await run(['ugly.gmem', '--check'])
  assert.is(status, 1)
  assert.is(stdout, 'not formatted: ugly.gmem\n')
  const formatted = (await run(['ugly.gmem'])).stdout
  assert.is((await run(['--check', '-'], formatted)).status, 0)
})

format('--write replaces the file; a second time changes nothing', async () => {
  const formatted = (await run(['ugly.gmem'])).stdout
  assert.is((await run(['ugly.gmem', '--write'])).status, 0)
  assert.is(readFileSync(join(cwd, 'ugly.gmem'), 'utf8'), formatted)
  assert.is((await run(['ugly.gmem', '--check'])).status, 0)
})

format(
  '2: a file that cannot be parsed stays as it is; several files need to be told what to do',
  async () => {
    const { status, stdout, stderr } = await run(['unreadable.gmem', '--write'])
    assert.is(status, 2)
    assert.is(stdout, '')
    assert.match(stderr, /error\[/)
    assert.is(readFileSync(join(cwd, 'unreadable.gmem'), 'utf8'), 'model ;;; {')
    assert.is((await run(['ugly.gmem', 'other.gmem'])).status, 2)
  },
)

format.run()
