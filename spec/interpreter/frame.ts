import type { Code, PoolStorage, Section, TransitionSystem } from '../system/system.js'
import type { LockValue, Value } from './state.js'

/** A state while a transition runs on it: an immer draft, or a frozen state that is only read. */
export interface Memory {
  readonly shared: Record<string, Mutable>
  readonly pools: Record<string, { alive: number; value: Record<string, Mutable> }[]>
  readonly processes: {
    at: number
    parked: number
    sections: Record<Section, number>
    awaits: readonly number[] | null
    locals: Mutable[]
  }[]
}

/** A value while it may be written. */
export type Mutable = Value | LockValue | Mutable[] | { [field: string]: Mutable }

/** Whose locals an expression reads. */
export interface Frame {
  readonly system: TransitionSystem
  readonly code: Code
  /** Index of the process, `INIT` or `NOBODY`. */
  readonly process: number
  readonly family: number | null
  readonly locals: Mutable[]
}

export const poolAt = (system: TransitionSystem, at: number): PoolStorage => {
  const pool = system.pools[at]
  if (!pool) throw new Error(`no pool ${at}`)
  return pool
}
