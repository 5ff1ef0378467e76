import type { Site } from '../system/system.js'
import type { Memory } from './frame.js'
import { lockAt, readsIt } from './locks.js'
import type { HeldLock, LockMode } from './outcome.js'
import { printPlace } from './place.js'
import type { Facts } from './run.js'
import { interrupts } from './sections.js'
import { TrapSignal } from './signal.js'
import type { State } from './state.js'
import { probe } from './waits.js'

export type { HeldLock, LockMode } from './outcome.js'

/** Rule 6: the order of locks. What one process holds when it comes to wait for a lock, contended or not. */

export interface Acquisition {
  readonly process: number
  readonly wanted: HeldLock
  /** Of the acquisition. */
  readonly site: Site
  readonly held: readonly HeldLock[]
}

/** A lock held with interrupts on by a process that a handler can interrupt. */
export interface Exposure {
  readonly process: number
  readonly handler: number
  readonly lock: HeldLock
}

const rcu = 'RCU'

/** What a process is about to wait for; null when the next thing it does is no blocking acquisition. */
export function acquisition(facts: Facts, state: State, process: number): Acquisition | null {
  const run = probe(facts, state, process)
  if (!run) return null
  const i = run.instruction()
  const made = (name: string, mode: LockMode): Acquisition => ({
    process,
    wanted: { name, mode },
    site: i.site,
    held: heldBy(facts, state, process),
  })
  try {
    if (i.kind === 'grace') {
      // Waiting for readers is waiting for a lock that they hold.
      if (state.processes[process]?.awaits !== null) return null
      return made(i.domain === null ? rcu : printPlace(i.domain, run.frame), 'write')
    }
    if (i.kind !== 'lock' || i.result !== null || i.place.type.kind !== 'lock') return null
    const name = printPlace(i.place, run.frame)
    if (i.action === 'section-enter') {
      // Entering an SRCU section never waits; a lockdep map says that something does.
      return i.place.type.which === 'lockdep_map' ? made(name, 'write') : null
    }
    if (!i.action.endsWith('-lock')) return null
    return made(name, i.action === 'read-lock' ? 'read' : 'write')
  } catch (signal) {
    if (signal instanceof TrapSignal) return null
    throw signal
  }
}

export function heldBy(facts: Facts, state: State, process: number): readonly HeldLock[] {
  const memory = state as unknown as Memory
  const held: HeldLock[] = []
  for (const place of facts.locks) {
    const lock = lockAt(memory, place.path)
    if (lock.owner === process) held.push({ name: place.name, mode: 'write' })
    else if (readsIt(lock, process)) {
      held.push({ name: place.name, mode: place.which === 'lockdep_map' ? 'write' : 'read' })
    }
  }
  if ((state.processes[process]?.sections.rcu ?? 0) > 0) held.push({ name: rcu, mode: 'read' })
  return held
}

/** Locks that a handler, were it to come now, would find held by those it interrupts. */
export function exposures(facts: Facts, state: State): readonly Exposure[] {
  const { processes } = facts.system
  return processes.flatMap((instance, handler) => {
    if (instance.on === null) return []
    return [...processes.keys()].flatMap((process) => {
      if (instance.on !== process && !interrupts(facts.system, handler, process)) return []
      const sections = state.processes[process]?.sections
      if (!sections || sections.irqs > 0) return []
      if (instance.context === 'softirq' && sections.bh > 0) return []
      return heldBy(facts, state, process).map((lock) => ({ process, handler, lock }))
    })
  })
}
