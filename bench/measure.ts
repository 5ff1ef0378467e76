import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from './project.js'

/** One process from its start to its end. */
export interface Run {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
  readonly seconds: number
  /** User and system time of all its threads; null without GNU time. */
  readonly cpuSeconds: number | null
  /** The most memory it had resident at a time; null without GNU time. */
  readonly peakBytes: number | null
}

const GNU_TIME = '/usr/bin/time'

/** Does this command exist? */
export const isInstalled = (command: string): boolean =>
  spawnSync(command, ['--version'], { stdio: 'ignore' }).error === undefined

/** Without it neither CPU time nor memory of a process that has ended can be known. */
export const hasGnuTime = isInstalled(GNU_TIME)

/** Runs a command to its end, by itself, and measures it. */
export async function measure(
  command: string,
  args: readonly string[],
  cwd = projectRoot,
): Promise<Run> {
  if (!hasGnuTime) {
    const { begin, ...run } = await runOnce(command, args, cwd)
    return {
      ...run,
      seconds: (performance.now() - begin) / 1000,
      cpuSeconds: null,
      peakBytes: null,
    }
  }
  const folder = mkdtempSync(join(tmpdir(), 'gmemcheck-bench-'))
  try {
    const file = join(folder, 'usage')
    const format = ['--quiet', '-f', '%U %S %M', '-o', file]
    const { begin, ...run } = await runOnce(GNU_TIME, [...format, command, ...args], cwd)
    const seconds = (performance.now() - begin) / 1000
    const [user = 0, system = 0, kibibytes = 0] = readFileSync(file, 'utf8').split(/\s/).map(Number)
    return { ...run, seconds, cpuSeconds: user + system, peakBytes: kibibytes * 1024 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function runOnce(
  command: string,
  args: readonly string[],
  cwd: string,
): Promise<Pick<Run, 'status' | 'stdout' | 'stderr'> & { readonly begin: number }> {
  return new Promise((resolve, reject) => {
    const output = { stdout: '', stderr: '' }
    const begin = performance.now()
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk: string) => {
        output[name] += chunk
      })
    }
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, begin, ...output }))
  })
}
