import { gfp, type Instruction, type PoolStorage, type ValueType } from '../../../spec/index.js'
import { cellsOf, lockCells } from './cells.js'
import {
  add,
  and,
  anyOf,
  type Code,
  constant,
  greater,
  greaterOrEqual,
  isZero,
  less,
  lessOrEqual,
  notEqual,
  or,
  select,
  subtract,
  when,
} from './code.js'
import { type Address, type Emitter, moved, read } from './emitter.js'
import { emitValue } from './expressions.js'
import { emitMightSleep } from './locks.js'
import { aliveCells, emitObject } from './places.js'
import { turnStale } from './stale.js'

/** Allocation and freeing (rule 4). */

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

export function emitAlloc(e: Emitter, i: Of<'alloc'>): Code {
  const pool = e.system.pools[i.pool]
  if (!pool) throw new Error('no such pool')
  const put = (value: Code): Code => e.setSlot(i.slot, value)
  if (i.object !== null) {
    const pointer = e.keep(emitValue(e, i.object))
    const object = emitObject(e, pointer.get, [i.pool])
    return [
      pointer.set,
      object.set,
      e.askIf(read(object)),
      revive(e, pool, object),
      put(pointer.get),
    ]
  }
  const flags = e.keep(i.flags === null ? constant(gfp.kernel) : emitValue(e, i.flags))
  const sleeps = when(and(flags.get, constant(gfp.directReclaim)), emitMightSleep(e))
  const objects = aliveCells(e, i.pool).map((cell) => e.cell(cell))
  const dead = e.keep(
    objects.map((object) => isZero(read(object))).reduce((sum, one) => add(sum, one)),
  )
  const takes = e.keep(select(dead.get, constant(1), dead.get))
  const mayFail = e.alone ? constant(0) : isZero(and(flags.get, constant(gfp.noFail)))
  const choice = e.temporary()
  const chosen = e.getTemporary(choice)
  const take = objects.map((object, index) =>
    when(isZero(read(object)), [
      when(isZero(chosen), [revive(e, pool, object), put(constant(pool.base + index + 1))]),
      e.setTemporary(choice, subtract(chosen, constant(1))),
    ]),
  )
  return [
    flags.set,
    sleeps,
    dead.set,
    takes.set,
    e.setTemporary(choice, e.pick(add(takes.get, mayFail))),
    when(greaterOrEqual(chosen, takes.get), put(constant(0)), [e.askIf(isZero(dead.get)), take]),
  ]
}

/** An object, at its alive cell, lives. */
function revive(e: Emitter, pool: PoolStorage, object: Address): Code {
  const only = pool.safety === 'typesafe_by_rcu' ? new Set(pool.initialised) : null
  return [e.write(object, constant(1)), initialise(e, pool, object, only)]
}

/** Members get their initial values; `only` these, where it is given. */
function initialise(
  e: Emitter,
  pool: PoolStorage,
  object: Address,
  only: ReadonlySet<string> | null,
): Code {
  let next = 1
  return pool.type.fields.map((field) => {
    const values = initialCells(pool.initial[field.name], field.type, e.cells.processCount)
    const first = next
    next += cellsOf(field.type, e.cells.processCount)
    if (only !== null && !only.has(field.name)) return []
    return values.map((value, cell) => e.write(moved(object, first + cell), constant(value)))
  })
}

/** An initial value cell by cell. */
function initialCells(value: unknown, type: ValueType, processCount: number): number[] {
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
  if (!pool) return e.ask
  const pointer = e.keep(emitValue(e, i.pointer))
  const object = emitObject(e, pointer.get, i.pools)
  const isIn = ({ base, size }: PoolStorage): Code =>
    and(greater(pointer.get, constant(base)), lessOrEqual(pointer.get, constant(base + size)))
  // One code for each kind of pool that it may be in.
  const kinds = [...new Set(storages.map(({ safety }) => safety))]
  const after = kinds.map((safety) => {
    const ofKind = storages.filter((one) => one.safety === safety)
    const reset = safety === 'ordinary' ? initialise(e, pool, object, null) : []
    const code = [
      reset,
      turnStale(e, i.next, { struct: pool.type.name, safety, pointer: pointer.get }),
    ]
    return kinds.length === 1 ? code : when(anyOf(ofKind.map(isIn)), code)
  })
  // A null pointer has no object: it is asked about before anything is read through it.
  return [
    pointer.set,
    e.askIf(or(isZero(pointer.get), less(pointer.get, constant(0)))),
    object.set,
    e.askIf(isZero(read(object))),
    e.askIf(busy(e, pool.type, object)),
    e.write(object, constant(0)),
    after,
  ]
}

/** One of its locks is held, or one of its heads is queued. */
function busy(e: Emitter, type: ValueType, object: Address): Code {
  const found: Code[] = []
  const search = (inner: ValueType, cell: number): void => {
    const at = (by: number): Code => read(moved(object, cell + by))
    if (inner.kind === 'lock') {
      found.push(notEqual(at(0), constant(-1)))
      for (let process = 0; process < e.cells.processCount; process++) found.push(at(1 + process))
    } else if (inner.kind === 'head') found.push(notEqual(at(0), constant(-1)))
    else if (inner.kind === 'struct') {
      let next = cell
      for (const field of inner.fields) {
        search(field.type, next)
        next += cellsOf(field.type, e.cells.processCount)
      }
    } else if (inner.kind === 'array') {
      const stride = cellsOf(inner.of, e.cells.processCount)
      for (let at = 0; at < inner.length; at++) search(inner.of, cell + at * stride)
    }
  }
  search(type, 1)
  return anyOf(found)
}
