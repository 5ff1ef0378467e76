import type { Coding } from '../coding.js'
import type { BitField } from '../layout.js'
import { EMPTY } from './cells.js'
import {
  add,
  and,
  anyOf,
  type Code,
  constant,
  either,
  equal,
  greaterOrEqual,
  isZero,
  less,
  load,
  local,
  narrow,
  select,
  setLocal,
  shiftLeft,
  shiftRightUnsigned,
  store,
  subtract,
  teeLocal,
  wideAnd,
  wideConstant,
  widen,
  wideOr,
  wideShiftBy,
  wideShiftRightBy,
} from './code.js'
import type { Part } from './parts.js'

/**
 * Cells from and into the 64-bit words of a state. No field crosses a word, so that each is one shift and one mask;
 * the words are in locals, so that each is loaded and stored once however many fields are in it.
 */

/** Tables that lists of values are looked up in; their contents are written when the module is linked. */
export class Tables {
  readonly #offset: number
  readonly #known = new Map<string, number>()
  readonly values: number[] = []

  constructor(offset: number) {
    this.#offset = offset
  }

  /** Bytes from the base at which these numbers will be. */
  put(numbers: readonly number[]): number {
    const key = numbers.join()
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const at = this.#offset + 4 * this.values.length
    this.#known.set(key, at)
    this.values.push(...numbers)
    return at
  }
}

/** Locals of a function that packs: its parameter, the base of the memory, two for what is computed, then the words. */
const PARAMETER = 0
const BASE = 1
const FIRST = 2
const SECOND = 3
const WORDS = 4

export const base = local(BASE)

export interface Where {
  /** First bytes of the cells. */
  readonly work: number
  readonly tables: Tables
}

export const parameter = local(PARAMETER)
export const localsFor = (parameters: 0 | 1, wordCount: number) => {
  return { narrow: WORDS - parameters, wide: wordCount }
}
const wordOf = (field: BitField): number => Math.floor(field.offset / 64)
export const wordLocal = (word: number): number => WORDS + word
export const setBase = (value: Code): Code => setLocal(BASE, value)

const shiftOf = ({ offset }: BitField): number => offset % 64
const hasBits = ({ field }: Part): boolean => field.width > 0

/** The bits of some fields in a word. */
export function maskOf(parts: readonly Part[], word: number): bigint {
  let mask = 0n
  for (const { field } of parts) {
    if (wordOf(field) !== word) continue
    mask |= ((1n << BigInt(field.width)) - 1n) << BigInt(shiftOf(field))
  }
  return mask
}

export const wordsOf = (parts: readonly Part[]): readonly number[] => [
  ...new Set(parts.filter(hasBits).map(({ field }) => wordOf(field))),
]

/** Zeroes the bits of some fields. */
export const clearParts = (parts: readonly Part[]): Code =>
  wordsOf(parts).map((word) => {
    const rest = wideConstant(~maskOf(parts, word))
    return setLocal(wordLocal(word), wideAnd(local(wordLocal(word)), rest))
  })

/** Cells into fields whose bits are zero. */
export const writeParts = (parts: readonly Part[], where: Where): Code =>
  wordsOf(parts).map((word) => {
    const all = parts
      .filter((part) => hasBits(part) && wordOf(part.field) === word)
      .reduce<Code>(
        (sum, part) => wideOr(sum, wideShiftBy(codeOf(part, where), shiftOf(part.field))),
        local(wordLocal(word)),
      )
    return setLocal(wordLocal(word), all)
  })

/** The parts of each cell. */
export function byCell(parts: readonly Part[]): ReadonlyMap<number, readonly Part[]> {
  const found = new Map<number, Part[]>()
  for (const part of parts) {
    const known = found.get(part.cell)
    if (known) known.push(part)
    else found.set(part.cell, [part])
  }
  return found
}

/** Fields into their cells. */
export function readParts(parts: readonly Part[], where: Where): Code {
  return [...byCell(parts)].map(([cell, found]) => {
    const value = anyOf(
      found.map(({ field, member }) => {
        const one = decode(field.coding, bitsOf(field), where.tables)
        return member === null || member === 0 ? one : shiftLeft(one, constant(member))
      }),
    )
    return store(base, where.work + 4 * cell, value)
  })
}

/** The bits of a field, from its word. */
function bitsOf(field: BitField): Code {
  if (field.width === 0) return constant(0)
  const shifted = wideShiftRightBy(local(wordLocal(wordOf(field))), shiftOf(field))
  const isLast = shiftOf(field) + field.width === 64
  if (field.width === 32 || isLast) return narrow(shifted)
  return and(narrow(shifted), constant((1 << field.width) - 1))
}

