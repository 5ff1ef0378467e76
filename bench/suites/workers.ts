import { availableParallelism } from 'node:os'
import { casesFor } from '../cases.js'
import type { EngineName } from '../engine-name.js'
import { search } from '../engines.js'
import { measure, type Run } from '../measure.js'
import { cliPath } from '../project.js'
import { median, pairedRatio, rounded } from '../statistics.js'
import type { Setting, Suite } from './suite.js'

const SWEEP = 'models/guest_memfd/truncate-vs-fault.gmem'
const OK = 0

/** One measurement with a number of workers: wall-clock seconds of the parallel part, and its process. */
type Measure = (workers: number) => Promise<{ readonly seconds: number; readonly run: Run }>

/** What more workers give, in pairs of runs: first one worker, then several. */
export const workers: Suite = {
  name: 'workers',
  about: 'speedup over one worker in paired runs; CPU time over one worker tells work from waiting',
  async run(setting) {
    for (const engine of setting.engines) {
      // The reference engine searches one row on one thread; its workers take a row each.
      await scale(setting, engine, `test ${SWEEP}`, (workers) => sweep(engine, workers))
      const largest = casesFor(engine).at(-1)
      if (engine === 'reference' || largest === undefined) continue
      await scale(setting, engine, largest.name, async (workers) => {
        const { run, searchSeconds } = await search(engine, largest, workers)
        return { run, seconds: searchSeconds }
      })
    }
  },
}

async function sweep(engine: EngineName, workers: number) {
  const args = [cliPath, 'test', '--engine', engine, '--workers', String(workers), SWEEP]
  const run = await measure(process.execPath, args)
  if (run.status !== OK) throw new Error(`${SWEEP}: exit code ${run.status}\n${run.stderr}`)
  return { seconds: run.seconds, run }
}

async function scale(
  { repeat, results, say }: Setting,
  engine: EngineName,
  name: string,
  run: Measure,
): Promise<void> {
  const cores = availableParallelism()
  if (cores === 1) say('one core only: nothing to scale to')
  for (let workers = 2; workers <= cores; workers *= 2) {
    const one: Awaited<ReturnType<Measure>>[] = []
    const many: Awaited<ReturnType<Measure>>[] = []
    for (let pair = 0; pair < repeat; pair++) {
      one.push(await run(1))
      many.push(await run(workers))
    }
    const seconds = (runs: typeof one) => runs.map((each) => each.seconds)
    const cpu = (runs: typeof one) => runs.map((each) => each.run.cpuSeconds ?? Number.NaN)
    const cpuRatio = pairedRatio(cpu(many), cpu(one))
    results.add({
      suite: 'workers',
      case: `${name}, ${workers} workers`,
      of: engine,
      runs: repeat,
      values: {
        oneSeconds: rounded(median(seconds(one))),
        manySeconds: rounded(median(seconds(many))),
        speedupRatio: rounded(pairedRatio(seconds(one), seconds(many))),
        cpuRatio: Number.isNaN(cpuRatio) ? null : rounded(cpuRatio),
      },
    })
  }
}
