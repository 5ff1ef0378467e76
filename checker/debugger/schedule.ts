import type { Interpreter, Trap } from '../../spec/index.js'
import type { Step } from '../engine/engine.js'
import { replay } from '../trace/replay.js'
import { Run } from '../trace/run.js'
import type { Trace, TraceStep } from '../trace/trace.js'

/**
 * A run that was executed from its initial state, whether or not it has come to an end. States share what they have in
 * common, so each is kept, and to go back is to look at an earlier one.
 */
export interface Schedule {
  readonly run: Run
  /** The steps, and then once around the loop of a lost rest. */
  readonly steps: readonly TraceStep[]
  /** How many come before the loop. */
  readonly count: number
  /** What the run ends in after `count` steps; null: it could go on, or it came to rest. */
  readonly trap: Trap | null
}

/** The schedule of a replayed trace. */
export const scheduleOf = (interpreter: Interpreter, trace: Trace): Schedule =>
  makeSchedule(interpreter, trace.trail.initial, trace.steps, trace.loop, trace.trap)

/**
 * Executes steps that the interpreter has given itself, or a search that it agrees with; throws where it does not. What
 * the run ends in is for `replay` to say, unless it is known.
 */
export function makeSchedule(
  interpreter: Interpreter,
  initial: readonly number[],
  steps: readonly Step[],
  loop: readonly Step[] = [],
  trap?: Trap,
): Schedule {
  const start = interpreter.replayInitial(initial)
  if (start === null || start.kind === 'cut') throw new Error('the initial state is gone')
  const trail = { initial, steps }
  const run = new Run(interpreter, trail, loop, start)
  for (const step of [...steps, ...loop]) {
    const outcome = interpreter.replay(run.state, step.process, step.choices)
    if (outcome === null || outcome.kind === 'cut') {
      throw new Error(`step ${run.steps.length + 1} of a schedule is not possible`)
    }
    run.add(step, outcome)
  }
  const ending = trap ?? replay(interpreter, trail, null, loop).trace?.trap ?? null
  return { run, steps: run.steps, count: steps.length, trap: ending }
}
