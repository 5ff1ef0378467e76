/**
 * Makes `npm start` and `npm test` work on a fresh clone: installs the dependencies when what is
 * installed differs from the lock file. Uses nothing but Node, because nothing else is there yet.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'

const OLDEST_NODE = [20, 19]

/** True when this Node is at least the oldest one the project runs on. */
export function isNodeNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
}

/**
 * The packages of the lock file that are absent from `node_modules` or differ from it. npm writes
 * `node_modules/.package-lock.json` last, so an interrupted install shows as missing packages. A
 * package marked optional may be absent: it belongs to another platform.
 */
export function missingPackages(folder) {
  const locked = readPackages(`${folder}/package-lock.json`)
  const installed = readPackages(`${folder}/node_modules/.package-lock.json`)
  return Object.entries(locked)
    .filter(([path, wanted]) => {
      if (path === '') return false
      const found = installed[path]
      if (found === undefined) return wanted.optional !== true
      if (found.version !== wanted.version || found.integrity !== wanted.integrity) return true
      return !existsSync(`${folder}/${path}/package.json`)
    })
    .map(([path]) => path)
}

function readPackages(path) {
  if (!existsSync(path)) return {}
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages ?? {}
  } catch (error) {
    throw new Error(`${path} is not readable as JSON: ${error.message}`)
  }
}

/** Runs `npm ci` and returns its exit status and output; the npm that started us is preferred. */
function install(folder) {
  const npm = process.env.npm_execpath ?? ''
  const options = ['ci', '--include=dev', '--no-audit', '--no-fund']
  const settings = { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }
  return npm.endsWith('npm-cli.js')
    ? spawnSync(process.execPath, [npm, ...options], settings)
    : spawnSync('npm', options, { ...settings, shell: process.platform === 'win32' })
}

function fail(lines) {
  process.stderr.write(`${lines.join('\n')}\n`)
  process.exit(1)
}

function main() {
  const folder = fileURLToPath(new URL('..', import.meta.url)).replace(/[\\/]$/, '')
  if (!isNodeNewEnough(process.versions.node)) {
    fail([`gmemcheck needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.version}.`])
  }
  if (!existsSync(`${folder}/package-lock.json`)) fail(['package-lock.json is missing.'])
  if (missingPackages(folder).length === 0) return

  process.stderr.write('Installing the dependencies (npm ci) ...\n')
  const result = install(folder)
  if (result.error) fail([`npm could not be started: ${result.error.message}`])
  if (result.status !== 0) {
    fail([result.stdout, result.stderr, 'npm ci failed: is the package registry reachable?'])
  }
  const missing = missingPackages(folder)
  if (missing.length > 0) fail([`npm ci left these packages out: ${missing.join(', ')}`])
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main()
