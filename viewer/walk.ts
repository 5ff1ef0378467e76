import { useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { type Address, readAddress, writeAddress } from './address.ts'
import { type Detail, type Shown, shownRows } from './rows.ts'
import type { RunModel } from './run-model.ts'

/** How a place is called in the address. */
export const placeName = ({ run }: RunModel, index: number): string => {
  const { object = null, name = '' } = run.places[index] ?? {}
  return object === null ? name : name === '' ? object : `${object}.${name}`
}

/**
 * Where the reader is, kept in the address. It changes at once, and not with the next drawing: keys may come faster than
 * the page is drawn.
 */
export class Walk {
  readonly #model: RunModel
  readonly #changed: () => void
  readonly #rows = new Map<Detail, readonly Shown[]>()
  #address: Address

  constructor(model: RunModel, changed: () => void) {
    this.#model = model
    this.#changed = changed
    this.#address = readAddress(location.hash, model.length)
  }

  get position(): number {
    return this.#address.position
  }

  get detail(): Detail {
    return this.#address.detail
  }

  /** The selected place, by index; null: none. */
  get place(): number | null {
    const { run } = this.#model
    const found = run.places.findIndex(
      (_, at) => placeName(this.#model, at) === this.#address.place,
    )
    return found < 0 ? null : found
  }

  /** The lines at the chosen detail. */
  get rows(): readonly Shown[] {
    const rows = this.#rows.get(this.detail) ?? shownRows(this.#model, this.detail)
    this.#rows.set(this.detail, rows)
    return rows
  }

  readonly go = (position: number | null): void => {
    if (position !== null) this.#change({ position })
  }

  readonly show = (detail: Detail): void => this.#change({ detail })

  readonly select = (place: number | null): void =>
    this.#change({ place: place === null ? null : placeName(this.#model, place) })

  /** Somebody has gone to another address. */
  readonly read = (): void => {
    this.#address = readAddress(location.hash, this.#model.length)
    this.#changed()
  }

  #change(part: Partial<Address>): void {
    this.#address = { ...this.#address, ...part }
    history.replaceState(null, '', writeAddress(this.#address))
    this.#changed()
  }
}

/** The reader's way through a run; the component is drawn again with each step. */
export function useWalk(model: RunModel): Walk {
  const [, redraw] = useState(0)
  const walk = useMemo(() => new Walk(model, () => redraw((count) => count + 1)), [model])
  useLayoutEffect(() => {
    addEventListener('hashchange', walk.read)
    return () => removeEventListener('hashchange', walk.read)
  }, [walk])
  return walk
}
