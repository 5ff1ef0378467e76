import {
  add,
  and,
  block,
  branch,
  branchIf,
  type Code,
  call,
  constant,
  equal,
  global,
  greater,
  greaterOrEqualUnsigned,
  isZero,
  lessUnsigned,
  load,
  loadByte,
  loop,
  or,
  result,
  shiftLeft,
  store,
  storeByte,
  subtract,
  when,
} from '../code.js'
import { Frame } from '../frame.js'
import type { Declared } from '../module.js'
import { CONTROL, MARK } from '../store/plan.js'
import { aim } from '../store/table.js'
import { CAME_BACK, WALK_MAX } from './desk.js'
import { emitUnpack, Successors } from './expand.js'
import { desked, type ExplorerParts, noteOnDesk, zero } from './parts.js'

/**
 * `sweep()`: marks each state between `desk.from` and `desk.to` from which a marked one can be reached: by a step to a
 * state whose id is in the range that counts, or, where `CONTROL.walks` says so, by a walk over unmarked states. A walk
 * goes from each state to the youngest that it has not met; where it meets a mark, all of it is marked. What it misses
 * is for the next sweep. Downwards, for most steps lead to greater ids. Nothing of a step is stored: the steps are
 * fired again, until the first that will do. A state with a step that is not for this engine has been given its mark by
 * the main thread.
 */
export function defineSweep(parts: ExplorerParts): Declared {
  const { writer, desk, plan } = parts
  const leads = defineLeads(parts)
  const declared = writer.declare('sweep', 0, 1)
  const frame = new Frame(0)
  const id = frame.word()
  const mark = frame.word()
  const found = frame.word()
  const isDone = or(
    isZero(and(mark.get, constant(MARK.present))),
    and(mark.get, constant(MARK.closed | MARK.reaches)),
  )
  const length = desked(desk.walkLength)
  const markLast = [
    noteOnDesk(desk.walkLength, subtract(length, constant(1))),
    id.set(load(walkPlace(length), desk.walk)),
    storeByte(id.get, plan.marksAt, or(loadByte(id.get, plan.marksAt), constant(MARK.reaches))),
  ]
  const walk = [
    store(walkPlace(length), desk.walk, id.get),
    noteOnDesk(desk.walkLength, add(length, constant(1))),
    emitUnpack(parts, id.get),
    found.set(call(leads.index)),
    when(equal(found.get, constant(LEADS.marked)), [
      noteOnDesk(desk.changed, constant(1)),
      block(loop([branchIf(1, isZero(length)), markLast, branch(0)])),
      branch(2),
    ]),
    branchIf(1, equal(found.get, constant(LEADS.nowhere))),
    branchIf(1, greaterOrEqualUnsigned(length, constant(WALK_MAX))),
    id.set(found.get),
    branch(0),
  ]
  writer.define(declared, frame.kinds, [
    loop([
      when(greaterOrEqualUnsigned(desked(desk.from), desked(desk.to)), result(constant(0))),
      id.set(subtract(desked(desk.to), constant(1))),
      noteOnDesk(desk.to, id.get),
      mark.set(loadByte(id.get, plan.marksAt)),
      branchIf(0, isDone),
      noteOnDesk(desk.walkLength, zero),
      block(loop(walk)),
      branch(0),
    ]),
    constant(CAME_BACK.done),
  ])
  return declared
}

/** Byte offset of a place in the walk. */
const walkPlace = (index: Code): Code => add(global(0), shiftLeft(index, constant(2)))

/** What `leads` gives besides ids. */
const LEADS = { marked: -1, nowhere: -2 } as const

/** `leads()`: of the state whose cells are in place, whether a step leads to a mark, else where to walk on. */
function defineLeads(parts: ExplorerParts): Declared {
  const { writer, desk, plan, system, table } = parts
  const declared = writer.declare('leads', 0, 1)
  const frame = new Frame(0)
  const target = frame.word()
  const best = frame.word()
  const at = frame.word()
  const successors = new Successors(parts, frame, false)
  const counts = and(
    greaterOrEqualUnsigned(target.get, load(zero, 4 * CONTROL.low)),
    lessUnsigned(target.get, load(zero, 4 * CONTROL.high)),
  )
  const reaches = and(loadByte(target.get, plan.marksAt), constant(MARK.reaches))
  const first = add(global(0), constant(desk.entries))
  const onWalk = equal(load(walkPlace(at.get), desk.walk), target.get)
  const next = [
    successors.restart(),
    aim(first),
    target.set(call(table.find.index, first)),
    when(counts, [
      when(reaches, result(constant(LEADS.marked))),
      // The youngest, unless the walk has been there.
      when(
        and(load(zero, 4 * CONTROL.walks), greater(target.get, best.get)),
        block([
          at.set(desked(desk.walkLength)),
          loop([at.set(subtract(at.get, constant(1))), branchIf(1, onWalk), branchIf(0, at.get)]),
          best.set(target.get),
        ]),
      ),
    ]),
  ]
  writer.define(declared, frame.kinds, [
    successors.begin(),
    successors.restart(),
    best.set(constant(LEADS.nowhere)),
    system.processes.map((_, process) => successors.ofProcess(process, { next, ask: [] })),
    best.get,
  ])
  return declared
}
