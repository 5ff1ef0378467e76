import { type Code, unsigned } from './code.js'

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
