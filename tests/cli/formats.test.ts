import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { formatNames } from '../../checker/index.js'
import { gmemcheck } from '../helpers/spawn.js'
import { HOLDS, temporaryFolder, VIOLATED } from './folder.js'

const cwd = temporaryFolder({ 'holds.gmem': HOLDS, 'violated.gmem': VIOLATED })
const run = (...args: string[]) => gmemcheck(args, { cwd })
const read = (path: string) => readFileSync(join(cwd, path), 'utf8')

const formats = suite('--format')

formats('all at once, beside the counterexample; --json still has stdout to itself', async () => {
  const all = formatNames.flatMap((name) => ['--format', name])
  const { status, stdout, stderr } = await run('check', 'violated.gmem', '--json', ...all)
  assert.is(status, 1, stderr)
  assert.is(JSON.parse(stdout).verdict, 'violated')
  const extensions = readdirSync(join(cwd, 'counterexamples')).map((name) =>
    name.replace(/^violated\./, ''),
  )
  const wanted =
    'dot itf.json junit.xml ktap mmd perfetto.json sarif svg trace.json txt verdict.json'
  assert.equal(extensions.sort(), wanted.split(' '))
  assert.is(read('counterexamples/violated.verdict.json'), stdout)
})

formats('NAME=- is standard output and nothing else; replay writes the same', async () => {
  const args = ['--format', 'mermaid=-', '--format', 'dot', '--out', 'spoken']
  const { status, stdout } = await run('check', 'violated.gmem', ...args)
  assert.is(status, 1)
  assert.is(stdout, read('counterexamples/violated.mmd'))
  const trace = 'counterexamples/violated.trace.json'
  const replayed = await run('replay', trace, ...args, '--out', 'replayed')
  assert.is(replayed.status, 0, replayed.stderr)
  assert.is(replayed.stdout, stdout)
  assert.equal(readdirSync(join(cwd, 'replayed')), ['violated.dot'])
  assert.is(read('replayed/violated.dot'), read('spoken/violated.dot'))
})

formats('replay --from writes them beside the trace', async () => {
  const itf = 'counterexamples/violated.itf.json'
  const { status, stdout, stderr } = await run(
    ...['replay', '--from', 'itf', itf, 'violated.gmem', '--format', 'itf', '--out', 'back'],
  )
  assert.is(status, 0, stderr)
  assert.match(stdout, 'written: back/violated.itf.json\n')
  assert.is(read('back/violated.itf.json'), read(itf))
})

formats('of what holds there is no run to tell; SARIF has its say all the same', async () => {
  const args = ['--format', 'dot', '--format', 'sarif', '--out', 'held']
  const { status, stdout, stderr } = await run('check', 'holds.gmem', ...args)
  assert.is(status, 0)
  assert.match(stderr, /holds\.gmem: holds, .*: there is no run to write as dot\n/)
  assert.match(stdout, 'written: held/holds.sarif\n')
  assert.equal(readdirSync(join(cwd, 'held')), ['holds.sarif'])
})

const WRONG: readonly (readonly [args: string, says: RegExp])[] = [
  ['check violated.gmem --format sarfi', /did you mean sarif\? There are columns, json, mermaid, /],
  ['check violated.gmem --format dot=x', /only NAME=- says where/],
  ['check violated.gmem --format dot --format dot', /dot is given twice/],
  ['check violated.gmem --format dot=- --json', /both want standard output/],
  ['check violated.gmem --format dot=- --format itf=-', /both want standard output/],
  ['check violated.gmem holds.gmem --format dot=-', /takes one model/],
  ['check violated.gmem --audit --format dot', /--audit compares searches/],
  ['replay gm1-0-0 violated.gmem --format junit', /junit tells of a search/],
]
for (const [args, says] of WRONG) {
  formats(`2: ${args}`, async () => {
    const { status, stdout, stderr } = await run(...args.split(' '), '--out', 'wrong')
    assert.is(status, 2, stderr)
    assert.is(stdout, '')
    assert.match(stderr, says)
    assert.not.ok(existsSync(join(cwd, 'wrong')))
  })
}

formats.run()
