import type { Instruction, Interpreter, Outcome, ProcessState, State } from '../../spec/index.js'
import type { Step, Trail } from '../engine/engine.js'
import { differences, localDifferences } from './changes.js'
import type { TraceStep } from './trace.js'

/** The steps of a replay so far. */
export class Run {
  readonly interpreter: Interpreter
  readonly trail: Trail
  readonly loop: readonly Step[]
  readonly start: Outcome
  readonly initial: State
  readonly steps: TraceStep[] = []
  state: State

  constructor(
    interpreter: Interpreter,
    trail: Trail,
    loop: readonly Step[],
    start: Outcome & { readonly state: State },
  ) {
    this.interpreter = interpreter
    this.trail = trail
    this.loop = loop
    this.start = start
    this.initial = start.state
    this.state = start.state
  }

  add(step: Step, outcome: Outcome & { readonly state: State }): void {
    const { system } = this.interpreter
    const { process, choices } = step
    const location = this.state.processes[process]?.at ?? 0
    const code = system.codes[system.processes[process]?.code ?? 0]
    const instruction = code?.instructions[location]
    if (instruction === undefined) throw new Error(`process ${process} has no location ${location}`)
    const previous = this.steps.at(-1)
    if (previous !== undefined && previous.process !== process) {
      const wait = this.interpreter.wait(this.state, previous.process)
      const waits = wait?.movable === false ? wait : null
      this.steps[this.steps.length - 1] = { ...previous, waits }
    }
    this.steps.push({
      index: this.steps.length + 1,
      process,
      choices,
      site: instruction.site,
      instruction,
      log: outcome.log,
      before: this.state,
      after: outcome.state,
      changes: differences(system, this.state, outcome.state),
      locals: localDifferences(system, process, this.state, outcome.state),
      parks:
        outcome.kind === 'next' && parks(instruction, outcome.state.processes[process], location),
      waits: null,
    })
    this.state = outcome.state
  }
}

/** The process is still where it was, and now waits: asleep, queued, or for the readers there were. */
function parks(instruction: Instruction, now: ProcessState | undefined, location: number): boolean {
  if (now?.at !== location) return false
  if (instruction.kind === 'lock' || instruction.kind === 'bit-wait') return true
  return now.awaits !== null && now.awaits.length > 0
}
