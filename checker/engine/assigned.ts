import {
  type Code,
  definitions,
  type Instruction,
  isVisible,
  type Location,
  type Slot,
  successors,
} from '../../spec/index.js'

/** Where control of a process can rest: before a visible instruction, or at the end of a thread; ascending. */
export function restingLocations(code: Code): readonly Location[] {
  return reachedLocations(code).filter((at) => rests(code, at))
}

/** Where control can be at all; ascending. */
function reachedLocations(code: Code): readonly Location[] {
  const reached = new Set<Location>([code.entry])
  for (const at of reached) {
    for (const next of successors(instructionAt(code, at))) reached.add(next)
  }
  return [...reached].sort((left, right) => left - right)
}

function rests(code: Code, at: Location): boolean {
  const instruction = instructionAt(code, at)
  // A daemon's end is passed through at once; a thread's leads to itself.
  return isVisible(instruction) || (instruction.kind === 'end' && instruction.next === at)
}

/**
 * The slots that may be uninitialised where control rests and they are kept: those need a code for "empty". All others
 * have a value on every path, which a forward analysis over the control flow shows. Packing asserts it.
 */
export function maybeEmptySlots(code: Code, resting: readonly Location[]): ReadonlySet<Slot> {
  const kept = new Map(resting.map((at) => [at, new Set(code.kept[at])]))
  const slots = [...new Set([...kept.values()].flatMap((set) => [...set]))]
  const empty = new Map<Location, Set<Slot>>([[code.entry, new Set(slots)]])
  // Control mostly goes forward, so in ascending order most locations are looked at once, after all that lead there.
  const order = reachedLocations(code)
  const work = new Set([code.entry])
  while (work.size > 0) {
    for (const at of order) {
      if (!work.delete(at)) continue
      const instruction = instructionAt(code, at)
      const after = new Set(empty.get(at))
      const here = kept.get(at)
      // What is not kept while control rests is emptied.
      if (here !== undefined) for (const slot of slots) if (!here.has(slot)) after.add(slot)
      for (const slot of definitions(instruction)) after.delete(slot)
      if (instruction.kind === 'clear') for (const slot of instruction.slots) after.add(slot)
      for (const next of successors(instruction)) if (join(empty, next, after)) work.add(next)
    }
  }
  const found = resting.flatMap((at) =>
    [...(kept.get(at) ?? [])].filter((slot) => empty.get(at)?.has(slot)),
  )
  return new Set(found)
}

/** Adds to the slots that may be empty at a location; whether that changed anything. */
function join(empty: Map<Location, Set<Slot>>, at: Location, slots: ReadonlySet<Slot>): boolean {
  const known = empty.get(at)
  if (known === undefined) {
    empty.set(at, new Set(slots))
    return true
  }
  const before = known.size
  for (const slot of slots) known.add(slot)
  return known.size > before
}

function instructionAt(code: Code, at: Location): Instruction {
  const instruction = code.instructions[at]
  if (instruction === undefined) throw new Error(`no location ${at} in ${code.name}`)
  return instruction
}
