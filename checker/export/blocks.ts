import type { Body } from './program.js'

/** How a body's blocks hang together: what a printer must know to write them as nested text. */
export interface Joints {
  /** Blocks that more than one place leads to, or that are gone back to: they need a label of their own. */
  readonly labelled: ReadonlySet<number>
  /** Some block can be reached from itself. */
  readonly isCyclic: boolean
}

/** The blocks that follow a block, in the order of the text. */
export function following(body: Body, block: number): readonly number[] {
  const end = body.blocks[block]?.end
  switch (end?.kind) {
    case 'goto':
      return [end.block]
    case 'branch':
      return [end.then, end.otherwise]
    case 'either':
      return end.blocks
    default:
      return []
  }
}

export function jointsOf(body: Body): Joints {
  const entries = new Map<number, number>([[0, 1]])
  const open = new Set<number>()
  const finished = new Set<number>()
  const labelled = new Set<number>()
  let isCyclic = false
  const visit = (block: number): void => {
    open.add(block)
    for (const next of following(body, block)) {
      const count = (entries.get(next) ?? 0) + 1
      entries.set(next, count)
      if (count > 1) labelled.add(next)
      if (open.has(next)) {
        isCyclic = true
        labelled.add(next)
      } else if (!finished.has(next)) visit(next)
    }
    open.delete(block)
    finished.add(block)
  }
  visit(0)
  return { labelled, isCyclic }
}
