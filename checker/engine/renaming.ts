import { type Bits, read, write } from './bits.js'

/**
 * Things that nothing tells apart but their names: objects of a pool, indexes of arrays, values. What a state holds of each
 * is in places of its own, and elsewhere it is named. Two of them change places when both is exchanged everywhere.
 */
export interface Sort {
  /** For people: the pool, or what is chosen. */
  readonly name: string
  readonly count: number
  /** By member but the last: what changes when it and the next are exchanged. */
  readonly exchanges: readonly Exchange[]
  readonly marks: ByLocation<Mark>
}

export interface Exchange {
  readonly parts: ByLocation<Part>
  /** Locks by name, both ways. */
  readonly locks: ReadonlyMap<string, string>
}

/** What is in a state always, and what only where the control of a process rests at some locations. */
export interface ByLocation<T> {
  readonly always: readonly T[]
  readonly resting: readonly {
    /** The field of the location. */
    readonly field: Bits
    /** The codes of locations in `field`; every code is in one of these at most. */
    readonly at: readonly { readonly codes: readonly number[]; readonly found: readonly T[] }[]
  }[]
}

/** Two fields that exchange their contents, or a field in which two codes take each other's place. */
export type Part =
  | { readonly kind: 'column'; readonly left: Bits; readonly right: Bits }
  | { readonly kind: 'name'; readonly field: Bits; readonly left: number; readonly right: number }

/**
 * Something that tells members apart whatever they are called. A member's key is the sum of its marks: `factor` times the
 * content of a field of its own, or `factor` for each field that names it (and `whence` times the location, from 1 on, of
 * the process that does). Keys are numbers modulo 2^64.
 */
export type Mark =
  | {
      readonly kind: 'content'
      readonly member: number
      readonly field: Bits
      readonly factor: bigint
    }
  | {
      readonly kind: 'name'
      readonly field: Bits
      /** By member. */
      readonly codes: readonly number[]
      readonly factor: bigint
      readonly whence: bigint
    }

/** More permutations than this, of all sorts together, are not tried for one state. */
export const PERMUTATIONS_MAX = 1000

/** Exchanges a member and the next in a state. */
export function exchange(words: bigint[], { parts }: Exchange): void {
  visit(words, parts, (part) => {
    if (part.kind === 'column') {
      const left = read(words, part.left)
      write(words, part.left, read(words, part.right))
      write(words, part.right, left)
      return
    }
    const code = Number(read(words, part.field))
    if (code === part.left) write(words, part.field, BigInt(part.right))
    if (code === part.right) write(words, part.field, BigInt(part.left))
  })
}

/** By member: what does not change when members of any sort, or processes, are exchanged, but goes with the member. */
export function keysOf(words: readonly bigint[], { count, marks }: Sort): bigint[] {
  const keys = new Array<bigint>(count).fill(0n)
  const add = (member: number, value: bigint): void => {
    keys[member] = BigInt.asUintN(64, (keys[member] ?? 0n) + value)
  }
  visit(words, marks, (mark, place) => {
    const code = read(words, mark.field)
    if (mark.kind === 'content') add(mark.member, code * mark.factor)
    else {
      const named = mark.codes.indexOf(Number(code))
      if (named >= 0) add(named, mark.factor + BigInt(place) * mark.whence)
    }
  })
  return keys
}

function visit<T>(
  words: readonly bigint[],
  { always, resting }: ByLocation<T>,
  each: (one: T, place: number) => void,
): void {
  for (const one of always) each(one, 0)
  for (const { field, at } of resting) {
    const code = Number(read(words, field))
    for (const one of at.find(({ codes }) => codes.includes(code))?.found ?? []) each(one, code + 1)
  }
}

/** Which neighbours to exchange to come by every permutation once (Steinhaus, Johnson, Trotter); then 0 leads back. */
export function plainChanges(count: number): readonly number[] {
  if (count < 2) return []
  const inner = plainChanges(count - 1)
  const found: number[] = []
  const down = Array.from({ length: count - 1 }, (_, at) => count - 2 - at)
  for (let round = 0; round <= inner.length; round++) {
    found.push(...(round % 2 === 0 ? down : [...down].reverse()))
    const change = inner[round]
    // While the greatest stands at the front, the others are one further.
    if (change !== undefined) found.push(change + (round % 2 === 0 ? 1 : 0))
  }
  return found
}
