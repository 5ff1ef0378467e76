import type { Interpreter } from '../../../spec/index.js'
import { elaborate } from '../elaborate/elaborate.js'
import type { Program } from '../program.js'
import type { ReadBack } from './control-point.js'
import { type Followed, follow } from './follow.js'
import { readItf } from './itf.js'
import { readRumur } from './rumur.js'
import { readSpin } from './spin.js'
import { readTlc } from './tlc.js'

/** Whose traces can be read. */
export const foreignNames = ['spin', 'rumur', 'tlc', 'itf'] as const
export type ForeignName = (typeof foreignNames)[number]

const readers: Readonly<Record<ForeignName, (trace: string, program: Program) => ReadBack>> = {
  spin: readSpin,
  rumur: readRumur,
  tlc: readTlc,
  itf: readItf,
}

/** The trail that another tool's trace of the exported row means. */
export function readForeign(interpreter: Interpreter, from: ForeignName, trace: string): Followed {
  const elaborated = elaborate(interpreter.system)
  if (elaborated.program === null) {
    const what = elaborated.refusals.map(({ construct }) => construct).join(', ')
    return { trail: null, refusal: `this row cannot be exported: ${what}` }
  }
  const { points, refusal } = readers[from](trace, elaborated.program)
  return points === null ? { trail: null, refusal } : follow(interpreter, points)
}
