import type { Place, ValueType } from '../../../spec/index.js'
import { cellsOf, memberAt } from './cells.js'
import {
  add,
  type Code,
  call,
  constant,
  global,
  isZero,
  less,
  load,
  multiply,
  or,
  subtract,
  when,
} from './code.js'
import type { Emitter } from './emitter.js'
import { boundsCheck, emitValue, magnitude } from './expressions.js'

/** Where a value is: an address kept in a local, and bytes to add to it. */
export interface Address {
  readonly set: Code
  readonly get: Code
  readonly offset: number
}

/** `trusted`: of a process that sleeps there, so nothing needs to be checked again. */
export function emitPlace(e: Emitter, place: Place, marked: boolean, trusted = false): Address {
  let offset = 0
  let type = rootType(e, place)
  const dynamic: Code[] = []
  for (const selector of place.path) {
    if (selector.kind === 'field') {
      const member = memberAt(type, selector.name, e.cells.processCount)
      offset += 4 * member.offset
      type = member.type
      continue
    }
    if (type.kind !== 'array') throw new Error('an index into no array')
    const stride = 4 * cellsOf(type.of, e.cells.processCount)
    const { index, length } = selector
    type = type.of
    if (index.kind === 'literal' && index.value >= 0 && index.value < length) {
      offset += stride * index.value
      continue
    }
    const kept = e.keep(emitValue(e, index))
    const check = trusted ? [] : boundsCheck(e, kept.get, length)
    dynamic.push([kept.set, check, multiply(kept.get, constant(stride))])
  }
  const root = emitRoot(e, place, marked, trusted)
  const address = dynamic.reduce<Code>((sum, part) => add(sum, part), root.address)
  const kept = e.keep(address)
  return { set: [root.before, kept.set], get: kept.get, offset: offset + root.offset }
}

export const at = (address: Address, cells = 0): Code =>
  load(address.get, address.offset + 4 * cells)

function rootType(e: Emitter, { root }: Place): ValueType {
  if (root.kind === 'shared') {
    const variable = e.system.shared[root.variable]
    if (!variable) throw new Error('no such variable')
    return variable.type
  }
  if (root.kind === 'local') return root.slot.type
  const pool = e.system.pools[root.pools[0] ?? -1]
  if (!pool) throw new Error('a pointer into no pool')
  return pool.type
}

function emitRoot(
  e: Emitter,
  { root }: Place,
  marked: boolean,
  trusted: boolean,
): { readonly before: Code; readonly address: Code; readonly offset: number } {
  if (root.kind === 'shared') {
    const cell = e.cells.shared[root.variable] ?? 0
    return { before: [], address: global(0), offset: e.memory.work + 4 * cell }
  }
  if (root.kind === 'local') {
    return { before: [], address: e.own, offset: e.slotOffset(root.slot) }
  }
  const pointer = e.keep(emitValue(e, root.pointer))
  const object = emitObject(e, pointer.get, root.pools)
  const check = trusted ? [] : emitUsable(e, pointer.get, root.pools, marked)
  return { before: [pointer.set, check], address: object, offset: e.memory.work + 4 }
}

/** Byte address of an object less `work`: its alive cell, by a pointer that is not null. */
export function emitObject(e: Emitter, pointer: Code, pools: readonly number[]): Code {
  const pool = e.system.pools[pools[0] ?? -1]
  const layout = e.cells.pools[pools[0] ?? -1]
  if (!pool || !layout) throw new Error('a pointer into no pool')
  const first = e.cells.structs.get(pool.type.name) ?? 0
  const number = subtract(goesStale(e, pools) ? magnitude(e, pointer) : pointer, constant(1))
  const inside = multiply(number, constant(4 * layout.stride))
  return add(add(global(0), constant(4 * first)), inside)
}

export const goesStale = (e: Emitter, pools: readonly number[]): boolean =>
  pools.some((at) => {
    const safety = e.system.pools[at]?.safety
    return safety === 'ordinary' || safety === 'typesafe_by_rcu'
  })

/** Rule 4: asks unless the object may be used so. */
export function emitUsable(
  e: Emitter,
  pointer: Code,
  pools: readonly number[],
  marked: boolean,
): Code {
  const safeties = new Set(pools.map((at) => e.system.pools[at]?.safety))
  const isNull = e.askIf(isZero(pointer))
  const [safety] = safeties
  if (safeties.size === 1 && safety === 'tasks') return isNull
  const alive = load(emitObject(e, pointer, pools), e.memory.work)
  if (safeties.size === 1 && safety === 'typesafe') {
    return marked ? isNull : [isNull, e.askIf(isZero(alive))]
  }
  const unusable = or(less(pointer, constant(0)), isZero(alive))
  if (safeties.size > 1 || safety === 'ordinary' || !marked) return [isNull, e.askIf(unusable)]
  const reads = e.alone ? constant(0) : call(e.helpers.readsRcu.index, e.process)
  return [isNull, when(unusable, e.askIf(isZero(reads)))]
}
