import { following, jointsOf } from '../blocks.js'
import type { Body } from '../program.js'

/** Where the blocks in which ways meet are written, in a body without loops. */
export interface Meetings {
  /** By block that the ways part at: the blocks where they meet again, in order. */
  readonly after: ReadonlyMap<number, readonly number[]>
  /** Those of them that not all ways come to: they stand behind a question. */
  readonly asked: ReadonlySet<number>
}

/** `order`: every block after those that lead to it. */
export function meetingsOf(body: Body, order: readonly number[]): Meetings {
  const { labelled } = jointsOf(body)
  const parting = partings(body, order)
  const after = new Map<number, number[]>()
  for (const block of order) {
    const at = parting.get(block)
    if (at !== undefined && labelled.has(block)) after.set(at, [...(after.get(at) ?? []), block])
  }
  const asked = new Set<number>()
  /** Where control may be after the text of a block: at a block that is written elsewhere, or nowhere any more. */
  const exits = (block: number): ReadonlySet<number | null> => {
    const nexts = following(body, block)
    let open = new Set<number | null>(nexts.length === 0 ? [null] : [])
    for (const next of nexts) {
      for (const exit of labelled.has(next) ? [next] : exits(next)) open.add(exit)
    }
    for (const next of after.get(block) ?? []) {
      if (open.size > 1) asked.add(next)
      open = new Set([...open].filter((exit) => exit !== next))
      for (const exit of exits(next)) open.add(exit)
    }
    return open
  }
  exits(0)
  return { after, asked }
}

/** By block: the last one that every way to it comes by. */
function partings(body: Body, order: readonly number[]): ReadonlyMap<number, number> {
  const parting = new Map<number, number>()
  const position = new Map(order.map((block, at) => [block, at]))
  const common = (left: number, right: number): number => {
    let [one, other] = [left, right]
    while (one !== other) {
      const isLater = (position.get(one) ?? 0) > (position.get(other) ?? 0)
      if (isLater) one = parting.get(one) ?? 0
      else other = parting.get(other) ?? 0
    }
    return one
  }
  for (const block of order) {
    for (const next of following(body, block)) {
      const known = parting.get(next)
      parting.set(next, known === undefined ? block : common(known, block))
    }
  }
  return parting
}
