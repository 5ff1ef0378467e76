/** What `npm start` shows. Each step names the exit code it must end with, so a changed verdict is seen. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const STEPS = [
  {
    arguments: ['check', 'models/guest_memfd/truncate-vs-fault.gmem'],
    status: 1,
  },
]

const root = fileURLToPath(new URL('..', import.meta.url))

for (const step of STEPS) {
  process.stdout.write(`\n$ gmemcheck ${step.arguments.join(' ')}\n`)
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
