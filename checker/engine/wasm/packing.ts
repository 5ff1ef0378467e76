import type { BitField } from '../layout.js'
import { type Cells, EMPTY, PROCESS } from './cells.js'
import {
  type Code,
  call,
  constant,
  global,
  load,
  local,
  result,
  setLocal,
  store,
  switchOn,
  wideConstant,
  wideLoad,
  wideStore,
} from './code.js'
import { firstOf, type Memory, type Writes } from './emitter.js'
import {
  base,
  byCell,
  clearParts,
  localsFor,
  parameter,
  readParts,
  setBase,
  type Tables,
  type Where,
  wordLocal,
  wordsOf,
  writeParts,
} from './fields.js'
import type { Footprint } from './footprint.js'
import type { Declared, ModuleWriter } from './module.js'
import { allParts, awaitedAt, type Part, type Parts, type ProcessParts, whatIsAt } from './parts.js'

/** Between the words of packed states and cells: all of a state, or what one step can have changed. */
export class Packing {
  readonly packAll: Declared
  readonly unpackAll: Declared
  readonly #cells: Cells
  readonly #memory: Memory
  readonly #where: Where
  readonly #parts: Parts
  /** By cell: the parts of shared memory there. */
  readonly #sharedAt: ReadonlyMap<number, readonly Part[]>
  /** By process: cells of locals that can be kept without having a value. */
  readonly #maybeEmpty: readonly (readonly number[])[]
  readonly #wordCount: number
  readonly #writer: ModuleWriter

  constructor(given: {
    readonly parts: Parts
    readonly stateWords: number
    readonly cells: Cells
    readonly memory: Memory
    readonly tables: Tables
    readonly writer: ModuleWriter
  }) {
    const { cells, memory, tables } = given
    this.#cells = cells
    this.#memory = memory
    this.#where = { work: memory.work, tables }
    this.#parts = given.parts
    this.#sharedAt = byCell(given.parts.shared)
    this.#maybeEmpty = given.parts.processes.map(maybeEmpty)
    this.#wordCount = Math.ceil(given.stateWords / 2)
    this.#writer = given.writer
    const words = this.#words
    const { shared, processes } = this.#parts
    this.packAll = this.#add('packAll', 0, [
      words.map((word) => setLocal(wordLocal(word), wideConstant(0n))),
      writeParts(shared, this.#where),
      processes.map((_, process) => this.#writeProcess(process)),
      this.#storeWords(),
    ])
    this.unpackAll = this.#add('unpackAll', 0, [
      this.#loadWords(words),
      readParts(shared, this.#where),
      processes.map((_, process) => this.#readProcess(process)),
    ])
  }

