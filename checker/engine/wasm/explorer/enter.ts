import {
  add,
  and,
  block,
  branch,
  branchIf,
  type Code,
  call,
  constant,
  global,
  greaterOrEqualUnsigned,
  isZero,
  loadByte,
  loop,
  multiply,
  result,
  store,
  when,
} from '../code.js'
import { Frame } from '../frame.js'
import type { Declared } from '../module.js'
import { MARK } from '../store/plan.js'
import { aim, ENTRY, touched } from '../store/table.js'
import { CAME_BACK, ENTERED_MAX } from './desk.js'
import { desked, type ExplorerParts, noteOnDesk } from './parts.js'

/**
 * `enterAll()`: puts the states between `desk.enterFrom` and `desk.enterTo` into a table that was cleared, some at a
 * time, so that their cache misses overlap.
 */
export function defineEnterAll(parts: ExplorerParts): Declared {
  const { writer, desk, plan, table } = parts
  const declared = writer.declare('enterAll', 0, 1)
  const frame = new Frame(0)
  const id = frame.word()
  const entry = frame.word()
  const first = frame.word()
  const last = frame.word()
  const sum = frame.word()
  const fill = table.fill(frame)
  const isPresent = and(loadByte(id.get, plan.marksAt), constant(MARK.present))
  const isDone = greaterOrEqualUnsigned(desked(desk.enterFrom), desked(desk.enterTo))
  const next = entry.set(add(entry.get, constant(desk.entryBytes)))
  const untilEnd = (end: Code, body: Code): Code => [
    entry.set(first.get),
    block(loop([branchIf(1, greaterOrEqualUnsigned(entry.get, end)), body, branch(0)])),
  ]
  const take = [
    // Past the loop.
    branchIf(1, isDone),
    id.set(desked(desk.enterFrom)),
    noteOnDesk(desk.enterFrom, add(id.get, constant(1))),
    branchIf(0, isZero(isPresent)),
    fill(entry.get, multiply(id.get, constant(plan.stride)), plan.arenaAt),
    store(entry.get, ENTRY.process, id.get),
    aim(entry.get),
    sum.set(add(sum.get, touched(plan, entry.get))),
    next,
  ]
  const end = add(first.get, constant(desk.entryBytes * ENTERED_MAX))
  writer.define(declared, frame.kinds, [
    first.set(add(global(0), constant(desk.entered))),
    loop([
      when(isDone, result(constant(CAME_BACK.done))),
      untilEnd(end, take),
      last.set(entry.get),
      // So that the touching is not for nothing in the eyes of the compiler.
      noteOnDesk(desk.spare, sum.get),
      untilEnd(last.get, [call(table.enter.index, entry.get), next]),
      branch(0),
    ]),
    constant(CAME_BACK.done),
  ])
  return declared
}
