import {
  type Code,
  definitions,
  type Instruction,
  isVisible,
  type Location,
  type Slot,
  successors,
} from '../../spec/index.js'

/** Where control can rest, and the slots kept there that may have no value. */
interface Control {
  readonly resting: readonly Location[]
  readonly maybeEmpty: ReadonlySet<Slot>
}

const controls = new WeakMap<Code, Control>()

/** Worked out once, for all members of a family have one code. */
export function controlOf(code: Code): Control {
  const known = controls.get(code)
  if (known !== undefined) return known
  const resting = restingLocations(code)
  const control = { resting, maybeEmpty: maybeEmptySlots(code, resting) }
  controls.set(code, control)
  return control
}

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
function maybeEmptySlots(code: Code, resting: readonly Location[]): ReadonlySet<Slot> {
  const kept = new Map(resting.map((at) => [at, new Set(code.kept[at])]))
  const slots = [...new Set([...kept.values()].flatMap((set) => [...set]))]
  const bits = new Map(slots.map((slot, bit) => [slot, bit]))
  const bytes = Math.ceil(slots.length / 8)
  // By location: a bit for each slot that may be empty there; none before control is known to come.
  const empty = new Map<Location, Uint8Array>([[code.entry, new Uint8Array(bytes).fill(0xff)]])
  const without = new Map([...kept].map(([at, here]) => [at, bitsOfOthers(slots, here, bytes)]))
  const after = new Uint8Array(bytes)
  // Control mostly goes forward, so in ascending order most locations are looked at once, after all that lead there.
  const order = reachedLocations(code)
  const work = new Set([code.entry])
  while (work.size > 0) {
    for (const at of order) {
      if (!work.delete(at)) continue
      const instruction = instructionAt(code, at)
      after.set(empty.get(at) ?? [])
      // What is not kept while control rests is emptied.
      const dropped = without.get(at)
      if (dropped !== undefined) join(after, dropped)
      for (const slot of definitions(instruction)) put(after, bits.get(slot), false)
      if (instruction.kind === 'clear') {
        for (const slot of instruction.slots) put(after, bits.get(slot), true)
      }
      for (const next of successors(instruction)) {
        const known = empty.get(next)
        if (known === undefined) empty.set(next, after.slice())
        if (known === undefined || join(known, after)) work.add(next)
      }
    }
  }
  const found = resting.flatMap((at) =>
    [...(kept.get(at) ?? [])].filter((slot) => has(empty.get(at), bits.get(slot))),
  )
  return new Set(found)
}

/** The bits of all slots that are not kept. */
function bitsOfOthers(slots: readonly Slot[], kept: ReadonlySet<Slot>, bytes: number): Uint8Array {
  const found = new Uint8Array(bytes)
  for (const [bit, slot] of slots.entries()) if (!kept.has(slot)) put(found, bit, true)
  return found
}

const has = (set: Uint8Array | undefined, bit: number | undefined): boolean =>
  set !== undefined && bit !== undefined && ((set[bit >>> 3] ?? 0) & (1 << (bit & 7))) !== 0

/** A slot that no state keeps has no bit. */
function put(set: Uint8Array, bit: number | undefined, value: boolean): void {
  if (bit === undefined) return
  const before = set[bit >>> 3] ?? 0
  set[bit >>> 3] = value ? before | (1 << (bit & 7)) : before & ~(1 << (bit & 7))
}

/** Adds other bits; whether that changed anything. */
function join(set: Uint8Array, others: Uint8Array): boolean {
  let grew = false
  for (let at = 0; at < set.length; at++) {
    const before = set[at] as number
    const now = before | (others[at] as number)
    if (now === before) continue
    set[at] = now
    grew = true
  }
  return grew
}

function instructionAt(code: Code, at: Location): Instruction {
  const instruction = code.instructions[at]
  if (instruction === undefined) throw new Error(`no location ${at} in ${code.name}`)
  return instruction
}
