import type { Code, Instruction, Location, TransitionSystem } from '../system/system.js'
import { isVisible } from '../system/visible.js'
import type { Frame, Memory, Mutable } from './frame.js'
import { holds, type LockPlace, lockAt, lockPlaces } from './locks.js'
import type { LogEntry } from './outcome.js'
import { type HeadPlace, headPlaces } from './rcu.js'
import { sectionNames } from './sections.js'
import { IllegalChoice, type Path, TrapSignal } from './signal.js'
import type { Value } from './state.js'
import { INIT } from './value.js'

/** What the interpreter knows of a system beforehand. */
export interface Facts {
  readonly system: TransitionSystem
  readonly visible: ReadonlyMap<Code, readonly boolean[]>
  readonly locks: readonly LockPlace[]
  readonly heads: readonly HeadPlace[]
  /** Some process is a handler. */
  readonly handled: boolean
  /** Somewhere a grace period is waited for, or a callback queued: leaving a read section has an effect. */
  readonly waitsForReaders: boolean
  /** By code: at each location what was noted of its instruction. */
  readonly executed: ReadonlyMap<Code, Uint8Array>
  /** The semantics of one instruction: where control goes, or null when the process stays where it is. */
  readonly perform: (run: Run, instruction: Instruction) => Location | null
}

export function factsOf(system: TransitionSystem, perform: Facts['perform']): Facts {
  const codes = allCodes(system)
  return {
    system,
    perform,
    visible: new Map(codes.map((code) => [code, code.instructions.map(isVisible)])),
    locks: lockPlaces(system),
    heads: headPlaces(system),
    handled: system.processes.some((instance) => instance.on !== null),
    waitsForReaders: codes.some((code) =>
      code.instructions.some((i) => i.kind === 'grace' || i.kind === 'call-rcu'),
    ),
    executed: new Map(codes.map((code) => [code, new Uint8Array(code.instructions.length)])),
  }
}

/** Every code of a system: of the processes first, then of `init`, invariants, `finally` and covers. */
export const allCodes = (system: TransitionSystem): readonly Code[] => [
  ...system.codes,
  ...system.init,
  ...[...system.invariants, ...system.finals, ...system.covers].map((one) => one.code),
]

/** What is noted of an instruction: that it was executed, and of a branch the ways it went. */
export const EXECUTED = 1
export const WENT_THEN = 2
export const WENT_OTHERWISE = 4

/** More instructions, or more choices, than this in one instant is a loop that never ends. */
const fuelLimit = 100_000
const picksLimit = 64

/**
 * One process (or init, or a property) executing on a memory. `step`: up to the next place where it can rest;
 * `instant`: to the end of its body.
 */
export class Run {
  readonly facts: Facts
  readonly memory: Memory
  readonly frame: Frame
  /** The process as it was when the run began. */
  readonly before: {
    readonly at: Location
    readonly parked: number
    readonly locals: readonly Value[]
  }
  readonly log: LogEntry[] = []
  /** Picks made so far, and how many alternatives each had. */
  readonly picks: number[] = []
  readonly widths: number[] = []
  /** Everything read since the transition began: the operands of what fails. */
  readonly operands: Path[] = []
  at: Location
  parked: number
  /** Only look whether the process can go on: stops after the guard, changes nothing. */
  readonly probing: boolean
  #given: readonly number[]
  #fuel = fuelLimit

  constructor(
    facts: Facts,
    memory: Memory,
    code: Code,
    who: { process: number; family: number | null; at: Location; parked: number },
    locals: readonly Value[],
    given: readonly number[] = [],
    probing = false,
  ) {
    this.facts = facts
    this.memory = memory
    this.before = { at: who.at, parked: who.parked, locals }
    this.at = who.at
    this.parked = who.parked
    this.probing = probing
    this.#given = given
    this.frame = {
      system: facts.system,
      code,
      process: who.process,
      family: who.family,
      locals: locals.map((value) =>
        typeof value === 'object' && value !== null ? structuredClone(value) : value,
      ) as Mutable[],
    }
  }

  get code(): Code {
    return this.frame.code
  }

  /** In `init`, in a property: nothing else runs meanwhile, so blocking is for ever. */
  get alone(): boolean {
    return this.frame.process < 0
  }

