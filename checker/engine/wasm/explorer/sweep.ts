import {
  add,
  and,
  branch,
  branchIf,
  call,
  constant,
  global,
  greaterOrEqualUnsigned,
  isZero,
  lessUnsigned,
  load,
  loop,
  or,
  result,
  storeByte,
  subtract,
  when,
} from '../code.js'
import { loadByte } from '../code-wide.js'
import { Frame } from '../frame.js'
import type { Declared } from '../module.js'
import { CONTROL, MARK } from '../store/plan.js'
import { CAME_BACK } from './desk.js'
import { emitUnpack, Successors } from './expand.js'
import { desked, type ExplorerParts, noteOnDesk, zero } from './parts.js'

/**
 * `sweep()`: marks each state between `desk.from` and `desk.to` that has a successor which is marked already and whose
 * id is in the range that counts. Downwards, for most steps lead to greater ids. Nothing of a step is stored: the steps
 * are fired again, until the first that will do. A state with a step that is not for this engine has been given its mark
 * by the main thread.
 */
export function defineSweep(parts: ExplorerParts): Declared {
  const { writer, desk, plan } = parts
  const leads = defineLeads(parts)
  const declared = writer.declare('sweep', 0, 1)
  const frame = new Frame(0)
  const id = frame.word()
  const mark = frame.word()
  const isDone = or(
    isZero(and(mark.get, constant(MARK.present))),
    and(mark.get, constant(MARK.closed | MARK.reaches)),
  )
  writer.define(declared, frame.kinds, [
    loop([
      when(greaterOrEqualUnsigned(desked(desk.from), desked(desk.to)), result(constant(0))),
      id.set(subtract(desked(desk.to), constant(1))),
      noteOnDesk(desk.to, id.get),
      mark.set(loadByte(id.get, plan.marksAt)),
      branchIf(0, isDone),
      emitUnpack(parts, id.get),
      branchIf(0, isZero(call(leads.index))),
      storeByte(id.get, plan.marksAt, or(mark.get, constant(MARK.reaches))),
      noteOnDesk(desk.changed, constant(1)),
      branch(0),
    ]),
    constant(CAME_BACK.done),
  ])
  return declared
}

/** `leads()` → 1 when a step from the state whose cells are in place leads to a marked one that counts. */
function defineLeads(parts: ExplorerParts): Declared {
  const { writer, desk, plan, system, table } = parts
  const declared = writer.declare('leads', 0, 1)
  const frame = new Frame(0)
  const target = frame.word()
  const successors = new Successors(parts, frame)
  const counts = and(
    greaterOrEqualUnsigned(target.get, load(zero, 4 * CONTROL.low)),
    lessUnsigned(target.get, load(zero, 4 * CONTROL.high)),
  )
  const reaches = and(loadByte(target.get, plan.marksAt), constant(MARK.reaches))
  const first = add(global(0), constant(desk.entries))
  const next = [
    target.set(call(table.find.index, first)),
    when(counts, when(reaches, result(constant(1)))),
    noteOnDesk(desk.pending, zero),
  ]
  writer.define(declared, frame.kinds, [
    noteOnDesk(desk.pending, zero),
    system.processes.map((_, process) => successors.ofProcess(process, { next, ask: [] })),
    zero,
  ])
  return declared
}

/** `enterAll()`: puts the states between `desk.enterFrom` and `desk.enterTo` into a table that was cleared. */
export function defineEnterAll(parts: ExplorerParts): Declared {
  const { writer, desk, plan, table } = parts
  const declared = writer.declare('enterAll', 0, 1)
  const frame = new Frame(0)
  const id = frame.word()
  const spare = add(global(0), constant(desk.spare))
  writer.define(declared, frame.kinds, [
    loop([
      when(greaterOrEqualUnsigned(desked(desk.enterFrom), desked(desk.enterTo)), result(constant(0))),
      id.set(desked(desk.enterFrom)),
      noteOnDesk(desk.enterFrom, add(id.get, constant(1))),
      branchIf(0, isZero(and(loadByte(id.get, plan.marksAt), constant(MARK.present)))),
      call(table.enter.index, id.get, spare),
      branch(0),
    ]),
    constant(CAME_BACK.done),
  ])
  return declared
}
