import type { Case } from '../cases.js'
import { measure } from '../measure.js'
import { type BuiltVerifier, numberIn, type Rival, settings, step, twinOf } from './rival.js'

/**
 * What `pan` may use as its stack: states deep. A limit that is too low ends a search early and still reports no error,
 * so the word for that is looked for. The threads of the model end, so 1,000 is enough for all its sizes.
 */
const DEPTH_MAX = 100_000

/** SPIN, depth first, without its reductions, as its users compile it. */
export const spin: Rival = {
  name: 'spin',
  commands: ['spin', 'gcc'],
  optimisation: ['-O2'],
  countsInitialState: true,
  statesMax: Number.POSITIVE_INFINITY,
  suffix: '.pml',

  build: (each, folder, optimisation) =>
    buildPan(each, folder, [...optimisation, '-DNOREDUCE'], twinOf('.pml', each)),
}

/** With its partial order reduction, as its users run it who want an answer. */
export const buildReducedPan = (each: Case, folder: string): Promise<BuiltVerifier> =>
  buildPan(each, folder, ['-O2'], twinOf('.pml', each))

async function buildPan(
  each: Case,
  folder: string,
  optimisation: readonly string[],
  twin: string,
): Promise<BuiltVerifier> {
  const options = ['-a', '-o2', '-o3', ...settings(each), twin]
  const generate = await step(folder, 'spin', options)
  const flags = [...optimisation, '-DSAFETY', '-o', 'pan', 'pan.c']
  const compile = await step(folder, 'gcc', flags)
  const slots = Math.max(20, Math.ceil(Math.log2(each.states)) + 1)
  return {
    seconds: generate + compile,
    async run() {
      const args = [`-m${DEPTH_MAX}`, `-w${slots}`]
      const run = await measure(`${folder}/pan`, args, folder)
      const isComplete = /errors: 0$/m.test(run.stdout) && !/max search depth/.test(run.stdout)
      if (run.status !== 0 || !isComplete) throw new Error(`pan: ${run.stdout}${run.stderr}`)
      return {
        run,
        states: numberIn(run.stdout, /(\d+) states, stored/),
        transitions: numberIn(run.stdout, /(\d+) transitions/),
      }
    },
  }
}
