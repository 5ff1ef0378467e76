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
  /** Those that worked, which may be fewer than were offered. */
  readonly workers: number
}

/** The exit code for an option that this version or this command does not have. */
export const WRONG_USAGE = 2

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

/** Checks a case in a process of its own. Anything but `holds` with the known counts is an error. */
export async function search(engine: EngineName, each: Case, workers = 1): Promise<Search> {
  const params = Object.entries(each.params).flatMap(([name, value]) => [
    '--param',
    `${name}=${value}`,
  ])
  const options = ['--json', '--engine', engine, '--workers', String(workers), '--memory', '16G']
  const args = [cliPath, 'check', ...options, ...params, each.file]
  const run = await measure(process.execPath, args)
  if (run.status !== 0) throw new Error(`${each.name}: exit code ${run.status}\n${run.stderr}`)
  const { search } = JSON.parse(run.stdout) as { search: Readonly<Record<string, number>> }
  const { distinctStates = 0, generatedStates = 0, seconds = 0, stateBits = 0 } = search
  const { workers: used = 1 } = search
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
    workers: used,
  }
}
