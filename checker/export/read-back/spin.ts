import type { Program } from '../program.js'
import type { ControlPoint, ReadBack } from './control-point.js'

/** A step as the exported model prints it: `vcpu 12, process 0`. */
interface Printed {
  readonly action: string
  readonly process: number
}

/** The steps of a trail, in what `spin -t` or `pan -r` prints, with or without `-p`. */
export function stepsPrinted(trace: string): readonly Printed[] {
  return [...trace.matchAll(/^\s*(\w+ \d+), process (\d+)$/gm)].map(
    ([, action = '', process = '']) => ({ action, process: Number(process) }),
  )
}

/** Who moved from where, in a trail of an exported model. */
export function readSpin(trace: string, program: Program): ReadBack {
  if (!/^\s*(?:spin: trail ends|\d+ processes created)/m.test(trace)) {
    return refused('this is no trail as SPIN prints it: it has no end')
  }
  const points: ControlPoint[] = []
  for (const [index, { action: name, process }] of stepsPrinted(trace).entries()) {
    const head = `step ${index + 1}:`
    const action = program.actions.find((each) => each.name === name)
    const code = action && program.codes[action.code]
    if (action === undefined || code === undefined) {
      return refused(`${head} the model has no step "${name}"`)
    }
    if (process < code.first || process > code.last) {
      return refused(`${head} "${name}" is not a step of process ${process}`)
    }
    points.push({ process, at: action.location })
  }
  return { points, refusal: null }
}

const refused = (refusal: string): ReadBack => ({ points: null, refusal })
