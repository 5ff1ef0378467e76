import type { Code, CoverCode, PropertyCode } from '../system/system.js'
import { evaluate } from './evaluate.js'
import type { Memory } from './frame.js'
import type { Trap } from './outcome.js'
import { following } from './outcomes.js'
import { type Facts, Run } from './run.js'
import { CutSignal, TrapSignal } from './signal.js'
import type { State, Value } from './state.js'
import { NOBODY } from './value.js'

/** Evaluates an `invariant` or `finally` on a state, in one instant, for every choice it makes, and changes nothing. */
export function judgeProperty(facts: Facts, state: State, property: PropertyCode): Trap | null {
  for (let picks: readonly number[] | null = []; picks !== null; ) {
    const run = reader(facts, state, property.code, picks)
    try {
      run.finish()
    } catch (signal) {
      if (!(signal instanceof TrapSignal)) throw signal
      const { site } = run.instruction()
      const operands = signal.operands
      return { ...signal, operands, at: site.span, site: null, process: null }
    }
    picks = following(run.picks, run.widths)
  }
  return null
}

export function judgeInvariants(facts: Facts, state: State): Trap | null {
  for (const property of facts.system.invariants) {
    const trap = judgeProperty(facts, state, property)
    if (trap) return trap
  }
  return null
}

/** True when a `cover` condition holds, by some choice; one that cannot be evaluated here does not. */
export function covers(facts: Facts, state: State, cover: CoverCode): boolean {
  for (let picks: readonly number[] | null = []; picks !== null; ) {
    const run = reader(facts, state, cover.code, picks)
    try {
      run.finish()
      if (evaluate(cover.result, run.frame) !== 0) return true
    } catch (signal) {
      if (!(signal instanceof TrapSignal || signal instanceof CutSignal)) throw signal
    }
    picks = following(run.picks, run.widths)
  }
  return false
}

function reader(facts: Facts, state: State, code: Code, picks: readonly number[]): Run {
  const who = { process: NOBODY, family: null, at: code.entry, parked: 0 }
  const locals = new Array<Value>(code.cells).fill(null)
  return new Run(facts, state as unknown as Memory, code, who, locals, picks)
}
