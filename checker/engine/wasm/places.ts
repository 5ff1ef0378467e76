import type { Place, ValueType } from '../../../spec/index.js'
import { cellsOf, memberAt } from './cells.js'
import { add, type Code, constant, isZero, less, multiply, or, when } from './code.js'
import { type Address, type Emitter, read } from './emitter.js'
import { boundsCheck, constantOf, emitValue, goesStale, magnitude } from './expressions.js'

/** An address and the code that computes it: that comes first. */
interface Computed extends Address {
  readonly set: Code
}

/** `trusted`: of a process that sleeps there, so nothing needs to be checked again. */
export function emitPlace(e: Emitter, place: Place, marked: boolean, trusted = false): Computed {
  let cell = 0
  let type = rootType(e, place)
  const checks: Code[] = []
  const dynamic: Code[] = []
  const ways: { readonly stride: number; readonly length: number }[] = []
  for (const selector of place.path) {
    if (selector.kind === 'field') {
      const member = memberAt(type, selector.name, e.cells.processCount)
      cell += member.offset
      type = member.type
      continue
    }
    if (type.kind !== 'array') throw new Error('an index into no array')
    const stride = cellsOf(type.of, e.cells.processCount)
    const { index, length } = selector
    type = type.of
    const known = constantOf(e, index)
    if (known !== null && known >= 0 && known < length) {
      cell += stride * known
      continue
    }
    const kept = e.keep(emitValue(e, index))
    checks.push(kept.set, trusted ? [] : boundsCheck(e, kept.get, length))
    dynamic.push(multiply(kept.get, constant(4 * stride)))
    ways.push({ stride, length })
  }
  const root = emitRoot(e, place, marked, trusted)
  const offset = root.offset + 4 * cell
  const cells = (): readonly number[] =>
    ways.reduce<readonly number[]>(
      (all, { stride, length }) =>
        all.flatMap((one) => Array.from({ length }, (_, index) => one + stride * index)),
      root.cells().map((one) => one + cell),
    )
  if (dynamic.length === 0) return { set: [checks, root.set], get: root.get, offset, cells }
  const kept = e.keep(dynamic.reduce<Code>((sum, part) => add(sum, part), root.get))
  return { set: [checks, root.set, kept.set], get: kept.get, offset, cells }
}

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

function emitRoot(e: Emitter, { root }: Place, marked: boolean, trusted: boolean): Computed {
  if (root.kind === 'shared') return { set: [], ...e.cell(e.cells.shared[root.variable] ?? 0) }
  if (root.kind === 'local') return { set: [], ...e.slot(root.slot) }
  const pointer = e.keep(emitValue(e, root.pointer))
  const object = emitObject(e, pointer.get, root.pools)
  const check = trusted ? [] : emitUsable(e, pointer.get, object, root.pools, marked)
  return {
    set: [pointer.set, object.set, check],
    get: object.get,
    offset: object.offset + 4,
    cells: () => object.cells().map((cell) => cell + 1),
  }
}

/** The alive cell of an object, by a pointer that is not null. */
export function emitObject(e: Emitter, pointer: Code, pools: readonly number[]): Computed {
  const pool = e.system.pools[pools[0] ?? -1]
  const stride = e.cells.pools[pools[0] ?? -1]?.stride
  if (!pool || stride === undefined) throw new Error('a pointer into no pool')
  const first = e.cells.structs.get(pool.type.name) ?? 0
  const number = goesStale(e, pools) ? magnitude(e, pointer) : pointer
  // The first object has pointer 1: that much is taken off the constant part.
  const offset = e.memory.work + 4 * (first - stride)
  const inside = multiply(number, constant(4 * stride))
  const kept = e.keep(add(offset < 0 ? add(e.base, constant(offset)) : e.base, inside))
  const cells = (): readonly number[] => pools.flatMap((at) => aliveCells(e, at))
  return { set: kept.set, get: kept.get, offset: Math.max(0, offset), cells }
}

/** The alive cells of a pool's objects. */
export function aliveCells(e: Emitter, pool: number): readonly number[] {
  const layout = e.cells.pools[pool]
  const storage = e.system.pools[pool]
  if (!layout || !storage) throw new Error('no such pool')
  const { first, stride } = layout
  return Array.from({ length: storage.size }, (_, index) => first + index * stride)
}

/** Rule 4: asks unless the object, which is at that address unless the pointer is null, may be used so. */
export function emitUsable(
  e: Emitter,
  pointer: Code,
  object: Address,
  pools: readonly number[],
  marked: boolean,
): Code {
  const safeties = new Set(pools.map((at) => e.system.pools[at]?.safety))
  const isNull = e.askIf(isZero(pointer))
  const [safety] = safeties
  if (safeties.size === 1 && safety === 'tasks') return isNull
  const alive = read(object)
  if (safeties.size === 1 && safety === 'typesafe') {
    return marked ? isNull : [isNull, e.askIf(isZero(alive))]
  }
  const unusable = or(less(pointer, constant(0)), isZero(alive))
  if (safeties.size > 1 || safety === 'ordinary' || !marked) {
    return [isNull, e.askIf(unusable)]
  }
  const reads = e.alone ? constant(0) : (e.helpers.readsRcu[e.processNumber] ?? constant(0))
  return [isNull, when(unusable, e.askIf(isZero(reads)))]
}
