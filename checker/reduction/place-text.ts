import type { Instruction, TransitionSystem } from '../../spec/index.js'

/** Where an instruction is written: `models/scale/users.gmem:12`. */
export function placeText(system: TransitionSystem, i: Instruction): string {
  const { span } = i.site
  const text = system.sources.get(span.file)
  return text === undefined ? span.file : `${span.file}:${text.position(span.from).line}`
}
