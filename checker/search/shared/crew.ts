import { fileURLToPath } from 'node:url'
import {
  CONTROL,
  HALT,
  type Outcome,
  type Station,
  type StationImage,
  TASK,
} from '../../engine/wasm/explorer/index.js'
import { startWorkers, WorkerDied } from '../pool.js'

/** What a thread of the crew is given. */
export interface CrewData {
  readonly image: StationImage
  readonly memory: WebAssembly.Memory
  /** The station of this thread; the main thread has station 0. */
  readonly index: number
}

const toTheEnd = (): boolean => false

/** A pause shorter than anybody notices, in milliseconds. */
const SLICE = 20

/** `CONTROL.taking` is the number of the phase times this, and how many take part in it. */
export const TAKING = 256
/** Phases are numbered around; this number is none of theirs. */
const PHASES = 2 ** 22

/**
 * The threads of one search. The main thread works as well; the others join when they have started, so that a small
 * search is over before it needs them. A phase is begun by the main thread and ended when all who take part are done:
 * between phases nobody else touches the memory.
 */
export class Crew {
  readonly #main: Station
  readonly #control: Int32Array
  readonly #data: Omit<CrewData, 'index'>
  readonly #sizeMax: number
  #started = false
  #death: WorkerDied | null = null

  constructor(main: Station, data: Omit<CrewData, 'index'>, sizeMax: number) {
    this.#main = main
    this.#control = main.control
    this.#data = data
    this.#sizeMax = sizeMax
  }

  /** How many threads there will be, the main one included. */
  get size(): number {
    return this.#started ? this.#sizeMax : 1
  }

  /** Starts the other threads, once. */
  start(): void {
    if (this.#started || this.#sizeMax < 2) return
    this.#started = true
    // The only edge to the worker: the import graph does not show it.
    const file = fileURLToPath(new URL('./crew-worker.js', import.meta.url))
    const data = Array.from({ length: this.#sizeMax - 1 }, (_, at): CrewData => {
      return { ...this.#data, index: at + 1 }
    })
    startWorkers(file, data, {
      died: (cause) => {
        this.#death ??= new WorkerDied(cause)
      },
    })
  }

  /** Starts the other threads and waits until all are there. */
  *join(): Generator<void, void, void> {
    this.start()
    for (;;) {
      const joined = Atomics.load(this.#control, CONTROL.joined)
      if (joined >= this.size - 1) return
      // The threads that start need the cores more than this one.
      Atomics.wait(this.#control, CONTROL.joined, joined, 1)
      yield* this.#breathe(toTheEnd)
    }
  }

  /**
   * Everybody works until nothing is left or somebody halts. Yields now and then, so that the caller can look at the
   * clock and let messages through; `mustStop` then halts all. What is not worth it the main thread does alone.
   */
  *phase(
    task: number,
    mustStop: () => boolean,
    isWorthIt = true,
  ): Generator<void, Exclude<Outcome, 'paused'>, void> {
    const control = this.#control
    Atomics.store(control, CONTROL.task, task)
    Atomics.store(control, CONTROL.done, 0)
    const joined = isWorthIt ? Atomics.load(control, CONTROL.joined) : 0
    const phase = (Atomics.load(control, CONTROL.phase) + 1) % PHASES
    Atomics.store(control, CONTROL.taking, phase * TAKING + joined)
    Atomics.store(control, CONTROL.phase, phase)
    Atomics.notify(control, CONTROL.phase)
    let outcome: Outcome = 'paused'
    while (outcome === 'paused') {
      const end = performance.now() + SLICE
      outcome = this.#main.work(() => performance.now() > end)
      if (outcome === 'paused') yield* this.#breathe(mustStop)
    }
    let breathed = performance.now()
    for (;;) {
      const done = Atomics.load(control, CONTROL.done)
      if (done === joined) break
      Atomics.wait(control, CONTROL.done, done, 1)
      if (performance.now() < breathed + SLICE) continue
      yield* this.#breathe(mustStop)
      breathed = performance.now()
    }
    return Atomics.load(control, CONTROL.halt) === 0 ? 'finished' : 'halted'
  }

  *#breathe(mustStop: () => boolean): Generator<void, void, void> {
    yield
    if (this.#death !== null) throw this.#death
    if (mustStop()) this.halt()
  }

  /** Makes everybody come back. */
  halt(): void {
    Atomics.or(this.#control, CONTROL.halt, HALT.asked)
  }

  /** Sends the others home, wherever they are. */
  dismiss(): void {
    this.halt()
    Atomics.store(this.#control, CONTROL.task, TASK.stop)
    Atomics.store(this.#control, CONTROL.phase, PHASES)
    Atomics.notify(this.#control, CONTROL.phase)
  }
}
