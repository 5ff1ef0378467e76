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
  load,
  loop,
  multiply,
  notEqual,
  or,
  result,
  shiftLeft,
  store,
  subtract,
  when,
} from '../code.js'
import { loadByte } from '../code-wide.js'
import { PICKS_MAX, STATUS } from '../emitter.js'
import { Frame, type Local } from '../frame.js'
import type { Declared } from '../module.js'
import { MARK } from '../store/plan.js'
import { copyWords, ENTRY } from '../store/table.js'
import { CAME_BACK, ENTRIES_MAX, EVENTS_MAX, PENDING_MAX } from './desk.js'
import { emitEvent } from './events.js'
import { desked, type ExplorerParts, noteOnDesk, zero } from './parts.js'

/**
 * `expand()`: fires every step of the states from `desk.from` to `desk.to` and hands the successors to `flush`. Comes
 * back when they are done, or when the main thread has to do something first; called again, it goes on.
 */
export function defineExpand(parts: ExplorerParts, flush: Declared): Declared {
  const { writer, desk, plan, system } = parts
  const declared = writer.declare('expand', 0, 1)
  const frame = new Frame(0)
  const id = frame.word()
  const mark = frame.word()
  const outcomes = frame.word()
  const status = frame.word()
  const successors = new Successors(parts, frame)
  const hasDaemons = system.processes.some((process) => process.daemon)
  const roomForEvents = EVENTS_MAX - system.processes.length - 1
  const steps = system.processes.map((_, process) => [
    successors.ofProcess(process, {
      next: outcomes.set(add(outcomes.get, constant(1))),
      // What this process gave so far is told again by the reference engine.
      ask: [
        outcomes.set(add(outcomes.get, constant(1))),
        emitEvent(desk, 'ask', id.get, constant(process)),
      ],
    }),
  ])
  const notExpanded = or(
    isZero(and(mark.get, constant(MARK.present))),
    and(mark.get, constant(MARK.closed)),
  )
  writer.define(declared, frame.kinds, [
    loop([
      when(greaterOrEqualUnsigned(desked(desk.from), desked(desk.to)), result(constant(0))),
      when(greater(desked(desk.pending), constant(PENDING_MAX)), [
        status.set(call(flush.index)),
        when(status.get, result(status.get)),
      ]),
      when(
        greater(desked(desk.eventCount), constant(roomForEvents)),
        result(constant(CAME_BACK.events)),
      ),
      id.set(desked(desk.from)),
      noteOnDesk(desk.from, add(id.get, constant(1))),
      mark.set(loadByte(id.get, plan.marksAt)),
      // Back to the begin of the loop.
      branchIf(0, notExpanded),
      emitUnpack(parts, id.get),
      outcomes.set(zero),
      steps,
      hasDaemons ? [] : when(isZero(outcomes.get), emitEvent(desk, 'stuck', id.get, zero)),
      branch(0),
    ]),
    constant(CAME_BACK.done),
  ])
  return declared
}

/** Puts the cells of a state of the arena in place. */
export function emitUnpack({ memory, plan, functions }: ExplorerParts, id: Code): Code {
  const state = multiply(id, constant(plan.stride))
  return [
    copyWords(plan, global(0), memory.packedIn, state, plan.arenaAt),
    call(functions.unpack.index),
  ]
}

/** Writes code that fires a process in every way and appends where it leads to as entries. */
export class Successors {
  readonly #parts: ExplorerParts
  readonly #status: Local
  readonly #count: Local
  readonly #first: Local
  readonly #entry: Local
  readonly #at: Local

  constructor(parts: ExplorerParts, frame: Frame) {
    this.#parts = parts
    this.#status = frame.word()
    this.#count = frame.word()
    this.#first = frame.word()
    this.#entry = frame.word()
    this.#at = frame.word()
  }

  /** The cells of the state are in place. `next` follows each successor, `ask` a process that is not for this engine. */
  ofProcess(process: number, then: { readonly next: Code; readonly ask: Code }): Code {
    const { desk, memory, functions } = this.#parts
    const status = this.#status
    const count = this.#count
    const isBlocked = and(equal(status.get, constant(STATUS.blocked)), isZero(count.get))
    const isStrange = or(
      notEqual(status.get, constant(STATUS.next)),
      greater(count.get, constant(PICKS_MAX)),
    )
    const ask = [noteOnDesk(desk.pending, this.#first.get), then.ask]
    return [
      this.#first.set(desked(desk.pending)),
      noteOnDesk(memory.givenCount, zero),
      block(
        loop([
          status.set(call(functions.fire.index, constant(process))),
          count.set(desked(memory.pickCount)),
          branchIf(1, isBlocked),
          when(isStrange, [ask, branch(2)]),
          this.#append(process),
          then.next,
          branchIf(1, isZero(count.get)),
          this.#following(),
          branchIf(0, greaterOrEqual0(this.#at.get)),
        ]),
      ),
    ]
  }

  /** One more entry, of the state that was just reached. */
  #append(process: number): Code {
    const { desk, memory, plan, table } = this.#parts
    const entry = this.#entry
    const pending = desked(desk.pending)
    const place = add(
      add(global(0), constant(desk.entries)),
      multiply(pending, constant(desk.entryBytes)),
    )
    return [
      when(
        greaterOrEqualUnsigned(pending, constant(ENTRIES_MAX)),
        result(constant(CAME_BACK.wide)),
      ),
      entry.set(place),
      copyWords(plan, entry.get, ENTRY.words, global(0), memory.packedOut),
      store(entry.get, ENTRY.process, constant(process)),
      call(table.hash.index, entry.get),
      noteOnDesk(desk.pending, add(pending, constant(1))),
    ]
  }

  /** Gives the next sequence of picks; `at` is -1 after the last. */
  #following(): Code {
    const { memory } = this.#parts
    const at = this.#at
    const word = (offset: number): Code =>
      load(add(global(0), shiftLeft(at.get, constant(2))), offset)
    const place = add(global(0), shiftLeft(at.get, constant(2)))
    const next = add(word(memory.picks), constant(1))
    return [
      at.set(subtract(this.#count.get, constant(1))),
      block(
        loop([
          branchIf(1, less0(at.get)),
          when(isLess(next, word(memory.widths)), [
            this.#giveUpTo(),
            store(place, memory.given, next),
            noteOnDesk(memory.givenCount, add(at.get, constant(1))),
            branch(2),
          ]),
          at.set(subtract(at.get, constant(1))),
          branch(0),
        ]),
      ),
    ]
  }

  /** The picks before `at` as they were. */
  #giveUpTo(): Code {
    const { memory } = this.#parts
    const bytes = shiftLeft(this.#at.get, constant(2))
    return [
      add(global(0), constant(memory.given)),
      add(global(0), constant(memory.picks)),
      bytes,
      0xfc,
      0x0a,
      0,
      0,
    ]
  }
}

const less0 = (value: Code): Code => [value, 0x41, 0, 0x48]
const greaterOrEqual0 = (value: Code): Code => [value, 0x41, 0, 0x4e]
const isLess = (left: Code, right: Code): Code => [left, right, 0x48]
