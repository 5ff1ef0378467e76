import { type HeldLock, lockPlaces, type Site } from '../../spec/index.js'
import type { Engine, PackedState } from '../engine/engine.js'
import type { Exchange } from '../engine/renaming.js'

/** A process that comes to wait for a lock, with what it holds then. */
export interface Order extends Seen {
  readonly process: number
  readonly site: Site
  readonly wanted: HeldLock
  readonly held: readonly HeldLock[]
  /** Another order was seen, one that is this when processes or objects are exchanged that may be. */
  readonly shownBy?: Order
}

/** What a process holds where a handler may interrupt it, and where it stands then. */
export interface Exposed extends Seen {
  readonly process: number
  readonly handler: number
  readonly site: Site
  readonly held: readonly HeldLock[]
}

/** Something that states show. */
export interface Seen {
  /** The same for all states that show the same. */
  readonly key: string
  /** The least depth of these states. */
  readonly depth: number
}

/**
 * The lock orders of everything explored (rule 6): each is kept once, with the depth of the states that showed it first.
 * States are told level by level.
 */
export class LockOrders {
  /** Locks that several processes may be inside of at once, whatever their mode says. */
  readonly shared: ReadonlySet<string>
  readonly #engine: Engine
  readonly #orders = new Map<string, Order>()
  readonly #exposed = new Map<string, Exposed>()

  constructor(engine: Engine) {
    this.#engine = engine
    const places = lockPlaces(engine.system)
    const maps = places.filter((place) => place.which === 'lockdep_map')
    this.shared = new Set(maps.map((place) => place.name))
  }

  /** What can be seen in one more state. */
  note(depth: number, state: PackedState): void {
    for (const process of this.#engine.system.processes.keys()) {
      this.noteProcess(depth, state, process)
    }
    for (const exposed of this.#exposedIn(depth, state)) {
      if (!this.#exposed.has(exposed.key)) this.#exposed.set(exposed.key, exposed)
    }
  }

  /** What one process shows by what it comes to wait for. */
  noteProcess(depth: number, state: PackedState, process: number): void {
    const order = this.#orderOf(depth, state, process)
    if (order !== null && !this.#orders.has(order.key)) this.#orders.set(order.key, order)
  }

  /** Whether a state shows it. */
  isSeenIn(state: PackedState, seen: Order | Exposed): boolean {
    if ('shownBy' in seen && seen.shownBy !== undefined) return this.isSeenIn(state, seen.shownBy)
    if ('wanted' in seen) return this.#orderOf(0, state, seen.process)?.key === seen.key
    return this.#exposedIn(0, state).some((exposed) => exposed.key === seen.key)
  }

  #orderOf(depth: number, state: PackedState, process: number): Order | null {
    const found = this.#engine.acquisition(state, process)
    if (found === null) return null
    // A handler's acquisition also follows what it finds held.
    const isHandler = this.#engine.system.processes[process]?.on !== null
    if (found.held.length === 0 && !isHandler) return null
    const { site, wanted, held } = found
    const key = `${process} ${placeKey(site)} ${lockKey(wanted)}|${held.map(lockKey).join('|')}`
    return { key, depth, process, site, wanted, held }
  }

  #exposedIn(depth: number, state: PackedState): Exposed[] {
    const groups = new Map<string, { process: number; handler: number; held: HeldLock[] }>()
    for (const { process, handler, lock } of this.#engine.exposures(state)) {
      const key = `${process} ${handler}`
      const group = groups.get(key) ?? { process, handler, held: [] }
      group.held.push(lock)
      groups.set(key, group)
    }
    return [...groups].flatMap(([who, { process, handler, held }]) => {
      const site = this.#siteOf(state, process)
      const key = `${who} ${held.map(lockKey).join('|')}`
      return site === null ? [] : [{ key, depth, process, handler, site, held }]
    })
  }

  #siteOf(state: PackedState, process: number): Site | null {
    const { processes, codes } = this.#engine.system
    const at = this.#engine.location(state, process)
    return codes[processes[process]?.code ?? -1]?.instructions[at]?.site ?? null
  }

  /** What the states up to a depth have shown. */
  orders(depthMax: number): readonly Order[] {
    const seen = [...this.#orders.values()].filter((order) => order.depth <= depthMax)
    return seen.flatMap((order) => this.#byAll(order))
  }

  /** What one process shows, in some state each shows that may be exchanged with it, and so with the locks of objects. */
  #byAll(order: Order): readonly Order[] {
    const { families, sorts } = this.#engine.symmetry
    const orbit = families.find(({ processes }) => processes.includes(order.process))
    const processes = orbit?.processes ?? [order.process]
    const exchanges = sorts.flatMap((sort) => sort.exchanges)
    return renamings(order, exchanges).flatMap((one) =>
      processes.map((process) => {
        return one === order && process === order.process
          ? order
          : { ...one, process, shownBy: order }
      }),
    )
  }

  exposed(depthMax: number): readonly Exposed[] {
    return [...this.#exposed.values()].filter((exposed) => exposed.depth <= depthMax)
  }
}

/** An order, and those that it becomes when things are exchanged that may be. */
function renamings(order: Order, exchanges: readonly Exchange[]): readonly Order[] {
  const textOf = ({ wanted, held }: Order) => [wanted, ...held].map(lockKey).join('|')
  const found = new Map([[textOf(order), order]])
  for (const one of found.values()) {
    for (const { locks } of exchanges) {
      const renamed = (lock: HeldLock) => ({ ...lock, name: locks.get(lock.name) ?? lock.name })
      const other = { ...one, wanted: renamed(one.wanted), held: one.held.map(renamed) }
      if (!found.has(textOf(other))) found.set(textOf(other), other)
    }
  }
  return [...found.values()]
}

const lockKey = ({ mode, name }: HeldLock): string => `${mode} ${name}`

const placeKey = ({ span }: Site): string => `${span.file}:${span.from}:${span.to}`
