import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck } from '../helpers/spawn.js'
import { temporaryFolder } from './folder.js'

const reductions = suite('reductions on the command line')

const USERS = ['models/scale/users.gmem', '--param', 'users=3']

const run = (...args: readonly string[]) => gmemcheck([...args])

reductions('a large search is reduced, and says how', async () => {
  const { status, stdout } = await run('check', ...USERS)
  assert.is(status, 0)
  assert.match(stdout, /^search: states 3532, /m)
  assert.match(stdout, /^reduced: fusion, transactions, symmetry$/m)
  const json = await run('check', '--json', ...USERS)
  const { search } = JSON.parse(json.stdout)
  assert.equal(search.reductions, ['fusion', 'transactions', 'symmetry'])
})

reductions('none sees every state', async () => {
  const { stdout } = await run('check', '--reduction', 'none', ...USERS)
  assert.match(stdout, /^search: states 69637, /m)
  assert.not.match(stdout, /^reduced:/m)
})

reductions('one by itself', async () => {
  const { stdout } = await run('check', '--reduction', 'symmetry', ...USERS)
  assert.match(stdout, /^search: states 15476, /m)
  assert.match(stdout, /^reduced: symmetry$/m)
})

reductions('what cannot be reduced is said with its place', async () => {
  const pages = [
    'models/scale/vcpus-pages.gmem',
    '--param',
    'vcpus=3',
    '--param',
    'pages=2',
    '--param',
    'pinners=0',
  ]
  const { stdout } = await run('check', ...pages)
  assert.match(stdout, /^not reduced: symmetry, .* \(models\/scale\/vcpus-pages\.gmem:\d+\)$/m)
})

reductions('a violation is shown in steps of the model, the nearest', async () => {
  const wrong = [...USERS, '--design', 'recheck_mapping=false', '--out', temporaryFolder()]
  const full = await run('check', '--json', '--reduction', 'none', ...wrong)
  const reduced = await run('check', '--json', ...wrong)
  assert.is(reduced.status, 1)
  assert.equal(JSON.parse(reduced.stdout).trace, JSON.parse(full.stdout).trace)
})

reductions('an audit compares, and says by how much', async () => {
  const holds = await run('check', '--audit', 'models/scale/users.gmem')
  assert.is(holds.status, 0, holds.stderr)
  assert.match(holds.stdout, /^full: holds, states 8087, /m)
  assert.match(holds.stdout, /^reduced: holds, states 1205, .*symmetry$/m)
  assert.match(holds.stdout, /^audit: no difference, 6\.7 times fewer states$/m)
  const violated = await run('check', '--audit', 'models/litmus/02-lost-update.gmem')
  assert.is(violated.status, 0)
  assert.match(violated.stdout, /^audit: no difference/m)
})

reductions('an audit that a limit ends proves nothing', async () => {
  const { status, stdout } = await run('check', '--audit', '--max-states', '100', ...USERS)
  assert.is(status, 3)
  assert.match(stdout, /^audit: incomplete/m)
})

reductions('2: a reduction there is not', async () => {
  const { status, stdout, stderr } = await run('check', '--reduction', 'most', ...USERS)
  assert.is(status, 2)
  assert.is(stdout, '')
  assert.match(stderr, /most/)
})

reductions('explain --locks: which lock protects what, and where it is not held', async () => {
  const { status, stdout } = await run('explain', '--locks', 'models/scale/users.gmem')
  assert.is(status, 0)
  assert.match(stdout, /^mem_map\.mapping +its PG_locked$/m)
  assert.match(stdout, /^shared +folio\.PG_locked, except at 1 of 3 places$/m)
  assert.match(stdout, /^ +user: read at models\/scale\/users\.gmem:\d+: shared$/m)
})

reductions('2: explain wants one thing', async () => {
  assert.is((await run('explain')).status, 2)
  assert.is((await run('explain', 'leak', '--locks', 'models/scale/users.gmem')).status, 2)
  assert.is((await run('explain', '--locks', 'models/none.gmem')).status, 2)
})

reductions.run()
