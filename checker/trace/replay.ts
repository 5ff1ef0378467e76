import {
  type Interpreter,
  type Outcome,
  type Site,
  type State,
  stateKey,
  type TransitionSystem,
  type Trap,
  type Wait,
} from '../../spec/index.js'
import type { Step, Trail } from '../engine/engine.js'
import type { Violation } from '../property/violation.js'
import { lookUp, processName } from './changes.js'
import { orderKind, orderTrap } from './order-end.js'
import { sourcePlace } from './place.js'
import { Run } from './run.js'
import type { Operand, SourcePlace, StatePath, Trace, TraceStep } from './trace.js'

/** A trace, or the reason why there is none. */
export type Replayed =
  | { readonly trace: Trace; readonly refusal: null }
  | { readonly trace: null; readonly refusal: string }

/** What a replay must end with. */
export interface Expected {
  readonly kind: string
  readonly at: SourcePlace
  readonly process: number | null
  /** The last step itself fails; else the state it leads to is wrong. */
  readonly byStep: boolean
  /** Once around the terminal loop of a lost rest. */
  readonly loop: readonly Step[]
  /** Of a lost rest as the search reported it; without it the replay words its own. */
  readonly trap: Trap | null
}

/** What the replay of a found violation must end with. */
export const expectedOf = (system: TransitionSystem, violation: Violation): Expected => ({
  kind: violation.kind,
  at: sourcePlace(system, violation.trap.at),
  process: violation.trap.process,
  byStep: violation.trap.site !== null,
  loop: violation.loop,
  trap: violation.trap,
})

const refuse = (refusal: string): Replayed => ({ trace: null, refusal })

/**
 * Executes a trail by the interpreter, step by step, and makes sure that it ends in a violation: in the expected
 * one, of the same kind at the same place, where one is expected (a bare token only knows the loop, and whether the
 * run shows a lock order). Refuses what the semantics does not allow.
 */
export function replay(
  interpreter: Interpreter,
  trail: Trail,
  expected: Expected | null,
  loop: readonly Step[] = expected?.loop ?? [],
  showsOrder = expected?.kind === orderKind,
): Replayed {
  const { system } = interpreter
  const start = interpreter.replayInitial(trail.initial)
  if (start === null) return refuse(`there is no initial state with choices ${list(trail.initial)}`)
  if (start.kind === 'cut') return refuse(`the initial state meets a bound: ${start.bound.message}`)
  const run = new Run(interpreter, trail, loop, start)
  if (start.kind === 'violation') {
    if (trail.steps.length > 0) return refuse(`init already ends in ${start.trap.kind}`)
    return finish(run, start.trap, start.state, expected)
  }
  for (const [index, step] of trail.steps.entries()) {
    const last = index === trail.steps.length - 1
    const outcome = interpreter.replay(run.state, step.process, step.choices)
    const problem = stepProblem(system, step, index + 1, outcome, last)
    if (problem !== null || outcome === null || outcome.kind === 'cut') return refuse(problem ?? '')
    run.add(step, outcome)
    if (outcome.kind === 'violation') return finish(run, outcome.trap, outcome.state, expected)
  }
  return showsOrder ? judgeOrder(run, expected) : judgeEnd(run, expected)
}

function stepProblem(
  system: TransitionSystem,
  step: Step,
  number: number,
  outcome: Outcome | null,
  last: boolean,
): string | null {
  const who = processName(system, step.process)
  if (system.processes[step.process] === undefined) {
    return `step ${number}: there is no process ${step.process}`
  }
  if (outcome === null) {
    return `step ${number}: ${who} cannot move here with choices ${list(step.choices)}`
  }
  if (outcome.kind === 'cut')
    return `step ${number}: ${who} meets a bound: ${outcome.bound.message}`
  if (outcome.kind === 'violation' && !last) {
    return `step ${number}: ${who} already ends in ${outcome.trap.kind}`
  }
  return null
}

const list = (choices: readonly number[]): string => `[${choices.join(', ')}]`

