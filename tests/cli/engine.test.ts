import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'
import { temporaryFolder } from './folder.js'

/** Both engines behind one command: everything but time and memory is the same. */
const engines = suite('--engine')

const rows: readonly (readonly string[])[] = [
  ['models/guest_memfd/truncate-vs-fault.gmem'],
  ['models/guest_memfd/truncate-vs-fault.gmem', '--design', 'unmap=under_folio_lock'],
  ['models/guest_memfd/s24-register-callback.gmem', '--design', 'retry=always'],
  ['models/litmus/48-abba-beside-a-daemon.gmem'],
]

async function verdictOf(engine: string, row: readonly string[]): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'gmemcheck-'))
  const run = await gmemcheck(['check', ...row, '--json', '--engine', engine, '--out', out], {
    cwd: projectRoot,
  })
  rmSync(out, { recursive: true })
  const document = JSON.parse(run.stdout) as {
    search: Record<string, unknown>
  }
  assert.is(document.search['engine'], engine)
  for (const name of ['engine', 'seconds', 'peakBytes']) delete document.search[name]
  return JSON.stringify(document).replaceAll(out, '')
}

for (const row of rows) {
  engines(`${row.join(' ')}: one verdict`, async () => {
    assert.is(await verdictOf('compiled', row), await verdictOf('reference', row))
  })
}

const small = `model m;
int 0..1 x;
thread t { x = 1; }
invariant (x == 0);
expect violated invariant otherwise;
`
// The compiled engine does without locks that init leaves to nobody.
const beyond = small.replace('int 0..1 x;', 'check not held-at-exit;\nint 0..1 x;')

for (const [name, text, engine] of [
  ['compiled is the default', small, 'compiled'],
  ['what is beyond the compiled engine goes to the reference engine', beyond, 'reference'],
] as const) {
  engines(name, async () => {
    const cwd = temporaryFolder()
    writeFileSync(join(cwd, 'm.gmem'), text)
    const run = await gmemcheck(['check', 'm.gmem', '--json'], { cwd })
    assert.is(run.status, 1, run.stderr)
    assert.is(JSON.parse(run.stdout).search.engine, engine)
    const tested = await gmemcheck(['test', 'm.gmem'], { cwd })
    assert.is(tested.status, 0, tested.stderr)
  })
}

engines('test takes either engine, and says the same', async () => {
  const args = ['test', '--verbose', 'models/litmus/20-interruptible.gmem', '--engine']
  const [compiled, reference] = await Promise.all(
    ['compiled', 'reference'].map((engine) => gmemcheck([...args, engine], { cwd: projectRoot })),
  )
  assert.is(compiled?.status, 0)
  assert.is(compiled?.stdout, reference?.stdout)
})

for (const command of ['check', 'test']) {
  engines(`${command} refuses an engine that there is not`, async () => {
    const args = [command, 'models/litmus/01-two-increments.gmem', '--engine', 'quantum']
    const { status, stderr } = await gmemcheck(args, { cwd: projectRoot })
    assert.is(status, 2)
    assert.match(stderr, /quantum.*compiled, reference/)
  })
}

engines.run()
