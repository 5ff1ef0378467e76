import type { State, TransitionSystem } from '../../spec/index.js'
import { differences } from '../trace/changes.js'
import { fullPlace } from '../trace/format.js'
import type { Change, Trace } from '../trace/trace.js'

/** How the places of one trace are named: objects are left out where the trace touches only one of a pool. */
export interface Naming {
  readonly isShort: (object: string) => boolean
}

/** The shortest names that are still unambiguous in this trace. */
export function namingOf(trace: Trace): Naming {
  const objects = new Set<string>()
  const add = (object: string | null) => object !== null && objects.add(object)
  for (const step of [...trace.steps, ...trace.loop]) {
    for (const change of step.changes) add(change.kind === 'life' ? change.name : change.object)
  }
  for (const operand of trace.operands) add(operand.object)
  const pools = new Map<string, number>()
  for (const object of objects) {
    const pool = object.replace(/\[\d+\]$/, '')
    pools.set(pool, (pools.get(pool) ?? 0) + 1)
  }
  return { isShort: (object) => pools.get(object.replace(/\[\d+\]$/, '')) === 1 }
}

/** A place as short as the naming allows. */
export function shortPlace(place: Pick<Change, 'object' | 'name'>, naming: Naming): string {
  const short = place.object !== null && /\]$/.test(place.object) && naming.isShort(place.object)
  return short && place.name !== '' ? place.name : fullPlace(place)
}

/** `_refcount 1 -> 2`, `PG_locked set`, `pte[0] = null`, `mem_map[0] freed`. */
export function changeText(change: Change, naming: Naming): string {
  const place = shortPlace(change, naming)
  switch (change.kind) {
    case 'bit': {
      const bit = change.name.split('.').at(-1) ?? change.name
      const owner = place.slice(0, -bit.length)
      const object = change.object !== null && owner.startsWith(change.object)
      const shown = object || change.object === null ? place : bit
      return `${shown} ${change.after === '1' ? 'set' : 'cleared'}`
    }
    case 'life':
      return `${change.name} ${change.after === 'free' ? 'freed' : 'allocated'}`
    case 'lock':
      return `${place} ${change.after}`
    case 'pointer':
      return `${place} = ${change.after}`
    case 'value':
      return `${place} ${change.before} -> ${change.after}`
  }
}

/**
 * What a line of a trace says it changed. `said` is the line's own text: a lock it names needs no second line, the
 * call says what it does.
 */
export function changeTexts(
  system: TransitionSystem,
  before: State,
  after: State,
  naming: Naming,
  said: string,
): string[] {
  const words = new Set(said.match(/[A-Za-z_]\w*/g) ?? [])
  const changes = differences(system, before, after)
  const born = new Set(
    changes
      .filter((each) => each.kind === 'life' && each.after !== 'free')
      .map((each) => each.name),
  )
  return changes
    .filter((change) => {
      // Freeing makes every pointer to the object stale: the line that freed it has said so.
      if (change.kind === 'pointer' && change.after === `${change.before} (stale)`) return false
      if (change.kind === 'lock') {
        const lock = change.name.replace(/\[\d+\]/g, '').split('.')
        return !words.has(lock.at(-1) ?? '')
      }
      // The birth of an object is told by what is not zero in it.
      const fresh = change.object !== null && born.has(change.object)
      return !(fresh && /^(?:0|null|false)$/.test(change.after))
    })
    .map((change) => {
      const fresh = change.object !== null && born.has(change.object) && change.kind === 'value'
      if (fresh) return `${shortPlace(change, naming)} = ${change.after}`
      return changeText(change, naming)
    })
}
