import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { worst } from '../../checker/cli/exit.js'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { HOLDS, temporaryFolder } from './folder.js'

const cwd = temporaryFolder({ 'holds.gmem': HOLDS })
const run = (...args: string[]) => gmemcheck(args, { cwd })

const line = suite('command line')

line('70 before 2 before 1 before 3 before 0', () => {
  assert.is(worst([0, 3, 1, 2, 70]), 70)
  assert.is(worst([0, 3, 1, 2]), 2)
  assert.is(worst([3, 1, 0]), 1)
  assert.is(worst([0, 3]), 3)
  assert.is(worst([]), 0)
})

line('70: what should not happen says how to report it, without a stack', async () => {
  const broken =
    'data:text/javascript,performance.now=()=>{throw new Error("the clock has stopped")}'
  const env = { NODE_OPTIONS: `--import=${broken.replaceAll(' ', '%20').replaceAll('"', '%22')}` }
  const { status, stdout, stderr } = await gmemcheck(['check', 'holds.gmem'], { cwd, env })
  assert.is(status, 70, stderr)
  assert.is(stdout, '')
  assert.match(stderr, /internal error: the clock has stopped/)
  assert.match(stderr, /report it/)
  assert.not.match(stderr, /\n\s+at /)
})

line('--help of every command, --version', async () => {
  for (const command of [
    'check',
    'new',
    'diff',
    'drift',
    'simulate',
    'test',
    'replay',
    'export',
    'cross-check',
    'format',
    'explain',
    'dump',
  ]) {
    const { status, stdout } = await run(command, '--help')
    assert.is(status, 0, command)
    assert.match(stdout, new RegExp(`gmemcheck ${command}`), command)
  }
  const check = (await run('check', '--help')).stdout
  const options =
    '--param --design --json --workers --memory --max-states --timeout --out --no-color --quiet --engine --reduction'
  for (const option of options.split(' ')) assert.ok(check.includes(option), option)
  assert.is((await run('--help')).status, 0)
  assert.match((await run('--version')).stdout, /^\d+\.\d+\.\d+\n$/)
})

line('nothing at all is wrong, and shows the help', async () => {
  const { status, stdout, stderr } = await run()
  assert.is(status, 2)
  assert.is(stdout, '')
  assert.match(stderr, /Usage/)
})

const LATER = ['check holds.gmem --checkpoint x']

for (const command of LATER) {
  line(`this version says that it does not have: ${command}`, async () => {
    const { status, stdout, stderr } = await run(...command.split(' '))
    assert.is(status, 2)
    assert.is(stdout, '')
    assert.match(stderr, /this version does not have/)
  })
}

const WRONG: readonly (readonly [command: string, says: RegExp])[] = [
  ['chek', /did you mean `check`/],
  ['check holds.gmem --worker 2', /--workers/],
  ['check holds.gmem --workers 0', /at least 1/],
  ['check holds.gmem --workers two', /at least 1/],
  ['check holds.gmem --max-states -1', /at least 1|argument missing/],
  ['check holds.gmem --timeout 0', /more than 0/],
  ['check holds.gmem --memory 12', /at least 1M/],
  ['check holds.gmem --memory lots', /512M/],
  ['check holds.gmem --engine fast', /compiled, reference/],
  ['check holds.gmem --param n', /NAME=VALUE/],
  ['check holds.gmem --design a=1 --design a=2', /given twice/],
  ['check', /missing required argument/],
  ['new', /a file to write/],
  ['new x.gmem', /--design callback \| inplace/],
  ['new x.gmem --design v3', /did you mean `v2`|there is no design `v3`/],
  ['new x --design v2', /did you mean x\.gmem\?/],
  ['new 2x.gmem --design v2', /cannot be called `2x`/],
  ['new holds.gmem --design v2', /holds\.gmem is there already/],
  ['new x.gmem --list', /takes no file/],
  ['dump sistem holds.gmem', /did you mean `system`/],
  ['dump system', /missing required argument/],
  ['dump system holds.gmem --of n', /`dump diagram` only/],
  ['dump diagram holds.gmem --of x,hit', /no `hit`/],
  ['format holds.gmem --check --write', /--write/],
  ['test holds.gmem --table --ktap', /stands alone/],
  ['drift holds.gmem', /--tree/],
  ['drift holds.gmem --tree nowhere', /no folder nowhere/],
  ['drift holds.gmem --tree .', /name no kernel function/],
  ['simulate holds.gmem --seed -1', /up to 4294967295/],
  ['test nowhere', /cannot read nowhere/],
  ['replay gm1-x holds.gmem', /not a token/],
  ['replay gm1-0123456789ab-a', /needs the model/],
  ['replay nowhere.trace.json', /cannot read/],
]

for (const [command, says] of WRONG) {
  line(`wrong, and told why: ${command}`, async () => {
    const { status, stdout, stderr } = await run(...command.split(' '))
    assert.is(status, 2, stderr)
    assert.is(stdout, '')
    assert.match(stderr, says)
    assert.not.match(stderr, /internal error|\n\s+at /)
  })
}

line('every known form is dumped', async () => {
  for (const form of ['tree', 'model', 'system', 'layout', 'wasm']) {
    const { status, stdout, stderr } = await run('dump', form, 'holds.gmem')
    assert.is(status, 0, stderr)
    assert.ok(stdout.endsWith('\n'), form)
  }
})

line('a diagram that would not be whole is incomplete', async () => {
  const { status, stdout, stderr } = await run(
    ...'dump diagram holds.gmem --of x --max-states 2'.split(' '),
  )
  assert.is(status, 3, stderr)
  assert.is(stdout, '')
  assert.match(stderr, /more than 2 states\n.*--max-states/)
})

line('a reader that goes away is no error', async () => {
  const child = spawn(
    process.execPath,
    [`${projectRoot}bin/gmemcheck.js`, 'dump', 'system', 'holds.gmem'],
    { cwd },
  )
  child.stdout.destroy()
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  const [status] = await once(child, 'close')
  assert.is(status, 0)
  assert.is(said, '')
})

line('an option of another command is told to be that', async () => {
  const { status, stderr } = await run('check', '--coverage', 'holds.gmem')
  assert.is(status, 2)
  assert.match(stderr, /--coverage.*\n {2}it is an option of `gmemcheck test`\n/)
  assert.not.match((await run('check', '--nonsense', 'holds.gmem')).stderr, /option of/)
})

line('a folder is for test, and check says so', async () => {
  const { status, stderr } = await run('check', '.')
  assert.is(status, 2)
  assert.match(stderr, /file-unreadable/)
  assert.match(stderr, /`gmemcheck test \.` checks the models in it/)
})

line('--quiet says which of several models a verdict is of', async () => {
  const one = await run('check', '--quiet', 'holds.gmem')
  assert.match(one.stdout, /^verdict: holds.*\n$/)
  const two = await run('check', '--quiet', 'holds.gmem', './holds.gmem')
  assert.match(two.stdout, /^holds\.gmem: verdict: holds.*\n\.\/holds\.gmem: verdict: holds.*\n$/)
})

line.run()
