import {
  add,
  and,
  block,
  branch,
  branchIf,
  type Code,
  constant,
  load,
  multiply,
  notEqual,
  store,
} from '../code.js'
import type { Local } from '../frame.js'
import { CONTROL } from '../store/plan.js'
import { copyWords, differingWords, ENTRY } from '../store/table.js'
import { RECENT_MAX } from './desk.js'
import { type ExplorerParts, zero } from './parts.js'

/**
 * Steps that commute lead to one state, and the states they start from are neighbours in a level: about half of all
 * successors have been met just before. A small cache by hash tells them from the others without a look at the table:
 * which level it was, then the words. What is in it has been met while this level was expanded, and will be in the
 * table when the level is done.
 *
 * Runs one of two codes, `isRecent` where the entry is in the cache, and puts it there.
 */
export function emitRecent(
  { desk, plan }: ExplorerParts,
  base: Code,
  entry: Code,
  place: Local,
  then: { readonly isRecent: Code; readonly isNot: Code },
): Code {
  const index = and(load(entry, ENTRY.hash), constant(RECENT_MAX - 1))
  const level = load(zero, 4 * CONTROL.level)
  const first = desk.recent + 8
  return [
    place.set(add(base, multiply(index, constant(desk.recentBytes)))),
    block([
      block([
        branchIf(0, notEqual(load(place.get, desk.recent), level)),
        differingWords(plan, place.get, first, entry).map((differs) => branchIf(0, differs)),
        then.isRecent,
        branch(1),
      ]),
      store(place.get, desk.recent, level),
      copyWords(plan, place.get, first, entry, ENTRY.words),
      then.isNot,
    ]),
  ]
}
