import { useEffect, useState } from 'preact/hooks'
import { type Address, readAddress, writeAddress } from './address.ts'
import type { Detail } from './rows.ts'
import type { RunModel } from './run-model.ts'

/** Where the reader is, and how to go elsewhere. */
export interface Walk {
  readonly position: number
  readonly detail: Detail
  /** The selected place, by index; null: none. */
  readonly place: number | null
  go(position: number | null): void
  show(detail: Detail): void
  select(place: number | null): void
}

/** How a place is called in the address. */
export const placeName = ({ run }: RunModel, index: number): string => {
  const { object = null, name = '' } = run.places[index] ?? {}
  return object === null ? name : name === '' ? object : `${object}.${name}`
}

/** The reader's position, kept in the address. */
export function useWalk(model: RunModel): Walk {
  const [address, setAddress] = useState(() => readAddress(location.hash, model.length))
  useEffect(() => {
    const read = () => setAddress(readAddress(location.hash, model.length))
    addEventListener('hashchange', read)
    return () => removeEventListener('hashchange', read)
  }, [model])
  const change = (part: Partial<Address>) => {
    const next = { ...address, ...part }
    history.replaceState(null, '', writeAddress(next))
    setAddress(next)
  }
  const found = model.run.places.findIndex((_, index) => placeName(model, index) === address.place)
  return {
    position: address.position,
    detail: address.detail,
    place: found < 0 ? null : found,
    go: (position) => position !== null && change({ position }),
    show: (detail) => change({ detail }),
    select: (place) => change({ place: place === null ? null : placeName(model, place) }),
  }
}
