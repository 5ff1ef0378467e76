import { headPlaces, type TransitionSystem } from '../../spec/index.js'
import type { Bits } from '../engine/bits.js'
import { encode } from '../engine/coding.js'
import type { ByLocation, Exchange, Mark, Part, Sort } from '../engine/renaming.js'
import { type Classes, localKey, type ValueClass } from './classes.js'
import { addressBits, type Coordinate, type Field, objectKey } from './named-fields.js'

/** Things that may be exchanged: objects of a pool, or values of a class. */
export type Alike = { readonly name: string; readonly count: number } & (
  | { readonly kind: 'objects'; readonly pool: number }
  | { readonly kind: 'values'; readonly of: ValueClass; readonly values: readonly number[] }
)

/** What is where for each of them. */
export function makeSorts(
  system: TransitionSystem,
  fields: readonly Field[],
  alike: readonly Alike[],
  classes: Classes,
): readonly Sort[] {
  const names = new Names(system, classes)
  const isName = (field: Field): boolean =>
    alike.some((one) => names.codesOf(one, field).length > 0)
  return alike.map((one) => {
    const { name, count } = one
    const neighbours = Array.from({ length: count - 1 }, (_, at) => at)
    const exchanges = neighbours.map((at) => exchangeOf(names, one, fields, at))
    return { name, count, exchanges, marks: marksOf(names, one, fields, isName) }
  })
}

/** Which fields name what, and which are whose. */
class Names {
  readonly #system: TransitionSystem
  readonly #classes: Classes
  /** By key of the local that holds the number of a head. */
  readonly #heads: ReadonlySet<string>

  constructor(system: TransitionSystem, classes: Classes) {
    this.#system = system
    this.#classes = classes
    const heads = system.codes.flatMap(({ instructions }, code) =>
      instructions.flatMap((i) => (i.kind === 'callback-begin' ? [localKey(code, i.head)] : [])),
    )
    this.#heads = new Set(heads)
  }

  /** For each way in which a field may name a member: by member, the code that does. */
  codesOf(alike: Alike, { field, key }: Field): readonly (readonly number[])[] {
    const values = this.#valuesOf(alike, field, key)
    return values.flatMap((each) => {
      const codes = each.map((value) => encode(field.coding, value))
      if (codes.every((code) => code < 0)) return []
      if (codes.some((code) => code < 0))
        throw new Error(`${field.name} holds some of ${alike.name}`)
      return [codes]
    })
  }