/** The run has ended in a state: the state itself must be the violation. */
function judgeEnd(run: Run, expected: Expected | null): Replayed {
  const { interpreter, state, loop } = run
  if (expected?.byStep) return refuse(`the last step does not end in ${expected.kind}`)
  const wrong =
    interpreter.judge(state) ?? (interpreter.mayRest(state) ? interpreter.judgeRest(state) : null)
  if (wrong !== null) return finish(run, wrong, state, expected)
  const problem = lostRestProblem(interpreter, state, loop)
  if (problem !== null) return refuse(`the run does not end in a violation: ${problem}`)
  return finish(
    run,
    expected?.trap ?? lostRest(interpreter, state, loop, expected?.at ?? null),
    state,
    expected,
  )
}

/** A lock order is nothing wrong in itself: what the end must show is that the process named takes it there. */
function judgeOrder(run: Run, expected: Expected | null): Replayed {
  const { interpreter, state } = run
  const last = run.steps.at(-1)?.process ?? null
  const shown = orderTrap(interpreter, state, expected?.at ?? null, last)
  if (shown === null) return refuse('the run ends where no lock order is shown')
  return finish(run, expected?.trap ?? shown, state, expected)
}

/**
 * The report of a state from which rest is unreachable: what still moves decides its kind (language rule 8). The search
 * has seen more of the loop than the steps around it, and names one of several places: that one, where somebody stands there.
 */
function lostRest(
  interpreter: Interpreter,
  state: State,
  loop: readonly Step[],
  wanted: SourcePlace | null,
): Trap {
  const { system } = interpreter
  const waits = waitsIn(interpreter, state)
  const spinning = sitesAround(interpreter, state, loop)
  const named = waits.find((wait) => wait.names !== null)
  const kind = spinning.length > 0 ? 'livelock' : (named?.names ?? 'deadlock')
  const sites = [
    ...spinning,
    ...(named === undefined ? waits : [named, ...waits]).map((w) => w.site),
  ]
  const isWanted = ({ span }: Site): boolean => {
    const { file, line, column } = sourcePlace(system, span)
    return file === wanted?.file && line === wanted.line && column === wanted.column
  }
  const site = sites.find(isWanted) ?? sites[0] ?? siteOf(interpreter, state, 0)
  const message = system.headlines.get(kind) ?? kind
  return { kind, message, at: site.span, site: null, process: null, operands: [] }
}

/** Where threads stand from which a loop moves them; none where only daemons go round. */
function sitesAround(
  interpreter: Interpreter,
  state: State,
  loop: readonly Step[],
): readonly Site[] {
  const sites: Site[] = []
  let current = state
  for (const { process, choices } of loop) {
    const isThread = interpreter.system.processes[process]?.daemon === false
    if (isThread) sites.push(siteOf(interpreter, current, process))
    const outcome = interpreter.replay(current, process, choices)
    if (outcome?.kind === 'next') current = outcome.state
  }
  return sites
}

function siteOf({ system }: Interpreter, state: State, process: number): Site {
  const code = system.codes[system.processes[process]?.code ?? 0]
  const site = code?.instructions[state.processes[process]?.at ?? 0]?.site
  if (site === undefined) throw new Error(`process ${process} stands nowhere`)
  return site
}

/** Why a state with this loop around it is no lost rest; null when it is one. */
function lostRestProblem(
  interpreter: Interpreter,
  state: State,
  loop: readonly Step[],
): string | null {
  if (interpreter.mayRest(state)) return 'the last state is at rest'
  if (loop.length === 0) {
    const mover = interpreter.system.processes.findIndex(
      (_, process) => interpreter.fire(state, process).length > 0,
    )
    return mover < 0 ? null : `${processName(interpreter.system, mover)} can still move`
  }
  let current = state
  for (const [index, step] of loop.entries()) {
    const outcome = interpreter.replay(current, step.process, step.choices)
    if (outcome?.kind !== 'next') return `step ${index + 1} of the loop is not possible`
    current = outcome.state
    if (interpreter.mayRest(current)) return `the loop comes to rest at its step ${index + 1}`
  }
  return stateKey(current) === stateKey(state) ? null : 'the loop does not come back to its start'
}