/** The code of a cell, as an i64. */
function codeOf({ cell, field, member }: Part, { work, tables }: Where): Code {
  const value = load(base, work + 4 * cell)
  if (member === null) return widen(encode(field.coding, value, tables))
  const bit = member === 0 ? value : shiftRightUnsigned(value, constant(member))
  return widen(and(bit, constant(1)))
}

function encode(coding: Coding, value: Code, tables: Tables): Code {
  if (!coding.empty) return encodeValue(coding, value, tables)
  const isEmpty = equal(teeLocal(FIRST, value), constant(EMPTY))
  const inner = encodeValue(coding, local(FIRST), tables)
  return either(isEmpty, constant(0), add(inner, constant(1)))
}

function encodeValue(coding: Coding, value: Code, tables: Tables): Code {
  switch (coding.kind) {
    case 'range':
      return coding.from === 0 ? value : subtract(value, constant(coding.from))
    case 'bits':
      return value
    case 'list': {
      const first = startOf(coding.values)
      if (first !== null) return first === 0 ? value : subtract(value, constant(first))
      return rankOf(coding.values, value, tables)
    }
    case 'pointer': {
      const gapped = gappedPointers(coding)
      if (gapped !== null) return rankOf(gapped, value, tables)
      const first = coding.numbers[0] ?? 0
      if (first === 0 && coding.staleBit === 0) return value
      const set = setLocal(SECOND, value)
      const kept = local(SECOND)
      const known = first === 0 ? kept : select(subtract(kept, constant(first)), constant(0), kept)
      if (coding.staleBit === 0) return [set, known]
      const stale = subtract(constant(coding.staleBit - first), kept)
      return [set, select(stale, known, less(kept, constant(0)))]
    }
  }
}

/** The least of numbers that follow one another, as the ids of processes mostly do. */
function startOf(values: readonly number[]): number | null {
  const first = values[0] ?? 0
  return values.every((value, at) => value === first + at) ? first : null
}

/** The place of a value in a list, and the value of a place. */
function rankOf(values: readonly number[], value: Code, tables: Tables): Code {
  const from = Math.min(...values)
  const ranks = new Array<number>(Math.max(...values) - from + 1).fill(0)
  for (const [rank, one] of values.entries())
    if (one !== 0 || rank === values.indexOf(0)) ranks[one - from] = rank
  const index = from === 0 ? value : subtract(value, constant(from))
  return load(add(base, shiftLeft(index, constant(2))), tables.put(ranks))
}

const ranked = (values: readonly number[], code: Code, tables: Tables): Code =>
  load(add(base, shiftLeft(code, constant(2))), tables.put(values))

function decode(coding: Coding, code: Code, tables: Tables): Code {
  if (!coding.empty) return decodeValue(coding, code, tables)
  const inner = decodeValue(coding, subtract(local(FIRST), constant(1)), tables)
  return either(isZero(teeLocal(FIRST, code)), constant(EMPTY), inner)
}

function decodeValue(coding: Coding, code: Code, tables: Tables): Code {
  switch (coding.kind) {
    case 'range':
      return coding.from === 0 ? code : add(code, constant(coding.from))
    case 'bits':
      return code
    case 'list': {
      const first = startOf(coding.values)
      if (first !== null) return first === 0 ? code : add(code, constant(first))
      return ranked(coding.values, code, tables)
    }
    case 'pointer': {
      const gapped = gappedPointers(coding)
      if (gapped !== null) return ranked(gapped, code, tables)
      const first = coding.numbers[0] ?? 0
      if (first === 0 && coding.staleBit === 0) return code
      const set = setLocal(SECOND, code)
      const kept = local(SECOND)
      const known = first === 0 ? kept : select(add(kept, constant(first)), constant(0), kept)
      if (coding.staleBit === 0) return [set, known]
      const stale = subtract(constant(coding.staleBit - first), kept)
      return [set, select(stale, known, greaterOrEqual(kept, constant(coding.staleBit)))]
    }
  }
}

/** By code: the pointers of a type whose objects are not numbered one after the other; else null. */
function gappedPointers({ numbers, staleBit }: Coding & { kind: 'pointer' }): number[] | null {
  if (startOf(numbers) !== null) return null
  const values = [0, ...numbers.map((number) => number + 1)]
  if (staleBit > 0)
    for (const number of numbers) values[staleBit + values.indexOf(number + 1)] = -number - 1
  return Array.from(values, (value) => value ?? 0)
}
