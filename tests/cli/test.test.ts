import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck } from '../helpers/spawn.js'
import { BOUND, BROKEN, HOLDS, HUGE, put, temporaryFolder, VIOLATED } from './folder.js'

const cwd = temporaryFolder({
  'good/holds.gmem': HOLDS,
  'good/deep/violated.gmem': VIOLATED,
  'good/lib/library.gmem': 'const four = 4;\n',
  'wrong/wrong.gmem': VIOLATED.replace('expect violated assert when how == plain;', ''),
  'bound/bound.gmem': BOUND,
  'broken/broken.gmem': BROKEN,
  'cover/cover.gmem': `model cover;\nint 0..2 x;\nthread t { x = 1; }\ncover two (x == 2);\nexpect holds otherwise;\n`,
  'larger/larger.gmem': `model larger;
param adders : 1..3 = 1;
int 0..3 x;
thread t[a in 1..adders] { x++; }
finally { assert(x == adders); }
cover alone (adders == 1 && x == 1);
expect holds otherwise;
// larger: adders=2
`,
  'silent/silent.gmem': 'model silent;\nint 0..2 x;\nthread t { x = 1; }\n',
})
const run = (...args: string[]) => gmemcheck(['test', ...args], { cwd })

const test = suite('test')

test('0: every row of every model, libraries left out', async () => {
  const { status, stdout, stderr } = await run('good')
  assert.is(status, 0, stderr)
  assert.match(stdout, /^ok holds {2}1 as expected$/m)
  assert.match(stdout, /^ok violated {2}2 as expected$/m)
  assert.match(stdout, /\n3 as expected\n$/)
  assert.not.match(stdout, /library/)
})

test('1: an expectation that is not met names the row and how to see it', async () => {
  const { status, stdout } = await run('wrong')
  assert.is(status, 1)
  assert.match(stdout, /FAIL default: expected holds, got violated assert/)
  const token = /gmemcheck replay (gm1-\S+) wrong\/wrong\.gmem/.exec(stdout)?.[1]
  assert.ok(token)
  const replayed = await gmemcheck(['replay', token, 'wrong/wrong.gmem'], { cwd })
  assert.is(replayed.status, 0, replayed.stderr)
})

test('1: an unreached cover, or no expectation at all', async () => {
  const cover = await run('cover')
  assert.is(cover.status, 1)
  assert.match(cover.stdout, /cover two is reached in no row/)
  const silent = await run('silent')
  assert.is(silent.status, 1)
  assert.match(silent.stdout, /the model expects nothing/)
})

test('2 for a broken model, 3 for an incomplete row; 2 before 1 before 3', async () => {
  assert.is((await run('broken')).status, 2)
  assert.is((await run('bound')).status, 3)
  assert.is((await run('bound', 'good')).status, 3)
  assert.is((await run('bound', 'wrong')).status, 1)
  assert.is((await run('bound', 'wrong', 'broken')).status, 2)
})

test('--larger: the sizes of the model as well, against the same expectations', async () => {
  assert.is((await run('larger')).status, 0)
  const { status, stdout } = await run('larger', '--larger')
  assert.is(status, 1)
  assert.match(stdout, /FAIL adders=2: expected holds, got violated assert/)
  assert.match(stdout, /FAIL cover alone with adders=2: cover alone is reached in no row with/)
  assert.match(stdout, /\n1 as expected, 2 not as expected\n$/)
})

test('--larger: a line that means nothing is 2, with its place and a way out', async () => {
  const model = 'model m;\nint 0..1 x;\nthread t { x = 1; }\nexpect holds otherwise;\n'
  const stdin = `${model}// larger: adders=2\n`
  const { status, stdout, stderr } = await gmemcheck(['test', '--larger', '-'], { cwd, stdin })
  assert.is(status, 2)
  assert.is(stdout, '')
  assert.match(stderr, /^gmemcheck: -:5: the model has no param `adders`/)
})

test('- is standard input', async () => {
  const model = VIOLATED.replace('expect violated assert when how == plain;', '')
  for (const [stdin, code] of [
    [VIOLATED, 0],
    [model, 1],
    ['', 2],
  ] as const) {
    const { status, stderr } = await gmemcheck(['test', '-'], { cwd, stdin })
    assert.is(status, code, stderr)
  }
})

test('the number of workers changes nothing', async () => {
  const output = async (workers: string) => {
    const { stdout } = await run('.', '--verbose', '--workers', workers)
    return stdout
  }
  const one = await output('1')
  assert.match(one, /^ {2}ok how=locked: holds, \d+ states, depth \d+$/m)
  assert.is(await output('2'), one)
  assert.is(await output('5'), one)
})

test('--ktap is strictly KTAP version 1', async () => {
  const { status, stdout } = await run('.', '--ktap')
  assert.is(status, 2)
  const lines = stdout.trimEnd().split('\n')
  assert.is(lines[0], 'KTAP version 1')
  const plan = /^1\.\.(\d+)$/.exec(lines[1] ?? '')
  assert.ok(plan)
  const points = lines.slice(2).filter((line) => !line.startsWith('#'))
  assert.is(points.length, Number(plan[1]))
  points.forEach((line, index) => {
    assert.match(line, new RegExp(`^(?:ok|not ok) ${index + 1} - [^#]+$`))
  })
  assert.ok(points.some((line) => line.startsWith('not ok')))
  assert.ok(points.some((line) => line.startsWith('ok')))
})

test('--junit writes a suite for each model; incomplete is an error', async () => {
  await run('good', 'wrong', 'bound', '--junit', 'out/junit.xml')
  const xml = readFileSync(join(cwd, 'out/junit.xml'), 'utf8')
  assert.match(
    xml,
    /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites tests="6" failures="1" errors="1" /,
  )
  assert.is(xml.match(/<testsuite /g)?.length, 4)
  assert.match(xml, /<error type="incomplete" message="incomplete, limit bound/)
  assert.match(xml, /<failure type="expectation" message="expected holds, got violated assert">/)
  assert.is(xml.match(/<testcase /g)?.length, 6)
})

test('70: a worker that dies is an internal error, never a silent success', async () => {
  const dies =
    'data:text/javascript,import{isMainThread as m}from"node:worker_threads";if(!m)process.exit(9)'
  const env = { NODE_OPTIONS: `--import=${dies.replaceAll(' ', '%20').replaceAll('"', '%22')}` }
  const { status, stdout, stderr } = await gmemcheck(['test', 'good'], { cwd, env })
  assert.is(status, 70, stdout)
  assert.match(stderr, /internal error: a worker thread died: exit code 9/)
  assert.not.match(stdout, /as expected/)
})

test('Ctrl-C: what was not searched to the end is incomplete', async () => {
  put(join(cwd, 'huge/huge.gmem'), HUGE)
  put(join(cwd, 'huge/a-first.gmem'), HOLDS)
  const { status, stdout, stderr } = await gmemcheck(['test', '--reduction', 'none', 'huge'], {
    cwd,
    interrupt: { when: /ok holds/ },
  })
  assert.is(status, 3, stderr)
  assert.match(stdout, /incomplete, limit interrupted/)
})

test.run()
