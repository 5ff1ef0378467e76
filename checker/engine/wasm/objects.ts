import {
  gfp,
  type Instruction,
  type PoolStorage,
  type Slot,
  type ValueType,
} from '../../../spec/index.js'
import { cellsOf, lockCells } from './cells.js'
import {
  add,
  and,
  type Code,
  call,
  constant,
  equal,
  global,
  greaterOrEqual,
  isZero,
  less,
  load,
  multiply,
  notEqual,
  or,
  select,
  store,
  subtract,
  when,
} from './code.js'
import type { Emitter } from './emitter.js'
import { emitValue } from './expressions.js'
import { emitMightSleep } from './locks.js'
import { emitObject, goesStale } from './places.js'

/** Allocation and freeing (rule 4). */

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

const aliveOffset = (e: Emitter, pool: number, index: number): number => {
  const layout = e.cells.pools[pool]
  return e.memory.work + 4 * ((layout?.first ?? 0) + index * (layout?.stride ?? 0))
}

export function emitAlloc(e: Emitter, i: Of<'alloc'>): Code {
  const pool = e.system.pools[i.pool]
  if (!pool) throw new Error('no such pool')
  const put = (value: Code): Code => store(e.own, e.slotOffset(i.slot), value)
  if (i.object !== null) {
    const index = e.keep(subtract(emitValue(e, i.object), constant(pool.base + 1)))
    const object = e.keep(objectAt(e, i.pool, index.get))
    return [
      index.set,
      object.set,
      e.askIf(load(object.get, e.memory.work)),
      revive(e, pool, object.get),
      put(add(index.get, constant(pool.base + 1))),
    ]
  }
  const flags = e.keep(i.flags === null ? constant(gfp.kernel) : emitValue(e, i.flags))
  const sleeps = when(and(flags.get, constant(gfp.directReclaim)), emitMightSleep(e))
  const indexes = Array.from({ length: pool.size }, (_, index) => index)
  const dead = e.keep(
    indexes.reduce<Code>(
      (sum, index) => add(sum, isZero(load(e.base, aliveOffset(e, i.pool, index)))),
      constant(0),
    ),
  )
  const takes = e.keep(select(dead.get, constant(1), dead.get))
  const mayFail = e.alone ? constant(0) : isZero(and(flags.get, constant(gfp.noFail)))
  const choice = e.temporary()
  const chosen = e.getTemporary(choice)
  const take = indexes.map((index) => {
    const isDead = isZero(load(e.base, aliveOffset(e, i.pool, index)))
    const here = [
      when(isZero(chosen), [
        revive(e, pool, objectAt(e, i.pool, constant(index))),
        put(constant(pool.base + index + 1)),
      ]),
      e.setTemporary(choice, subtract(chosen, constant(1))),
    ]
    return when(isDead, here)
  })
  return [
    flags.set,
    sleeps,
    dead.set,
    takes.set,
    e.setTemporary(choice, call(e.helpers.pick.index, add(takes.get, mayFail))),
    when(greaterOrEqual(chosen, takes.get), put(constant(0)), [e.askIf(isZero(dead.get)), take]),
  ]
}

/** Byte address of an object less `work`. */
function objectAt(e: Emitter, pool: number, index: Code): Code {
  const layout = e.cells.pools[pool]
  if (!layout) throw new Error('no such pool')
  const first = add(global(0), constant(4 * layout.first))
  return add(first, multiply(index, constant(4 * layout.stride)))
}

function revive(e: Emitter, pool: PoolStorage, object: Code): Code {
  const only = pool.safety === 'typesafe_by_rcu' ? new Set(pool.initialised) : null
  return [store(object, e.memory.work, constant(1)), initialise(e, pool, object, only)]
}

/** Members get their initial values; `only` these, where it is given. */
function initialise(
  e: Emitter,
  pool: PoolStorage,
  object: Code,
  only: ReadonlySet<string> | null,
): Code {
  let offset = e.memory.work + 4
  return pool.type.fields.map((field) => {
    const size = cellsOf(field.type, e.cells.processCount)
    const values = initialCells(pool.initial[field.name], field.type, e.cells.processCount)
    const at = offset
    offset += 4 * size
    if (only !== null && !only.has(field.name)) return []
    return values.map((value, cell) => store(object, at + 4 * cell, constant(value)))
  })
}

