import {
  type Code,
  definitions,
  type Slot,
  successors,
  type TransitionSystem,
  uses,
} from '../../spec/index.js'

/**
 * A local that nobody will read again before it is written is forgotten where control rests, though its scope goes on
 * (rule 2 keeps it). Nothing that is executed, awaited or judged looks at it, so states that differ only there behave
 * alike: the reduced system is bisimilar to the full one, step by step, with the same names of steps.
 */
export function forgettingDeadLocals(system: TransitionSystem): TransitionSystem {
  return { ...system, codes: system.codes.map(forgetting) }
}

function forgetting(code: Code): Code {
  const live = liveSlots(code)
  const kept = code.kept.map((slots, at) => slots.filter((slot) => live[at]?.has(slot)))
  return { ...code, kept }
}

/** By location: the slots that some path from here reads before it writes them (Nielson et al., 2.1.4). */
export function liveSlots(code: Code): readonly ReadonlySet<Slot>[] {
  const { instructions } = code
  const live = instructions.map(() => new Set<Slot>())
  const work = new Set([...instructions.keys()].reverse())
  const before = instructions.map(() => [] as number[])
  for (const [at, i] of instructions.entries()) for (const to of successors(i)) before[to]?.push(at)
  for (const at of work) {
    work.delete(at)
    const i = instructions[at]
    const here = live[at]
    if (i === undefined || here === undefined) continue
    const size = here.size
    // Slots of disjoint scopes share a cell, so a definition of one is none of the other: they are told apart by object.
    const found = new Set(successors(i).flatMap((to) => [...(live[to] ?? [])]))
    for (const slot of definitions(i)) found.delete(slot)
    for (const slot of uses(i)) found.add(slot)
    for (const slot of found) here.add(slot)
    if (here.size !== size) for (const from of before[at] ?? []) work.add(from)
  }
  return live
}
