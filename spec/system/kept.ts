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
    if (temporaries.length === 0) return scope
    return [...scope, ...temporaries]
  })
}

/**
 * By location: the temporaries some path from here reads before writing them. Each reading is followed back to where the
 * value comes from, which is not far.
 */
function liveTemporaries(
  instructions: readonly Instruction[],
): readonly (ReadonlySet<Slot> | undefined)[] {
  const live: (Set<Slot> | undefined)[] = []
  const predecessors = instructions.map(() => [] as number[])
  for (const [at, instruction] of instructions.entries()) {
    for (const to of successors(instruction)) predecessors[to]?.push(at)
  }
  const follow = (slot: Slot, reading: number): void => {
    const work = [reading]
    for (let at = work.pop(); at !== undefined; at = work.pop()) {
      const here = live[at] ?? new Set()
      if (here.has(slot)) continue
      live[at] = here.add(slot)
      for (const from of predecessors[at] ?? []) {
        const before = instructions[from]
        if (before && !definitions(before).includes(slot)) work.push(from)
      }
    }
  }
  for (const [at, instruction] of instructions.entries()) {
    for (const slot of uses(instruction)) if (slot.temporary) follow(slot, at)
  }
  return live
}
