import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure } from '../measure.js'
import { numberIn, type Rival, step, twinOf } from './rival.js'

/** Rumur with one thread, compiled as its manual asks for. */
export const rumur: Rival = {
  name: 'rumur',
  commands: ['rumur', 'gcc'],
  optimisation: ['-O3', '-march=native'],
  countsInitialState: false,
  statesMax: 1_000_000,
  suffix: '.m',

  async build(each, folder, optimisation) {
    writeFileSync(join(folder, 'twin.m'), withSizes(twinOf(this.suffix, each), each.params))
    const options = ['--threads', '1', '--deadlock-detection', 'off', '--output', 'twin.c']
    const generate = await step(folder, 'rumur', [...options, 'twin.m'])
    const flags = ['-std=c11', ...optimisation, '-mcx16', '-o', 'twin', 'twin.c']
    const compile = await step(folder, 'gcc', [...flags, '-lpthread'])
    return {
      seconds: generate + compile,
      async run() {
        const run = await measure(`${folder}/twin`, [], folder)
        if (run.status !== 0) throw new Error(`rumur: ${run.stdout}${run.stderr}`)
        return {
          run,
          states: numberIn(run.stdout, /(\d+) states, \d+ rules fired/),
          transitions: numberIn(run.stdout, /\d+ states, (\d+) rules fired/),
        }
      },
    }
  },
}

/** The twin with other sizes in its first constants. */
function withSizes(twin: string, params: Readonly<Record<string, number>>): string {
  let text = readFileSync(twin, 'utf8')
  for (const [name, value] of Object.entries(params)) {
    const constant = new RegExp(`^  ${name.toUpperCase()}: \\d+;`, 'm')
    if (!constant.test(text)) throw new Error(`${twin} has no constant for ${name}`)
    text = text.replace(constant, `  ${name.toUpperCase()}: ${value};`)
  }
  return text
}
