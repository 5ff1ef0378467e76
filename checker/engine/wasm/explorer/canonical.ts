import type { Bits, Orbit, Symmetry } from '../../symmetry.js'
import {
  anyOf,
  type Code,
  global,
  result,
  when,
  wideAnd,
  wideConstant,
  wideEqual,
  wideGreaterUnsigned,
  wideLoad,
  widen,
  wideOr,
  wideShiftBy,
  wideShiftRightBy,
  wideStore,
} from '../code.js'
import { Frame, type Local } from '../frame.js'
import type { Declared } from '../module.js'
import type { SystemParts } from './parts.js'

/**
 * `canonical()`: puts the columns of each orbit of the state that was just reached in ascending order, as
 * `canonicalState` does. A step changes one process, so mostly they are.
 */
export function defineCanonical(
  { writer, layout, memory }: SystemParts,
  symmetry: Symmetry,
): Declared | null {
  if (symmetry.length === 0) return null
  const declared = writer.declare('canonical', 0, 0)
  const frame = new Frame(0)
  const words = Array.from({ length: Math.ceil(layout.stateWords / 2) }, () => frame.wide())
  const orbits = symmetry.map((orbit) => new Columns(orbit, words, frame))
  const place = memory.packedOut
  writer.define(declared, frame.kinds, [
    words.map((word, at) => word.set(wideLoad(global(0), place + 8 * at))),
    orbits.map((orbit) => orbit.read()),
    when(anyOf(orbits.map((orbit) => orbit.isOutOfOrder())), [
      orbits.map((orbit) => orbit.sort()),
      words.map((word, at) => wideStore(global(0), place + 8 * at, word.get)),
      result([]),
    ]),
  ])
  return declared
}

class Columns {
  readonly #orbit: Orbit
  readonly #words: readonly Local[]
  readonly #keys: readonly Local[]
  readonly #spare: Local

  constructor(orbit: Orbit, words: readonly Local[], frame: Frame) {
    this.#orbit = orbit
    this.#words = words
    this.#keys = orbit.processes.map(() => frame.wide())
    this.#spare = frame.wide()
  }

  /** The columns as words to compare. */
  read(): Code {
    return this.#keys.map((key, at) => key.set(this.#column(at)))
  }

  isOutOfOrder(): Code {
    return anyOf(
      this.#keys.slice(1).map((key, at) => {
        return wideGreaterUnsigned((this.#keys[at] as Local).get, key.get)
      }),
    )
  }

  /** Sorts by neighbours (odd-even transposition needs no more rounds than there are columns), and writes back. */
  sort(): Code {
    const rounds = this.#keys.map((_, round) =>
      this.#keys.slice(1).flatMap((right, at) => {
        return at % 2 === round % 2 ? [this.#exchange(this.#keys[at] as Local, right)] : []
      }),
    )
    return [rounds, this.#clear(), this.#keys.map((key, at) => this.#write(at, key))]
  }

  #exchange(left: Local, right: Local): Code {
    return when(wideGreaterUnsigned(left.get, right.get), [
      this.#spare.set(left.get),
      left.set(right.get),
      right.set(this.#spare.get),
    ])
  }

  #column(at: number): Code {
    const parts: Code[] = []
    let shift = 0
    for (const bits of this.#orbit.columns[at] ?? []) {
      parts.push(wideShiftBy(this.#field(bits), shift))
      shift += bits.width
    }
    for (const { field, codes } of this.#orbit.owners) {
      const isOwner = wideEqual(this.#field(field), wideConstant(BigInt(codes[at] ?? -1)))
      parts.push(wideShiftBy(widen(isOwner), shift))
      shift += 1
    }
    return parts.reduce((sum, part) => wideOr(sum, part), wideConstant(0n))
  }

  #word({ offset }: Bits): Local {
    return this.#words[Math.floor(offset / 64)] as Local
  }

  #field(bits: Bits): Code {
    const shifted = wideShiftRightBy(this.#word(bits).get, bits.offset % 64)
    return bits.width === 64 ? shifted : wideAnd(shifted, wideConstant(maskOf(bits)))
  }

  /** Zeroes the columns, and the owners that are among the processes. */
  #clear(): Code {
    return this.#orbit.columns.flat().map((bits) => this.#zero(bits))
  }

  #zero(bits: Bits): Code {
    const word = this.#word(bits)
    const rest = ~(maskOf(bits) << BigInt(bits.offset % 64))
    return word.set(wideAnd(word.get, wideConstant(BigInt.asIntN(64, rest))))
  }

  #write(at: number, key: Local): Code {
    const code: Code[] = []
    let shift = 0
    for (const bits of this.#orbit.columns[at] ?? []) {
      const value = this.#part(key, shift, bits.width)
      const word = this.#word(bits)
      code.push(word.set(wideOr(word.get, wideShiftBy(value, bits.offset % 64))))
      shift += bits.width
    }
    for (const { field, codes } of this.#orbit.owners) {
      const word = this.#word(field)
      const owner = wideConstant(BigInt(codes[at] ?? 0) << BigInt(field.offset % 64))
      const isOwner = wideEqual(this.#part(key, shift, 1), wideConstant(1n))
      code.push(when(isOwner, [this.#zero(field), word.set(wideOr(word.get, owner))]))
      shift += 1
    }
    return code
  }

  #part(key: Local, shift: number, width: number): Code {
    const shifted = wideShiftRightBy(key.get, shift)
    return width === 64 ? shifted : wideAnd(shifted, wideConstant((1n << BigInt(width)) - 1n))
  }
}

const maskOf = ({ width }: Bits): bigint => (1n << BigInt(width)) - 1n
