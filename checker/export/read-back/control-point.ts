/** One step of a foreign trace, as far as it names one of ours: who moved, and where it was. */
export interface ControlPoint {
  readonly process: number
  /** The location it moved from. */
  readonly at: number
}

/** A foreign trace read back, or why it cannot be. */
export type ReadBack =
  | { readonly points: readonly ControlPoint[]; readonly refusal: null }
  | { readonly points: null; readonly refusal: string }
