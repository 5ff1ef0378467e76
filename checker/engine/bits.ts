/** Some bits of a state, inside of one 64-bit word. */
export interface Bits {
  readonly offset: number
  readonly width: number
}

export const maskOf = ({ width }: Bits): bigint => (1n << BigInt(width)) - 1n

const wordOf = ({ offset }: Bits): number => Math.floor(offset / 64)

export const read = (words: readonly bigint[], bits: Bits): bigint =>
  ((words[wordOf(bits)] ?? 0n) >> BigInt(bits.offset % 64)) & maskOf(bits)

export function write(words: bigint[], bits: Bits, value: bigint): void {
  const shift = BigInt(bits.offset % 64)
  const rest = (words[wordOf(bits)] ?? 0n) & ~(maskOf(bits) << shift)
  words[wordOf(bits)] = rest | (value << shift)
}

/** A packed state in words of 64 bits. */
export function wide(state: Uint32Array): bigint[] {
  const words: bigint[] = []
  for (let at = 0; at < state.length; at += 2) {
    words.push(BigInt(state[at] ?? 0) | (BigInt(state[at + 1] ?? 0) << 32n))
  }
  return words
}

export const narrow = (words: readonly bigint[], length: number): Uint32Array =>
  Uint32Array.from({ length }, (_, at) =>
    Number(((words[at >> 1] ?? 0n) >> (at % 2 === 0 ? 0n : 32n)) & 0xffffffffn),
  )
