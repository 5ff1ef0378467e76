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
  markByte,
  or,
  result,
  shiftLeft,
  store,
  subtract,
  when,
} from '../code.js'
import { Frame } from '../frame.js'
import type { Declared } from '../module.js'
import { CONTROL, MARK } from '../store/plan.js'
import { aim, ENTRY } from '../store/table.js'
import { emitBatch } from './batch.js'
import { CAME_BACK, SWEPT_MAX, WALK_MAX } from './desk.js'
import { emitUnpack, Successors } from './expand.js'
import { desked, type ExplorerParts, noteOnDesk, zero } from './parts.js'

/**
 * `sweep()`: marks each state between `desk.from` and `desk.to` from which a marked one can be reached: by a step to a
 * state whose id is in the range that counts, or, where `CONTROL.walks` says so, by a walk. Downwards, for most steps
 * lead to greater ids. Nothing of a step is stored: the steps are fired again, those of many states before where they
 * lead is looked up; where there are walks, the first step of each state, which nearly always will do. A state with a
 * step that is not for this engine has been given its mark by the main thread.
 */
export function defineSweep(parts: ExplorerParts): Declared {
  const { writer, desk, plan, table } = parts
  const gather = defineGather(parts)
  const walk = defineWalk(parts)
  const declared = writer.declare('sweep', 0, 1)
  const frame = new Frame(0)
  const id = frame.word()
  const mark = frame.word()
  const target = frame.word()
  const first = add(global(0), constant(desk.entries))
  const { entry, end, forEach, aimed } = emitBatch(parts, frame, first)
  const isDone = or(
    isZero(and(mark.get, constant(MARK.present))),
    and(mark.get, constant(MARK.closed | MARK.reaches)),
  )
  const isOver = greaterOrEqualUnsigned(desked(desk.from), desked(desk.to))
  const isFull = greaterOrEqualUnsigned(end.get, add(first, constant(SWEPT_MAX * desk.entryBytes)))
  const take = [
    branchIf(1, or(isOver, isFull)),
    id.set(subtract(desked(desk.to), constant(1))),
    noteOnDesk(desk.to, id.get),
    mark.set(loadByte(id.get, plan.marksAt)),
    branchIf(0, isDone),
    target.set(call(gather.index, id.get, end.get)),
    when(equal(target.get, constant(CAME_BACK.wide)), [call(walk.index, id.get), branch(1)]),
    end.set(target.get),
    branch(0),
  ]
  const settle = block([
    id.set(load(entry.get, ENTRY.process)),
    branchIf(0, isMarked(parts, id.get)),
    target.set(call(table.find.index, entry.get)),
    when(
      counts(target.get),
      when(isMarked(parts, target.get), [markOne(parts, id.get), branch(2)]),
    ),
    when(walks, call(walk.index, id.get)),
  ])
  writer.define(declared, frame.kinds, [
    loop([
      end.set(first),
      block(loop(take)),
      when(equal(end.get, first), result(constant(CAME_BACK.done))),
      aimed,
      forEach(settle),
      branch(0),
    ]),
    constant(CAME_BACK.done),
  ])
  return declared
}

const walks = load(zero, 4 * CONTROL.walks)

const counts = (target: Code): Code =>
  and(
    greaterOrEqualUnsigned(target, load(zero, 4 * CONTROL.low)),
    lessUnsigned(target, load(zero, 4 * CONTROL.high)),
  )

const isMarked = ({ plan }: ExplorerParts, id: Code): Code =>
  and(loadByte(id, plan.marksAt), constant(MARK.reaches))

const markOne = ({ desk, plan }: ExplorerParts, id: Code): Code => [
  markByte(id, plan.marksAt, MARK.reaches),
  noteOnDesk(desk.changed, constant(1)),
]

/**
 * `gather(id, entry)`: writes where the steps of a state lead as entries, with its id for a process; where there are
 * walks, only the first. Gives the address after the last, or `CAME_BACK.wide`.
 */
function defineGather(parts: ExplorerParts): Declared {
  const { writer, desk, system } = parts
  const declared = writer.declare('gather', 2, 1)
  const frame = new Frame(2)
  const id = frame.parameter(0)
  const successors = new Successors(parts, frame, false)
  const last = subtract(successors.end, constant(desk.entryBytes))
  const next = [store(last, ENTRY.process, id.get), when(walks, result(successors.end))]
  writer.define(declared, frame.kinds, [
    successors.begin(),
    successors.startAt(frame.parameter(1).get),
    emitUnpack(parts, id.get),
    system.processes.map((_, process) => successors.ofProcess(process, { next, ask: [] })),
    successors.end,
  ])
  return declared
}

/**
 * `walk(id)`: from each state to the youngest that the walk has not met, until one step leads to a mark; then all of
 * the walk is marked. What it misses is for the next sweep.
 */
function defineWalk(parts: ExplorerParts): Declared {
  const { writer, desk } = parts
  const leads = defineLeads(parts)
  const declared = writer.declare('walk', 1, 0)
  const frame = new Frame(1)
  const id = frame.parameter(0)
  const found = frame.word()
  const length = desked(desk.walkLength)
  const markLast = [
    noteOnDesk(desk.walkLength, subtract(length, constant(1))),
    markOne(parts, load(walkPlace(length), desk.walk)),
  ]
  writer.define(declared, frame.kinds, [
    noteOnDesk(desk.walkLength, zero),
    loop([
      store(walkPlace(length), desk.walk, id.get),
      noteOnDesk(desk.walkLength, add(length, constant(1))),
      emitUnpack(parts, id.get),
      found.set(call(leads.index)),
      when(
        equal(found.get, constant(LEADS.marked)),
        result(block(loop([branchIf(1, isZero(length)), markLast, branch(0)]))),
      ),
      when(equal(found.get, constant(LEADS.nowhere)), result([])),
      id.set(found.get),
      branchIf(0, lessUnsigned(length, constant(WALK_MAX))),
    ]),
  ])
  return declared
}

/** Byte offset of a place in the walk. */
const walkPlace = (index: Code): Code => add(global(0), shiftLeft(index, constant(2)))

/** What `leads` gives besides ids. */
const LEADS = { marked: -1, nowhere: -2 } as const

/** `leads()`: of the state whose cells are in place, whether a step leads to a mark, else where to walk on. */
function defineLeads(parts: ExplorerParts): Declared {
  const { writer, desk, system, table } = parts
  const declared = writer.declare('leads', 0, 1)
  const frame = new Frame(0)
  const target = frame.word()
  const best = frame.word()
  const at = frame.word()
  const successors = new Successors(parts, frame, false)
  const spare = add(global(0), constant(desk.spare))
  const onWalk = equal(load(walkPlace(at.get), desk.walk), target.get)
  const next = [
    successors.startAt(spare),
    aim(spare),
    target.set(call(table.find.index, spare)),
    when(counts(target.get), [
      when(isMarked(parts, target.get), result(constant(LEADS.marked))),
      // The youngest, unless the walk has been there.
      when(
        and(walks, greater(target.get, best.get)),
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
    successors.startAt(spare),
    best.set(constant(LEADS.nowhere)),
    system.processes.map((_, process) => successors.ofProcess(process, { next, ask: [] })),
    best.get,
  ])
  return declared
}
