import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck } from '../helpers/spawn.js'
import { HOLDS, put, temporaryFolder, VIOLATED } from './folder.js'

const cwd = temporaryFolder({ 'violated.gmem': VIOLATED, 'holds.gmem': HOLDS })
const run = (...args: string[]) => gmemcheck(args, { cwd })
const trace = 'counterexamples/violated-n=3.trace.json'
const read = () => JSON.parse(readFileSync(join(cwd, trace), 'utf8'))

const replay = suite('replay')

replay.before(async () => {
  const { status } = await run('check', 'violated.gmem', '--param', 'n=3', '--quiet')
  assert.is(status, 1)
})

replay('0: a trace file, with the columns it was written with', async () => {
  const { status, stdout, stderr } = await run('replay', trace)
  assert.is(status, 0, stderr)
  assert.match(stdout, /^reproduced: assert in \d+ steps$/m)
  const columns = readFileSync(join(cwd, 'counterexamples/violated-n=3.txt'), 'utf8')
  // To the last line, which has the command that replays it again, settings and all.
  assert.ok(stdout.startsWith(columns), stdout)
})

replay('0: the token, which knows the settings as well', async () => {
  const { status, stdout, stderr } = await run('replay', read().token, 'violated.gmem')
  assert.is(status, 0, stderr)
  assert.match(stdout, /^reproduced: assert/m)
})

replay('--html writes a page of the run', async () => {
  const { status, stdout, stderr } = await run('replay', trace, '--html', 'run.html')
  assert.is(status, 0, stderr)
  assert.match(stdout, /^written: run\.html$/m)
  const page = readFileSync(join(cwd, 'run.html'), 'utf8')
  assert.ok(page.includes(`gmemcheck replay ${read().token} violated.gmem`))
})

replay('--fine shows every step', async () => {
  const { stdout } = await run('replay', trace, '--fine')
  const { steps } = read()
  assert.is(stdout.match(/^ +\d+ {2}t\d/gm)?.length, steps.length)
  assert.match(stdout, /x: 0 -> 1/)
})

replay('2: a model that has changed since', async () => {
  put(join(cwd, 'changed.gmem'), VIOLATED.replace('param n', 'param  n'))
  for (const args of [
    [trace, 'changed.gmem'],
    [read().token, 'changed.gmem'],
    [trace, 'holds.gmem'],
  ]) {
    const { status, stdout, stderr } = await run('replay', ...args)
    assert.is(status, 2)
    assert.is(stdout, '')
    assert.match(stderr, /refused: .* is not the model of this trace, or it has changed/)
  }
})

replay('the model may move and be renamed', async () => {
  put(join(cwd, 'elsewhere/renamed.gmem'), VIOLATED)
  const { status, stderr } = await run('replay', trace, 'elsewhere/renamed.gmem')
  assert.is(status, 0, stderr)
})

const refused = async (change: (file: ReturnType<typeof read>) => unknown, says: RegExp) => {
  const content = change(read())
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  writeFileSync(join(cwd, 'tampered.trace.json'), text)
  const { status, stdout, stderr } = await run('replay', 'tampered.trace.json')
  assert.is(status, 2, stderr)
  assert.is(stdout, '')
  assert.match(stderr, says)
  assert.not.match(stderr, /internal error|\n\s+at /)
}

replay('2: a corrupt or foreign file, with the reason', async () => {
  await refused(() => '', /refused: .*not valid JSON/)
  await refused((file) => JSON.stringify(file).slice(0, 400), /refused: .*not valid JSON/)
  await refused(() => '{"#meta":{},"states":[]}', /refused: this is not a gmemcheck trace/)
  await refused((file) => ({ ...file, format: 'gmemcheck-trace/9' }), /refused: the format is/)
  await refused((file) => ({ ...file, trail: 7 }), /refused: .*"trail"/)
})

replay('2: a schedule the semantics does not allow', async () => {
  const forged = (steps: (list: { process: number; choices: number[] }[]) => unknown[]) =>
    refused((file) => {
      const changed = steps(file.trail.steps)
      const shown = changed.map(() => file.steps[0])
      return { ...file, trail: { ...file.trail, steps: changed }, steps: shown }
    }, /refused: /)
  await forged((list) => list.slice(1))
  await forged((list) => [...list].reverse().slice(0, -1))
  await forged((list) => list.map((step) => ({ ...step, process: 17 })))
  await forged((list) => list.map((step) => ({ ...step, choices: [3] })))
})

replay('2: another violation than the one it ends in', async () => {
  await refused(
    (file) => ({ ...file, violation: { ...file.violation, kind: 'leak' } }),
    /not in leak/,
  )
  await refused((file) => ({ ...file, params: { n: 2 } }), /refused: /)
  await refused((file) => ({ ...file, params: { n: 77 } }), /refused: the model does not take/)
})

replay.run()
