import { type Bits, maskOf } from '../../bits.js'
import type { Layout } from '../../layout.js'
import {
  type Code,
  global,
  wideAnd,
  wideConstant,
  wideLoad,
  wideOr,
  wideShiftBy,
  wideShiftRightBy,
  wideStore,
  wideXor,
} from '../code.js'
import type { Frame, Local } from '../frame.js'

/** How many 64-bit words a state has. */
export const wordCountOf = ({ stateWords }: Layout): number => Math.ceil(stateWords / 2)

/** The words of a state in locals of a function, and its fields in them. */
export class StateWords {
  readonly #words: readonly Local[]
  readonly #place: number

  /** `place`: where the state is in the memory, in bytes from its base. */
  constructor(layout: Layout, frame: Frame, place: number) {
    this.#words = Array.from({ length: wordCountOf(layout) }, () => frame.wide())
    this.#place = place
  }

  load(): Code {
    return this.#words.map((word, at) => word.set(wideLoad(global(0), this.#place + 8 * at)))
  }

  store(): Code {
    return this.#words.map((word, at) => wideStore(global(0), this.#place + 8 * at, word.get))
  }

  field(bits: Bits): Code {
    const shifted = wideShiftRightBy(this.#word(bits).get, bits.offset % 64)
    return bits.width === 64 ? shifted : wideAnd(shifted, wideConstant(maskOf(bits)))
  }

  clear(bits: Bits): Code {
    const word = this.#word(bits)
    const rest = ~(maskOf(bits) << BigInt(bits.offset % 64))
    return word.set(wideAnd(word.get, wideConstant(BigInt.asIntN(64, rest))))
  }

  /** Puts a value into a field that is zero. */
  add(bits: Bits, value: Code): Code {
    const word = this.#word(bits)
    return word.set(wideOr(word.get, wideShiftBy(value, bits.offset % 64)))
  }

  /** Changes the bits of a field that are set in a value. */
  flip(bits: Bits, value: Code): Code {
    const word = this.#word(bits)
    return word.set(wideXor(word.get, wideShiftBy(value, bits.offset % 64)))
  }

  #word({ offset }: Bits): Local {
    return this.#words[Math.floor(offset / 64)] as Local
  }
}
