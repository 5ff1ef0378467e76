/**
 * Random models by the tens of thousands: `node scripts/nightly.js [SEED] [--models N]`. Engines, explorers and reductions
 * are compared on them as the tests do, which have time for some hundred. Prints the seed; the same one tries the same
 * models. With `--models` each comparison has about so many, and the whole takes minutes instead of hours.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const RUNS = {
  'reduction/random': 20_000,
  'reduction/objects': 5_000,
  'differential/random': 10_000,
}

const { seed, models } = readOptions()
process.stdout.write(`seed ${seed}\n`)
const runner = fileURLToPath(new URL('./run-tests.js', import.meta.url))
let failed = false
for (const [pattern, runs] of Object.entries(RUNS)) {
  const { status } = spawnSync(process.execPath, [runner, pattern, '--timeout', '36000'], {
    stdio: 'inherit',
    env: { ...process.env, SEED: String(seed), RUNS: String(models ?? runs) },
  })
  failed ||= status !== 0
}
process.exit(failed ? 1 : 0)

function readOptions() {
  try {
    const options = { models: { type: 'string' } }
    const { values, positionals } = parseArgs({ allowPositionals: true, options })
    if (positionals.length > 1) throw new Error('one seed at most')
    const models = values.models === undefined ? null : wholeNumber(values.models)
    return { seed: wholeNumber(positionals[0] ?? Math.floor(Date.now() / 1000) % 2 ** 31), models }
  } catch (problem) {
    process.stderr.write(`${problem.message}\nusage: node scripts/nightly.js [SEED] [--models N]\n`)
    return process.exit(2)
  }
}

function wholeNumber(text) {
  const number = Number(text)
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${text}: not a positive number`)
  return number
}
