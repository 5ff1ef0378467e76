import { availableParallelism } from 'node:os'
import { type Case, casesFor, type Extent, SEARCH_SECONDS } from '../cases.js'
import type { EngineName } from '../engine-name.js'
import { search, WRONG_USAGE } from '../engines.js'
import { measure, type Run } from '../measure.js'
import { cliPath } from '../project.js'
import { median, pairedRatio, rounded } from '../statistics.js'
import type { Setting, Suite } from './suite.js'

const SWEEP = 'models/guest_memfd/truncate-vs-fault.gmem'
const OK = 0

/** One measurement with a number of workers: the seconds of the parallel part, and its process; null if they cannot be had. */
type Measure = (workers: number) => Promise<{ readonly seconds: number; readonly run: Run } | null>

/** What more workers give, in pairs of runs: first one worker, then several. */
export const workers: Suite = {
  name: 'workers',
  about: 'speedup over one worker in paired runs; CPU time over one worker tells work from waiting',
  async run(setting) {
    if (availableParallelism() === 1) setting.say('one core only: nothing to scale to')
    for (const engine of setting.engines) {
      await scale(setting, engine, `test ${SWEEP}`, (workers) => sweep(engine, workers))
      const each = await longCase(engine, setting.extent)
      if (each === null) continue
      await scale(setting, engine, each.name, async (workers) => {
        const done = await search(engine, each, workers)
        return done?.workers === workers ? { run: done.run, seconds: done.searchSeconds } : null
      })
    }
  },
}

/** The first case that keeps one worker busy; the largest if none does that, and null if nothing fits in memory. */
async function longCase(engine: EngineName, extent: Extent): Promise<Case | null> {
  let fits: Case | null = null
  for (const each of casesFor(engine)) {
    const done = await search(engine, each)
    if (done === null) break
    fits = each
    if (done.searchSeconds >= SEARCH_SECONDS[extent]) break
  }
  return fits
}

/** Many rows at a time: every engine can do that with workers that know nothing of each other. */
async function sweep(engine: EngineName, workers: number) {
  const args = [cliPath, 'test', '--engine', engine, '--workers', String(workers), SWEEP]
  const run = await measure(process.execPath, args)
  if (run.status === WRONG_USAGE) return null
  if (run.status !== OK) throw new Error(`${SWEEP}: exit code ${run.status}\n${run.stderr}`)
  return { seconds: run.seconds, run }
}

async function scale(
  { repeat, results, say }: Setting,
  engine: EngineName,
  name: string,
  measureWith: Measure,
): Promise<void> {
  for (let workers = 2; workers <= availableParallelism(); workers *= 2) {
    const ones: Awaited<ReturnType<Measure>>[] = []
    const manys: Awaited<ReturnType<Measure>>[] = []
    for (let pair = 0; pair < repeat; pair++) {
      const many = await measureWith(workers)
      if (many === null) return say(`${name}: the ${engine} engine has no ${workers} workers there`)
      manys.push(many)
      ones.push(await measureWith(1))
    }
    const seconds = (runs: typeof ones) => runs.map((each) => each?.seconds ?? Number.NaN)
    const cpu = (runs: typeof ones) => runs.map((each) => each?.run.cpuSeconds ?? Number.NaN)
    const cpuRatio = pairedRatio(cpu(manys), cpu(ones))
    results.add({
      suite: 'workers',
      case: `${name}, ${workers} workers`,
      of: engine,
      runs: repeat,
      values: {
        oneSeconds: rounded(median(seconds(ones))),
        manySeconds: rounded(median(seconds(manys))),
        speedupRatio: rounded(pairedRatio(seconds(ones), seconds(manys))),
        cpuRatio: Number.isNaN(cpuRatio) ? null : rounded(cpuRatio),
      },
    })
  }
}
