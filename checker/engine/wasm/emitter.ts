import type { Code as ModelCode, Slot, TransitionSystem } from '../../../spec/index.js'
import { type Cells, cellsOf, PROCESS } from './cells.js'
import {
  add,
  type Code,
  constant,
  global,
  local,
  multiply,
  result,
  setLocal,
  when,
} from './code.js'
import type { Declared } from './module.js'

/**
 * What a run of compiled code ends with. `ask`: a violation, a bound, or something not compiled; the reference engine
 * then says what it is, so that each report has one source.
 */
export const STATUS = { next: 0, blocked: 1, ask: 2 } as const

/** Where things are in the engine's part of the memory, in bytes from its base. */
export interface Memory {
  /** The cells code runs on. */
  readonly work: number
  /** The cells of the state that is being expanded. */
  readonly source: number
  /** Words of the state to unpack, and of the one packed. */
  readonly packedIn: number
  readonly packedOut: number
  /** Picks: how many are given, the given ones, how many were made, what they were, how wide each was. */
  readonly givenCount: number
  readonly given: number
  readonly pickCount: number
  readonly picks: number
  readonly widths: number
  /** One byte an instruction, set when it is executed. */
  readonly executed: number
  /** Tables that decode and encode lists of values. */
  readonly tables: number
  readonly bytes: number
}

export const PICKS_MAX = 64

/** Functions every code can call. */
export interface Helpers {
  /** (width) → choice */
  readonly pick: Declared
  /** (process) → 1 when it may not sleep */
  readonly atomicContext: Declared
  /** (process) → 1 when it is an RCU reader */
  readonly readsRcu: Declared
  /** (process): it may have left its read section */
  readonly leave: Declared
  /** (process) → 1 when its CPU lets the handler begin */
  readonly mayInterrupt: Declared
  /** (process) → 1 when it holds nothing at the end of its body */
  readonly holdsNothing: Declared
  /** By struct: (pointer, process): pointers to it become stale, but for that process's own. */
  readonly stale: ReadonlyMap<string, Declared>
}

/** Locals of a code function: the process, the address of its cells, where control is, what is left to execute. */
export const LOCAL = { process: 0, cells: 1, at: 2, fuel: 3, first: 4 } as const

/** Writes one function. Keeps count of its locals. */
export class Emitter {
  readonly cells: Cells
  readonly memory: Memory
  readonly helpers: Helpers
  readonly code: ModelCode
  readonly codeNumber: number
  /** In a property nobody blocks and nothing stops. */
  readonly alone: boolean
  /** Family value of process p is p + this. */
  readonly familyOffset: number
  /** Slots that can be without a value where they are read. */
  readonly maybeEmpty: ReadonlySet<Slot>
  /** The number of the process whose code this is, and the address of its cells. */
  readonly process: Code
  readonly own: Code
  readonly #locals: { count: number }

  constructor(given: {
    cells: Cells
    memory: Memory
    helpers: Helpers
    code: ModelCode
    codeNumber: number
    alone: boolean
    familyOffset: number
    process?: Code
    own?: Code
    locals?: { count: number }
  }) {
    this.process = given.process ?? local(LOCAL.process)
    this.own = given.own ?? local(LOCAL.cells)
    this.#locals = given.locals ?? { count: LOCAL.first }
    this.cells = given.cells
    this.memory = given.memory
    this.helpers = given.helpers
    this.code = given.code
    this.codeNumber = given.codeNumber
    this.alone = given.alone
    this.familyOffset = given.familyOffset
    const cleared = given.code.instructions.flatMap((i) => (i.kind === 'clear' ? i.slots : []))
    this.maybeEmpty = new Set(cleared)
  }

  get system(): TransitionSystem {
    return this.cells.system
  }

  get localCount(): number {
    return this.#locals.count
  }

  temporary(): number {
    return this.#locals.count++
  }

  /** Writes on, but for another process: its slots, its index. `enter` comes first. */
  as(process: number): { readonly emitter: Emitter; readonly enter: Code } {
    const instance = this.system.processes[process]
    const code = this.system.codes[instance?.code ?? -1]
    if (!instance || !code) throw new Error(`no process ${process}`)
    const own = this.keep(this.processCells(constant(process)))
    const emitter = new Emitter({
      cells: this.cells,
      memory: this.memory,
      helpers: this.helpers,
      code,
      codeNumber: instance.code,
      alone: false,
      familyOffset: (instance.family ?? 0) - process,
      process: constant(process),
      own: own.get,
      locals: this.#locals,
    })
    return { emitter, enter: own.set }
  }

  /** Stops here and lets the reference engine decide. */
  readonly ask: Code = result(constant(STATUS.ask))

  askIf(condition: Code): Code {
    return when(condition, this.ask)
  }

  /** Something a process may wait for; alone it would wait for ever. */
  blockIf(condition: Code): Code {
    return when(condition, this.alone ? this.ask : result(constant(STATUS.blocked)))
  }

  /** Reads this code's slots at another address. */
  reading(own: Code): Emitter {
    return new Emitter({
      cells: this.cells,
      memory: this.memory,
      helpers: this.helpers,
      code: this.code,
      codeNumber: this.codeNumber,
      alone: this.alone,
      familyOffset: this.familyOffset,
      own,
      locals: this.#locals,
    })
  }

  get base(): Code {
    return global(0)
  }

  setTemporary(index: number, value: Code): Code {
    return setLocal(index, value)
  }

  getTemporary(index: number): Code {
    return local(index)
  }

  /** Keeps a value to use it more than once. */
  keep(value: Code): { readonly set: Code; readonly get: Code } {
    const index = this.temporary()
    return { set: setLocal(index, value), get: local(index) }
  }

  /** Byte address of a process's cells. */
  processCells(process: Code): Code {
    const { processes, processStride } = this.cells
    const first = add(global(0), constant(this.memory.work + processes * 4))
    return add(first, multiply(process, constant(processStride * 4)))
  }

  /** Byte offset of a local inside its process's cells. */
  slotOffset(slot: Slot): number {
    const cell = this.cells.localsOf[this.codeNumber]?.[slot.index]
    return 4 * (cell ?? PROCESS.locals)
  }

  sizeOf(type: Slot['type']): number {
    return cellsOf(type, this.cells.processCount)
  }
}
