import type { Test } from '../program.js'
import { codeOfProcess } from './contexts.js'
import { enabledAt } from './guards.js'
import { ownRead } from './locals.js'
import { headPlaces, isQueued } from './perform-callback.js'
import { among, and, not, number } from './terms.js'
import type { World } from './world.js'

/** Rule 8, where nothing moves: every thread finished, every daemon between two runs of its body with nothing to do. */
export function restCondition(world: World): Test {
  const { system } = world
  const queued = headPlaces(world).map((place) => not(isQueued(place)))
  const done = system.processes.map((instance, process): Test => {
    const store = codeOfProcess(world, process)
    const { code, at } = store
    const self = number(process)
    const where = ownRead(store, at, self)
    if (!instance.daemon) {
      return among(
        where,
        [...code.instructions.keys()].filter((one) => code.instructions[one]?.kind === 'end'),
      )
    }
    const idle = [...code.idle].filter((one) => store.flow.resting.has(one))
    const still = idle.map((one) => not(enabledAt(world, store, one, self)))
    return and(among(where, idle), ...still)
  })
  return and(...done, ...queued)
}
