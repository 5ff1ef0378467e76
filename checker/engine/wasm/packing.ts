import type { BitField, Layout } from '../layout.js'
import { type Cells, PROCESS } from './cells.js'
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
  clearParts,
  localsFor,
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
import { type Part, type Parts, type ProcessParts, partsOf } from './parts.js'

/** Between the words of packed states and cells: all of a state, or what one step can have changed. */
export class Packing {
  readonly packAll: Declared
  readonly unpackAll: Declared
  readonly #cells: Cells
  readonly #memory: Memory
  readonly #where: Where
  readonly #parts: Parts
  readonly #wordCount: number
  readonly #writer: ModuleWriter

  constructor(layout: Layout, cells: Cells, memory: Memory, tables: Tables, writer: ModuleWriter) {
    this.#cells = cells
    this.#memory = memory
    this.#where = { work: memory.work, tables }
    this.#parts = partsOf(layout, cells)
    this.#wordCount = Math.ceil(layout.stateWords / 2)
    this.#writer = writer
    const words = this.#words
    const { shared, processes } = this.#parts
    this.packAll = this.#add('packAll', [
      words.map((word) => setLocal(wordLocal(word), wideConstant(0n))),
      writeParts(shared, this.#where),
      processes.map((_, process) => this.#writeProcess(process)),
      this.#storeWords(),
    ])
    this.unpackAll = this.#add('unpackAll', [
      this.#loadWords(words),
      readParts(shared, this.#where),
      processes.map((_, process) => this.#readProcess(process)),
    ])
  }

