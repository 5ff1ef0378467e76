import type { TransitionSystem } from '../system/system.js'
import { execute, settleProcess } from './execute.js'
import type { Memory } from './frame.js'
import { emptyState, starting } from './initial.js'
import { leftSection } from './leave.js'
import { type Acquisition, acquisition, type Exposure, exposures } from './orders.js'
import type { Outcome, Trap, Wait } from './outcome.js'
import { enumerate } from './outcomes.js'
import { perform } from './perform.js'
import { covers, judgeInvariants } from './property.js'
import { dataRace } from './races.js'
import { judgeRest, mayRest } from './rest.js'
import { allCodes, type Facts, factsOf, Run } from './run.js'
import { BlockedSignal, IllegalChoice } from './signal.js'
import type { State } from './state.js'
import { ownerCycle, waitOf } from './waits.js'

/**
 * The executable form of `semantics.md`: what a transition system may do, one step at a time. All functions are
 * pure; states are frozen; the order of outcomes is part of the contract, because trails name steps by it.
 */
export interface Interpreter {
  readonly system: TransitionSystem

  /** Every way `init` and the threads' first local computation can go, in ascending order of choices. */
  initial(): readonly Outcome[]

  /** Every transition of one process, in ascending order of choices; none when it is blocked or has finished. */
  fire(state: State, process: number): readonly Outcome[]

  /** The one transition with these choices, or null when the semantics does not allow it. */
  replay(state: State, process: number, choices: readonly number[]): Outcome | null

  /** The initial outcome with these choices, or null. */
  replayInitial(choices: readonly number[]): Outcome | null

  /** A thread that has finished. A daemon never has. */
  finished(state: State, process: number): boolean

  /** What a process waits for; null when it can move or has finished. */
  wait(state: State, process: number): Wait | null

  /** What is wrong with the state itself: an invariant, a cycle of lock owners, a data race where asked; null when nothing. */
  judge(state: State): Trap | null

  /** What a process holds as it comes to wait for a lock; null when that is not what it does next. */
  acquisition(state: State, process: number): Acquisition | null

  /** Locks held where a handler could come and want them. */
  exposures(state: State): readonly Exposure[]

  /** Every thread finished and every daemon between two runs of its body: at rest if the daemons can come back. */
  mayRest(state: State): boolean

  /** What is wrong with a state at rest: `finally`, leaks; null when nothing. */
  judgeRest(state: State): Trap | null

  /** Indexes of the `cover` conditions that hold. */
  covered(state: State): readonly number[]

  /**
   * `[code][location]`, codes in the order of `allCodes`: `EXECUTED` once a firing or a property has executed that
   * instruction, and the ways a branch went; grows as the interpreter is used.
   */
  readonly executed: readonly Uint8Array[]
}

export function interpreter(system: TransitionSystem): Interpreter {
  const facts = factsOf(system, perform)
  // To ask who waits for whom, in a state that may never be expanded, is to execute nothing.
  const asking: typeof facts = { ...facts, executed: new Map() }
  const empty = emptyState(system)
  const begin = (given: readonly number[]) => execute(empty, starting(facts, given))
  return {
    system,
    initial: () => enumerate(begin),
    fire: (state, process) => {
      if (finished(system, state, process) || cannotMove(facts, state, process)) return []
      return enumerate((given) => fireOnce(facts, state, process, given))
    },
    replay: (state, process, choices) => {
      if (!system.processes[process] || finished(system, state, process)) return null
      return exactly(choices, () => fireOnce(facts, state, process, choices).outcome)
    },
    replayInitial: (choices) => exactly(choices, () => begin(choices).outcome),
    finished: (state, process) => finished(system, state, process),
    wait: (state, process) => waitOf(facts, state, process),
    judge: (state) => {
      const found = judgeInvariants(facts, state) ?? ownerCycle(asking, state)
      return found ?? (system.asked.has('data-race') ? dataRace(facts, state) : null)
    },
    acquisition: (state, process) => acquisition(facts, state, process),
    exposures: (state) => exposures(facts, state),
    mayRest: (state) => mayRest(facts, state),
    judgeRest: (state) => judgeRest(facts, state),
    covered: (state) =>
      system.covers.flatMap((cover, at) => (covers(facts, state, cover) ? [at] : [])),
    executed: allCodes(system).map((code) => facts.executed.get(code) ?? new Uint8Array()),
  }
}

function finished(system: TransitionSystem, state: State, process: number): boolean {
  const instance = system.processes[process]
  const at = state.processes[process]?.at ?? -1
  if (!instance || instance.daemon) return false
  return system.codes[instance.code]?.instructions[at]?.kind === 'end'
}

/** A look at the guard alone saves making a draft that would be thrown away. */
function cannotMove(facts: Facts, state: State, process: number): boolean {
  const wait = waitOf(facts, state, process)
  return wait !== null && !wait.movable
}

function fireOnce(
  facts: Facts,
  state: State,
  process: number,
  given: readonly number[],
): ReturnType<typeof execute> {
  const instance = facts.system.processes[process]
  const code = instance && facts.system.codes[instance.code]
  const here = state.processes[process]
  if (!instance || !code || !here) throw new Error(`no process ${process}`)
  const who = { process, family: instance.family, at: here.at, parked: here.parked }
  return execute(state, (memory: Memory, started) => {
    const run = new Run(facts, memory, code, who, here.locals, given)
    started(run)
    run.step()
    settleProcess(memory, process, run)
    // A handler that has ended reads no longer.
    if (instance.context !== 'task') leftSection(run)
  })
}

/** The outcome with just these picks; null when the semantics has no such step. */
function exactly(choices: readonly number[], attempt: () => Outcome): Outcome | null {
  try {
    const outcome = attempt()
    return outcome.choices.length === choices.length ? outcome : null
  } catch (signal) {
    if (signal instanceof BlockedSignal || signal instanceof IllegalChoice) return null
    throw signal
  }
}
