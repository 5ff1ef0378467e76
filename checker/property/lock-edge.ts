import type { HeldLock, TransitionSystem } from '../../spec/index.js'
import { comparePlaces, compareTexts } from './choose.js'
import type { Exposed, LockOrders, Order } from './lock-order.js'

/** One lock taken under another: `from` is held when `to` is waited for. */
export interface LockEdge {
  readonly from: HeldLock
  readonly to: HeldLock
  readonly order: Order
  /** Where the one that holds `from` is interrupted by the one that wants `to`; null where they are one process. */
  readonly exposed: Exposed | null
  /** Everything held meanwhile by those that the edge is made of. */
  readonly held: readonly HeldLock[]
  readonly processes: readonly number[]
}

/** Something shown by a state of a run: the last in the search of all that an edge consists of. */
export type Witness = Order | Exposed

/** Every edge seen in the states up to a depth, in an order that depends on content only. */
export function lockEdges(orders: LockOrders, depthMax: number): readonly LockEdge[] {
  const seen = orders.orders(depthMax)
  const edges = seen.flatMap((order) =>
    order.held.map((from): LockEdge => {
      const { process, wanted, held } = order
      return { from, to: wanted, order, exposed: null, held, processes: [process] }
    }),
  )
  for (const exposed of orders.exposed(depthMax)) {
    for (const order of seen) {
      if (order.process !== exposed.handler) continue
      // What excludes the two never happens: a handler cannot hold what it finds held.
      if (exclude(exposed.held, order.held, orders.shared)) continue
      edges.push(...interrupted(exposed, order))
    }
  }
  return edges.sort(compareEdges)
}

function interrupted(exposed: Exposed, order: Order): LockEdge[] {
  const held = [...exposed.held, ...order.held]
  const processes = [exposed.process, order.process]
  return exposed.held.map((from) => {
    return { from, to: order.wanted, order, exposed, held, processes }
  })
}

function compareEdges(left: LockEdge, right: LockEdge): number {
  return (
    compareTexts(left.from.name, right.from.name) ||
    compareTexts(left.to.name, right.to.name) ||
    comparePlaces(left.order.site.span, right.order.site.span) ||
    left.processes.length - right.processes.length ||
    left.order.process - right.order.process ||
    compareTexts(left.from.mode, right.from.mode) ||
    left.order.depth - right.order.depth ||
    (left.exposed?.depth ?? 0) - (right.exposed?.depth ?? 0) ||
    compareTexts(left.order.key, right.order.key) ||
    compareTexts(left.exposed?.key ?? '', right.exposed?.key ?? '')
  )
}

/** Whether two that hold these cannot do so at one time: one lock is common, and one of them writes. */
export function exclude(
  left: readonly HeldLock[],
  right: readonly HeldLock[],
  shared: ReadonlySet<string>,
): boolean {
  return left.some((one) =>
    right.some((other) => {
      const conflicts = one.mode === 'write' || other.mode === 'write'
      return conflicts && one.name === other.name && !shared.has(one.name)
    }),
  )
}

/** How a lock that one holds is met by another that wants it. */
export function meeting(
  system: TransitionSystem,
  held: HeldLock,
  wanting: LockEdge,
): 'conflict' | 'queue' | 'never' {
  if (held.mode === 'write' || wanting.to.mode === 'write') return 'conflict'
  // A reader waits behind a waiting writer, but for handlers: those pass it.
  const context = system.processes[wanting.order.process]?.context
  return context === 'task' ? 'queue' : 'never'
}

/** The part of an edge that the search met last. */
export function witness({ order, exposed }: LockEdge): Witness {
  return exposed !== null && isLater(exposed, order) ? exposed : order
}

/** By depth; among those of one depth, some order that depends on content only. */
export const isLater = (one: Witness, other: Witness): boolean =>
  one.depth - other.depth > 0 || (one.depth === other.depth && compareTexts(one.key, other.key) > 0)
