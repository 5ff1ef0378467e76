import type { Span } from '../source/span.js'
import type { Local } from './model.js'
import type { Globals } from './scopes.js'
import { placeKept } from './type-errors.js'

/**
 * A parameter `T *x` takes `&place` only where the op, and every op it hands `x` on to, reads and writes
 * through it: a place has no slot in a pool that could be stored or compared. Needs all bodies.
 */
export function checkKeptPointers(globals: Globals): void {
  const { kept, handedOn, places } = globals.pointerUses
  const keepers = new Map<Local, { readonly parameter: Local; readonly at: Span }>()
  for (const [parameter, at] of kept) keepers.set(parameter, { parameter, at })
  for (let changed = true; changed; ) {
    changed = false
    for (const { from, to } of handedOn) {
      const keeper = keepers.get(to)
      if (!keeper || keepers.has(from)) continue
      keepers.set(from, keeper)
      changed = true
    }
  }
  for (const { to, op, at } of places) {
    const keeper = keepers.get(to)
    if (keeper) globals.report(placeKept(at, to, op.name, keeper))
  }
}
