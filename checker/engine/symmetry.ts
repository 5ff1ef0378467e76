import { type Bits, maskOf, narrow, read, wide, write } from './bits.js'
import { exchange, keysOf, plainChanges, type Sort } from './renaming.js'

/**
 * Processes that may be exchanged: what a state holds of each of them is a column of bits, and a state is as good as the
 * one with the columns in ascending order. All columns have the same fields in the same order.
 */
export interface Orbit {
  readonly processes: readonly number[]
  /** By process: its fields. Together at most 64 bits, with one for each owner. */
  readonly columns: readonly (readonly Bits[])[]
  /** Fields that name the process that holds a lock: by process, the code that names it. */
  readonly owners: readonly { readonly field: Bits; readonly codes: readonly number[] }[]
}

/** A packed state; see `engine.ts`. */
type Words = Uint32Array

/** What may be exchanged with what: any permutations of any of these, in any order, make the orbit of a state. */
export interface Symmetry {
  readonly families: readonly Orbit[]
  readonly sorts: readonly Sort[]
}

export const noSymmetry: Symmetry = { families: [], sorts: [] }

export const isEmpty = ({ families, sorts }: Symmetry): boolean =>
  families.length === 0 && sorts.length === 0

/** More bits than this have no place in the word that columns are compared by. */
export const COLUMN_BITS_MAX = 64

/**
 * The one state that stands for an orbit, the same for all its states: the members of each sort in the order of their keys,
 * and where keys are equal, of all the orders of those the one that gives the least words, each time with the columns of
 * processes in ascending order. Itself when it is.
 */
export function canonicalState(symmetry: Symmetry, state: Words): Words {
  if (isEmpty(symmetry)) return state
  const { families, sorts } = symmetry
  let words = wide(state)
  const before = [...words]
  const allKeys = sorts.map((sort) => byKeys(words, sort))
  if (sorts.some((sort, at) => isUndecided(words, sort, allKeys[at] ?? []))) {
    words = leastOfTies(words, symmetry, allKeys)
  } else sortColumns(words, families)
  return words.every((word, at) => word === before[at]) ? state : narrow(words, state.length)
}

/** Puts the members of a sort in ascending order of keys; what these are then. */
function byKeys(words: bigint[], sort: Sort): bigint[] {
  const keys = keysOf(words, sort)
  for (let round = 1; round < keys.length; round++) {
    for (let at = round; at > 0 && (keys[at - 1] ?? 0n) > (keys[at] ?? 0n); at--) {
      exchangeBoth(words, sort, keys, at - 1)
    }
  }
  return keys
}

/** Whether two members with one key differ in something: two dead objects that nobody points to do not. */
const isUndecided = (
  words: readonly bigint[],
  { exchanges }: Sort,
  keys: readonly bigint[],
): boolean =>
  exchanges.some((one, at) => {
    if (keys[at] !== keys[at + 1]) return false
    const moved = [...words]
    exchange(moved, one)
    return moved.some((word, index) => word !== words[index])
  })

function exchangeBoth(words: bigint[], { exchanges }: Sort, keys: bigint[], at: number): void {
  const one = exchanges[at]
  if (one === undefined) throw new Error(`nothing to exchange with ${at}`)
  exchange(words, one)
  const left = keys[at] as bigint
  keys[at] = keys[at + 1] as bigint
  keys[at + 1] = left
}

function leastOfTies(
  words: bigint[],
  { families, sorts }: Symmetry,
  allKeys: readonly bigint[][],
): bigint[] {
  let least: bigint[] | null = null
  const walk = (depth: number): void => {
    const sort = sorts[depth]
    const keys = allKeys[depth]
    if (sort === undefined || keys === undefined) {
      const found = [...words]
      sortColumns(found, families)
      if (least === null || isLess(found, least)) least = found
      return
    }
    walk(depth + 1)
    for (const at of plainChanges(sort.count)) {
      exchangeBoth(words, sort, keys, at)
      if (keys.every((key, index) => index === 0 || (keys[index - 1] ?? 0n) <= key)) walk(depth + 1)
    }
    exchangeBoth(words, sort, keys, 0)
  }
  walk(0)
  return least ?? words
}

function isLess(one: readonly bigint[], other: readonly bigint[]): boolean {
  const at = one.findIndex((word, index) => word !== other[index])
  return at >= 0 && (one[at] ?? 0n) < (other[at] ?? 0n)
}

/** Puts the columns of each orbit in ascending order. */
function sortColumns(words: bigint[], families: readonly Orbit[]): void {
  for (const orbit of families) {
    const keys = orbit.processes.map((_, at) => columnOf(orbit, at, words))
    const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    if (sorted.every((key, at) => key === keys[at])) continue
    for (const [at, key] of sorted.entries()) putColumn(orbit, at, key, words)
  }
}

/** The first field in the lowest bits; above all fields, one bit for each lock that may be owned. */
function columnOf({ columns, owners }: Orbit, at: number, words: readonly bigint[]): bigint {
  let key = 0n
  let shift = 0n
  for (const bits of columns[at] ?? []) {
    key |= read(words, bits) << shift
    shift += BigInt(bits.width)
  }
  for (const { field, codes } of owners) {
    if (read(words, field) === BigInt(codes[at] ?? -1)) key |= 1n << shift
    shift += 1n
  }
  return key
}

function putColumn({ columns, owners }: Orbit, at: number, key: bigint, words: bigint[]): void {
  let left = key
  for (const bits of columns[at] ?? []) {
    write(words, bits, left & maskOf(bits))
    left >>= BigInt(bits.width)
  }
  for (const { field, codes } of owners) {
    if ((left & 1n) === 1n) write(words, field, BigInt(codes[at] ?? 0))
    left >>= 1n
  }
}
