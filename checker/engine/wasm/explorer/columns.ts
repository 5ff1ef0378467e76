import type { Orbit } from '../../symmetry.js'
import {
  anyOf,
  type Code,
  result,
  when,
  wideAnd,
  wideConstant,
  wideEqual,
  wideGreaterUnsigned,
  widen,
  wideOr,
  wideShiftBy,
  wideShiftRightBy,
} from '../code.js'
import { Frame, type Local } from '../frame.js'
import type { Declared } from '../module.js'
import type { SystemParts } from './parts.js'
import { StateWords } from './state-words.js'

/**
 * Puts the columns of each orbit of the state that was just reached in ascending order. A step changes one process, so
 * mostly they are.
 */
export function defineColumns(
  { writer, layout, memory }: SystemParts,
  families: readonly Orbit[],
): Declared {
  const declared = writer.declare('columns', 0, 0)
  const frame = new Frame(0)
  const words = new StateWords(layout, frame, memory.packedOut)
  const orbits = families.map((orbit) => new Columns(orbit, words, frame))
  writer.define(declared, frame.kinds, [
    words.load(),
    orbits.map((orbit) => orbit.read()),
    when(anyOf(orbits.map((orbit) => orbit.isOutOfOrder())), [
      orbits.map((orbit) => orbit.sort()),
      words.store(),
      result([]),
    ]),
  ])
  return declared
}

class Columns {
  readonly #orbit: Orbit
  readonly #words: StateWords
  readonly #keys: readonly Local[]
  readonly #spare: Local

  constructor(orbit: Orbit, words: StateWords, frame: Frame) {
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
      parts.push(wideShiftBy(this.#words.field(bits), shift))
      shift += bits.width
    }
    for (const { field, codes } of this.#orbit.owners) {
      const isOwner = wideEqual(this.#words.field(field), wideConstant(BigInt(codes[at] ?? -1)))
      parts.push(wideShiftBy(widen(isOwner), shift))
      shift += 1
    }
    return parts.reduce((sum, part) => wideOr(sum, part), wideConstant(0n))
  }

  /** Zeroes the columns, and the owners that are among the processes. */
  #clear(): Code {
    return this.#orbit.columns.flat().map((bits) => this.#words.clear(bits))
  }

  #write(at: number, key: Local): Code {
    const code: Code[] = []
    let shift = 0
    for (const bits of this.#orbit.columns[at] ?? []) {
      const value = this.#part(key, shift, bits.width)
      code.push(this.#words.add(bits, value))
      shift += bits.width
    }
    for (const { field, codes } of this.#orbit.owners) {
      const owner = wideConstant(BigInt(codes[at] ?? 0))
      const isOwner = wideEqual(this.#part(key, shift, 1), wideConstant(1n))
      code.push(when(isOwner, [this.#words.clear(field), this.#words.add(field, owner)]))
      shift += 1
    }
    return code
  }

  #part(key: Local, shift: number, width: number): Code {
    const shifted = wideShiftRightBy(key.get, shift)
    return width === 64 ? shifted : wideAnd(shifted, wideConstant((1n << BigInt(width)) - 1n))
  }
}
