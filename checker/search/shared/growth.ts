import {
  CONTROL,
  type Station,
  type StationImage,
  storeGrowth,
  TASK,
} from '../../engine/wasm/explorer/index.js'
import type { Crew } from './crew.js'

/** Ids that a thread takes at a time. */
const PIECE = 4096

/** The table's size: it grows with the states, while nobody inserts anything. */
export class Growth {
  readonly #station: Station
  readonly #image: StationImage
  readonly #crew: Crew

  constructor(station: Station, image: StationImage, crew: Crew) {
    this.#station = station
    this.#image = image
    this.#crew = crew
    this.#resize(storeGrowth.first(image.plan))
  }

  /** Slots in use, and bytes: what the states, their marks and the table take. */
  get bytes(): number {
    const { plan } = this.#image
    const next = this.#station.control[CONTROL.next] as number
    return plan.marksAt + next * (plan.stride + 1) + 4 * this.slots
  }

  /** The part of the slots that is taken. */
  get fill(): number {
    return (this.#station.control[CONTROL.next] as number) / this.slots
  }

  get slots(): number {
    return this.#station.control[CONTROL.slots] as number
  }

  /** Makes room for one more state where there is none; false when there is no more memory. */
  *ensureRoom(): Generator<void, boolean, void> {
    const { control } = this.#station
    const next = control[CONTROL.next] as number
    return next < (control[CONTROL.fill] as number) || (yield* this.grow())
  }

  /** Makes room for more states; false when there is no more memory. */
  *grow(): Generator<void, boolean, void> {
    const { control, words } = this.#station
    const { plan } = this.#image
    const next = storeGrowth.next(plan, this.slots)
    if (next === null) return false
    const first = plan.tableAt >>> 2
    words.fill(0, first, first + this.slots)
    this.#resize(next)
    const cursor = control[CONTROL.cursor] as number
    const end = control[CONTROL.end] as number
    const piece = control[CONTROL.piece] as number
    control[CONTROL.cursor] = 0
    control[CONTROL.end] = control[CONTROL.next] as number
    control[CONTROL.piece] = PIECE
    control[CONTROL.halt] = 0
    yield* this.#crew.phase(TASK.enter, () => false)
    control[CONTROL.cursor] = cursor
    control[CONTROL.end] = end
    control[CONTROL.piece] = piece
    return true
  }

  #resize(slots: number): void {
    const { control } = this.#station
    control[CONTROL.slots] = slots
    control[CONTROL.fill] = storeGrowth.fill(this.#image.plan, slots)
  }
}
