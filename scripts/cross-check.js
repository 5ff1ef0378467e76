/**
 * A second opinion on every model: installs SPIN, Rumur and a C compiler where they are missing (Debian, as root) and
 * runs `gmemcheck cross-check` over the corpus. What is given is passed on: `node scripts/cross-check.js --with rumur`,
 * `node scripts/cross-check.js --tlc tla2tools.jar models/litmus`.
 */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const PACKAGES = { spin: 'spin', rumur: 'rumur', cc: 'gcc' }
/** Of each search: enough for all but the largest models. */
const DEFAULTS = ['--timeout', '300', '--memory', '1G']

function run(command, args) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (error) {
    process.stderr.write(`${command}: ${error.message}\n`)
    return 2
  }
  return status ?? 2
}

const isMissing = (program) => spawnSync(program, ['--version']).error?.code === 'ENOENT'

function install() {
  const wanted = Object.keys(PACKAGES).filter(isMissing)
  if (wanted.length === 0) return
  const packages = wanted.map((program) => PACKAGES[program])
  process.stderr.write(`installing ${packages.join(', ')}\n`)
  for (const args of [['update'], ['install', '--yes', '--no-install-recommends', ...packages]]) {
    const status = run('apt-get', args)
    if (status !== 0) process.exit(status)
  }
}

install()
const given = process.argv.slice(2)
const hasPath = given.some((each) => existsSync(each) && !each.endsWith('.jar'))
process.exitCode = run(process.execPath, [
  'bin/gmemcheck.js',
  'cross-check',
  ...DEFAULTS.filter((_, at) => !given.includes(DEFAULTS[at - (at % 2)])),
  ...given,
  ...(hasPath ? [] : ['models']),
])
