import type { TransitionSystem } from '../system/system.js'
import { type Effect, settleProcess } from './execute.js'
import { type Facts, Run } from './run.js'
import type { State, Value } from './state.js'
import { INIT } from './value.js'

/** Everything at its initial value, no process started. */
export function emptyState(system: TransitionSystem): State {
  const shared: Record<string, Value> = {}
  for (const { name, initial } of system.shared) shared[name] = initial as Value
  const pools: Record<string, { alive: number; value: Record<string, Value> }[]> = {}
  for (const { name, size, safety, initial } of system.pools) {
    pools[name] = Array.from({ length: size }, () => ({
      alive: safety === 'tasks' ? 1 : 0,
      value: { ...initial } as Record<string, Value>,
    }))
  }
  const processes = system.processes.map(({ code }) => ({
    at: system.codes[code]?.entry ?? 0,
    parked: 0,
    sections: { preempt: 0, irqs: 0, bh: 0, rcu: 0 },
    awaits: null,
    locals: new Array<Value>(system.codes[code]?.cells ?? 0).fill(null),
  }))
  return { shared, pools, processes }
}

/**
 * `init`, then the local computation each process starts with (rule 2): together one instant. Picks are counted
 * through, over all of it.
 */
export function starting(facts: Facts, given: readonly number[]): Effect {
  const { system } = facts
  return (memory, started) => {
    const picks: number[] = []
    const widths: number[] = []
    const log: Run['log'] = []
    const begin = (run: Run): Run => {
      // One record over all bodies: the picks of earlier ones come first.
      run.picks.push(...picks)
      run.widths.push(...widths)
      run.log.push(...log)
      started(run)
      return run
    }
    const end = (run: Run): void => {
      picks.splice(0, picks.length, ...run.picks)
      widths.splice(0, widths.length, ...run.widths)
      log.splice(0, log.length, ...run.log)
    }
    for (const code of system.init) {
      const who = { process: INIT, family: null, at: code.entry, parked: 0 }
      const run = begin(new Run(facts, memory, code, who, empty(code.cells), given))
      run.finish()
      run.checkNothingHeld()
      end(run)
    }
    for (const [process, { code: at, family }] of system.processes.entries()) {
      const code = system.codes[at]
      if (!code) continue
      const who = { process, family, at: code.entry, parked: 0 }
      const run = begin(new Run(facts, memory, code, who, empty(code.cells), given))
      run.settle()
      settleProcess(memory, process, run)
      end(run)
    }
  }
}

const empty = (cells: number): readonly Value[] => new Array<Value>(cells).fill(null)
