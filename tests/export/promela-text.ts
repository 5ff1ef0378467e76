import type { Program } from '../../checker/export/program.js'
import { promela } from '../../checker/export/promela/promela.js'
import type { Exported } from '../../checker/export/tools/tool.js'

/** A program as SPIN gets it. */
export function written(of: Program): Exported {
  const { refusals, ...model } = promela(of)
  if (!('text' in model)) throw new Error(refusals?.[0]?.construct)
  return { files: [{ name: 'model.pml', text: model.text }], kinds: model.kinds }
}

export const textOf = (of: Program): string => written(of).files[0]?.text ?? ''
