import { DETAILS, type Detail } from './rows.ts'

/** What the address says behind its `#`: enough to send somebody to the very same view. */
export interface Address {
  readonly position: number
  readonly detail: Detail
  /** The name of the selected place, or null. */
  readonly place: string | null
}

/** Reads an address; what makes no sense is as if it were not there. */
export function readAddress(hash: string, length: number): Address {
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const step = Number(given.get('step') ?? 'none')
  const isPosition = Number.isInteger(step) && step >= 0 && step <= length
  return {
    position: isPosition ? step : length,
    detail: DETAILS.find((each) => each === given.get('detail')) ?? 'statements',
    place: given.get('place'),
  }
}

export function writeAddress({ position, detail, place }: Address): string {
  const parts = new URLSearchParams({ step: String(position) })
  if (detail !== 'statements') parts.set('detail', detail)
  if (place !== null) parts.set('place', place)
  return `#${parts}`
}
