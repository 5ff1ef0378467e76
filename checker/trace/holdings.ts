import {
  type LockPlace,
  type LockValue,
  lockPlaces,
  type Section,
  type State,
  type TransitionSystem,
} from '../../spec/index.js'
import { SECTIONS } from './process-changes.js'
import type { StatePath, Trace, TraceStep } from './trace.js'

/** A lock a process holds at the end of a trace, or the RCU read section it is in. */
export interface Holding {
  readonly process: number
  /** As people write it; `rcu_read_lock`, as lockdep calls it, for RCU. */
  readonly name: string
  /** The name by which waits call it. */
  readonly place: string
  readonly which: LockPlace['which'] | 'RCU'
  readonly mode: 'read' | 'write'
  /** The step that took it; null: the initial state. */
  readonly since: TraceStep | null
}

/** A section that a process is in at the end of a trace. */
export interface OpenSection {
  readonly which: Section
  readonly depth: number
  /** The step that entered the outermost one. */
  readonly since: TraceStep | null
}

/** What a process holds at the end of a trace, in the order in which it came to hold it. */
export function holdings(trace: Trace, process: number): Holding[] {
  const { system, end } = trace
  const found: Holding[] = []
  for (const place of lockPlaces(system)) {
    const mode = heldMode(end, place, process)
    if (mode === null) continue
    const since = lastTurn(trace, (state) => heldMode(state, place, process) !== null)
    const names = { name: lockName(system, place), place: place.name }
    found.push({ process, ...names, which: place.which, mode, since })
  }
  const reader = openSections(trace, process).find((section) => section.which === 'rcu')
  if (reader !== undefined) {
    const names = { name: 'rcu_read_lock', place: 'RCU' }
    found.push({ process, ...names, which: 'RCU', mode: 'read', since: reader.since })
  }
  return found.sort((one, other) => (one.since?.index ?? 0) - (other.since?.index ?? 0))
}

/** The sections a process is in at the end of a trace. */
export function openSections(trace: Trace, process: number): OpenSection[] {
  const depthIn = (state: State, which: Section) => state.processes[process]?.sections[which] ?? 0
  return SECTIONS.filter((which) => depthIn(trace.end, which) > 0).map((which) => ({
    which,
    depth: depthIn(trace.end, which),
    since: lastTurn(trace, (state) => depthIn(state, which) > 0),
  }))
}

/** The last step that made a property of the state true, which it is at the end. */
export function lastTurn(trace: Trace, holds: (state: State) => boolean): TraceStep | null {
  return trace.steps.findLast((step) => !holds(step.before) && holds(step.after)) ?? null
}

/** Whether a lock is one that spins: holding it turns preemption off. */
export const isSpinning = (which: Holding['which']): boolean =>
  which === 'spinlock_t' || which === 'rwlock_t'

/** How a process holds a lock in a state; null when it does not. */
export function heldMode(state: State, place: LockPlace, process: number): Holding['mode'] | null {
  const lock = lockIn(state, place.path)
  if (lock.owner === process) return 'write'
  return lock.readers.includes(process) ? 'read' : null
}

/** The lock at a path, in a state. */
export function lockIn(state: State, path: StatePath): LockValue {
  let here: unknown = state
  for (const key of path) here = (here as Readonly<Record<string | number, unknown>>)[key]
  return here as LockValue
}

/** How people call a lock: a task is called by its process, `tasks[1].lock` says nothing to anybody. */
export function lockName(system: TransitionSystem, { path, name }: LockPlace): string {
  const [area, pool, index] = path
  const isTask =
    area === 'pools' && system.pools.some((each) => each.name === pool && each.safety === 'tasks')
  if (!isTask) return name
  return name.replace(`${pool}[${index}]`, system.processes[Number(index)]?.name ?? String(index))
}
