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

/** Some bits of a state, inside of one 64-bit word. */
export interface Bits {
  readonly offset: number
  readonly width: number
}

export type Symmetry = readonly Orbit[]

/** More bits than this have no place in the word that columns are compared by. */
export const COLUMN_BITS_MAX = 64

/** The state with the columns of each orbit in ascending order; itself when they are. */
export function canonicalState(symmetry: Symmetry, state: Words): Words {
  if (symmetry.length === 0) return state
  const words = wide(state)
  let isSorted = true
  for (const orbit of symmetry) {
    const keys = orbit.processes.map((_, at) => columnOf(orbit, at, words))
    const sorted = [...keys].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
    if (sorted.every((key, at) => key === keys[at])) continue
    isSorted = false
    for (const [at, key] of sorted.entries()) putColumn(orbit, at, key, words)
  }
  return isSorted ? state : narrow(words, state.length)
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
    write(words, bits, left & mask(bits))
    left >>= BigInt(bits.width)
  }
  for (const { field, codes } of owners) {
    if ((left & 1n) === 1n) write(words, field, BigInt(codes[at] ?? 0))
    left >>= 1n
  }
}

const mask = ({ width }: Bits): bigint => (1n << BigInt(width)) - 1n
const wordOf = ({ offset }: Bits): number => Math.floor(offset / 64)

const read = (words: readonly bigint[], bits: Bits): bigint =>
  ((words[wordOf(bits)] ?? 0n) >> BigInt(bits.offset % 64)) & mask(bits)

function write(words: bigint[], bits: Bits, value: bigint): void {
  const shift = BigInt(bits.offset % 64)
  const rest = (words[wordOf(bits)] ?? 0n) & ~(mask(bits) << shift)
  words[wordOf(bits)] = rest | (value << shift)
}

function wide(state: Words): bigint[] {
  const words: bigint[] = []
  for (let at = 0; at < state.length; at += 2) {
    words.push(BigInt(state[at] ?? 0) | (BigInt(state[at + 1] ?? 0) << 32n))
  }
  return words
}

const narrow = (words: readonly bigint[], length: number): Words =>
  Uint32Array.from({ length }, (_, at) =>
    Number(((words[at >> 1] ?? 0n) >> (at % 2 === 0 ? 0n : 32n)) & 0xffffffffn),
  )
