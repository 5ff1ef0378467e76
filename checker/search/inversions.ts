import type { Threat, Trap, Wait } from '../../spec/index.js'
import type { Engine, PackedState } from '../engine/engine.js'
import { type LockCycle, lockCycles } from '../property/lock-cycles.js'
import type { Witness } from '../property/lock-edge.js'
import { cycleLocks, inversionTrap, lastWitness } from '../property/lock-inversion.js'
import { LockOrders } from '../property/lock-order.js'
import { waitCycle } from '../property/lost-rest.js'

/** How the search ended. */
export interface Ending {
  /** Only states up to this depth belong to the result. */
  readonly depth: number
  readonly exhaustive: boolean
  readonly hasOthers: boolean
}

export interface Circle {
  readonly trap: Trap
  readonly last: Witness
}

/** One way in which processes were found to wait for ever, and the locks of the cycle among them. */
interface Deadlock {
  readonly waits: readonly Wait[]
  readonly locks: string
  readonly depth: number
}

/** Lock orders, collected while a search goes on and judged after it: they neither end nor cut it (language rule 10). */
export class Inversions {
  readonly #engine: Engine
  readonly #orders: LockOrders
  readonly #deadlocks = new Map<string, Deadlock>()

  constructor(engine: Engine) {
    this.#engine = engine
    this.#orders = new LockOrders(engine)
  }

  note(depth: number, state: PackedState): void {
    this.#orders.note(depth, state)
  }

  /** What one process shows. */
  noteProcess(depth: number, state: PackedState, process: number): void {
    this.#orders.noteProcess(depth, state, process)
  }

  /** A state with a cycle of owners, or from which rest is lost. */
  noteDeadlock(state: PackedState, depth: number): void {
    const waits = this.#engine.waits(state)
    const key = waits.map(({ process, place }) => `${process} ${place}`).join('\n')
    const known = this.#deadlocks.get(key)
    if (known !== undefined && known.depth <= depth) return
    const cycle = waitCycle(waits).filter((wait) => !this.#isInterruption(wait))
    this.#deadlocks.set(key, { waits, locks: setKey(cycle.map((wait) => wait.place)), depth })
  }

  /** Waits for the end of a handler, which is no lock. */
  #isInterruption({ holders, place }: Wait): boolean {
    const [handler] = holders.map((process) => this.#engine.system.processes[process])
    return handler !== undefined && handler.on !== null && handler.name === place
  }

  /** One for each set of locks that are taken in a circle, with what a run to it has to show last. */
  circles(ending: Ending): readonly Circle[] {
    const { system } = this.#engine
    return lockCycles(system, this.#orders, ending.depth).map((cycle) => {
      const trap = inversionTrap(system, cycle, this.#threat(cycle, ending))
      return { trap, last: lastWitness(cycle) }
    })
  }

  isSeenIn(state: PackedState, witness: Witness): boolean {
    return this.#orders.isSeenIn(state, witness)
  }

  #threat(cycle: LockCycle, { exhaustive, hasOthers }: Ending): Threat {
    const depths = [...this.#deadlocks.values()].flatMap((deadlock) =>
      this.#isDeadlockOf(cycle, deadlock) ? [deadlock.depth] : [],
    )
    if (depths.length > 0) return { deadlock: 'reachable', depth: Math.min(...depths) }
    if (!exhaustive) return { deadlock: 'unknown', depth: null }
    return { deadlock: hasOthers ? 'unseen' : 'impossible', depth: null }
  }

  /**
   * The wait-for cycle has the same locks. What a lockdep map stands for is waited for in other words, by a condition:
   * then everybody must wait, and for the locks that are locks.
   */
  #isDeadlockOf(cycle: LockCycle, { waits, locks }: Deadlock): boolean {
    if (locks === setKey(cycleLocks(cycle))) return true
    const { shared } = this.#orders
    if (!cycle.some(({ to }) => shared.has(to.name))) return false
    return cycle.every(({ to, order }) => {
      return waitsFor(waits, order.process, shared.has(to.name) ? null : to.name)
    })
  }
}

const waitsFor = (waits: readonly Wait[], process: number, place: string | null): boolean =>
  waits.some((wait) => wait.process === process && (place === null || wait.place === place))

const setKey = (locks: readonly string[]): string => [...new Set(locks)].sort().join('\n')
