import { totalmem } from 'node:os'
import type { Case } from './cases.js'
import { type EngineName, engineNames } from './engine-name.js'
import { measure, type Run } from './measure.js'
import { cliPath } from './project.js'

/** A search as the command line reports it, and its process. */
export interface Search {
  readonly run: Run
  readonly states: number
  readonly generated: number
  /** The search alone, without reading the model. */
  readonly searchSeconds: number
  readonly stateBits: number
  /** What the search says it took for its states, null if it does not say. */
  readonly searchBytes: number | null
  /** Those that worked, which may be fewer than were offered. */
  readonly workers: number
}

/** The exit code for an option that this version or this command does not have. */
export const WRONG_USAGE = 2

/** Not all of what a shared machine has. */
const MEMORY_BYTES = Math.floor(totalmem() * 0.6)

/** The exit code of a search that met a bound, here of memory. */
const INCOMPLETE = 3

/** The engines this version has: the command line refuses the others as wrong usage. */
export async function enginesPresent(): Promise<readonly EngineName[]> {
  const present: EngineName[] = []
  for (const name of engineNames) {
    const model = 'models/litmus/01-two-increments.gmem'
    const { status } = await measure(process.execPath, [cliPath, 'check', '--engine', name, model])
    if (status !== WRONG_USAGE) present.push(name)
  }
  return present
}

/**
 * Checks a case in a process of its own; null if this machine has too little memory for it. Anything else but `holds`
 * with the known counts is an error.
 */
export async function search(engine: EngineName, each: Case, workers = 1): Promise<Search | null> {
  const params = Object.entries(each.params).flatMap(([name, value]) => [
    '--param',
    `${name}=${value}`,
  ])
  const bounds = ['--workers', String(workers), '--memory', String(MEMORY_BYTES)]
  const options = ['--json', '--quiet', '--engine', engine, ...bounds]
  const args = [cliPath, 'check', ...options, ...params, each.file]
  const run = await measure(process.execPath, args)
  if (run.status === INCOMPLETE) return null
  if (run.status !== 0) throw new Error(`${each.name}: exit code ${run.status}\n${run.stderr}`)
  const { search } = JSON.parse(run.stdout) as { search: Readonly<Record<string, number>> }
  const { distinctStates = 0, generatedStates = 0, seconds = 0, stateBits = 0 } = search
  const { workers: used = 1, peakBytes = null } = search
  const isKnown = distinctStates === each.states && generatedStates === each.generated
  if (!isKnown) {
    const found = `${distinctStates} states, ${generatedStates} generated`
    throw new Error(`${each.name}: ${found}; there are ${each.states} and ${each.generated}`)
  }
  return {
    run,
    states: distinctStates,
    generated: generatedStates,
    searchSeconds: seconds,
    stateBits,
    searchBytes: peakBytes,
    workers: used,
  }
}
