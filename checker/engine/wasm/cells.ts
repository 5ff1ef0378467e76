import type { TransitionSystem, ValueType } from '../../../spec/index.js'

/**
 * A state unpacked: one 32-bit cell a scalar, at fixed addresses, so that the compiled code reaches everything by
 * adding. All numbers here are cells.
 *
 *   lock      owner, then the times each process reads it, then a mask of the writers that wait
 *   head      callback, then a mask of readers
 *   process   location, parked, the four sections, whether it awaits, a mask of what it awaits, its locals
 *
 * The objects of one struct lie next to each other over all its pools, so that a pointer leads to its object by one
 * multiplication. An object is its alive cell, then its members.
 */

/** No value: a local that is uninitialised. No range reaches it. */
export const EMPTY = -(2 ** 31)

/** Masks of processes and heads have this many bits; larger systems are for the reference engine. */
export const MEMBERS_MAX = 31

export const lockCells = (processCount: number): number => processCount + 2

export function cellsOf(type: ValueType, processCount: number): number {
  switch (type.kind) {
    case 'array':
      return type.length * cellsOf(type.of, processCount)
    case 'struct':
      return type.fields.reduce((sum, field) => sum + cellsOf(field.type, processCount), 0)
    case 'lock':
      return lockCells(processCount)
    case 'head':
      return 2
    default:
      return 1
  }
}

/** Where a member is inside its struct, and what it is. */
export function memberAt(
  type: ValueType,
  name: string,
  processCount: number,
): { readonly offset: number; readonly type: ValueType } {
  if (type.kind !== 'struct') throw new Error(`${type.kind} has no members`)
  let offset = 0
  for (const field of type.fields) {
    if (field.name === name) return { offset, type: field.type }
    offset += cellsOf(field.type, processCount)
  }
  throw new Error(`no member ${name}`)
}

/** Offsets inside a process's cells. */
export const PROCESS = {
  at: 0,
  parked: 1,
  preempt: 2,
  irqs: 3,
  bh: 4,
  rcu: 5,
  awaiting: 6,
  awaits: 7,
  locals: 8,
} as const

export interface Cells {
  readonly system: TransitionSystem
  readonly processCount: number
  /** First cell of each shared variable. */
  readonly shared: readonly number[]
  /** By pool: the first cell of its first object, and the cells of one object with its alive cell. */
  readonly pools: readonly { readonly first: number; readonly stride: number }[]
  /** By struct name: the first cell of object number 0. */
  readonly structs: ReadonlyMap<string, number>
  readonly processes: number
  readonly processStride: number
  /** By code: the cell of each local index inside the process. */
  readonly localsOf: readonly (readonly number[])[]
  readonly count: number
}

export function cellsOfSystem(system: TransitionSystem): Cells {
  // Properties run on a process of their own, after the others.
  const processCount = system.processes.length
  let next = 0
  const take = (count: number): number => {
    next += count
    return next - count
  }
  const shared = system.shared.map(({ type }) => take(cellsOf(type, processCount)))
  const structs = new Map<string, number>()
  for (const { type } of system.pools) {
    if (structs.has(type.name)) continue
    const alike = system.pools.filter((pool) => pool.type.name === type.name)
    const objects = alike.reduce((sum, pool) => sum + pool.size, 0)
    structs.set(type.name, take(objects * (1 + cellsOf(type, processCount))))
  }
  const pools = system.pools.map(({ type, base }) => {
    const stride = 1 + cellsOf(type, processCount)
    return { first: (structs.get(type.name) ?? 0) + base * stride, stride }
  })
  const codes = [
    ...system.codes,
    ...[...system.invariants, ...system.finals, ...system.covers].map(({ code }) => code),
  ]
  const localsOf = codes.map((code) => {
    const sizes = new Array<number>(code.cells).fill(1)
    for (const slot of code.slots) {
      const size = cellsOf(slot.type, processCount)
      if (size > (sizes[slot.index] ?? 1)) sizes[slot.index] = size
    }
    let at: number = PROCESS.locals
    return sizes.map((size) => {
      at += size
      return at - size
    })
  })
  const widths = codes.map((code, at) => {
    const cells = localsOf[at] ?? []
    const last = cells.at(-1) ?? PROCESS.locals
    const size = Math.max(1, ...code.slots.map((slot) => cellsOf(slot.type, processCount)))
    return last + size
  })
  const processStride = Math.max(PROCESS.locals, ...widths)
  const processes = take((processCount + 1) * processStride)
  return {
    system,
    processCount,
    shared,
    pools,
    structs,
    processes,
    processStride,
    localsOf,
    count: next,
  }
}
