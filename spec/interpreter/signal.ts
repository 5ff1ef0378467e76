import type { Bound } from './outcome.js'

/** A place in the state: the keys from its root. */
export type Path = readonly (string | number)[]

/** Thrown where the semantics raises a violation; becomes a `Trap` at the end of the transition. */
export class TrapSignal {
  readonly kind: string
  readonly message: string
  readonly operands: readonly Path[]

  constructor(kind: string, message: string, operands: readonly Path[] = []) {
    this.kind = kind
    this.message = message
    this.operands = operands
  }
}

/** Thrown where a bound ends the run: the bound's fault, not the design's. */
export class CutSignal {
  readonly bound: Omit<Bound, 'at'>

  constructor(bound: Omit<Bound, 'at'>) {
    this.bound = bound
  }
}

/** Thrown where the process cannot go on now, after these picks: with others it might. */
export class BlockedSignal {
  readonly picks: readonly number[]
  readonly widths: readonly number[]

  constructor(run: { readonly picks: readonly number[]; readonly widths: readonly number[] }) {
    this.picks = [...run.picks]
    this.widths = [...run.widths]
  }
}

/** Thrown when a replayed step asks for a pick that is not there. */
export class IllegalChoice {}
