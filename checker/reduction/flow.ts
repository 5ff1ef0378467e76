import {
  type Code,
  type Instruction,
  isVisible,
  type Location,
  successors,
} from '../../spec/index.js'

/** Control between the places where it can rest. */

export const visibleIn = (code: Code): readonly boolean[] => code.instructions.map(isVisible)

/** The visible locations where the transition that begins at `from` first arrives; `isArriving`: or that it is. */
export function landings(
  code: Code,
  visible: readonly boolean[],
  from: Location,
  isArriving = false,
): ReadonlySet<Location> {
  const found = new Set<Location>()
  for (const at of within(code, visible, from, isArriving)) if (visible[at]) found.add(at)
  return found
}

/** The locations that the transition passes, with those where it ends. */
export function within(
  code: Code,
  visible: readonly boolean[],
  from: Location,
  isArriving = false,
): ReadonlySet<Location> {
  const instruction = (at: Location): Instruction => code.instructions[at] as Instruction
  const seen = new Set(isArriving ? [from] : successors(instruction(from)))
  for (const at of seen) {
    const i = instruction(at)
    const isOver = i.kind === 'end' && i.next === at
    if (!visible[at] && !isOver) for (const to of successors(i)) seen.add(to)
  }
  return seen
}
