import type { Location } from '../../spec/index.js'

/**
 * Where it is enough to let one process move (partial order reduction): by process, from which locations, and where the
 * others must not be then.
 */
export type AmplePlan = readonly (readonly AmpleSteps[])[]

export interface AmpleSteps {
  readonly from: ReadonlySet<Location>
  /** By other process: the locations from which it may come to a step that does not commute. */
  readonly conflicts: readonly ReadonlySet<Location>[]
}
