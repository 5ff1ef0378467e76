import {
  isVisible,
  type Location,
  type Code as ModelCode,
  successors,
} from '../../../spec/index.js'
import type { Noted, Writes } from './emitter.js'

/**
 * A step writes a handful of the cells of a state, so only these are packed after it and put back before the next one.
 * Which ones they can be is known before anything runs: every write is noted as it is compiled, with all the cells it
 * may be to, and a step is what can be reached from where it begins without coming to another place where control can
 * rest. Whatever else is true of a state, then, is still true after the step: its other fields are copied as words, and
 * its other cells are left alone.
 */
export interface Footprint {
  /** What the step may have written when it ends. */
  readonly writes: Writes
  /** What it may have written when it finds that it is blocked: mostly nothing, for it looks first. */
  readonly beforeBlocking: Writes
}

/** Of the steps that begin at these locations. `noted`: by location, what was noted of the instruction. */
export function footprints(
  code: ModelCode,
  noted: readonly Noted[],
  starts: Iterable<Location>,
): ReadonlyMap<Location, Footprint> {
  const visible = code.instructions.map(isVisible)
  const within = code.instructions.map((i) => successors(i).filter((to) => visible[to] === false))
  return new Map([...starts].map((start) => [start, footprint(within, noted, start)]))
}

/** `within`: by location, where control goes on inside the same step. */
function footprint(
  within: readonly (readonly Location[])[],
  noted: readonly Noted[],
  start: Location,
): Footprint {
  const follow = (at: Location): readonly Location[] => within[at] ?? []
  const reached = new Set([start])
  for (const at of reached) for (const to of follow(at)) reached.add(to)
  const leads = new Set<Location>()
  const leadsOn = (at: Location): boolean =>
    follow(at).some((to) => noted[to]?.blocks === true || leads.has(to))
  for (let before = -1; before < leads.size; ) {
    before = leads.size
    for (const at of reached) if (leadsOn(at)) leads.add(at)
  }
  const union = (locations: Iterable<Location>): Set<number> =>
    new Set([...locations].flatMap((at) => [...(noted[at]?.writes ?? [])]))
  return { writes: union(reached), beforeBlocking: union(leads) }
}
