/** What `npm start` shows. Each step names the exit code it must end with, so a changed verdict is seen. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const MODEL = 'models/guest_memfd/truncate-vs-fault.gmem'

const STEPS = [
  {
    says: 'A hole punch races with a fault, as in the first RFC for 1G pages in guest_memfd.',
    arguments: ['check', MODEL],
    status: 1,
  },
  {
    says: 'The same with the pages unmapped again under the folio lock, as core mm truncates.',
    arguments: ['check', MODEL, '--design', 'unmap=under_folio_lock'],
    status: 0,
  },
]

const root = fileURLToPath(new URL('..', import.meta.url))

for (const step of STEPS) {
  process.stdout.write(`\n${step.says}\n$ gmemcheck ${step.arguments.join(' ')}\n\n`)
  const result = spawnSync(process.execPath, ['bin/gmemcheck.js', ...step.arguments], {
    cwd: root,
    stdio: 'inherit',
  })
  if (result.error) throw result.error
  if (result.status !== step.status) {
    process.stderr.write(
      `expected exit code ${step.status}, got ${result.status ?? result.signal}\n`,
    )
    process.exit(result.status || 1)
  }
}
process.stdout.write('\nThe race was found and replayed; the mended design holds.\n')
