import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck } from '../helpers/spawn.js'
import { BOUND, BROKEN, HOLDS, put, temporaryFolder, VIOLATED } from './folder.js'

const PLAIN = HOLDS.replace('mutex_lock(&m); x++; mutex_unlock(&m);', 'x++;')
const LIBRARY = 'const two = 2;\n'
const USER = HOLDS.replace('int 0..2', 'use "lib.gmem";\nint 0..two')
const cwd = temporaryFolder({
  'holds.gmem': HOLDS,
  'plain.gmem': PLAIN,
  'bound.gmem': BOUND,
  'broken.gmem': BROKEN,
  'old/same.gmem': VIOLATED,
  'old/gone.gmem': HOLDS,
  'new/same.gmem': VIOLATED,
  'new/deep/more.gmem': HOLDS.replace('model holds', 'model more'),
})
const run = (...args: string[]) => gmemcheck(['diff', '--workers', '1', ...args], { cwd })

const diff = suite('diff')

diff('1: a verdict changed; the document says which', async () => {
  const { status, stdout, stderr } = await run('holds.gmem', 'plain.gmem', '--json')
  assert.is(status, 1, stderr)
  const document = JSON.parse(stdout)
  assert.is(document.format, 'gmemcheck-diff/1')
  assert.is(document.counts.verdictChanged, 1)
  const [row] = document.models[0].rows
  assert.is(row.a.verdict, 'holds')
  assert.is(row.b.kind, 'assert')
})

diff('0: folders, file by file; what only one has is no change of a verdict', async () => {
  const { status, stdout, stderr } = await run('old', 'new')
  assert.is(status, 0, stderr)
  assert.match(stdout, /\ndeep\/more\.gmem\n {2}\+ default: holds, /)
  assert.match(stdout, /\ngone\.gmem\n {2}- default: holds, /)
  assert.match(stdout, /, 2 the same, 1 gone, 1 new\n$/)
})

diff('3 for a row that was cut short, 2 for a broken model or what is not there', async () => {
  assert.is((await run('bound.gmem', 'bound.gmem')).status, 3)
  assert.is((await run('holds.gmem', 'broken.gmem')).status, 2)
  const mixed = await run('holds.gmem', 'new')
  assert.is(mixed.status, 2)
  assert.match(mixed.stderr, /two files, or two folders/)
})

diff('REV:path is what git has, with the library of that revision', async () => {
  const repository = temporaryFolder({ 'models/user.gmem': USER, 'models/lib.gmem': LIBRARY })
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x', ...args], { cwd: repository })
  git('init', '-q')
  git('add', '.')
  git('commit', '-q', '-m', 'one')
  put(join(repository, 'models/lib.gmem'), 'const two = 1;\n')
  const at = (...args: string[]) =>
    gmemcheck(['diff', '--workers', '1', ...args], { cwd: repository })
  const changed = await at('HEAD:models', 'models')
  assert.is(changed.status, 1, changed.stderr)
  assert.match(changed.stdout, /! default: holds, .* -> violated count-overflow/)
  const missing = await at('HEAD:nowhere', 'models')
  assert.is(missing.status, 2)
  assert.match(missing.stderr, /git knows no such file/)
})

diff.run()
