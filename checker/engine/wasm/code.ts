/**
 * WebAssembly instructions as ropes of bytes. Each function emits one instruction with its operands before it; all
 * values are i32 unless a name says otherwise. See the core specification, sections 5.4 and 6 (threads).
 */
export type Code = number | Uint8Array | readonly Code[]

/** The same few numbers come again and again, and ropes are never changed: one rope does for all. */
function remembered<Made extends Code>(make: (value: number) => Made): (value: number) => Made {
  const known = new Map<number, Made>()
  return (value) => {
    let made = known.get(value)
    if (made === undefined) {
      made = make(value)
      known.set(value, made)
    }
    return made
  }
}

/** LEB128, unsigned. */
export const unsigned = remembered((value): readonly number[] => {
  const bytes: number[] = []
  let rest = value >>> 0
  do {
    const byte = rest & 0x7f
    rest >>>= 7
    bytes.push(rest === 0 ? byte : byte | 0x80)
  } while (rest !== 0)
  return bytes
})

/** LEB128, signed, of a 32-bit number. */
export function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value | 0
  for (;;) {
    const byte = rest & 0x7f
    rest >>= 7
    const done = (rest === 0 && (byte & 0x40) === 0) || (rest === -1 && (byte & 0x40) !== 0)
    bytes.push(done ? byte : byte | 0x80)
    if (done) return bytes
  }
}

/** All bytes of a rope, in order. */
export function flatten(code: Code): Uint8Array<ArrayBuffer> {
  let bytes = new Uint8Array(1024)
  let count = 0
  const grow = (needed: number): void => {
    const larger = new Uint8Array(Math.max(needed, 2 * bytes.length))
    larger.set(bytes)
    bytes = larger
  }
  // Most parts are numbers, and this is the innermost loop of a compilation.
  const walk = (parts: readonly Code[]): void => {
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as Code
      if (typeof part === 'number') {
        if (count === bytes.length) grow(count + 1)
        bytes[count++] = part
      } else if (isRope(part)) {
        walk(part)
      } else {
        if (count + part.length > bytes.length) grow(count + part.length)
        bytes.set(part, count)
        count += part.length
      }
    }
  }
  walk([code])
  return bytes.slice(0, count)
}

const isRope: (part: Uint8Array | readonly Code[]) => part is readonly Code[] = Array.isArray

export const nothing: Code = []

export const constant = remembered((value): Code => [0x41, ...signed(value)])
export const local = remembered((index): Code => [0x20, ...unsigned(index)])
export const setLocal = (index: number, value: Code): Code => [value, 0x21, unsigned(index)]
export const teeLocal = (index: number, value: Code): Code => [value, 0x22, unsigned(index)]
export const global = remembered((index): Code => [0x23, ...unsigned(index)])

const binary =
  (opcode: number) =>
  (left: Code, right: Code): Code => [left, right, opcode]

export const equal = binary(0x46)
export const notEqual = binary(0x47)
export const less = binary(0x48)
export const lessUnsigned = binary(0x49)
export const greater = binary(0x4a)
export const lessOrEqual = binary(0x4c)
export const greaterUnsigned = binary(0x4b)
export const greaterOrEqual = binary(0x4e)
export const greaterOrEqualUnsigned = binary(0x4f)
export const add = binary(0x6a)
export const subtract = binary(0x6b)
export const multiply = binary(0x6c)
export const divide = binary(0x6d)
export const divideUnsigned = binary(0x6e)
export const remainder = binary(0x6f)
export const and = binary(0x71)
export const or = binary(0x72)
export const xor = binary(0x73)
export const anyOf = (conditions: readonly Code[]): Code =>
  conditions.length === 0 ? constant(0) : conditions.reduce((all, one) => or(all, one))
export const shiftLeft = binary(0x74)
export const shiftRight = binary(0x75)
export const shiftRightUnsigned = binary(0x76)
export const isZero = (value: Code): Code => [value, 0x45]
export const countLeadingZeros = (value: Code): Code => [value, 0x67]
export const countTrailingZeros = (value: Code): Code => [value, 0x68]
/** `condition` not 0: `yes`, else `no`; both are evaluated. */
export const select = (yes: Code, no: Code, condition: Code): Code => [yes, no, condition, 0x1b]

/** 64-bit arithmetic, to see whether 32 bits were enough. */
const wide = (value: Code): Code => [value, 0xac]
export const wideAdd = (left: Code, right: Code): Code => [wide(left), wide(right), 0x7c]
export const wideSubtract = (left: Code, right: Code): Code => [wide(left), wide(right), 0x7d]
export const wideMultiply = (left: Code, right: Code): Code => [wide(left), wide(right), 0x7e]
export const wideShiftLeft = (left: Code, right: Code): Code => [wide(left), wide(right), 0x86]

