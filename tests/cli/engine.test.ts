import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { gmemcheck, projectRoot } from '../helpers/spawn.js'

/** Both engines behind one command: everything but time and memory is the same. */
const engines = suite('check --engine')

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

engines.run()