function finish(run: Run, trap: Trap, end: State, expected: Expected | null): Replayed {
  const { interpreter } = run
  const { system } = interpreter
  if (expected !== null) {
    const problem = differenceProblem(system, trap, expected)
    if (problem !== null) return refuse(problem)
  }
  const count = run.steps.length
  for (const step of run.loop) {
    const outcome = interpreter.replay(run.state, step.process, step.choices)
    if (outcome?.kind !== 'next') return refuse('the loop is not possible')
    run.add(step, outcome)
  }
  const steps = run.steps.slice(0, count)
  const trace = traceOf(run, { steps, loop: run.steps.slice(count), trap, end })
  return { refusal: null, trace }
}

/** A run as a trace that ends in a state with a trap: its own steps, or some of them from the first on. */
export function traceOf(
  { interpreter, trail, initial, start }: Pick<Run, 'interpreter' | 'trail' | 'initial' | 'start'>,
  { steps, loop, trap, end }: Pick<Trace, 'steps' | 'loop' | 'trap' | 'end'>,
): Trace {
  const { system } = interpreter
  return {
    system,
    trail,
    kind: trap.kind,
    headline: system.headlines.get(trap.kind) ?? trap.kind,
    trap,
    initial: { state: initial, log: start.log },
    steps,
    loop,
    switches: steps.filter((step, i) => i > 0 && steps[i - 1]?.process !== step.process).length,
    operands: trap.operands
      .map((path) => operand(system, steps, end, path))
      .filter((each) => each !== null),
    waits: waitsIn(interpreter, end),
    raced: raced(interpreter, end, trap),
    end,
  }
}

/** What the first write of a data race does to the value, found by letting it go first. */
function raced(interpreter: Interpreter, end: State, trap: Trap): Trace['raced'] {
  const writer = trap.involved?.find(({ what }) => what.endsWith('write'))
  const [path] = trap.operands
  if (trap.kind !== 'data-race' || writer === undefined || path === undefined) return null
  const { system } = interpreter
  const next = interpreter.fire(end, writer.process).find((outcome) => outcome.kind === 'next')
  const before = lookUp(system, end, path)
  if (before === null) return null
  const place = before.object === null ? before.name : `${before.object}.${before.name}`
  const after = next === undefined ? null : lookUp(system, next.state, path)
  return { place, before: before.value, after: after?.value ?? before.value }
}

function differenceProblem(
  system: TransitionSystem,
  found: Trap,
  expected: Expected,
): string | null {
  if (found.kind !== expected.kind) {
    return `the run ends in ${found.kind}, not in ${expected.kind}`
  }
  if (expected.byStep && found.process !== expected.process) {
    const name = (process: number | null) =>
      process === null ? 'nobody' : processName(system, process)
    return `${found.kind} is the step of ${name(found.process)}, not of ${name(expected.process)}`
  }
  const { line, column } = sourcePlace(system, found.at)
  if (line !== expected.at.line || column !== expected.at.column) {
    return `${found.kind} happens at line ${line}, not at line ${expected.at.line}`
  }
  return null
}

function waitsIn(interpreter: Interpreter, state: State): Wait[] {
  return interpreter.system.processes
    .map((_, process) => interpreter.wait(state, process))
    .filter((wait) => wait !== null)
    .filter((wait) => !wait.movable)
}

function operand(
  system: TransitionSystem,
  steps: readonly TraceStep[],
  end: State,
  path: StatePath,
): Operand | null {
  const found = lookUp(system, end, path)
  if (found === null) return null
  const writer = steps.findLast((step) => step.changes.some((change) => touches(change.path, path)))
  return { path, ...found, writer: writer ?? null }
}

/** One path is the beginning of the other, or an object's life ends with everything in it. */
export function touches(changed: StatePath, path: StatePath): boolean {
  const whole = changed.at(-1) === 'alive' ? changed.slice(0, -1) : changed
  const length = Math.min(whole.length, path.length)
  for (let i = 0; i < length; i += 1) if (whole[i] !== path[i]) return false
  return true
}
