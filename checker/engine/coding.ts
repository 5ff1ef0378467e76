import type { TransitionSystem, ValueType } from '../../spec/index.js'

/**
 * How the values of one scalar become the codes 0, 1, 2 … of its bit field. Where a value may be missing (a local
 * without one), code 0 is "empty" and all others move up by one.
 */
export type Coding = { readonly empty: boolean } & (
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  /** A word of named bits. */
  | { readonly kind: 'bits'; readonly bitCount: number }
  /** Any of these numbers, by their place in the list. */
  | { readonly kind: 'list'; readonly values: readonly number[] }
  /**
   * Null, then the objects with these numbers. `staleBit`: the value of the bit above the address, set in a stale
   * pointer; 0 where no pointer of this type ever goes stale.
   */
  | { readonly kind: 'pointer'; readonly numbers: readonly number[]; readonly staleBit: number }
)

type ScalarType = Exclude<ValueType, { kind: 'lock' | 'head' | 'array' | 'struct' }>

export function codingOf(type: ScalarType, empty: boolean, system: TransitionSystem): Coding {
  switch (type.kind) {
    case 'bool':
      return { kind: 'range', from: 0, to: 1, empty }
    case 'int':
      return { kind: 'range', from: type.from, to: type.to, empty }
    case 'enum':
      return { kind: 'range', from: 0, to: type.values.length - 1, empty }
    case 'bits':
      return { kind: 'bits', bitCount: type.bits.length, empty }
    case 'pointer':
      return pointerCoding(type.pools, empty, system)
  }
}

function pointerCoding(pools: readonly number[], empty: boolean, system: TransitionSystem): Coding {
  const storages = pools.flatMap((pool) => system.pools[pool] ?? [])
  const numbers = storages.flatMap(({ base, size }) =>
    Array.from({ length: size }, (_, at) => base + at),
  )
  const goesStale = storages.some(({ safety }) => safety !== 'typesafe' && safety !== 'tasks')
  const addresses = numbers.length + 1 + (empty ? 1 : 0)
  const staleBit = goesStale ? 2 ** bitsFor(addresses) : 0
  return { kind: 'pointer', numbers, staleBit, empty }
}

/** Bits that tell this many codes apart. */
function bitsFor(codeCount: number): number {
  return codeCount <= 1 ? 0 : Math.ceil(Math.log2(codeCount))
}

/** How many bits the field of a coding takes. */
export function widthOf(coding: Coding): number {
  const empty = coding.empty ? 1 : 0
  switch (coding.kind) {
    case 'range':
      return bitsFor(coding.to - coding.from + 1 + empty)
    case 'bits':
      return bitsFor(2 ** coding.bitCount + empty)
    case 'list':
      return bitsFor(coding.values.length + empty)
    case 'pointer':
      return bitsFor(coding.numbers.length + 1 + empty) + (coding.staleBit === 0 ? 0 : 1)
  }
}

/** The code of a value; -1 when the coding has none for it. */
export function encode(coding: Coding, value: number | null): number {
  if (value === null) return coding.empty ? 0 : -1
  if (!Number.isInteger(value)) return -1
  const code = encodeValue(coding, value)
  return code >= 0 && coding.empty ? code + 1 : code
}

function encodeValue(coding: Coding, value: number): number {
  switch (coding.kind) {
    case 'range':
      return value >= coding.from && value <= coding.to ? value - coding.from : -1
    case 'bits': {
      const word = value >>> 0
      return word < 2 ** coding.bitCount ? word : -1
    }
    case 'list':
      return coding.values.indexOf(value)
    case 'pointer': {
      if (value === 0) return 0
      const rank = coding.numbers.indexOf(Math.abs(value) - 1)
      if (rank < 0 || (value < 0 && coding.staleBit === 0)) return -1
      return rank + 1 + (value < 0 ? coding.staleBit : 0)
    }
  }
}

/** The value of a code that `encode` gave. */
export function decode(coding: Coding, code: number): number | null {
  if (!coding.empty) return decodeValue(coding, code)
  return code === 0 ? null : decodeValue(coding, code - 1)
}

function decodeValue(coding: Coding, code: number): number {
  switch (coding.kind) {
    case 'range':
      return coding.from + code
    case 'bits':
      // A full word is a signed int, as everywhere.
      return coding.bitCount === 32 ? code | 0 : code
    case 'list':
      return coding.values[code] ?? missing(code)
    case 'pointer': {
      if (code === 0) return 0
      const isStale = coding.staleBit !== 0 && code >= coding.staleBit
      const rank = isStale ? code - coding.staleBit : code
      const pointer = (coding.numbers[rank - 1] ?? missing(code)) + 1
      return isStale ? -pointer : pointer
    }
  }
}

function missing(code: number): never {
  throw new Error(`no value has code ${code}`)
}
