import type { AmpleSteps } from '../../ample-plan.js'
import {
  add,
  and,
  anyOf,
  block,
  branch,
  branchIf,
  type Code,
  call,
  constant,
  copyBytes,
  equal,
  global,
  greater,
  greaterOrEqual,
  greaterOrEqualUnsigned,
  greaterUnsigned,
  isZero,
  less,
  load,
  loadByte,
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
import { PICKS_MAX, STATUS } from '../emitter.js'
import { Frame, type Local } from '../frame.js'
import { isAmong, locationOf } from '../helpers.js'
import type { Declared } from '../module.js'
import { MARK } from '../store/plan.js'
import { copyWords, ENTRY } from '../store/table.js'
import { CAME_BACK, ENTRIES_MAX, EVENTS_MAX, PENDING_MAX } from './desk.js'
import { emitEvent } from './events.js'
import { desked, type ExplorerParts, noteOnDesk, zero } from './parts.js'
import { emitRecent } from './recent.js'

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
  const before = frame.word()
  const status = frame.word()
  const successors = new Successors(parts, frame, true)
  const hasDaemons = system.processes.some((process) => process.daemon)
  const roomForEvents = EVENTS_MAX - system.processes.length - 1
  const pendingMax = PENDING_MAX * desk.entryBytes
  const steps = system.processes.map((_, process) =>
    successors.ofProcess(process, {
      next: [],
      // What this process gave so far is told again by the reference engine.
      ask: emitEvent(desk, 'ask', id.get, constant(process)),
    }),
  )
  const alone = emitAlone(parts, frame, successors, steps)
  const notExpanded = or(
    isZero(and(mark.get, constant(MARK.present))),
    and(mark.get, constant(MARK.closed)),
  )
  // Whatever there is leaves an entry, an event, or at least a count.
  const left = add(add(desked(desk.pending), desked(desk.eventCount)), desked(desk.generated))
  const isStuck = equal(before.get, left)
  writer.define(declared, frame.kinds, [
    successors.begin(),
    loop([
      when(greaterOrEqualUnsigned(desked(desk.from), desked(desk.to)), result(constant(0))),
      when(greater(desked(desk.pending), constant(pendingMax)), [
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
      before.set(left),
      successors.resume(),
      block([alone, steps]),
      successors.save(),
      hasDaemons ? [] : when(isStuck, emitEvent(desk, 'stuck', id.get, zero)),
      branch(0),
    ]),
    constant(CAME_BACK.done),
  ])
  return declared
}

/** Leaves the block once a process that may be the only one to move has moved; see `ampleEngine`. */
function emitAlone(
  parts: ExplorerParts,
  frame: Frame,
  successors: Successors,
  steps: readonly Code[],
): Code {
  const { desk, ample } = parts
  if (ample.every((one) => one.length === 0)) return []
  const before = frame.word()
  // What a step leaves: an entry, a count, or an event. None of them ever shrinks meanwhile.
  const left = add(add(successors.end, desked(desk.generated)), desked(desk.eventCount))
  return ample.map((alternatives, process) => {
    if (alternatives.length === 0) return []
    const isAmple = anyOf(alternatives.map((one) => emitIsAmple(parts, process, one)))
    return when(isAmple, [
      before.set(left),
      steps[process] ?? [],
      branchIf(1, notEqual(before.get, left)),
    ])
  })
}

function emitIsAmple(
  { system, cells, memory, writer }: ExplorerParts,
  process: number,
  { from, conflicts }: AmpleSteps,
): Code {
  const locationAt = (other: number): Code => locationOf({ system, cells, memory, writer }, other)
  return conflicts.reduce<Code>(
    (all, locations, other) => {
      if (other === process || locations.size === 0) return all
      return and(all, isZero(isAmong(locationAt(other), locations)))
    },
    notEqual(isAmong(locationAt(process), from), zero),
  )
}

/** Puts the cells of a state of the arena in place. */
export function emitUnpack({ memory, plan, functions }: ExplorerParts, id: Code): Code {
  const state = multiply(id, constant(plan.stride))
  return [
    copyWords(plan, global(0), memory.packedIn, state, plan.arenaAt),
    call(functions.unpack.index),
  ]
}

/**
 * Writes code that fires a process in every way and appends where it leads to as entries. `desk.pending` is how many
 * bytes of entries there are; meanwhile a local has the address after them.
 */
export class Successors {
  readonly #parts: ExplorerParts
  readonly #base: Local
  readonly #entry: Local
  readonly #status: Local
  readonly #count: Local
  readonly #first: Local
  readonly #at: Local
  readonly #skipsRecent: boolean
  readonly #fill: (entry: Code, from: Code, offset: number) => Code

  /** `skipsRecent`: successors that were met while the same level was expanded may be left out. */
  constructor(parts: ExplorerParts, frame: Frame, skipsRecent: boolean) {
    this.#parts = parts
    this.#skipsRecent = skipsRecent
    this.#base = frame.word()
    this.#entry = frame.word()
    this.#status = frame.word()
    this.#count = frame.word()
    this.#first = frame.word()
    this.#at = frame.word()
    this.#fill = parts.table.fill(frame)
  }

  /** First of all in a function; then `startAt` or `resume`. */
  begin(): Code {
    return this.#base.set(global(0))
  }

  /** Goes on after the entries there are. */
  resume(): Code {
    const { desk } = this.#parts
    const first = add(this.#base.get, constant(desk.entries))
    return this.#entry.set(add(first, desked(desk.pending)))
  }

  /** The next entry is written at an address. */
  startAt(address: Code): Code {
    return this.#entry.set(address)
  }

  /** The address after the last entry. */
  get end(): Code {
    return this.#entry.get
  }

  save(): Code {
    const { desk } = this.#parts
    const first = add(this.#base.get, constant(desk.entries))
    return noteOnDesk(desk.pending, subtract(this.#entry.get, first))
  }

  /** The cells of the state are in place. `next` follows each successor, `ask` a process that is not for this engine. */
  ofProcess(process: number, then: { readonly next: Code; readonly ask: Code }): Code {
    const { memory, functions } = this.#parts
    const fire = functions.fires[process]
    if (fire === undefined) throw new Error(`no process ${process}`)
    const status = this.#status
    const count = this.#count
    const fired = status.set(call(fire.declared.index, constant(process)))
    const isNext = equal(status.get, constant(STATUS.next))
    if (!fire.picks) {
      const isAsked = equal(status.get, constant(STATUS.ask))
      return [fired, when(isNext, [this.#append(process), then.next], when(isAsked, then.ask))]
    }
    const isBlocked = and(equal(status.get, constant(STATUS.blocked)), isZero(count.get))
    const isStrange = or(isZero(isNext), greater(count.get, constant(PICKS_MAX)))
    return [
      this.#first.set(this.#entry.get),
      noteOnDesk(memory.givenCount, zero),
      block(
        loop([
          fired,
          count.set(desked(memory.pickCount)),
          branchIf(1, isBlocked),
          when(isStrange, [this.#entry.set(this.#first.get), then.ask, branch(2)]),
          this.#append(process),
          then.next,
          branchIf(1, isZero(count.get)),
          this.#following(),
          branchIf(0, greaterOrEqual(this.#at.get, zero)),
        ]),
      ),
    ]
  }

  /** One more entry, of the state that was just reached. */
  #append(process: number): Code {
    const { desk, memory, canonical } = this.#parts
    const entry = this.#entry
    const size = desk.entryBytes
    const end = add(this.#base.get, constant(desk.entries + size * (ENTRIES_MAX - 1)))
    return [
      when(greaterUnsigned(entry.get, end), result(constant(CAME_BACK.wide))),
      canonical === null ? [] : call(canonical.index),
      this.#fill(entry.get, this.#base.get, memory.packedOut),
      store(entry.get, ENTRY.process, constant(process)),
      this.#kept(entry.set(add(entry.get, constant(size)))),
    ]
  }

  /** What was met just before is counted and not kept. */
  #kept(isNot: Code): Code {
    if (!this.#skipsRecent) return isNot
    const { desk } = this.#parts
    const isRecent = noteOnDesk(desk.generated, add(desked(desk.generated), constant(1)))
    const base = this.#base.get
    return emitRecent(this.#parts, base, this.#entry.get, this.#at, { isRecent, isNot })
  }

  /** Gives the next sequence of picks; `at` is -1 after the last. */
  #following(): Code {
    const { memory } = this.#parts
    const at = this.#at
    const place = add(this.#base.get, shiftLeft(at.get, constant(2)))
    const next = add(load(place, memory.picks), constant(1))
    return [
      at.set(subtract(this.#count.get, constant(1))),
      block(
        loop([
          branchIf(1, less(at.get, zero)),
          when(less(next, load(place, memory.widths)), [
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
    const to = add(this.#base.get, constant(memory.given))
    const from = add(this.#base.get, constant(memory.picks))
    return copyBytes(to, from, shiftLeft(this.#at.get, constant(2)))
  }
}