  #valuesOf(alike: Alike, field: Field['field'], key: string): readonly (readonly number[])[] {
    if (alike.kind === 'values') {
      return this.#classes.of(key) === alike.of ? [alike.values] : []
    }
    const pool = this.#system.pools[alike.pool]
    if (pool === undefined) return []
    if (field.coding.kind === 'pointer') {
      const members = Array.from({ length: pool.size }, (_, at) => pool.base + at + 1)
      return field.coding.pools.includes(alike.pool) ? [members] : []
    }
    if (!this.#heads.has(key)) return []
    const heads = headPlaces(this.#system)
    const members = new Set(heads.flatMap((one) => (one.pool === pool.name ? [one.field] : [])))
    return [...members].map((member) =>
      heads.flatMap((one, at) => (one.pool === pool.name && one.field === member ? [at] : [])),
    )
  }

  /** Which member an index of a field is, or -1. */
  memberOf(alike: Alike, { by, at }: Coordinate): number {
    if (alike.kind === 'objects') return by === objectKey(alike.pool) ? at : -1
    return this.#classes.of(by) === alike.of ? alike.values.indexOf(at) : -1
  }

  /** The indexes of a field after a member and the next have been exchanged. */
  moved(alike: Alike, path: readonly Coordinate[], at: number): readonly Coordinate[] {
    return path.map((one) => {
      const member = this.memberOf(alike, one)
      const other = member === at ? at + 1 : member === at + 1 ? at : null
      if (other === null) return one
      return { by: one.by, at: alike.kind === 'objects' ? other : (alike.values[other] as number) }
    })
  }
}

const idOf = ({ key, resting }: Field, path: readonly Coordinate[]): string =>
  [key, resting?.location.name, resting?.codes, ...path.map(({ by, at }) => `${by} ${at}`)].join()

function exchangeOf(names: Names, alike: Alike, fields: readonly Field[], at: number): Exchange {
  const byId = new Map(fields.map((each) => [idOf(each, each.path), each]))
  const locks = new Map<string, string>()
  const parts: { readonly of: Field; readonly found: Part }[] = []
  for (const each of fields) {
    for (const codes of names.codesOf(alike, each)) {
      const [left, right] = [codes[at] as number, codes[at + 1] as number]
      parts.push({ of: each, found: { kind: 'name', field: addressBits(each.field), left, right } })
    }
    const id = idOf(each, names.moved(alike, each.path, at))
    const other = byId.get(id)
    if (other === undefined) throw new Error(`${each.field.name} has no counterpart`)
    if (other === each) continue
    if (each.lock !== null && other.lock !== null) locks.set(each.lock, other.lock)
    if (each.field.offset > other.field.offset) continue
    const part = { kind: 'column', left: each.field, right: other.field } as const
    parts.push({ of: each, found: part })
  }
  return { parts: byLocation(parts, joined), locks }
}

/** Columns whose fields follow one another on both sides are one. */
function joined(parts: readonly Part[]): readonly Part[] {
  const found: Part[] = parts.filter(({ kind }) => kind === 'name')
  for (const part of parts) {
    if (part.kind === 'name') continue
    const last = found.at(-1)
    if (last?.kind === 'column') {
      const [left, right] = [follows(last.left, part.left), follows(last.right, part.right)]
      if (left !== null && right !== null) {
        found[found.length - 1] = { kind: 'column', left, right }
        continue
      }
    }
    found.push({ kind: 'column', left: bits(part.left), right: bits(part.right) })
  }
  return found
}

const bits = ({ offset, width }: Bits): Bits => ({ offset, width })

function follows(last: Bits, next: Bits): Bits | null {
  const isNext = last.offset + last.width === next.offset && next.offset % 64 !== 0
  return isNext ? { offset: last.offset, width: last.width + next.width } : null
}

/** By location of a process, where something is there at some of them; locations with the same are one. */
function byLocation<T>(
  all: readonly { readonly of: Field; readonly found: T }[],
  whole: (found: readonly T[]) => readonly T[],
): ByLocation<T> {
  const always = all.flatMap(({ of, found }) => (of.resting === null ? [found] : []))
  const locations = new Map<string, { field: Bits; at: Map<number, T[]> }>()
  for (const { of, found } of all) {
    if (of.resting === null) continue
    const { location, codes } = of.resting
    const one = locations.get(location.name) ?? { field: bits(location), at: new Map() }
    locations.set(location.name, one)
    for (const code of codes) one.at.set(code, [...(one.at.get(code) ?? []), found])
  }
  const resting = [...locations.values()].map(({ field, at }) => {
    const groups = new Map<string, { codes: number[]; found: readonly T[] }>()
    for (const [code, found] of at) {
      const made = whole(found)
      const text = JSON.stringify(made, (_, value) =>
        typeof value === 'bigint' ? `${value}` : value,
      )
      const group = groups.get(text) ?? { codes: [], found: made }
      group.codes.push(code)
      groups.set(text, group)
    }
    return { field, at: [...groups.values()] }
  })
  return { always: whole(always), resting }
}

function marksOf(
  names: Names,
  alike: Alike,
  fields: readonly Field[],
  isName: (field: Field) => boolean,
): ByLocation<Mark> {
  const marks: { readonly of: Field; readonly found: Mark }[] = []
  for (const each of fields) {
    for (const [way, codes] of names.codesOf(alike, each).entries()) {
      const factor = factorOf(`${each.key} names ${way}`)
      const whence = each.resting === null ? 0n : factorOf(`${each.key} names ${way} from`)
      marks.push({
        of: each,
        found: { kind: 'name', field: addressBits(each.field), codes, factor, whence },
      })
    }
    if (each.isProcess || isName(each)) continue
    for (const [at, one] of each.path.entries()) {
      const member = names.memberOf(alike, one)
      if (member < 0) continue
      const factor = factorOf(`${each.key} at ${at}`)
      marks.push({ of: each, found: { kind: 'content', member, field: bits(each.field), factor } })
    }
  }
  return byLocation(marks, (found) => found)
}

/** An odd number that depends on a text and on nothing else: FNV-1a over 64 bits. */
function factorOf(text: string): bigint {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  }
  return hash | 1n
}