  /** (location a process's step began at): packs what the step has changed, then puts it back. */
  finishStep(process: number, touched: readonly Group<Touched>[]): Declared {
    const own = allParts(this.#process(process))
    const cases = touched.map(({ locations, found }) => {
      const { parts, awaiting, whole } = found
      const packed = [
        clearParts(parts),
        writeParts(parts, this.#where),
        awaiting.map((other) => this.#writeAwaits(other)),
        this.#storeWords(),
      ]
      const all = [call(this.packAll.index), call(this.unpackAll.index), result([])]
      return { values: locations, body: whole ? all : [packed, this.#undo(process, found)] }
    })
    return this.#add(`finish ${process}`, 1, [
      this.#loadWords(this.#words),
      clearParts(own),
      this.#writeProcess(process),
      switchOn(parameter, cases),
      store(base, this.#at(process), parameter),
    ])
  }

  /** (location a process's step began at): puts back what the step may have written. */
  undoStep(process: number, touched: readonly Group<Touched>[]): Declared {
    const cases = touched.map(({ locations, found }) => {
      const all = [call(this.unpackAll.index), result([])]
      return { values: locations, body: found.whole ? all : this.#undo(process, found) }
    })
    return this.#add(`undo ${process}`, 1, [
      switchOn(parameter, cases),
      store(base, this.#at(process), parameter),
    ])
  }

  /** Where steps of a process begin, grouped by what they may have written. */
  touchedFrom(
    process: number,
    footprints: ReadonlyMap<number, Footprint>,
  ): readonly Group<Touched>[] {
    return group(
      footprints.keys(),
      (location) => this.#touched(process, footprints.get(location)?.writes ?? new Set(), location),
      ({ parts, own, emptied, awaiting, whole, leavesAwaits }) =>
        [named(parts), named(own), emptied, awaiting, whole, leavesAwaits].join(' '),
    )
  }

  #undo(process: number, { parts, own, emptied, awaiting, leavesAwaits }: Touched): Code {
    const awaited = awaiting.flatMap((other) => [...this.#process(other).awaits.values()])
    return [
      this.#loadWords(wordsOf([...parts, ...own, ...awaited.flat()])),
      readParts([...parts, ...own], this.#where),
      this.#empty(emptied),
      awaiting.map((other) => this.#readAwaits(other)),
      leavesAwaits ? this.#zeroAwaits(process) : [],
    ]
  }

  /** Whether any of these cells means something while the process is at that location. */
  matters(process: number, writes: Writes, location: number): boolean {
    if (writes.size === 0) return false
    const touched = this.#touched(process, writes, location)
    const { parts, own, emptied, awaiting, whole, leavesAwaits } = touched
    const count = parts.length + own.length + emptied.length + awaiting.length
    return whole || leavesAwaits || count > 0
  }

  get #words(): readonly number[] {
    return Array.from({ length: this.#wordCount }, (_, word) => word)
  }

  #add(name: string, parameters: 0 | 1, body: Code): Declared {
    const locals = localsFor(parameters, this.#wordCount)
    return this.#writer.add(name, parameters, 0, locals, [setBase(global(0)), body])
  }

  #loadWords(words: readonly number[]): Code {
    const { packedIn } = this.#memory
    return words.map((word) => setLocal(wordLocal(word), wideLoad(base, packedIn + 8 * word)))
  }

  #storeWords(): Code {
    const { packedOut } = this.#memory
    return this.#words.map((word) => wideStore(base, packedOut + 8 * word, local(wordLocal(word))))
  }

  #process(process: number): ProcessParts {
    const parts = this.#parts.processes[process]
    if (!parts) throw new Error(`no process ${process}`)
    return parts
  }

  #at(process: number): number {
    return this.#memory.work + 4 * (firstOf(this.#cells, process) + PROCESS.at)
  }

  /** What is at the location of a process, as `of` makes it for locations that are alike. */
  #byLocation(
    process: number,
    partsAt: (parts: ProcessParts, location: number) => readonly Part[],
    of: (parts: readonly Part[]) => Code,
  ): Code {
    const parts = this.#process(process)
    const groups = group(parts.kept.keys(), (location) => partsAt(parts, location), named)
    const filled = groups.filter(({ found }) => found.length > 0)
    const cases = filled.map(({ locations, found }) => ({ values: locations, body: of(found) }))
    return switchOn(load(base, this.#at(process)), cases)
  }

  #writeProcess(process: number): Code {
    const { header } = this.#process(process)
    return [
      writeParts(header, this.#where),
      this.#byLocation(process, whatIsAt, (parts) => writeParts(parts, this.#where)),
    ]
  }

  #readProcess(process: number): Code {
    const { header, awaits } = this.#process(process)
    return [
      readParts(header, this.#where),
      awaits.size > 0 ? this.#zeroAwaits(process) : [],
      this.#empty(this.#maybeEmpty[process] ?? []),
      this.#byLocation(process, whatIsAt, (parts) => readParts(parts, this.#where)),
    ]
  }

  #writeAwaits(process: number): Code {
    const awaits = [...this.#process(process).awaits.values()].flat()
    return [
      clearParts(awaits),
      this.#byLocation(process, awaitedAt, (parts) => writeParts(parts, this.#where)),
    ]
  }

  #readAwaits(process: number): Code {
    return this.#byLocation(process, awaitedAt, (parts) => readParts(parts, this.#where))
  }

  /** Locals that are not kept have no value, also where a later location keeps them. */
  #empty(cells: readonly number[]): Code {
    return cells.map((cell) => store(base, this.#memory.work + 4 * cell, constant(EMPTY)))
  }

  /** Where nothing is awaited the mask is 0. */
  #zeroAwaits(process: number): Code {
    const cell = firstOf(this.#cells, process) + PROCESS.awaits
    return store(base, this.#memory.work + 4 * cell, constant(0))
  }

  /** What some writes of a process mean, in a state in which it is at a location. */
  #touched(process: number, writes: Writes, location: number): Touched {
    const { processes, processStride, processCount } = this.#cells
    const mine = this.#process(process)
    const first = firstOf(this.#cells, process)
    const cells = [...writes].sort((left, right) => left - right)
    const parts = cells.flatMap((cell) => this.#sharedAt.get(cell) ?? [])
    const own = [...mine.header, ...whatIsAt(mine, location)].filter(
      ({ cell }) => cell !== first + PROCESS.at && writes.has(cell),
    )
    const here = new Set((mine.kept.get(location) ?? []).map(({ cell }) => cell))
    const emptied = (this.#maybeEmpty[process] ?? []).filter(
      (cell) => writes.has(cell) && !here.has(cell),
    )
    const leavesAwaits = writes.has(first + PROCESS.awaits) && !mine.awaits.has(location)
    const awaiting: number[] = []
    let whole = false
    for (const cell of cells) {
      const other = Math.floor((cell - processes) / processStride)
      if (other < 0 || other === process || other >= processCount) continue
      const inside = cell - firstOf(this.#cells, other)
      if (inside === PROCESS.awaits) awaiting.push(other)
      else if (inside >= PROCESS.locals) whole = true
      else {
        parts.push(...this.#process(other).header.filter((part) => part.cell === cell))
      }
    }
    return { parts, own, emptied, awaiting, whole, leavesAwaits }
  }
}

/** What a step may have written, as far as it is part of a state. */
interface Touched {
  /** Of shared memory, and of what other processes have at every location. */
  readonly parts: readonly Part[]
  /** Of the process itself, at the location it began at. */
  readonly own: readonly Part[]
  /** Its locals that have no value there. */
  readonly emptied: readonly number[]
  /** Processes whose mask of what they await may have changed. */
  readonly awaiting: readonly number[]
  /** Locals of others: so many that it is easier to do everything. */
  readonly whole: boolean
  /** Its own mask of what it awaits, from a location where it awaits nothing. */
  readonly leavesAwaits: boolean
}

interface Group<T> {
  readonly locations: readonly number[]
  readonly found: T
}

/** Locations for which the same is found. */
function group<T>(
  locations: Iterable<number>,
  of: (location: number) => T,
  keyOf: (found: T) => string,
): readonly Group<T>[] {
  const groups = new Map<string, { locations: number[]; found: T }>()
  for (const location of locations) {
    const found = of(location)
    const key = keyOf(found)
    const known = groups.get(key)
    if (known) known.locations.push(location)
    else groups.set(key, { locations: [location], found })
  }
  return [...groups.values()]
}

/** The same text for the same fields. A field belongs to one cell; two slots in the same bits have two fields. */
const named = (parts: readonly Part[]): string => parts.map(({ field }) => numberOf(field)).join()

const numbers = new WeakMap<BitField, number>()
let fieldCount = 0

function numberOf(field: BitField): number {
  const known = numbers.get(field)
  if (known !== undefined) return known
  numbers.set(field, fieldCount)
  return fieldCount++
}

/** Cells of locals that can be kept without having a value. */
function maybeEmpty({ kept }: ProcessParts): readonly number[] {
  const cells = new Set<number>()
  for (const parts of kept.values()) {
    for (const { cell, field } of parts) if (field.coding.empty) cells.add(cell)
  }
  return [...cells]
}
