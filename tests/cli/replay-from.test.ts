import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck } from '../helpers/spawn.js'
import { temporaryFolder } from './folder.js'

/** Two processes, one of which picks: a foreign trace does not say what. */
const MODEL = `model picks;
design { bad : { no, yes } = yes; }
int 0..3 x;
thread chooser { int v = 0; choose v in 0..2; WRITE_ONCE(x, v); }
thread judge { await (READ_ONCE(x) == 2); if (bad == yes) assert(READ_ONCE(x) == 1); }
expect violated assert when bad == yes;
expect holds otherwise;
`

const cwd = temporaryFolder({ 'picks.gmem': MODEL, 'other.gmem': MODEL.replace('== 2)', '== 1)') })
const run = (...args: string[]) => gmemcheck(args, { cwd })

/** The steps of our own counterexample, as a tool would tell them: the name of the action, the process. */
async function steps(): Promise<readonly { readonly action: string; readonly process: number }[]> {
  const { stdout } = await run('export', 'murphi', 'picks.gmem')
  const names = [...stdout.matchAll(/^ *rule "(.*)"$/gm)].map(([, name = '']) => name)
  const of = (code: string) => names.filter((name) => name.startsWith(`${code} `))
  const [chooses] = of('chooser')
  const [awaits, asserts] = of('judge')
  if (chooses === undefined || awaits === undefined || asserts === undefined)
    throw new Error(stdout)
  return [
    { action: chooses, process: 0 },
    { action: awaits, process: 1 },
    { action: asserts, process: 1 },
  ]
}

const test = suite('replay --from')

test.before(async () => {
  const all = await steps()
  const rules = all.map(({ action }) => `Rule "${action}" fired.`)
  const begin = 'Startstate "init" fired.'
  writeFileSync(join(cwd, 'rumur.txt'), `${[begin, ...rules].join('\n')}\n`)
  writeFileSync(join(cwd, 'short.txt'), `${[begin, ...rules.slice(0, 2)].join('\n')}\n`)
  const printed = all.map(({ action, process }) => `${action}, process ${process}`)
  writeFileSync(join(cwd, 'spin.txt'), `${printed.join('\n')}\nspin: trail ends after 9 steps\n`)
})

for (const tool of ['rumur', 'spin']) {
  test(`0: what ${tool} printed becomes a trace of ours, picks and all`, async () => {
    const { status, stdout, stderr } = await run(
      ...['replay', '--from', tool, `${tool}.txt`, 'picks.gmem', '--out', tool],
    )
    assert.is(status, 0, stderr)
    assert.match(stdout, /^reproduced: assert in 3 steps$/m)
    assert.match(stdout, /x 0 -> 2/)
    const trace = join(tool, 'picks.trace.json')
    assert.match(stdout, `written: ${trace}\n`)
    assert.is(JSON.parse(readFileSync(join(cwd, trace), 'utf8')).length.minimal, false)
    assert.is((await run('replay', trace)).status, 0)
  })
}

const REFUSED: readonly (readonly [args: string, says: RegExp])[] = [
  ['--from rumur short.txt picks.gmem', /refused: the run of 2 steps ends in no violation/],
  ['--from rumur rumur.txt other.gmem', /refused: /],
  ['--from rumur rumur.txt picks.gmem --design bad=no', /refused: /],
  ['--from spin rumur.txt picks.gmem', /refused: this is no trail/],
  ['--from rumur spin.txt picks.gmem', /refused: this is no trace of Rumur/],
  ['--from tlc rumur.txt picks.gmem', /refused: /],
  ['--from itf rumur.txt picks.gmem', /refused: /],
  ['--from prism rumur.txt picks.gmem', /spin, rumur, tlc, itf/],
  ['--from rumur rumur.txt', /needs the model/],
  ['--from rumur nowhere.txt picks.gmem', /cannot read nowhere/],
  ['rumur.txt --out nothing', /--out goes with --from/],
  ['rumur.txt --param n=1', /go with --from/],
]
for (const [args, says] of REFUSED) {
  test(`2: replay ${args}`, async () => {
    const { status, stdout, stderr } = await run('replay', ...args.split(' '))
    assert.is(status, 2, stderr)
    assert.is(stdout, '')
    assert.match(stderr, says)
    assert.not.ok(existsSync(join(cwd, 'counterexamples')))
  })
}

test.run()