  /** A process's step, from the location it began at to where it rests: packs what it has changed. */
  packStep(process: number, footprints: ReadonlyMap<number, Footprint>): Declared {
    const groups = this.#grouped(footprints, ({ writes }) => this.#others(process, writes))
    const own = allParts(this.#parts.processes[process])
    const others = groups.map(({ locations, found }) => {
      const { parts, awaiting, whole } = found
      const body = whole
        ? [call(this.packAll.index), result([])]
        : [
            clearParts(parts),
            writeParts(parts, this.#where),
            awaiting.map((other) => this.#writeAwaits(other)),
          ]
      return { values: locations, body }
    })
    return this.#add(`pack ${process}`, [
      this.#loadWords(this.#words),
      switchOn(load(base, this.#memory.from), others),
      clearParts(own),
      this.#writeProcess(process),
      this.#storeWords(),
    ])
  }

  /** Puts back what a process's step from there may have written. */
  undoStep(process: number, footprints: ReadonlyMap<number, Footprint>): Declared {
    const groups = this.#grouped(footprints, ({ writes }, location) => {
      const others = this.#others(process, writes)
      const parts = [...others.parts, ...this.#own(process, writes, location)]
      return { ...others, parts, leavesAwaits: this.#leavesAwaits(process, writes, location) }
    })
    const cases = groups.map(({ locations, found }) => {
      const awaited = found.awaiting.map(
        (other) => this.#parts.processes[other]?.awaits ?? new Map(),
      )
      const read = [...found.parts, ...awaited.flatMap((awaits) => [...awaits.values()].flat())]
      const body = found.whole
        ? [call(this.unpackAll.index), result([])]
        : [
            this.#loadWords(wordsOf(read)),
            readParts(found.parts, this.#where),
            found.awaiting.map((other) => this.#readAwaits(other)),
            found.leavesAwaits ? this.#zeroAwaits(process) : [],
          ]
      return { values: locations, body }
    })
    const from = load(base, this.#memory.from)
    return this.#add(`undo ${process}`, [
      switchOn(from, cases),
      store(base, this.#at(process), from),
    ])
  }

  /** Whether any of these cells means something while the process is at that location. */
  matters(process: number, writes: Writes, location: number): boolean {
    const { parts, awaiting, whole } = this.#others(process, writes)
    const count = parts.length + awaiting.length + this.#own(process, writes, location).length
    return whole || count > 0 || this.#leavesAwaits(process, writes, location)
  }

  get #words(): readonly number[] {
    return Array.from({ length: this.#wordCount }, (_, word) => word)
  }

  #add(name: string, body: Code): Declared {
    const locals = localsFor(this.#wordCount)
    return this.#writer.add(name, 0, 0, locals, [setBase(global(0)), body])
  }

  #loadWords(words: readonly number[]): Code {
    const { packedIn } = this.#memory
    return words.map((word) => setLocal(wordLocal(word), wideLoad(base, packedIn + 8 * word)))
  }

  #storeWords(): Code {
    const { packedOut } = this.#memory
    return this.#words.map((word) => wideStore(base, packedOut + 8 * word, local(wordLocal(word))))
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
    const parts = this.#parts.processes[process]
    if (!parts) throw new Error('no such process')
    const groups = group(parts.kept.keys(), (location) => partsAt(parts, location), named)
    const filled = groups.filter(({ found }) => found.length > 0)
    const cases = filled.map(({ locations, found }) => ({ values: locations, body: of(found) }))
    return switchOn(load(base, this.#at(process)), cases)
  }

  #writeProcess(process: number): Code {
    const header = this.#parts.processes[process]?.header ?? []
    return [
      writeParts(header, this.#where),
      this.#byLocation(process, whatIsAt, (parts) => writeParts(parts, this.#where)),
    ]
  }

  #readProcess(process: number): Code {
    const { header, awaits } = this.#parts.processes[process] ?? { header: [], awaits: new Map() }
    return [
      readParts(header, this.#where),
      awaits.size > 0 ? this.#zeroAwaits(process) : [],
      this.#byLocation(process, whatIsAt, (parts) => readParts(parts, this.#where)),
    ]
  }

  #writeAwaits(process: number): Code {
    const awaits = [...(this.#parts.processes[process]?.awaits.values() ?? [])].flat()
    return [
      clearParts(awaits),
      this.#byLocation(process, awaitedAt, (parts) => writeParts(parts, this.#where)),
    ]
  }

  #readAwaits(process: number): Code {
    return this.#byLocation(process, awaitedAt, (parts) => readParts(parts, this.#where))
  }

  /** Where nothing is awaited the mask is 0. */
  #zeroAwaits(process: number): Code {
    const cell = firstOf(this.#cells, process) + PROCESS.awaits
    return store(base, this.#memory.work + 4 * cell, constant(0))
  }

  #leavesAwaits(process: number, writes: Writes, location: number): boolean {
    const awaits = this.#parts.processes[process]?.awaits ?? new Map()
    return writes.has(firstOf(this.#cells, process) + PROCESS.awaits) && !awaits.has(location)
  }

  /** Of the process's own cells: those that are written and mean something at the location. */
  #own(process: number, writes: Writes, location: number): readonly Part[] {
    const parts = this.#parts.processes[process]
    if (!parts) throw new Error('no such process')
    const at = firstOf(this.#cells, process) + PROCESS.at
    const here = [...parts.header, ...whatIsAt(parts, location)]
    return here.filter(({ cell }) => cell !== at && writes.has(cell))
  }

  /** Of the cells that are not the process's own. `whole`: so many that it is easier to do everything. */
  #others(process: number, writes: Writes): Others {
    const { processes, processStride, processCount } = this.#cells
    const parts = this.#parts.shared.filter(({ cell }) => writes.has(cell))
    const awaiting: number[] = []
    let whole = false
    for (const cell of writes) {
      const other = Math.floor((cell - processes) / processStride)
      if (other < 0 || other === process || other >= processCount) continue
      const inside = cell - firstOf(this.#cells, other)
      if (inside === PROCESS.awaits) awaiting.push(other)
      else if (inside >= PROCESS.locals) whole = true
      else {
        const header = this.#parts.processes[other]?.header ?? []
        parts.push(...header.filter((part) => part.cell === cell))
      }
    }
    return { parts, awaiting: awaiting.sort((left, right) => left - right), whole }
  }

  #grouped<T extends Others>(
    footprints: ReadonlyMap<number, Footprint>,
    of: (footprint: Footprint, location: number) => T,
  ): readonly Group<T>[] {
    return group(
      footprints.keys(),
      (location) => of(footprints.get(location) as Footprint, location),
      (found) => `${named(found.parts)} ${JSON.stringify({ ...found, parts: [] })}`,
    )
  }
}

interface Others {
  readonly parts: readonly Part[]
  /** Processes whose mask of what they await may have changed. */
  readonly awaiting: readonly number[]
  readonly whole: boolean
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

const awaitedAt = ({ awaits }: ProcessParts, location: number): readonly Part[] =>
  awaits.get(location) ?? []

const whatIsAt = (parts: ProcessParts, location: number): readonly Part[] => [
  ...awaitedAt(parts, location),
  ...(parts.kept.get(location) ?? []),
]

const allParts = (parts: ProcessParts | undefined): readonly Part[] =>
  parts ? [...parts.header, ...[...parts.kept.keys()].flatMap((at) => whatIsAt(parts, at))] : []
