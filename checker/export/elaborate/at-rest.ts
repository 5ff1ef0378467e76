import type { Location, Slot } from '../../../spec/index.js'
import type { Num, Test } from '../program.js'
import { Refused } from './catalogue.js'
import { type CodeStore, ownIndexes } from './locals.js'
import { valueAt } from './places.js'
import { never, number } from './terms.js'
import type { LocalCell, Scope, World } from './world.js'

/** Looks at a process that rests at a location, from outside: its kept locals are read, nothing is written. */
export function scopeAtRest(
  world: World,
  store: CodeStore,
  self: Num,
  at: Location,
  fault: (when: Test) => void = () => {},
): Scope {
  const cell = (slot: Slot): LocalCell => {
    const stored = store.slots.get(slot)
    if (!stored) return { kind: 'value', value: number(0) }
    return { kind: 'stored', store: stored, indexes: ownIndexes(store, self) }
  }
  return {
    world,
    store,
    role: 'process',
    self,
    cell,
    local: (slot) => {
      const { value, empty } = valueAt(cell(slot))
      return { value, empty: store.flow.empty[at]?.has(slot) ? empty : never }
    },
    fault,
    refuse: (construct) => {
      const i = store.code.instructions[at]
      throw new Refused(construct, i ? world.catalogue.noteOf(i.site) : null)
    },
  }
}