  instruction(): Instruction {
    const found = this.code.instructions[this.at]
    if (!found) throw new Error(`no location ${this.at} in ${this.code.name}`)
    return found
  }

  /** Chooses among `width` alternatives; the first unless the run was given its picks. */
  pick(width: number): number {
    if (width === 1) return 0
    const choice = this.#given[this.picks.length] ?? 0
    if (!Number.isInteger(choice) || choice < 0 || choice >= width) throw new IllegalChoice()
    if (this.picks.length >= picksLimit) {
      const message = `goes round for ever in one step (${picksLimit} choices)`
      throw new TrapSignal('livelock', message)
    }
    this.picks.push(choice)
    this.widths.push(width)
    return choice
  }

  /** Executes the instruction at hand and whatever follows it in the same transition. */
  step(): void {
    const first = this.instruction()
    const stays = this.#execute(first)
    if (!stays) this.settle()
  }

  /** Goes on through computation on locals, and what is left of a region, to where control can rest. */
  settle(): void {
    const visible = this.facts.visible.get(this.code) ?? []
    for (;;) {
      if (visible[this.at] === true) return
      const instruction = this.instruction()
      if (instruction.kind === 'end') {
        this.#leaveBody()
        if (instruction.next === this.at) return
        this.at = instruction.next
        continue
      }
      this.#execute(instruction)
    }
  }

  /** Executes one instruction; false when the process stayed where it was. */
  advance(): boolean {
    return !this.#execute(this.instruction())
  }

  /** To the end of the body, without resting anywhere. */
  finish(): void {
    for (;;) {
      const instruction = this.instruction()
      if (instruction.kind === 'end') return
      if (this.#execute(instruction)) return
    }
  }

  /** True when the process stays where it is (it parked or queued). */
  #execute(instruction: Instruction): boolean {
    this.#fuel -= 1
    if (this.#fuel < 0) {
      throw new TrapSignal(
        'livelock',
        `goes round for ever in one step (${fuelLimit} instructions)`,
      )
    }
    const executed = this.facts.executed.get(this.code)
    const { at } = this
    if (executed) executed[at] = (executed[at] ?? 0) | EXECUTED
    const mark =
      instruction.kind === 'enter' || instruction.kind === 'leave' ? instruction.kind : null
    if (!this.probing) this.log.push({ location: this.at, site: instruction.site, mark })
    const next = this.facts.perform(this, instruction)
    if (next === null) return true
    if (executed && instruction.kind === 'branch') {
      executed[at] = (executed[at] ?? 0) | (next === instruction.then ? WENT_THEN : WENT_OTHERWISE)
    }
    this.at = next
    return false
  }

  /** A body ends: nothing may still be held. */
  #leaveBody(): void {
    const { process } = this.frame
    if (process < 0 && process !== INIT) return
    this.checkNothingHeld()
  }

  checkNothingHeld(): void {
    const depths = this.memory.processes[this.frame.process]?.sections
    if (depths && depths.rcu > 0) {
      throw new TrapSignal('rcu-unbalanced', 'ends inside an RCU read section')
    }
    for (const section of ['preempt', 'irqs', 'bh'] as const) {
      if (!depths || depths[section] === 0) continue
      throw new TrapSignal('unbalanced', `ends while ${sectionNames[section]}`)
    }
    for (const place of this.facts.locks) {
      if (!holds(lockAt(this.memory, place.path), this.frame.process)) continue
      if (place.which === 'srcu') {
        const message = `ends inside a read section of ${place.name}`
        throw new TrapSignal('rcu-unbalanced', message, [place.path])
      }
      if (this.facts.system.ignored.has('held-at-exit')) continue
      throw new TrapSignal('held-at-exit', `ends while holding ${place.name}`, [place.path])
    }
  }

  /** The locals as a state keeps them: only those in scope where control rests. */
  keptLocals(): Value[] {
    const cells: Value[] = new Array(this.code.cells).fill(null)
    for (const slot of this.code.kept[this.at] ?? []) {
      cells[slot.index] = (this.frame.locals[slot.index] ?? null) as Value
    }
    return cells
  }
}
