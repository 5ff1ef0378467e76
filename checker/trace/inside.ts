import type { Instruction, Site, TransitionSystem } from '../../spec/index.js'
import type { TraceStep } from './trace.js'

/** The instructions a step has executed, in their order. */
export function executedIn(system: TransitionSystem, step: TraceStep): readonly Instruction[] {
  const code = system.codes[system.processes[step.process]?.code ?? -1]
  return step.log
    .map(({ location }) => code?.instructions[location])
    .filter((instruction) => instruction !== undefined)
}

/** Where in a step, which may be a whole region, something was last done. */
export function siteOf(
  system: TransitionSystem,
  step: TraceStep,
  does: (instruction: Instruction) => boolean,
): Site {
  return executedIn(system, step).findLast(does)?.site ?? step.site
}
