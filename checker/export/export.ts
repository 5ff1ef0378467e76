import type { TransitionSystem } from '../../spec/index.js'
import { elaborate } from './elaborate/elaborate.js'
import { printMurphi } from './murphi/print.js'
import type { Program, Refusal } from './program.js'
import { printPromela } from './promela/print.js'
import { printTla } from './tla/print.js'
import type { Exported } from './tools/tool.js'

/** Languages of other model checkers. */
export const targets = ['promela', 'murphi', 'tla'] as const
export type Target = (typeof targets)[number]

/** A row in one of them, or what it has no words for. */
export type Written =
  | { readonly exported: Exported; readonly program: Program; readonly refusals: null }
  | { readonly exported: null; readonly program: null; readonly refusals: readonly Refusal[] }

const printers: Readonly<Record<Target, (program: Program) => Exported>> = {
  promela: printPromela,
  murphi: printMurphi,
  tla: printTla,
}

export function exportSystem(system: TransitionSystem, target: Target): Written {
  const elaborated = elaborate(system)
  if ('refusals' in elaborated) {
    return { exported: null, program: null, refusals: elaborated.refusals }
  }
  const { program } = elaborated
  return { exported: printers[target](program), program, refusals: null }
}
