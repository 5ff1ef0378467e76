import { chmodSync, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { BOUND, BROKEN, HOLDS, HUGE, temporaryFolder, VIOLATED } from './folder.js'

/**
 * A Rumur that finds in every model what the environment says: no test needs it to be installed, and it can be made to
 * disagree. The real one is tried in tests/export.
 */
const RUMUR = `#!/bin/sh
if [ "$1" = --version ]; then echo "Rumur of the tests"; exit 0; fi
if [ -n "$REFUSES" ]; then echo "line 1: no such thing" >&2; exit 1; fi
: > model.c
`
const CC = `#!/bin/sh
if [ "$1" = --version ]; then echo "cc of the tests"; exit 0; fi
printf '#!/bin/sh\\nsleep %s\\necho "%s"\\n' "\${SLEEPS:-0}" "<summary states=\\\\\\"$STATES\\\\\\" rules_fired=\\\\\\"1\\\\\\" errors=\\\\\\"0\\\\\\"/>" > model
chmod +x model
`

const cwd = temporaryFolder({
  'holds.gmem': HOLDS,
  'violated.gmem': VIOLATED,
  'bound.gmem': BOUND,
  'broken.gmem': BROKEN,
  'huge.gmem': HUGE,
  'folder/library.gmem': 'int 0..1 unused;\n',
  'folder/holds.gmem': HOLDS,
  'tools/rumur': RUMUR,
  'tools/cc': CC,
})
for (const tool of ['rumur', 'cc']) chmodSync(join(cwd, 'tools', tool), 0o755)

const PATH = `${join(cwd, 'tools')}${delimiter}/usr/bin${delimiter}/bin`
const run = (args: string, env: Readonly<Record<string, string>> = {}) =>
  gmemcheck(['cross-check', ...args.split(' ')], { cwd, env: { PATH, STATES: '12', ...env } })

const schema = readFileSync(`${projectRoot}spec/schema/cross-check.schema.json`, 'utf8')
const validate = new Ajv2020({ allErrors: true, allowUnionTypes: true, strict: false }).compile(
  JSON.parse(schema),
)

/** What our own search counts in it. */
const STATES = '16'

const test = suite('cross-check')

test('0: as many states', async () => {
  const { status, stdout, stderr } = await run('holds.gmem --with rumur', { STATES })
  assert.is(status, 0, stderr + stdout)
  assert.match(stdout, /^model +row +ours +rumur$/m)
  assert.match(stdout, /^holds +default +holds 16 +holds 16 +agree$/m)
  assert.match(stdout, /^1 row: 1 agree, 0 not compared, 0 disagree; 1 answer: 1 agree/m)
})

test('70: not as many states, with what to report', async () => {
  const { status, stdout, stderr } = await run('holds.gmem --with rumur', { STATES: '13' })
  assert.is(status, 70, stderr)
  assert.match(stdout, /DISAGREE \(rumur counts 13 states, ours 16\)$/m)
  assert.match(stderr, /gmemcheck export murphi holds\.gmem/)
  assert.match(stderr, /Please report it/)
})

test('70: a violation that is missed', async () => {
  const { status, stdout } = await run('violated.gmem --with rumur --design how=plain')
  assert.is(status, 70)
  assert.match(stdout, /DISAGREE \(ours finds assert, rumur does not\)$/m)
})

test('70: a tool that does not take what was exported', async () => {
  const { status, stdout, stderr } = await run('holds.gmem --with rumur', { REFUSES: 'yes' })
  assert.is(status, 70)
  assert.match(stdout, /DISAGREE \(rumur refuses what was exported\)$/m)
  assert.match(stderr, /no such thing/)
})

test('every row of every model of a folder, libraries left out', async () => {
  const { stdout } = await run('folder violated.gmem --with rumur --quiet', { STATES })
  assert.match(stdout, /^3 rows: /m)
  assert.not.match(stdout, /^model/m)
})

test('--param goes for all rows, --design picks some', async () => {
  const { stdout } = await run('violated.gmem --with rumur --param n=3 --design how=locked --json')
  const { rows } = JSON.parse(stdout)
  assert.equal(
    rows.map((row: { row: string }) => row.row),
    ['n=3 how=locked'],
  )
})

test('--json: one document that fits the schema', async () => {
  const { status, stdout } = await run('holds.gmem violated.gmem bound.gmem --json --with rumur', {
    STATES,
  })
  assert.is(status, 70)
  const document = JSON.parse(stdout)
  const fits: boolean = validate(document)
  assert.ok(fits, JSON.stringify(validate.errors))
  assert.equal(document.tools, [{ name: 'rumur', version: 'Rumur of the tests' }])
  const statuses = document.rows.map((row: { status: string }) => row.status)
  assert.equal(statuses, ['agree', 'disagree', 'agree', 'disagree'])
  assert.equal(document.summary.rows, { agree: 2, notCompared: 0, disagree: 2 })
})

test('3: a limit ended it, ours or theirs', async () => {
  const ours = await run('huge.gmem --with rumur --max-states 1000', { STATES: '5' })
  assert.is(ours.status, 3, ours.stdout)
  assert.match(ours.stdout, /not compared \(ours ended early: states\)$/m)
  const theirs = await run('holds.gmem --with rumur --timeout 1', { STATES, SLEEPS: '30' })
  assert.is(theirs.status, 3, theirs.stdout)
  assert.match(theirs.stdout, /incomplete time +not compared \(rumur ended early: time\)$/m)
})

const WRONG: readonly (readonly [args: string, says: RegExp])[] = [
  ['holds.gmem --with rumur,tlc', /not installed: tlc/],
  ['holds.gmem --with prism', /there is no tool called `prism`/],
  ['broken.gmem --with rumur', /error\[/],
  ['holds.gmem --with rumur --design how=plain', /error\[/],
  ['nowhere --with rumur', /cannot read nowhere/],
]
for (const [args, says] of WRONG) {
  test(`2: ${args}`, async () => {
    const { status, stdout, stderr } = await run(args)
    assert.is(status, 2, stderr)
    assert.is(stdout, '')
    assert.match(stderr, says)
  })
}

test('2: nothing is installed', async () => {
  const { status, stderr } = await run('holds.gmem', { PATH: join(cwd, 'folder') })
  assert.is(status, 2)
  assert.match(stderr, /no other model checker is installed/)
})

test.run()
