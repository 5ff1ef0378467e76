import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readLitmus } from '../helpers/litmus.js'
import { gmemcheck } from '../helpers/spawn.js'
import { BROKEN, HOLDS, temporaryFolder, VIOLATED } from './folder.js'

const RACING = `model racing;
check data-race;
int 0..1 x;
thread a { x = 1; }
thread b { int v = READ_ONCE(x); }
expect violated data-race otherwise;
`

const cwd = temporaryFolder({
  'holds.gmem': HOLDS,
  'violated.gmem': VIOLATED,
  'broken.gmem': BROKEN,
  'racing.gmem': RACING,
  'single.gmem': 'model single;\nint 0..1 x;\nthread t { x = 1; }\nexpect holds otherwise;\n',
  'twins.gmem':
    'model twins;\nint 0..1 x;\nthread t[p in 0..1] { x = 1; }\nexpect holds otherwise;\n',
})
const run = (args: string) => gmemcheck(args.split(' '), { cwd })

const test = suite('export')

const LOOKS: readonly (readonly [form: string, looks: RegExp])[] = [
  ['promela', /\binit\b[\s\S]*\bproctype\b|\bproctype\b[\s\S]*\binit\b/],
  ['murphi', /^startstate "init"$/m],
  ['tla', /^-{4,} MODULE \w+ -{4,}$/m],
]
for (const [form, looks] of LOOKS) {
  test(`${form}: to stdout, the design and the sizes as they are given`, async () => {
    const plain = await run(`export ${form} violated.gmem`)
    assert.is(plain.status, 0, plain.stderr)
    assert.match(plain.stdout, looks)
    const other = await run(`export ${form} violated.gmem --param n=1 --design how=locked`)
    assert.is(other.status, 0, other.stderr)
    assert.is.not(other.stdout, plain.stdout)
    assert.is((await run(`export ${form} violated.gmem`)).stdout, plain.stdout)
  })

  test(`${form}: to files`, async () => {
    const { status, stdout } = await run(`export ${form} violated.gmem --param n=3 --out ${form}`)
    assert.is(status, 0)
    const files = readdirSync(join(cwd, form)).sort()
    assert.is(files.length, form === 'tla' ? 2 : 1, files.join(' '))
    for (const file of files) {
      assert.match(stdout, `written: ${join(form, file)}\n`)
      assert.ok(readFileSync(join(cwd, form, file), 'utf8').length > 0)
    }
    if (form !== 'tla') assert.match(files[0] ?? '', /^violated-n=3\.\w+$/)
  })
}

test('litmus: of a model, and of the trace that check wrote', async () => {
  const { status, stdout, stderr } = await run('export litmus racing.gmem')
  assert.is(status, 0, stderr)
  assert.is(readLitmus(stdout).processes.length, 2)
  assert.is((await run('check racing.gmem --quiet')).status, 1)
  const again = await run('export litmus counterexamples/racing.trace.json')
  assert.is(again.status, 0, again.stderr)
  assert.is(again.stdout, stdout)
  await run('export litmus racing.gmem --out tests')
  assert.is(readFileSync(join(cwd, 'tests/racing-race.litmus'), 'utf8'), stdout)
})

test('--symmetric: a family is a scalarset', async () => {
  const { status, stdout, stderr } = await run('export murphi twins.gmem --symmetric')
  assert.is(status, 0, stderr)
  assert.match(stdout, /^ {2}t_t: scalarset\(2\);$/m)
  assert.not.match((await run('export murphi twins.gmem')).stdout, /scalarset/)
})

const WRONG: readonly (readonly [args: string, says: RegExp])[] = [
  ['export selftest holds.gmem --out nothing', /refused: this is not a gmemcheck trace/],
  ['export promela holds.gmem holds.gmem', /takes one file/],
  ['export murphy holds.gmem', /did you mean `murphi`/],
  ['export murphi', /missing required argument/],
  ['export murphi broken.gmem --out nothing', /error\[/],
  ['export tla holds.gmem --design how=plain --out nothing', /error\[/],
  ['export litmus holds.gmem --out nothing', /refused: .*check data-race/],
  ['export promela holds.gmem --out holds.gmem', /cannot write/],
  ['export tla holds.gmem --symmetric --out nothing', /only Murphi has scalarsets/],
  ['export murphi single.gmem --symmetric --out nothing', /no words for this: a scalarset without/],
]
for (const [args, says] of WRONG) {
  test(`2: ${args}`, async () => {
    const { status, stdout, stderr } = await run(args)
    assert.is(status, 2, stderr)
    assert.is(stdout, '')
    assert.match(stderr, says)
    assert.not.ok(existsSync(join(cwd, 'nothing')))
  })
}

test.run()
