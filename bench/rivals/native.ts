import { measure } from '../measure.js'
import { numberIn, type Rival, settings, step, twinOf } from './rival.js'

/** Beyond this share of its places a table with open addressing is slow. */
const FULL = 0.75

/** A program in C that can search this one model: what a general tool can hope for. */
export const native: Rival = {
  name: 'native',
  commands: ['gcc'],
  optimisation: ['-O2'],
  countsInitialState: true,
  statesMax: Number.POSITIVE_INFINITY,
  suffix: '.c',

  async build(each, folder, optimisation) {
    const flags = [...optimisation, ...settings(each), '-o', 'search', twinOf(this.suffix, each)]
    const seconds = await step(folder, 'gcc', flags)
    const slots = Math.max(10, Math.ceil(Math.log2(each.states / FULL)))
    return {
      seconds,
      async run() {
        const run = await measure(`${folder}/search`, [String(slots)], folder)
        if (run.status !== 0) throw new Error(`native: ${run.stdout}${run.stderr}`)
        return {
          run,
          states: numberIn(run.stdout, /(\d+) states/),
          transitions: numberIn(run.stdout, /(\d+) transitions/),
        }
      },
    }
  },
}
