/**
 * Random models by the tens of thousands: `node scripts/nightly.js [SEED]`. Engines, explorers and reductions are compared
 * on them as the tests do, which have time for some hundred. Prints the seed; the same one tries the same models.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const RUNS = { 'reduction/random': 20_000, 'differential/random': 10_000 }

const seed = Number(process.argv[2] ?? Math.floor(Date.now() / 1000) % 2 ** 31)
if (!Number.isSafeInteger(seed)) {
  process.stderr.write('usage: node scripts/nightly.js [SEED]\n')
  process.exit(2)
}
process.stdout.write(`seed ${seed}\n`)
const runner = fileURLToPath(new URL('./run-tests.js', import.meta.url))
let failed = false
for (const [pattern, runs] of Object.entries(RUNS)) {
  const { status } = spawnSync(process.execPath, [runner, pattern, '--timeout', '36000'], {
    stdio: 'inherit',
    env: { ...process.env, SEED: String(seed), RUNS: String(runs) },
  })
  failed ||= status !== 0
}
process.exit(failed ? 1 : 0)
