import {
  add,
  block,
  branch,
  branchIf,
  type Code,
  constant,
  greaterOrEqualUnsigned,
  loop,
} from '../code.js'
import type { Frame, Local } from '../frame.js'
import { aim, emitApproach, touched } from '../store/table.js'
import { type ExplorerParts, noteOnDesk } from './parts.js'

/** Entries one after the other, from `first` up to `end`. */
export interface Batch {
  readonly entry: Local
  readonly end: Local
  /** `body` for each `entry`. */
  forEach(body: Code): Code
  /**
   * Aims all entries. First all slots are touched, then what they point at, so that the cache misses of many states
   * overlap; one after the other they would take most of the time of a search.
   */
  readonly aimed: Code
}

export function emitBatch({ desk, plan }: ExplorerParts, frame: Frame, first: Code): Batch {
  const entry = frame.word()
  const end = frame.word()
  const sum = frame.word()
  const approach = emitApproach(plan, frame)(entry.get)
  const forEach = (body: Code): Code => [
    entry.set(first),
    block(
      loop([
        branchIf(1, greaterOrEqualUnsigned(entry.get, end.get)),
        body,
        entry.set(add(entry.get, constant(desk.entryBytes))),
        branch(0),
      ]),
    ),
  ]
  const touch = (value: Code): Code => sum.set(add(sum.get, value))
  const aimed = [
    forEach([aim(entry.get), touch(touched(plan, entry.get))]),
    forEach([approach.go, touch(approach.touched)]),
    // So that the touching is not for nothing in the eyes of the compiler.
    noteOnDesk(desk.spare, sum.get),
  ]
  return { entry, end, forEach, aimed }
}
