import type { Slot } from './expression.js'
import type { Instruction, Location } from './system.js'
import { isVisible, successors } from './visible.js'

/**
 * Rule 8 asks whether a daemon is between two runs of its body, so the locations where it waits to begin must be
 * told apart from the same instructions met again inside a loop of the body: where that could be, the way from the
 * entry to the first steps is copied. Appends to both arrays; returns the entry and the idle locations.
 */
export function idleEntry(
  instructions: Instruction[],
  scopes: (readonly Slot[])[],
  entry: Location,
): { readonly entry: Location; readonly idle: ReadonlySet<Location> } {
  const way = wayIn(instructions, entry)
  const first = [...way].filter((at) => resting(instructions[at]))
  const entered = instructions.some(
    (instruction, at) =>
      !way.has(at) &&
      instruction.kind !== 'end' &&
      successors(instruction).some((to) => way.has(to)),
  )
  const looped = first.some((at) =>
    successorsOf(instructions, at).some((to) => way.has(to) && instructions[to]?.kind !== 'end'),
  )
  if (!entered && !looped) return { entry, idle: new Set(first) }
  return copyWayIn(instructions, scopes, entry, way)
}

const resting = (instruction: Instruction | undefined): boolean =>
  instruction !== undefined && isVisible(instruction)

const successorsOf = (instructions: readonly Instruction[], at: Location): readonly Location[] => {
  const instruction = instructions[at]
  return instruction ? successors(instruction) : []
}

/** The locations control passes from the entry up to and including the first steps. */
function wayIn(instructions: readonly Instruction[], entry: Location): Set<Location> {
  const found = new Set<Location>([entry])
  const work = [entry]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const instruction = instructions[at]
    if (!instruction || isVisible(instruction) || instruction.kind === 'end') continue
    for (const to of successors(instruction)) {
      if (found.has(to)) continue
      found.add(to)
      work.push(to)
    }
  }
  return found
}

function copyWayIn(
  instructions: Instruction[],
  scopes: (readonly Slot[])[],
  entry: Location,
  way: ReadonlySet<Location>,
): { readonly entry: Location; readonly idle: ReadonlySet<Location> } {
  const copies = new Map<Location, Location>()
  for (const at of way) {
    const instruction = instructions[at]
    if (!instruction || instruction.kind === 'end') continue
    copies.set(at, instructions.length)
    instructions.push(instruction)
    scopes.push(scopes[at] ?? [])
  }
  const copy = (at: Location): Location => copies.get(at) ?? at
  const idle = new Set<Location>()
  for (const [old, at] of copies) {
    const instruction = instructions[old]
    if (!instruction) continue
    if (isVisible(instruction)) idle.add(at)
    else instructions[at] = redirect(instruction, copy)
  }
  for (const [at, instruction] of instructions.entries()) {
    if (instruction.kind === 'end') instructions[at] = { ...instruction, next: copy(entry) }
  }
  return { entry: copy(entry), idle }
}

function redirect(i: Instruction, to: (at: Location) => Location): Instruction {
  if (i.kind === 'branch')
    return { ...i, then: to(i.then), otherwise: to(i.otherwise), next: to(i.next) }
  if (i.kind === 'either') return { ...i, targets: i.targets.map(to), next: to(i.next) }
  return { ...i, next: to(i.next) }
}
