import { type Code, unsigned } from './code.js'

/** 64-bit instructions, and the atomic ones on 32-bit words. See `code.ts`. */

/** A number of 64 bits; LEB128, signed. */
export function wideConstant(value: bigint): Code {
  const bytes: number[] = [0x42]
  let rest = BigInt.asIntN(64, value)
  for (;;) {
    const byte = Number(rest & 0x7fn)
    rest >>= 7n
    const done = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)
    bytes.push(done ? byte : byte | 0x80)
    if (done) return bytes
  }
}

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [left, right, opcode]

export const wideEqual = binary(0x51)
export const wideNotEqual = binary(0x52)
export const wideProduct = binary(0x7e)
export const wideXor = binary(0x85)
export const wideShiftRightUnsigned = binary(0x88)
/** The lower 32 bits. */
export const narrow = (value: Code): Code => [value, 0xa7]
/** Without a sign. */
export const widen = (value: Code): Code => [value, 0xad]

export const wideLoad = (address: Code, offset = 0): Code => [address, 0x29, 2, unsigned(offset)]
export const wideStore = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  0x37,
  2,
  unsigned(offset),
]

export const loadByte = (address: Code, offset = 0): Code => [address, 0x2d, 0, unsigned(offset)]

/** Sequentially consistent, of aligned 32-bit words (threads proposal). */
export const atomicLoad = (address: Code, offset = 0): Code => [
  address,
  0xfe,
  0x10,
  2,
  unsigned(offset),
]

/** Adds, and leaves what was there before. */
export const atomicAdd = (address: Code, offset: number, by: Code): Code => [
  address,
  by,
  0xfe,
  0x1e,
  2,
  unsigned(offset),
]

/** Writes `value` where `expected` is, and leaves what was there before. */
export const atomicExchange = (
  address: Code,
  offset: number,
  expected: Code,
  value: Code,
): Code => [address, expected, value, 0xfe, 0x48, 2, unsigned(offset)]
