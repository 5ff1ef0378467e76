import type { Code as ModelCode, Slot, TransitionSystem } from '../../../spec/index.js'
import { type Cells, cellsOf, PROCESS } from './cells.js'
import { type Code, call, constant, load, local, result, setLocal, store, when } from './code.js'
import type { Declared } from './module.js'

/**
 * What a run of compiled code ends with. `ask`: a violation, a bound, or something not compiled; the reference engine
 * then says what it is, so that each report has one source.
 */
export const STATUS = { next: 0, blocked: 1, ask: 2 } as const

/** Where things are in the engine's part of the memory, in bytes from its base. */
export interface Memory {
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
  /** The cells code runs on. */
  readonly work: number
  /** Tables that decode and encode lists of values. */
  readonly tables: number
  readonly bytes: number
}

export const PICKS_MAX = 64

/** By process: whether it is so, and what others see of it. Most of it is known when the code is written. */
export interface Helpers {
  /** (width) → choice */
  readonly pick: Declared
  /** 1 when it may not sleep */
  readonly atomicContext: readonly Code[]
  /** 1 when it is an RCU reader */
  readonly readsRcu: readonly Code[]
  /** It may have left its read section. */
  readonly leave: readonly Writing[]
  /** 1 when its CPU lets the handler begin */
  readonly mayInterrupt: readonly Code[]
  /** 1 when it holds nothing at the end of its body */
  readonly holdsNothing: readonly Code[]
  /** By `staleKey`: (pointer, process): pointers to the object become stale, but for that process's own. */
  readonly stale: ReadonlyMap<string, { readonly declared: Declared; readonly writes: Writes }>
}

/** Cells that some code may write. */
export type Writes = ReadonlySet<number>

export interface Writing {
  readonly code: Code
  readonly writes: Writes
}

/**
 * Where a cell is: an address on the stack, bytes to add to it, and which cells that may be, as far as can be told
 * beforehand. What is written must be said there, for only that is packed and undone; see `footprint.ts`.
 */
export interface Address {
  readonly get: Code
  readonly offset: number
  readonly cells: () => readonly number[]
}

/** The cell `by` further on. */
export const moved = ({ get, offset, cells }: Address, by: number): Address => ({
  get,
  offset: offset + 4 * by,
  cells: () => cells().map((cell) => cell + by),
})

export const read = ({ get, offset }: Address): Code => load(get, offset)

/** What an instruction may do besides going on, noted while its code is written. */
export interface Noted {
  readonly writes: Set<number>
  blocks: boolean
  /** It chooses. */
  picks: boolean
}

/** Locals of a code function: where control is, the base of the memory, what is left to execute. */
export const LOCAL = { at: 0, base: 1, fuel: 2, first: 3 } as const

interface Given {
  readonly cells: Cells
  readonly memory: Memory
  readonly helpers: Helpers
  readonly code: ModelCode
  readonly codeNumber: number
  /** Whose code this is. */
  readonly process: number
  /** In a property nobody blocks and nothing stops. */
  readonly alone: boolean
  readonly base: Code
  /** Slots of any code that can be without a value where they are read. */
  readonly maybeEmpty: ReadonlySet<Slot>
  /** The locals of the function: how many are taken, and the most there ever were. */
  readonly locals: { count: number; most: number }
}

/** Writes one function, or a part of it. Keeps count of its locals. */
export class Emitter {
  readonly cells: Cells
  readonly memory: Memory
  readonly helpers: Helpers
  readonly code: ModelCode
  readonly codeNumber: number
  readonly alone: boolean
  readonly processNumber: number
  readonly process: Code
  readonly base: Code
  readonly maybeEmpty: ReadonlySet<Slot>
  noted: Noted = { writes: new Set(), blocks: false, picks: false }
  /** Slots that no state keeps: they live in locals of the function. */
  readonly #passing = new Map<Slot, number>()
  readonly #given: Given

  constructor(given: Given) {
    this.#given = given
    this.cells = given.cells
    this.memory = given.memory
    this.helpers = given.helpers
    this.code = given.code
    this.codeNumber = given.codeNumber
    this.alone = given.alone
    this.processNumber = given.process
    this.process = constant(given.process)
    this.base = given.base
    this.maybeEmpty = given.maybeEmpty
  }

  get system(): TransitionSystem {
    return this.cells.system
  }

  get localCount(): number {
    return this.#given.locals.most
  }

  get family(): number {
    return this.system.processes[this.processNumber]?.family ?? 0
  }

  temporary(): number {
    const { locals } = this.#given
    locals.most = Math.max(locals.most, locals.count + 1)
    return locals.count++
  }

  /** Begins an instruction: what was kept for the last one is not needed any more. */
  begin(): Noted {
    this.#given.locals.count = LOCAL.first + this.#passing.size
    this.noted = { writes: new Set(), blocks: false, picks: false }
    return this.noted
  }

  /** Writes on, but for another process: its slots, its index. */
  as(process: number): Emitter {
    const number = this.system.processes[process]?.code ?? -1
    const code = this.system.codes[number]
    if (!code) throw new Error(`no process ${process}`)
    const other = new Emitter({ ...this.#given, code, codeNumber: number, process, alone: false })
    other.noted = this.noted
    return other
  }

  /** Stops here and lets the reference engine decide. */
  readonly ask: Code = result(constant(STATUS.ask))

  askIf(condition: Code): Code {
    return when(condition, this.ask)
  }

  /** Something a process may wait for; alone it would wait for ever. Nothing may be written before it. */
  blockIf(condition: Code): Code {
    this.noted.blocks = true
    return when(condition, this.alone ? this.ask : result(constant(STATUS.blocked)))
  }

  /** A choice of so many. */
  pick(width: Code): Code {
    this.noted.picks = true
    return call(this.helpers.pick.index, width)
  }

  /** The only way to write a cell. */
  write(address: Address, value: Code): Code {
    for (const cell of address.cells()) this.noted.writes.add(cell)
    return store(address.get, address.offset, value)
  }

  /** Uses code that writes cells by itself. */
  writing({ code, writes }: Writing): Code {
    for (const cell of writes) this.noted.writes.add(cell)
    return code
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

  cell(cell: number): Address {
    return { get: this.base, offset: this.memory.work + 4 * cell, cells: () => [cell] }
  }

  /** A cell of the process's own. */
  own(cell: number): Address {
    return this.cell(firstOf(this.cells, this.processNumber) + cell)
  }

  slot(slot: Slot): Address {
    return this.own(this.slotCell(slot))
  }

  /** From here on these slots, which only exist within a step, are in locals. */
  passing(slots: readonly Slot[]): void {
    for (const slot of slots) this.#passing.set(slot, this.temporary())
  }

  getSlot(slot: Slot): Code {
    const index = this.#passing.get(slot)
    return index === undefined ? read(this.slot(slot)) : local(index)
  }

  /** Of a scalar. */
  setSlot(slot: Slot, value: Code): Code {
    const index = this.#passing.get(slot)
    return index === undefined ? this.write(this.slot(slot), value) : setLocal(index, value)
  }

  /** Where a local is among the process's cells. */
  slotCell(slot: Slot): number {
    return this.cells.localsOf[this.codeNumber]?.[slot.index] ?? PROCESS.locals
  }

  sizeOf(type: Slot['type']): number {
    return cellsOf(type, this.cells.processCount)
  }
}

/** The first cell of a process. */
export const firstOf = ({ processes, processStride }: Cells, process: number): number =>
  processes + process * processStride
