import {
  add,
  and,
  type Code,
  call,
  constant,
  divideUnsigned,
  global,
  greater,
  greaterOrEqualUnsigned,
  isZero,
  less,
  lessUnsigned,
  load,
  multiply,
  result,
  storeByte,
  when,
} from '../code.js'
import { atomicLoad } from '../code-atomic.js'
import { Frame } from '../frame.js'
import type { Declared } from '../module.js'
import { CONTROL, COVERS_AT, MARK } from '../store/plan.js'
import { copyWords, ENTRY, NEW } from '../store/table.js'
import { emitBatch } from './batch.js'
import { CAME_BACK, EVENTS_MAX, EVENTS_PER_STATE } from './desk.js'
import { emitEvent } from './events.js'
import { desked, type ExplorerParts, noteOnDesk, zero } from './parts.js'

/** `flush()`: puts what is pending into the table, and looks at each state that is new there. */
export function defineFlush(parts: ExplorerParts, orders: Declared | null): Declared {
  const { writer, desk, table } = parts
  const look = defineLook(parts, orders)
  const declared = writer.declare('flush', 0, 1)
  const frame = new Frame(0)
  const first = add(global(0), constant(desk.entries))
  const { entry, end, forEach, aimed } = emitBatch(parts, frame, first)
  const id = frame.word()
  const level = frame.word()
  const pending = desked(desk.pending)
  const count = divideUnsigned(pending, constant(desk.entryBytes))
  const next = atomicLoad(zero, 4 * CONTROL.next)
  const events = add(desked(desk.eventCount), multiply(count, constant(EVENTS_PER_STATE)))
  writer.define(declared, frame.kinds, [
    when(isZero(pending), result(constant(CAME_BACK.done))),
    when(
      greaterOrEqualUnsigned(add(next, count), load(zero, 4 * CONTROL.fill)),
      result(constant(CAME_BACK.full)),
    ),
    // Somebody with no events but more pending than there is room for must get on as well.
    when(
      greater(desked(desk.eventCount), zero),
      when(greater(events, constant(EVENTS_MAX)), result(constant(CAME_BACK.events))),
    ),
    end.set(add(first, pending)),
    level.set(load(zero, 4 * CONTROL.level)),
    aimed,
    noteOnDesk(desk.generated, add(desked(desk.generated), count)),
    forEach([
      id.set(call(table.insert.index, entry.get)),
      when(
        less(id.get, zero),
        call(look.index, and(id.get, constant(~NEW)), entry.get),
        when(lessUnsigned(id.get, level.get), noteOnDesk(desk.turnsBack, constant(1))),
      ),
    ]),
    noteOnDesk(desk.pending, zero),
    constant(CAME_BACK.done),
  ])
  return declared
}

/** `look(id, entry)`: judges a state that was reached for the first time. */
function defineLook(parts: ExplorerParts, orders: Declared | null): Declared {
  const { writer, desk, plan, memory, functions, system } = parts
  const declared = writer.declare('look', 2, 0)
  const frame = new Frame(2)
  const id = frame.parameter(0)
  const entry = frame.parameter(1)
  const process = load(entry.get, ENTRY.process)
  const hasDaemons = system.processes.some((instance) => instance.daemon)
  const mark = (bits: number): Code =>
    storeByte(id.get, plan.marksAt, constant(MARK.present | bits))
  // All or none for a whole level: what is executed must not depend on who finds what first.
  const covers = when(
    load(zero, 4 * CONTROL.covers),
    system.covers.map((_, at) => [
      noteOnDesk(memory.pickCount, zero),
      when(call(functions.cover.index, constant(at)), storeByte(zero, COVERS_AT + at, constant(1))),
    ]),
  )
  const note = (kind: 'wrong' | 'rest'): Code => emitEvent(desk, kind, id.get, process)
  const goesOn = noteOnDesk(desk.open, add(desked(desk.open), constant(1)))
  const rests = hasDaemons
    ? [mark(MARK.mayRest), goesOn]
    : [mark(MARK.mayRest | MARK.closed), note('rest')]
  writer.define(declared, frame.kinds, [
    copyWords(plan, global(0), memory.packedIn, entry.get, ENTRY.words),
    call(functions.unpack.index),
    noteOnDesk(memory.givenCount, zero),
    covers,
    orders === null ? [] : call(orders.index, id.get, process),
    when(
      call(functions.judge.index, zero, zero),
      [mark(MARK.openEnd | MARK.closed), note('wrong')],
      when(call(functions.mayRest.index, zero, zero), rests, goesOn),
    ),
  ])
  return declared
}
