import {
  type HeldLock,
  type Involved,
  lockPlaces,
  type TransitionSystem,
} from '../../../spec/index.js'
import { holdings } from '../../trace/holdings.js'
import type { Trace } from '../../trace/trace.js'
import { WIDTH, wrap } from '../wrap.js'
import { lockText, sinceText, siteText, stackLines, whoText } from './words.js'

/** One order of a circle: under `held`, `taker` comes to take `wanted`; in a handler what is held is the interrupted one's. */
export interface Edge {
  readonly holder: Involved
  readonly held: HeldLock
  readonly taker: Involved
  readonly wanted: HeldLock
}

export function edgesOf(involved: readonly Involved[]): Edge[] {
  const edges: Edge[] = []
  let holder: Involved | null = null
  for (const each of involved) {
    if (each.wanted === undefined) {
      holder = each
      continue
    }
    const from: Involved = holder ?? each
    if (from.held !== undefined) {
      edges.push({ holder: from, held: from.held, taker: each, wanted: each.wanted })
    }
    holder = null
  }
  return edges
}

export const isInterrupted = ({ holder, taker }: Edge): boolean => holder !== taker

/** `lock(a);`, `rlock(sem);`, `sync(srcu);` for a grace period. */
export function takes(system: TransitionSystem, lock: HeldLock): string {
  const which = whichOf(system, lock)
  if (which === 'RCU' || which === 'srcu') {
    return `${lock.mode === 'write' ? 'sync' : 'rlock'}(${nameOf(lock)});`
  }
  return `${lock.mode === 'read' ? 'rlock' : 'lock'}(${nameOf(lock)});`
}

/** Where the shown run took the lock it holds; of an interrupted process, where it stands. */
export function heldAt(trace: Trace, { holder, held }: Edge): string {
  const { system } = trace
  const found = holdings(trace, holder.process).find((each) => each.place === held.name)
  if (found !== undefined) return sinceText(system, found.since)
  return siteText(system, holder.site, holder.process)
}

/** lockdep's name for an RCU read section is that of the primitive. */
export const nameOf = ({ name }: HeldLock): string => (name === 'RCU' ? 'rcu_read_lock' : name)

const whichOf = (system: TransitionSystem, { name }: HeldLock) =>
  lockPlaces(system).find((place) => place.name === name)?.which ?? 'RCU'

export const textOf = (system: TransitionSystem, lock: HeldLock): string =>
  lockText({ name: nameOf(lock), which: whichOf(system, lock), mode: lock.mode })

/** Where a task stands that holds a lock and may be interrupted; where it took the lock the search does not keep. */
export function standsLines(
  system: TransitionSystem,
  { site, process }: Involved,
  held: HeldLock,
  context: string,
): string[] {
  const on = `${context.toLowerCase()}s`
  const who = `${whoText(system, process)}, holding ${nameOf(held)} with ${on} on, before:`
  return [...wrap(` ${who}`, WIDTH, 3), ...stackLines(system, site, process)]
}
