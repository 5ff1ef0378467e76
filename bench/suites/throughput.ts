import { casesFor, SEARCH_SECONDS } from '../cases.js'
import { type Search, search } from '../engines.js'
import { measure } from '../measure.js'
import { cliPath } from '../project.js'
import { median, rounded } from '../statistics.js'
import type { Suite } from './suite.js'

/** States and transitions a second, and memory, of one worker that searches everything. */
export const throughput: Suite = {
  name: 'throughput',
  about:
    'one worker, exhaustive; searchBytes are what the search says it took, the others those of the process less an idle one',
  async run({ engines, extent, repeat, results, say }) {
    const idle = await idleRun()
    for (const engine of engines) {
      for (const each of casesFor(engine)) {
        const searches: Search[] = []
        for (let run = 0; run < repeat; run++) {
          const done = await search(engine, each)
          if (done === null) break
          searches.push(done)
        }
        const [first] = searches
        if (first === undefined) {
          say(`${each.name}: too little memory for the ${engine} engine`)
          break
        }
        const seconds = median(searches.map(({ searchSeconds }) => searchSeconds))
        const cpu = medianOrNull(searches.map(({ run }) => run.cpuSeconds))
        const peak = medianOrNull(searches.map(({ run }) => run.peakBytes))
        results.add({
          suite: this.name,
          case: each.name,
          of: engine,
          runs: repeat,
          values: {
            states: first.states,
            generated: first.generated,
            searchSeconds: rounded(seconds),
            statesPerSecond: rounded(first.states / seconds),
            generatedPerSecond: rounded(first.generated / seconds),
            processSeconds: rounded(median(searches.map(({ run }) => run.seconds))),
            cpuMicrosecondsPerState: perState(
              cpu === null ? null : cpu * 1e6,
              idle.cpuSeconds === null ? null : idle.cpuSeconds * 1e6,
              first.states,
            ),
            stateBits: first.stateBits,
            searchBytesPerState: perState(first.searchBytes, 0, first.states),
            processMiB: peak === null ? null : rounded(peak / 2 ** 20),
            processBytesPerState: perState(peak, idle.peakBytes, first.states),
          },
        })
        if (seconds >= SEARCH_SECONDS[extent]) break
      }
    }
  },
}

/** A process that reads a model and searches next to nothing. */
const idleRun = () =>
  measure(process.execPath, [cliPath, 'check', 'models/litmus/01-two-increments.gmem'])

/** What each state adds to what an idle process takes. */
function perState(whole: number | null, idle: number | null, states: number): number | null {
  return whole === null || idle === null ? null : rounded((whole - idle) / states)
}

function medianOrNull(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length < values.length ? null : rounded(median(known))
}