/** LEB128, signed, of a 64-bit number. */
function signedWide(value: bigint): number[] {
  const bytes: number[] = []
  let rest = BigInt.asIntN(64, value)
  for (;;) {
    const byte = Number(rest & 0x7fn)
    rest >>= 7n
    const done = (rest === 0n && (byte & 0x40) === 0) || (rest === -1n && (byte & 0x40) !== 0)
    bytes.push(done ? byte : byte | 0x80)
    if (done) return bytes
  }
}

/** 64-bit words: what states are packed in. */
export const wideConstant = (value: bigint): Code => [0x42, signedWide(value)]
export const wideEqual = binary(0x51)
export const wideNotEqual = binary(0x52)
export const wideGreaterUnsigned = binary(0x56)
/** Without looking at what is lost. */
export const wideProduct = binary(0x7e)
export const wideSum = binary(0x7c)
export const wideAnd = binary(0x83)
export const wideOr = binary(0x84)
export const wideXor = binary(0x85)
export const wideShiftBy = (value: Code, by: number): Code =>
  by === 0 ? value : [value, wideConstant(BigInt(by)), 0x86]
export const wideShiftRightBy = (value: Code, by: number): Code =>
  by === 0 ? value : [value, wideConstant(BigInt(by)), 0x88]
/** An i32 taken as unsigned, as an i64; and the low half of an i64. */
export const widen = (value: Code): Code => [value, 0xad]
export const narrow = (value: Code): Code => [value, 0xa7]
export const wideLoad = (address: Code, offset: number): Code => [
  address,
  0x29,
  3,
  unsigned(offset),
]
export const wideStore = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  0x37,
  3,
  unsigned(offset),
]

/** Little-endian words of memory at `address` + `offset` bytes. */
export const load = (address: Code, offset = 0): Code => [address, 0x28, 2, unsigned(offset)]
export const store = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  0x36,
  2,
  unsigned(offset),
]

/** The lowest byte of a value. */
export const storeByte = (address: Code, offset: number, value: Code): Code => [
  address,
  value,
  0x3a,
  0,
  unsigned(offset),
]

export const loadByte = (address: Code, offset = 0): Code => [address, 0x2d, 0, unsigned(offset)]

/** Sets bits of the byte at `address` + `offset`. */
export const markByte = (address: Code, offset: number, bits: number): Code =>
  storeByte(address, offset, or(loadByte(address, offset), constant(bits)))

const empty = 0x40
const i32 = 0x7f

export const block = (body: Code): Code => [0x02, empty, body, 0x0b]
export const loop = (body: Code): Code => [0x03, empty, body, 0x0b]
/** Out of the `depth`th enclosing block, or back to the start of a loop. */
export const branch = (depth: number): Code => [0x0c, unsigned(depth)]
export const branchIf = (depth: number, condition: Code): Code => [condition, 0x0d, unsigned(depth)]
export const branchTable = (depths: readonly number[], otherwise: number, index: Code): Code => [
  index,
  0x0e,
  unsigned(depths.length),
  depths.map(unsigned),
  unsigned(otherwise),
]
export const when = (condition: Code, then: Code, otherwise?: Code): Code =>
  otherwise === undefined
    ? [condition, 0x04, empty, then, 0x0b]
    : [condition, 0x04, empty, then, 0x05, otherwise, 0x0b]
/** An `if` that leaves an i32. */
export const either = (condition: Code, then: Code, otherwise: Code): Code => [
  condition,
  0x04,
  i32,
  then,
  0x05,
  otherwise,
  0x0b,
]
export const result = (value: Code): Code => [value, 0x0f]
export const call = (index: number, ...given: readonly Code[]): Code => [
  given,
  0x10,
  unsigned(index),
]
export const drop = (value: Code): Code => [value, 0x1a]
/** The body of the group that `index` is in; none where it is in none. Bodies do not branch outwards. */
export function switchOn(
  index: Code,
  groups: readonly { readonly values: readonly number[]; readonly body: Code }[],
): Code {
  const largest = Math.max(-1, ...groups.flatMap(({ values }) => values))
  if (largest < 0) return []
  const [only] = groups
  if (only && groups.length === 1 && only.values.length === 1) {
    return when(equal(index, constant(largest)), only.body)
  }
  const table = new Array<number>(largest + 1).fill(groups.length)
  for (const [at, { values }] of groups.entries()) for (const one of values) table[one] = at
  let code: Code = branchTable(table, groups.length, index)
  for (const [at, { body }] of groups.entries()) {
    code = [block(code), body, branch(groups.length - 1 - at)]
  }
  return block(code)
}

/** memory.copy of `bytes` bytes. */
export const copyBytes = (to: Code, from: Code, bytes: Code): Code => [
  to,
  from,
  bytes,
  0xfc,
  0x0a,
  0,
  0,
]
export const copy = (to: Code, from: Code, bytes: number): Code => [
  to,
  from,
  constant(bytes),
  0xfc,
  0x0a,
  0,
  0,
]
export const fillZero = (to: Code, bytes: number): Code => [
  to,
  constant(0),
  constant(bytes),
  0xfc,
  0x0b,
  0,
]
