import type { Engine, PackedState } from '../engine/engine.js'

/** Declared names of the processes that take part in a violation, ascending. */
export type Participants = readonly string[]

/**
 * Who takes part in what is wrong with a state: the processes that stand elsewhere than where they begin, and `mover`,
 * which takes the violating step. Of a family only the name counts: it does not matter which of its members it is.
 */
export function participation(
  engine: Engine,
): (state: PackedState, mover: number | null) => Participants {
  const { processes } = engine.system
  const starts = engine.initial().flatMap((one) => (one.kind === 'next' ? [one.state] : []))
  const begins = processes.map(
    (_, process) => new Set(starts.map((state) => engine.location(state, process))),
  )
  return (state, mover) => {
    const moved = processes.filter(
      (_, process) =>
        process === mover || begins[process]?.has(engine.location(state, process)) !== true,
    )
    return [...new Set(moved.map(({ declared }) => declared))].sort()
  }
}

/** What was found of one cause. */
export interface Cause<Finding> {
  readonly participants: Participants
  readonly depth: number
  readonly findings: readonly Finding[]
  /** How often it was met: states, and steps that end in it. */
  readonly count: number
}

/**
 * Of all the causes of one violation those that say something: with neither fewer participants nor fewer steps there is
 * another. What is left out is bystanders that had moved as well; it counts for the first cause it contains.
 */
export function tellingCauses<Finding>(
  causes: readonly Cause<Finding>[],
): readonly Cause<Finding>[] {
  const sorted = [...causes].sort(
    (one, other) =>
      one.participants.length - other.participants.length ||
      one.depth - other.depth ||
      (one.participants.join() < other.participants.join() ? -1 : 1),
  )
  const told: Cause<Finding>[] = []
  for (const cause of sorted) {
    const at = told.findIndex(
      ({ participants, depth }) =>
        depth <= cause.depth && participants.every((name) => cause.participants.includes(name)),
    )
    const known = told[at]
    if (known === undefined) told.push(cause)
    else told[at] = { ...known, count: known.count + cause.count }
  }
  return told
}
