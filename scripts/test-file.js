/**
 * Runs one compiled test file in its own process and reports the counts to the runner over the
 * channel the runner opened. uvu's own ending is not used: it exits 0 when a hook throws, when a
 * suite was never run, and when something other than an Error is thrown.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const file = process.argv[2]
const queue = []
globalThis.UVU_DEFER = 1
globalThis.UVU_INDEX = 0
globalThis.UVU_QUEUE = [queue]

const report = { passed: 0, failed: 0, skipped: 0, problems: [] }

function problem(text) {
  report.failed += 1
  report.problems.push(text)
}

/** Runs one suite. uvu answers `[errors or true, passed, skipped, total]`, or rejects in an `after` hook. */
async function runSuite(suite) {
  let answer
  try {
    answer = await suite()
  } catch (thrown) {
    problem(`a hook or uvu itself threw: ${describe(thrown)}`)
    return
  }
  const [errors, passed, skipped, total] = answer
  report.passed += passed
  report.skipped += skipped
  report.failed += total - passed
  if (typeof errors === 'string') process.stdout.write(`\n${errors}\n`)
  else if (passed < total) {
    report.problems.push(
      `${total - passed} of ${total} tests were lost: a hook threw, or something thrown is not an Error`,
    )
  }
  if (total + skipped === 0) problem('a suite was run that has no tests (or lost them to a hook)')
}

function describe(thrown) {
  return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
}

await import(pathToFileURL(file).href)

if (queue.length === 0) problem('no suite was run: is `.run()` missing?')
// A suite may put another one in the queue while it runs.
let handled = 0
while (handled < queue.length) await runSuite(queue[handled++])
process.once('exit', () => {
  if (handled < queue.length) process.exitCode = 1
})

// uvu counts what `.only` left out as skipped, like `.skip`: only the text tells them apart.
if (/\.only\s*\(/.test(readFileSync(fileURLToPath(pathToFileURL(file)), 'utf8'))) {
  problem('`.only` was left in: it hides the other tests')
}

report.open = process.getActiveResourcesInfo().filter((name) => name !== 'PipeWrap')
process.send(report, () => process.disconnect())
