import { totalmem } from 'node:os'
import type { VerdictDocument } from '../checker/index.js'
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
  /** What the search says it took for its states. */
  readonly searchBytes: number
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
  const options = ['--json', '--quiet', '--engine', engine, '--reduction', 'none', ...bounds]
  const args = [cliPath, 'check', ...options, ...params, each.file]
  const run = await measure(process.execPath, args)
  if (run.status === INCOMPLETE) return null
  if (run.status !== 0) throw new Error(`${each.name}: exit code ${run.status}\n${run.stderr}`)
  const { search }: VerdictDocument = JSON.parse(run.stdout)
  const { distinctStates: states, generatedStates: generated } = search
  if (search.engine !== engine) throw new Error(`${each.name}: searched by ${search.engine}`)
  if (states !== each.states || generated !== each.generated) {
    const found = `${states} states, ${generated} generated`
    throw new Error(`${each.name}: ${found}; there are ${each.states} and ${each.generated}`)
  }
  return {
    run,
    states,
    generated,
    searchSeconds: search.seconds,
    stateBits: search.stateBits,
    searchBytes: search.peakBytes,
    workers: search.workers,
  }
}
