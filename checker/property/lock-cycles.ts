import type { TransitionSystem } from '../../spec/index.js'
import { exclude, type LockEdge, lockEdges, meeting } from './lock-edge.js'
import type { LockOrders } from './lock-order.js'

/** A circle of lock orders: each edge begins with the lock that the one before it wants. */
export type LockCycle = readonly LockEdge[]

/**
 * Every circle of orders by different processes that could all be waiting at one time (language rule 10: judged over
 * everything explored). Of each set of locks there is one: the shortest, then the first by the names of its locks, then
 * by place. A circle of one edge is a lock held where a handler that wants it may come: an inconsistent lock state.
 *
 * Compared with lockdep (kernel/locking/lockdep.c:check_noncircular) locks are told apart one by one, not by class, and
 * two holders of a common gate lock exclude each other.
 */
export function lockCycles(
  system: TransitionSystem,
  orders: LockOrders,
  depthMax: number,
): readonly LockCycle[] {
  return new Cycles(system, orders, lockEdges(orders, depthMax)).all()
}

class Cycles {
  readonly #system: TransitionSystem
  readonly #shared: ReadonlySet<string>
  /** By held lock, then by wanted lock. */
  readonly #edges = new Map<string, Map<string, LockEdge[]>>()
  readonly #found = new Map<string, LockCycle>()

  constructor(system: TransitionSystem, orders: LockOrders, edges: readonly LockEdge[]) {
    this.#system = system
    this.#shared = orders.shared
    for (const edge of edges) {
      const from = this.#edges.get(edge.from.name) ?? new Map<string, LockEdge[]>()
      const between = from.get(edge.to.name) ?? []
      between.push(edge)
      from.set(edge.to.name, between)
      this.#edges.set(edge.from.name, from)
    }
  }

  all(): readonly LockCycle[] {
    for (let length = 1; length <= this.#lengthMax(); length++) {
      for (const start of this.#edges.keys()) this.#extend([start], length)
    }
    return [...this.#found.values()]
  }

  /** Each edge takes a process of its own, and each lock occurs once. */
  #lengthMax(): number {
    const processes = new Set<number>()
    for (const from of this.#edges.values()) {
      for (const edge of [...from.values()].flat()) processes.add(edge.order.process)
    }
    return Math.min(processes.size, this.#edges.size)
  }

  /** Goes on from a path of locks, all greater than its first, to circles of the wanted length. */
  #extend(locks: readonly string[], length: number): void {
    const [first = ''] = locks
    const from = this.#edges.get(locks.at(-1) ?? '')
    if (from === undefined) return
    if (locks.length === length) {
      if (from.has(first)) this.#close(locks)
      return
    }
    for (const next of from.keys()) {
      if (next > first && !locks.includes(next)) this.#extend([...locks, next], length)
    }
  }

  #close(locks: readonly string[]): void {
    const key = [...locks].sort().join('\n')
    if (this.#found.has(key)) return
    const cycle = this.#choose(locks, [])
    if (cycle !== null) this.#found.set(key, cycle)
  }

  /** The first edges, lock by lock, that could all be waiting at one time. */
  #choose(locks: readonly string[], chosen: readonly LockEdge[]): LockCycle | null {
    if (chosen.length === locks.length) return this.#blocks(chosen) ? chosen : null
    const from = locks[chosen.length] ?? ''
    const to = locks[(chosen.length + 1) % locks.length] ?? ''
    for (const edge of this.#edges.get(from)?.get(to) ?? []) {
      // A process that waits for what it holds itself is no matter of order.
      if (from === to && edge.exposed === null) continue
      if (chosen.some((other) => !this.#together(other, edge))) continue
      const cycle = this.#choose(locks, [...chosen, edge])
      if (cycle !== null) return cycle
    }
    return null
  }

  #together(one: LockEdge, other: LockEdge): boolean {
    if (one.processes.some((process) => other.processes.includes(process))) return false
    return !exclude(one.held, other.held, this.#shared)
  }

  /** Everybody can be made to wait, and somebody is without the help of a writer from outside. */
  #blocks(cycle: LockCycle): boolean {
    const meetings = cycle.map((wanting, at) => {
      const next = cycle[(at + 1) % cycle.length] as LockEdge
      return meeting(this.#system, next.from, wanting)
    })
    return meetings.includes('conflict') && !meetings.includes('never')
  }
}
