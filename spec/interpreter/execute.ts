import { produce } from 'immer'
import type { Memory } from './frame.js'
import type { Bound, LogEntry, Outcome, Trap } from './outcome.js'
import type { Run } from './run.js'
import { CutSignal, TrapSignal } from './signal.js'
import type { State, Value } from './state.js'

/** What a transition does to a draft of the state; returns the run that did it. */
export type Effect = (memory: Memory, started: (run: Run) => void) => void

/**
 * One transition: one `produce`. A violation leaves the state as it was when the failing instruction
 * began, so that a report can show it; a bound leaves nothing.
 */
export function execute(
  state: State,
  effect: Effect,
): { outcome: Outcome; widths: readonly number[] } {
  let run: Run | null = null
  let trap: Trap | null = null
  let bound: Bound | null = null
  const next = produce(state, (draft) => {
    try {
      effect(draft as unknown as Memory, (started) => {
        run = started
      })
    } catch (signal) {
      if (signal instanceof TrapSignal) trap = trapOf(signal, run)
      else if (signal instanceof CutSignal) bound = boundOf(signal, run)
      else throw signal
    }
  })
  const done = run as Run | null
  const common: { choices: readonly number[]; log: readonly LogEntry[] } = {
    choices: done ? [...done.picks] : [],
    log: done?.log ?? [],
  }
  const widths = done?.widths ?? []
  if (trap !== null) return { outcome: { ...common, kind: 'violation', trap, state: next }, widths }
  if (bound !== null) return { outcome: { ...common, kind: 'cut', bound }, widths }
  return { outcome: { ...common, kind: 'next', state: next }, widths }
}

function trapOf(signal: TrapSignal, run: Run | null): Trap {
  const site = run ? run.instruction().site : null
  const process = run && run.frame.process >= 0 ? run.frame.process : null
  return {
    kind: signal.kind,
    message: signal.message,
    at: site?.span ?? { file: '', from: 0, to: 0 },
    site,
    process,
    operands: signal.operands,
  }
}

function boundOf(signal: CutSignal, run: Run | null): Bound {
  const site = run ? run.instruction().site : null
  return { ...signal.bound, at: site?.span ?? { file: '', from: 0, to: 0 } }
}

/** Puts a process back into the state after its run; cell by cell: what did not change stays the same object. */
export function settleProcess(memory: Memory, process: number, run: Run): void {
  const state = memory.processes[process]
  if (!state) throw new Error(`no process ${process}`)
  // Compared with what the run began with: nobody else writes a process's own cells, and drafts are slow to read.
  const { before } = run
  if (before.at !== run.at) state.at = run.at
  if (before.parked !== run.parked) state.parked = run.parked
  for (const [at, value] of run.keptLocals().entries()) {
    if (!same(before.locals[at] ?? null, value)) state.locals[at] = value
  }
}

const same = (a: Value, b: Value): boolean =>
  a === b ||
  (typeof a === 'object' && typeof b === 'object' && JSON.stringify(a) === JSON.stringify(b))
