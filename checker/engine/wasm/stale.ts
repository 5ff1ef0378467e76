import type { Location, PoolStorage, Slot, ValueType } from '../../../spec/index.js'
import { cellsOf } from './cells.js'
import { type Code, call, constant, equal, isZero, subtract, when } from './code.js'
import { type Emitter, moved, read } from './emitter.js'

/** Pointers that go stale when their object is freed (rule 4). */

type Safety = PoolStorage['safety']

/** What `Helpers.stale` is asked for. */
export const staleKey = (struct: string, safety: Safety): string => `${struct} ${safety}`

/** Pointers to an object that was freed, wherever they are kept, but for readers who may keep what they have found. */
export function turnStale(
  e: Emitter,
  next: Location,
  freed: { readonly struct: string; readonly safety: Safety; readonly pointer: Code },
): Code {
  const { struct, safety, pointer } = freed
  const stale = e.helpers.stale.get(staleKey(struct, safety))
  if (stale === undefined) return []
  const others = call(stale.declared.index, pointer, e.process)
  const own = (e.code.kept[next] ?? []).map((slot) => staleSlot(e, slot, struct, pointer))
  const keeps =
    safety === 'typesafe_by_rcu' && !e.alone ? e.helpers.readsRcu[e.processNumber] : undefined
  return [
    e.writing({ code: others, writes: stale.writes }),
    keeps === undefined ? own : when(isZero(keeps), own),
  ]
}

/** Pointers to the object in a slot of the process's own. */
function staleSlot(e: Emitter, slot: Slot, struct: string, pointer: Code): Code {
  const stale = subtract(constant(0), pointer)
  if (slot.type.kind === 'pointer') {
    const isIt = slot.type.struct === struct
    return isIt ? when(equal(e.getSlot(slot), pointer), e.setSlot(slot, stale)) : []
  }
  return pointersIn(slot.type, struct, e.cells.processCount).map((by) => {
    const cell = moved(e.slot(slot), by)
    return when(equal(read(cell), pointer), e.write(cell, stale))
  })
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
