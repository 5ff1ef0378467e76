import type { Slot } from './expression.js'
import { definitions, uses } from './slots.js'
import type { Instruction } from './system.js'
import { successors } from './visible.js'

/**
 * Rule 2: what a state holds of a process's locals when control rests at a location: the locals in scope there, and
 * the temporaries that are still to be read. Temporaries are lowering's own, so they live as shortly as possible.
 */
export function keptSlots(
  instructions: readonly Instruction[],
  scopes: readonly (readonly Slot[])[],
): readonly (readonly Slot[])[] {
  const live = liveTemporaries(instructions)
  return instructions.map((_, at) => {
    const scope = scopes[at] ?? []
    const temporaries = [...(live[at] ?? [])].sort((a, b) => a.index - b.index)
    return [...scope, ...temporaries]
  })
}

/** By location: the temporaries some path from here reads before writing them. */
function liveTemporaries(instructions: readonly Instruction[]): readonly ReadonlySet<Slot>[] {
  const live = instructions.map(() => new Set<Slot>())
  const predecessors = instructions.map(() => [] as number[])
  for (const [at, instruction] of instructions.entries()) {
    for (const to of successors(instruction)) predecessors[to]?.push(at)
  }
  // Control mostly goes forward, so in descending order most locations are looked at once, after all they lead to.
  const descending = instructions.map((_, at) => at).reverse()
  const work = new Set(descending)
  while (work.size > 0) {
    for (const at of descending) {
      const instruction = instructions[at]
      const here = live[at]
      if (!work.delete(at) || !instruction || !here) continue
      const before = here.size
      for (const to of successors(instruction)) for (const slot of live[to] ?? []) here.add(slot)
      for (const slot of definitions(instruction)) here.delete(slot)
      for (const slot of uses(instruction)) if (slot.temporary) here.add(slot)
      if (here.size !== before) for (const from of predecessors[at] ?? []) work.add(from)
    }
  }
  return live
}