/** An initial value cell by cell. */
export function initialCells(value: unknown, type: ValueType, processCount: number): number[] {
  switch (type.kind) {
    case 'array':
      return (value as readonly unknown[]).flatMap((item) =>
        initialCells(item, type.of, processCount),
      )
    case 'struct': {
      const fields = value as { readonly [field: string]: unknown }
      return type.fields.flatMap((field) =>
        initialCells(fields[field.name], field.type, processCount),
      )
    }
    case 'lock':
      return [-1, ...new Array<number>(lockCells(processCount) - 1).fill(0)]
    case 'head':
      return [-1, 0]
    default:
      return [Number(value)]
  }
}

export function emitFree(e: Emitter, i: Of<'free'>): Code {
  const storages = i.pools.flatMap((at) => e.system.pools[at] ?? [])
  const [pool] = storages
  // Pools of one struct that differ in kind are rare: the reference engine knows them.
  // So is a typesafe_by_rcu pool, where readers keep what they have found.
  const known = pool && pool.safety !== 'typesafe_by_rcu'
  if (!known || storages.some((one) => one.safety !== pool.safety)) return e.ask
  const pointer = e.keep(emitValue(e, i.pointer))
  const object = e.keep(emitObject(e, pointer.get, i.pools))
  const isBad = or(
    or(isZero(pointer.get), less(pointer.get, constant(0))),
    isZero(load(object.get, e.memory.work)),
  )
  const reset = pool.safety === 'ordinary' ? initialise(e, pool, object.get, null) : []
  const stale = e.helpers.stale.get(pool.type.name)
  const turn: Code =
    goesStale(e, i.pools) && stale
      ? [
          call(stale.index, pointer.get, e.process),
          ownPointers(e, e.code.kept[i.next] ?? [], pool.type.name).map((offset) =>
            staleCell(e.own, offset, pointer.get),
          ),
        ]
      : []
  // A null pointer has no object: it is asked about before anything is read through it.
  return [
    pointer.set,
    e.askIf(or(isZero(pointer.get), less(pointer.get, constant(0)))),
    object.set,
    e.askIf(isBad),
    e.askIf(busy(e, pool.type, object.get)),
    store(object.get, e.memory.work, constant(0)),
    reset,
    turn,
  ]
}

/** One of its locks is held, or one of its heads is queued. */
function busy(e: Emitter, type: ValueType, object: Code): Code {
  const found: Code[] = []
  const search = (inner: ValueType, offset: number): void => {
    if (inner.kind === 'lock') {
      found.push(notEqual(load(object, offset), constant(-1)))
      for (let process = 0; process < e.cells.processCount; process++) {
        found.push(load(object, offset + 4 * (1 + process)))
      }
    } else if (inner.kind === 'head') found.push(notEqual(load(object, offset), constant(-1)))
    else if (inner.kind === 'struct') {
      let next = offset
      for (const field of inner.fields) {
        search(field.type, next)
        next += 4 * cellsOf(field.type, e.cells.processCount)
      }
    } else if (inner.kind === 'array') {
      const stride = 4 * cellsOf(inner.of, e.cells.processCount)
      for (let at = 0; at < inner.length; at++) search(inner.of, offset + at * stride)
    }
  }
  search(type, e.memory.work + 4)
  return found.reduce<Code>((all, one) => or(all, one), constant(0))
}

export const staleCell = (address: Code, offset: number, pointer: Code): Code =>
  when(
    equal(load(address, offset), pointer),
    store(address, offset, subtract(constant(0), pointer)),
  )

/** Byte offsets, inside a process's cells, of the pointers to a struct among these slots. */
export function ownPointers(e: Emitter, slots: readonly Slot[], struct: string): readonly number[] {
  return slots.flatMap((slot) =>
    pointersIn(slot.type, struct, e.cells.processCount).map(
      (cell) => e.slotOffset(slot) + 4 * cell,
    ),
  )
}

/** Cells of a value that hold pointers to a struct. */
export function pointersIn(
  type: ValueType,
  struct: string,
  processCount: number,
): readonly number[] {
  switch (type.kind) {
    case 'pointer':
      return type.struct === struct ? [0] : []
    case 'array': {
      const stride = cellsOf(type.of, processCount)
      const inner = pointersIn(type.of, struct, processCount)
      return Array.from({ length: type.length }, (_, at) => at).flatMap((at) =>
        inner.map((cell) => at * stride + cell),
      )
    }
    case 'struct': {
      let offset = 0
      return type.fields.flatMap((field) => {
        const here = offset
        offset += cellsOf(field.type, processCount)
        return pointersIn(field.type, struct, processCount).map((cell) => here + cell)
      })
    }
    default:
      return []
  }
}
