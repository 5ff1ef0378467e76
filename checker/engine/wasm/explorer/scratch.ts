import type { Symmetry } from '../../symmetry.js'
import type { SystemParts } from './parts.js'
import { wordCountOf } from './state-words.js'

/** Memory for making a state canonical, in bytes from the base. */
export interface Scratch {
  /** Keys of the members of all sorts. */
  readonly keys: number
  /** A state put aside, and the least of those met. */
  readonly aside: number
  readonly least: number
  readonly end: number
}

export function scratchFor(
  { layout, bytes }: Pick<SystemParts, 'layout' | 'bytes'>,
  { sorts }: Symmetry,
): Scratch {
  const keys = Math.ceil(bytes / 8) * 8
  if (sorts.length === 0) return { keys, aside: keys, least: keys, end: bytes }
  const stateBytes = 8 * wordCountOf(layout)
  const aside = keys + 8 * sorts.reduce((sum, { count }) => sum + count, 0)
  return { keys, aside, least: aside + stateBytes, end: aside + 2 * stateBytes }
}
