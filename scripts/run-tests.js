/**
 * The test runner: `node scripts/run-tests.js [REGEX] [--root DIR] [--jobs N] [--timeout SECONDS]`.
 *
 * Each file runs in a process of its own, a few at a time. A file passes only if it reports counts,
 * none of them failed, and its process then ends by itself with exit code 0. Everything else is a
 * failure: no file found, no suite run, a hook that throws, a promise that never settles, a crash, an
 * early exit, something left open, a file that takes too long. The last line is alone and always of
 * the form `N passed, N failed, N skipped`.
 */
import { fork } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { filesUnder } from './files.js'

const project = fileURLToPath(new URL('..', import.meta.url))
const testFile = fileURLToPath(new URL('./test-file.js', import.meta.url))
const COMPILED_TESTS = `${project}build/tests`
/** How long a file may keep its process alive after its last test. */
const GRACE_MS = 3_000
/** How long the output of an ended process is waited for. */
const DRAIN_MS = 2_000
/** What is kept of the output of one file; the end is where the failures are. */
const OUTPUT_CHARACTERS_MAX = 400_000

const running = new Set()

function usage(message) {
  process.stderr.write(`${message}\n`)
  process.exit(2)
}

function readOptions() {
  let parsed
  try {
    parsed = parseArgs({
      allowPositionals: true,
      options: {
        root: { type: 'string' },
        jobs: { type: 'string', default: String(availableParallelism()) },
        timeout: { type: 'string', default: '900' },
        verbose: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return usage(error.message)
  }
  const { values, positionals } = parsed
  if (positionals.length > 1) usage('one pattern at most: join alternatives with |')
  const jobs = Number(values.jobs)
  const timeout = Number(values.timeout)
  if (!Number.isInteger(jobs) || jobs < 1) usage(`--jobs ${values.jobs}: not a positive number`)
  if (!(timeout > 0)) usage(`--timeout ${values.timeout}: not a positive number`)
  let pattern
  try {
    pattern = new RegExp(positionals[0] ?? '', 'i')
  } catch (error) {
    return usage(error.message)
  }
  return { root: values.root, jobs, timeoutMs: timeout * 1000, verbose: values.verbose, pattern }
}

/** Test sources that were never compiled would otherwise be missing without a word. */
function uncompiled(compiled) {
  const present = new Set(compiled)
  return filesUnder(`${project}tests`)
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => path.replace(/\.ts$/, '.js'))
    .filter((path) => !present.has(path))
}

function endGroup(child) {
  try {
    // The negative id is the process group: what the test started ends with it.
    if (process.platform === 'win32') child.kill('SIGKILL')
    else process.kill(-child.pid, 'SIGKILL')
  } catch (error) {
    if (error.code !== 'ESRCH') throw error
  }
}

function start(path) {
  return fork(testFile, [path], {
    cwd: project,
    detached: process.platform !== 'win32',
    execArgv: ['--enable-source-maps'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
}

/** Why a finished process does not count as a success, apart from the failures it reported. */
function problemOf({ report, stopped, status, signal }) {
  if (stopped === 'timeout') return 'took too long and was stopped'
  if (stopped === 'open') return `left something open: ${report.open.join(', ') || 'unknown'}`
  if (report === undefined) {
    const how = signal === null ? `exit code ${status}` : signal
    return `ended (${how}) before its tests were finished: a crash, an early exit, or a promise that never settles`
  }
  if (status !== 0) return `exit code ${status ?? signal} after its last test`
  return undefined
}

/** Runs one file to its end; never rejects. */
function runFile(path, timeoutMs) {
  return new Promise((resolve) => {
    const begun = performance.now()
    const child = start(path)
    running.add(child)
    let output = ''
    let report
    let stopped
    const stop = (why) => {
      stopped = why
      endGroup(child)
    }
    let timer = setTimeout(stop, timeoutMs, 'timeout')
    const keep = (chunk) => {
      output = (output + chunk).slice(-OUTPUT_CHARACTERS_MAX)
    }
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep)
    child.once('message', (message) => {
      report = message
      clearTimeout(timer)
      timer = setTimeout(stop, GRACE_MS, 'open')
    })
    const finish = (status, signal) => {
      const seconds = (performance.now() - begun) / 1000
      const ending = problemOf({ report, stopped, status, signal })
      resolve({ ...total(report, ending), output, seconds })
    }
    child.once('error', (error) => {
      keep(`${error.message}\n`)
      if (child.pid === undefined) finish(null, 'not started')
    })
    child.once('exit', (status, signal) => {
      clearTimeout(timer)
      running.delete(child)
      endGroup(child)
      // The last output may still be in the pipes; a process that left the group may hold them open.
      const wait = setTimeout(finish, DRAIN_MS, status, signal)
      child.once('close', () => {
        clearTimeout(wait)
        finish(status, signal)
      })
    })
  })
}

function total(report, ending) {
  const { passed = 0, failed = 0, skipped = 0, problems = [] } = report ?? {}
  if (ending === undefined) return { passed, failed, skipped, problems }
  return { passed, failed: failed + 1, skipped, problems: [...problems, ending] }
}

function describe(name, result, verbose) {
  const { passed, failed, skipped, seconds, problems, output } = result
  const counts = [`${passed} passed`]
  if (failed > 0) counts.push(`${failed} failed`)
  if (skipped > 0) counts.push(`${skipped} skipped`)
  const lines = [
    `${failed > 0 ? 'FAIL' : 'ok  '} ${name}  ${counts.join(', ')}  ${seconds.toFixed(1)}s`,
  ]
  if (failed > 0 || verbose) lines.push(output.trimEnd())
  for (const text of problems) lines.push(`  ! ${text}`)
  return lines.filter((line) => line !== '').join('\n')
}

async function main() {
  const options = readOptions()
  const root = options.root ?? COMPILED_TESTS
  const compiled = filesUnder(root).filter((path) => path.endsWith('.test.js'))
  const names = compiled.filter((path) => options.pattern.test(path))
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const failing = []
  const add = (name, result) => {
    sum.passed += result.passed
    sum.failed += result.failed
    sum.skipped += result.skipped
    if (result.failed > 0) failing.push(name)
    process.stdout.write(`${describe(name, result, options.verbose)}\n`)
  }
  const failure = (problem) => ({ ...total(undefined, problem), output: '', seconds: 0 })

  if (names.length === 0)
    add('(no file)', failure(`no test file of ${root} matches ${options.pattern}`))
  if (options.root === undefined) {
    for (const name of uncompiled(compiled)) {
      if (options.pattern.test(name)) add(name, failure('is not compiled: npm run build'))
    }
  }
  const waiting = names.values()
  const work = async () => {
    for (const name of waiting) add(name, await runFile(`${root}/${name}`, options.timeoutMs))
  }
  await Promise.all(Array.from({ length: options.jobs }, work))

  if (failing.length > 0) process.stdout.write(`\nfailing: ${failing.join(' ')}\n`)
  process.stdout.write(`\n${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped\n`)
  process.exitCode = sum.failed > 0 || sum.passed + sum.skipped === 0 ? 1 : 0
}

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => {
    for (const child of running) endGroup(child)
    process.exit(signal === 'SIGINT' ? 130 : 143)
  })
}

await main()
