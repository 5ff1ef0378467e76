import type { TransitionSystem } from '../../spec/index.js'
import { elaborate } from './elaborate/elaborate.js'
import { murphi } from './murphi/murphi.js'
import type { Program, Refusal } from './program.js'
import { promela } from './promela/promela.js'
import { tla, tlaFiles } from './tla/tla.js'
import type { Exported } from './tools/tool.js'

/** Languages of other model checkers. */
export const targets = ['promela', 'murphi', 'tla'] as const
export type Target = (typeof targets)[number]

/** A program in one of them, or what it has no words for. */
export type Written =
  | { readonly exported: Exported; readonly refusals: null }
  | { readonly exported: null; readonly refusals: readonly Refusal[] }

export interface ExportOptions {
  /** What the text was made from, for people; a line each. */
  readonly about?: readonly string[]
  /** Only of Murphi: families whose instances differ in nothing are scalarsets. */
  readonly symmetric?: boolean
}

export function exportSystem(
  system: TransitionSystem,
  target: Target,
  options: ExportOptions,
): Written {
  const { program, refusals } = elaborate(system)
  return program === null ? { exported: null, refusals } : writeProgram(program, target, options)
}

export function writeProgram(
  program: Program,
  target: Target,
  options: ExportOptions = {},
): Written {
  const printed = print(program, target, options)
  return 'refusals' in printed
    ? { exported: null, refusals: printed.refusals }
    : { exported: printed, refusals: null }
}

type Printed = Exported | { readonly refusals: readonly Refusal[] }

const noKinds: ReadonlyMap<string, number> = new Map()

function print(program: Program, target: Target, options: ExportOptions): Printed {
  const { about = [] } = options
  switch (target) {
    case 'promela': {
      const written = promela(program, { about })
      if (written.refusals !== undefined) return { refusals: written.refusals }
      return { files: [{ name: 'model.pml', text: written.text }], kinds: written.kinds }
    }
    case 'murphi': {
      const written = murphi(program, options)
      if (written.refusals !== undefined) return { refusals: written.refusals }
      return { files: [{ name: 'model.m', text: written.text }], kinds: noKinds }
    }
    case 'tla': {
      const written = tla(program, { about })
      return written.refusals === undefined ? tlaFiles(written) : { refusals: written.refusals }
    }
  }
}
