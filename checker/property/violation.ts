import type { Trap } from '../../spec/index.js'
import type { Trail } from '../engine/engine.js'

/**
 * A property found false, with the run that shows it. `trail` leads to the violating state, or up to and including
 * the violating step when `trap.site` is set; its length is the depth.
 */
export interface Violation {
  readonly kind: string
  readonly trap: Trap
  readonly trail: Trail
  readonly depth: number
  readonly switches: number
  /** For a lost rest: the steps once around the terminal loop, empty when nothing moves in it. */
  readonly loop: readonly { readonly process: number; readonly choices: readonly number[] }[]
  /** Where violations are told apart by their causes: names of the processes that take part, and how often it was met. */
  readonly participants?: readonly string[]
  readonly count?: number
}
