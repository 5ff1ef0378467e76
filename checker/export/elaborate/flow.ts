import {
  type Code,
  definitions,
  type Location,
  type Slot,
  successors,
  uses,
} from '../../../spec/index.js'
import { restingLocations } from '../../engine/assigned.js'

/** What is known of a code's locals by looking at its control flow. */
export interface Flow {
  readonly code: Code
  /** Where control can rest, ascending. A property and `init` rest nowhere. */
  readonly resting: ReadonlySet<Location>
  /** By location: the slots that may be without a value on arrival. */
  readonly empty: readonly ReadonlySet<Slot>[]
  /** By location: the slots that may still be read, or that a state keeps. */
  readonly live: readonly ReadonlySet<Slot>[]
  /** How many ways lead to a location. */
  readonly entries: readonly number[]
}

export function flowOf(code: Code, rests: boolean): Flow {
  const resting = new Set(rests ? restingLocations(code) : [])
  const entries = code.instructions.map(() => 0)
  for (const i of code.instructions) {
    for (const to of successors(i)) entries[to] = (entries[to] ?? 0) + 1
  }
  return {
    code,
    resting,
    empty: emptySlots(code, resting),
    live: liveSlots(code, resting),
    entries,
  }
}

/** The locations that the transition from a location passes, and those where it can end. */
export function transitionFrom(
  flow: Flow,
  start: Location,
): { readonly passed: ReadonlySet<Location>; readonly arrivals: ReadonlySet<Location> } {
  const passed = new Set([start])
  const arrivals = new Set<Location>()
  for (const at of passed) {
    const instruction = flow.code.instructions[at]
    for (const to of instruction ? successors(instruction) : []) {
      if (flow.resting.has(to)) arrivals.add(to)
      else passed.add(to)
    }
  }
  return { passed, arrivals }
}

/** The slots that the loops of a transition count with, and that have a value when it begins. */
export function countersOf(flow: Flow, start: Location): readonly Slot[] {
  const { passed } = transitionFrom(flow, start)
  const { instructions, kept } = flow.code
  const looping = [...passed].filter((at) => reaches(flow, passed, at, at))
  const written = new Set(
    looping.flatMap((at) => {
      const i = instructions[at]
      return i?.kind === 'assign' ? [i.slot] : []
    }),
  )
  const empty = flow.empty[start]
  return (kept[start] ?? []).filter((slot) => written.has(slot) && !empty?.has(slot))
}

/** Whether a way inside of a transition leads from one location to another. */
function reaches(
  { code }: Flow,
  passed: ReadonlySet<Location>,
  from: Location,
  to: Location,
): boolean {
  const seen = new Set<Location>()
  const work = [from]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const i = code.instructions[at]
    for (const next of i ? successors(i) : []) {
      if (!passed.has(next)) continue
      if (next === to) return true
      if (seen.has(next)) continue
      seen.add(next)
      work.push(next)
    }
  }
  return false
}

function emptySlots(code: Code, resting: ReadonlySet<Location>): readonly Set<Slot>[] {
  const all = new Set(code.slots)
  const found: Set<Slot>[] = code.instructions.map(() => new Set())
  const reached = new Set([code.entry])
  found[code.entry] = new Set(all)
  const work = [code.entry]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const i = code.instructions[at]
    if (!i) continue
    const after = new Set(found[at])
    if (resting.has(at)) {
      const kept = new Set(code.kept[at])
      for (const slot of all) if (!kept.has(slot)) after.add(slot)
    }
    for (const slot of definitions(i)) after.delete(slot)
    if (i.kind === 'clear') for (const slot of i.slots) after.add(slot)
    for (const to of successors(i)) {
      const known = found[to]
      const before = known?.size ?? 0
      for (const slot of after) known?.add(slot)
      if (reached.has(to) && known?.size === before) continue
      reached.add(to)
      work.push(to)
    }
  }
  return found
}

function liveSlots(code: Code, resting: ReadonlySet<Location>): readonly Set<Slot>[] {
  const live: Set<Slot>[] = code.instructions.map(() => new Set())
  for (let grew = true; grew; ) {
    grew = false
    for (let at = code.instructions.length - 1; at >= 0; at--) {
      const i = code.instructions[at]
      const here = live[at]
      if (!i || !here) continue
      const before = here.size
      for (const to of successors(i)) {
        const kept = resting.has(to) ? code.kept[to] : undefined
        for (const slot of kept ?? live[to] ?? []) here.add(slot)
      }
      for (const slot of definitions(i)) if (!isAggregate(slot)) here.delete(slot)
      for (const slot of uses(i)) here.add(slot)
      if (here.size !== before) grew = true
    }
  }
  return live
}

export const isAggregate = (slot: Slot): boolean =>
  slot.type.kind === 'array' || slot.type.kind === 'struct'
