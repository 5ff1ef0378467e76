import { type HeldLock, lockPlaces, type Site } from '../../spec/index.js'
import type { Engine, PackedState } from '../engine/engine.js'

/** A process that comes to wait for a lock, with what it holds then; and the first state in which it was seen to. */
export interface Order {
  readonly process: number
  readonly site: Site
  readonly wanted: HeldLock
  readonly held: readonly HeldLock[]
  readonly state: number
}

/** What a process holds where a handler may interrupt it, and where it stands then. */
export interface Exposed {
  readonly process: number
  readonly handler: number
  readonly site: Site
  readonly held: readonly HeldLock[]
  readonly state: number
}

/**
 * The lock orders of everything explored (rule 6): each is kept once, with the state that showed it first. States are
 * told in the order of their ids, so what is kept does not depend on anything else.
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
  note(id: number, state: PackedState): void {
    const { processes } = this.#engine.system
    for (let process = 0; process < processes.length; process++) {
      const found = this.#engine.acquisition(state, process)
      if (found === null) continue
      // A handler's acquisition also follows what it finds held.
      const isHandler = processes[process]?.on !== null
      if (found.held.length === 0 && !isHandler) continue
      const { site, wanted, held } = found
      const key = `${process} ${placeKey(site)} ${lockKey(wanted)}|${held.map(lockKey).join('|')}`
      if (!this.#orders.has(key)) this.#orders.set(key, { process, site, wanted, held, state: id })
    }
    this.#noteExposed(id, state)
  }

  #noteExposed(id: number, state: PackedState): void {
    const groups = new Map<string, { process: number; handler: number; held: HeldLock[] }>()
    for (const { process, handler, lock } of this.#engine.exposures(state)) {
      const key = `${process} ${handler}`
      const group = groups.get(key) ?? { process, handler, held: [] }
      group.held.push(lock)
      groups.set(key, group)
    }
    for (const [who, { process, handler, held }] of groups) {
      const key = `${who} ${held.map(lockKey).join('|')}`
      if (this.#exposed.has(key)) continue
      const site = this.#siteOf(state, process)
      if (site !== null) this.#exposed.set(key, { process, handler, site, held, state: id })
    }
  }

  #siteOf(state: PackedState, process: number): Site | null {
    const { processes, codes } = this.#engine.system
    const at = this.#engine.location(state, process)
    return codes[processes[process]?.code ?? -1]?.instructions[at]?.site ?? null
  }

  /** What the states with ids below `end` have shown. */
  orders(end: number): readonly Order[] {
    return [...this.#orders.values()].filter((order) => order.state < end)
  }

  exposed(end: number): readonly Exposed[] {
    return [...this.#exposed.values()].filter((exposed) => exposed.state < end)
  }
}

const lockKey = ({ mode, name }: HeldLock): string => `${mode} ${name}`

const placeKey = ({ span }: Site): string => `${span.file}:${span.from}:${span.to}`
