import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { projectRoot, runNode } from '../helpers/spawn.js'

interface Package {
  readonly version: string
  readonly integrity?: string
  readonly optional?: boolean
}

const FIRST: Package = { version: '1.0.0', integrity: 'sha512-first' }

/** A project of one dependency whose packages are as given; `present` lists the folders that exist. */
function lay(
  folder: string,
  locked: Readonly<Record<string, Package>>,
  installed: Readonly<Record<string, Package>> | undefined,
  present: readonly string[],
): void {
  cpSync(`${projectRoot}scripts/bootstrap.js`, join(folder, 'scripts/bootstrap.js'))
  writeFileSync(join(folder, 'package.json'), '{"name": "x", "type": "module"}')
  const lock = { name: 'x', lockfileVersion: 3, packages: { '': { version: '0.0.0' }, ...locked } }
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock))
  for (const path of present) {
    mkdirSync(join(folder, path), { recursive: true })
    writeFileSync(join(folder, path, 'package.json'), '{}')
  }
  if (installed === undefined) return
  mkdirSync(join(folder, 'node_modules'), { recursive: true })
  writeFileSync(
    join(folder, 'node_modules/.package-lock.json'),
    JSON.stringify({ packages: installed }),
  )
}

const bootstrap = suite('bootstrap')
let folder = ''
bootstrap.before.each(() => {
  folder = mkdtempSync(join(tmpdir(), 'gmemcheck-bootstrap-'))
})
bootstrap.after.each(() => rmSync(folder, { recursive: true, force: true }))

/** Runs the real script with an npm that only says so and fails, and tells whether it was called. */
async function callsNpm(): Promise<boolean> {
  const npm = join(folder, 'npm-cli.js')
  writeFileSync(npm, 'console.log("npm " + process.argv.slice(2).join(" ")); process.exitCode = 1')
  const env = { npm_execpath: npm }
  const { status, stdout, stderr } = await runNode(['scripts/bootstrap.js'], { cwd: folder, env })
  if (status === 0) {
    assert.is(stdout + stderr, '', 'quiet when there is nothing to do')
    return false
  }
  assert.match(stderr, /npm ci --include=dev/)
  assert.match(stderr, /npm ci failed/)
  return true
}

bootstrap('does nothing when the lock file is installed', async () => {
  lay(folder, { 'node_modules/a': FIRST }, { 'node_modules/a': FIRST }, ['node_modules/a'])
  assert.is(await callsNpm(), false)
})

bootstrap('installs on a fresh clone', async () => {
  lay(folder, { 'node_modules/a': FIRST }, undefined, [])
  assert.is(await callsNpm(), true)
})

bootstrap('installs when the lock file has moved on', async () => {
  const second = { version: '2.0.0', integrity: 'sha512-second' }
  lay(folder, { 'node_modules/a': second }, { 'node_modules/a': FIRST }, ['node_modules/a'])
  assert.is(await callsNpm(), true)
})

bootstrap('installs when the same version has other contents', async () => {
  const other = { version: '1.0.0', integrity: 'sha512-other' }
  lay(folder, { 'node_modules/a': other }, { 'node_modules/a': FIRST }, ['node_modules/a'])
  assert.is(await callsNpm(), true)
})

bootstrap('installs when a package folder was deleted', async () => {
  lay(folder, { 'node_modules/a': FIRST }, { 'node_modules/a': FIRST }, [])
  assert.is(await callsNpm(), true)
})

bootstrap('does not ask for packages of another platform', async () => {
  const other = { version: '1.0.0', optional: true }
  const locked = { 'node_modules/a': FIRST, 'node_modules/a-other-platform': other }
  lay(folder, locked, { 'node_modules/a': FIRST }, ['node_modules/a'])
  assert.is(await callsNpm(), false)
})

bootstrap.run()
