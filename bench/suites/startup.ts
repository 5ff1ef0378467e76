import { measure } from '../measure.js'
import { projectRoot } from '../project.js'
import { median, rounded } from '../statistics.js'
import type { Suite } from './suite.js'

const MODELS = [
  'models/litmus/01-two-increments.gmem',
  'models/guest_memfd/truncate-vs-fault.gmem',
  'models/scale/vcpus-pages.gmem',
]

/** Where the time goes before a search begins. */
export const startup: Suite = {
  name: 'startup',
  about:
    'milliseconds, each in a fresh process: Node itself, our modules, parse and analyse, lower',
  async run({ repeat, results }) {
    for (const model of MODELS) {
      const runs: Readonly<Record<string, number>>[] = []
      for (let run = 0; run < repeat; run++) {
        const phases = `${projectRoot}build/bench/phases.js`
        const { status, stdout, stderr } = await measure(process.execPath, [phases, model])
        if (status !== 0) throw new Error(stderr)
        runs.push(JSON.parse(stdout))
      }
      const names = Object.keys(runs[0] ?? {})
      const values = Object.fromEntries(
        names.map((name) => [name, rounded(median(runs.map((run) => run[name] ?? Number.NaN)))]),
      )
      results.add({ suite: this.name, case: model, of: 'reference', runs: repeat, values })
    }
  },
}
