import { spawnSync } from 'node:child_process'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { projectRoot } from './project.js'

/** The label of every result: which code, on which machine. */
export interface Machine {
  readonly commit: string
  /** The tree had changes that are in no commit. */
  readonly dirty: boolean
  readonly node: string
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
}

/** The machine this runs on and the commit that is checked out. */
export function thisMachine(): Machine {
  return {
    commit: git('rev-parse', '--short=12', 'HEAD') || 'unknown',
    dirty: git('status', '--porcelain', '--untracked-files=no') !== '',
    node: process.version,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
  }
}

/** How many processes want to run, on average over the last minute. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 100) / 100

function git(...args: readonly string[]): string {
  const { status, stdout } = spawnSync('git', ['--no-optional-locks', ...args], {
    cwd: projectRoot,
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : ''
}
