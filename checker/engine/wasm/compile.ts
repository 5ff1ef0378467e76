import type { Code as ModelCode, Slot, TransitionSystem } from '../../../spec/index.js'
import { headPlaces } from '../../../spec/index.js'
import { type Layout, layoutOf } from '../layout.js'
import { type Cells, cellsOfSystem, MEMBERS_MAX } from './cells.js'
import {
  type Code,
  call,
  constant,
  equal,
  global,
  load,
  local,
  notEqual,
  or,
  result,
  store,
  when,
} from './code.js'
import { emitCode } from './code-function.js'
import { Emitter, type Helpers, LOCAL, type Memory, PICKS_MAX } from './emitter.js'
import type { SystemFunctions, SystemParts } from './explorer/parts.js'
import { emitValue } from './expressions.js'
import { Tables } from './fields.js'
import { defineFiring, type ProcessCode } from './firing.js'
import { defineHelpers, locksIn } from './helpers.js'
import { emitCycle, emitMayRest } from './judging.js'
import { type Declared, ModuleWriter } from './module.js'
import { Packing } from './packing.js'
import { partsOf } from './parts.js'

/** A system as WebAssembly. Plain data: bytes and tables travel to whoever links them. */
export interface Compiled {
  readonly cells: Cells
  /** The first cell of every lock. */
  readonly locks: readonly number[]
  readonly system: TransitionSystem
  readonly layout: Layout
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly memory: Memory
  /** Numbers to write at `memory.tables`. */
  readonly tables: readonly number[]
  /** Where the bytes of executed instructions begin: codes of processes, invariants, `finally`s, covers. */
  readonly executedAt: readonly number[]
}

/** Not: something in the system is for the reference engine alone. */
export function isCompilable(system: TransitionSystem): boolean {
  if (system.processes.length > MEMBERS_MAX) return false
  if (headPlaces(system).length > MEMBERS_MAX) return false
  // Then init may leave locks behind that nobody owns, and masks have no bit for it.
  if (system.ignored.has('held-at-exit')) return false
  // A cell has 32 bits: all of them, and being empty, is one value too many.
  return layoutOf(system).widest <= 32
}

const compiledBefore = new WeakMap<TransitionSystem, Compiled>()

/** A module of a system, the last one that was compiled: all can be asked the same. */
export const compiledOf = (system: TransitionSystem): Compiled =>
  compiledBefore.get(system) ?? compile(system)

export interface CompileOptions {
  /** Writes more functions into the module. */
  readonly extend?: (parts: SystemParts) => void
  /** Adds `fireWhole` and `packAll`. */
  readonly whole?: boolean
}

/** Compiles what is compilable. */
export function compile(system: TransitionSystem, options: CompileOptions = {}): Compiled {
  const layout = layoutOf(system)
  const cells = cellsOfSystem(system)
  const parts = partsOf(layout, cells)
  const codes = allCodes(system)
  const memory = memoryOf(cells, layout, codes)
  const writer = new ModuleWriter()
  const tables = new Tables(memory.tables)
  const shared = { system, cells, memory, writer }
  const helpers = defineHelpers(shared)
  const starting = starts(codes)
  const maybeEmpty = clearedIn(codes)
  const context = { ...shared, helpers, maybeEmpty, starts: starting }
  const { stateWords } = layout
  const packing = new Packing({ parts, stateWords, cells, memory, tables, writer })
  const processes = system.processes.map(({ code }, process) => defineCode(context, code, process))
  const properties = codes
    .slice(system.codes.length)
    .map((_, at) => defineCode(context, system.codes.length + at, system.processes.length))
  const resting = layout.processes.map(({ kept }) => [...kept.keys()])
  const firing = defineFiring(shared, helpers, packing, processes, resting)
  if (options.whole === true) firing.defineWhole()
  const functions = {
    unpack: firing.unpack,
    fires: firing.fires,
    ...defineJudge(context, properties),
    cover: defineCovers(context, properties),
  }
  const locks = locksIn(shared).map(({ cell }) => cell)
  const own = memory.bytes + 4 * tables.values.length
  options.extend?.({ system, layout, writer, memory, cells, locks, bytes: own, functions })
  const bytes = writer.bytes()
  const executedAt = starting.map((first) => memory.executed + first)
  const { values } = tables
  const compiled = { system, cells, locks, layout, bytes, memory, tables: values, executedAt }
  compiledBefore.set(system, compiled)
  return compiled
}

interface Context {
  readonly system: TransitionSystem
  readonly cells: Cells
  readonly memory: Memory
  readonly helpers: Helpers
  readonly writer: ModuleWriter
  readonly maybeEmpty: ReadonlySet<Slot>
  /** By code: where its bytes of executed instructions begin. */
  readonly starts: readonly number[]
}

/** Those of processes first, then invariants, `finally`s and covers: as `cellsOfSystem` numbers them. */
const allCodes = (system: TransitionSystem): readonly ModelCode[] => [
  ...system.codes,
  ...[...system.invariants, ...system.finals, ...system.covers].map(({ code }) => code),
]

const clearedIn = (codes: readonly ModelCode[]): ReadonlySet<Slot> =>
  new Set(codes.flatMap((c) => c.instructions.flatMap((i) => (i.kind === 'clear' ? i.slots : []))))

function starts(codes: readonly ModelCode[]): readonly number[] {
  let next = 0
  return codes.map((code) => {
    next += code.instructions.length
    return next - code.instructions.length
  })
}

function memoryOf(cells: Cells, layout: Layout, codes: readonly ModelCode[]): Memory {
  let next = 0
  const take = (bytes: number): number => {
    const at = next
    next += Math.ceil(bytes / 16) * 16
    return at
  }
  const packedIn = take(4 * layout.stateWords + 8)
  const packedOut = take(4 * layout.stateWords + 8)
  const givenCount = take(4)
  const given = take(4 * PICKS_MAX)
  const pickCount = take(4)
  const picks = take(4 * PICKS_MAX)
  const widths = take(4 * PICKS_MAX)
  const executed = take(codes.reduce((sum, code) => sum + code.instructions.length, 0))
  const work = take(4 * cells.count)
  const tables = take(0)
  return {
    packedIn,
    packedOut,
    givenCount,
    given,
    pickCount,
    picks,
    widths,
    executed,
    work,
    tables,
    bytes: next,
  }
}

/** Writes code of a process, or of a property where there is no process of that number. */
function emitterFor(
  { system, cells, memory, helpers, maybeEmpty }: Context,
  codeNumber: number,
  process: number,
  base: Code,
  firstLocal: number,
): Emitter {
  const code = allCodes(system)[codeNumber]
  if (!code) throw new Error(`no code ${codeNumber}`)
  const alone = codeNumber >= system.codes.length
  const locals = { count: firstLocal, most: firstLocal }
  const where = { codeNumber, process, alone, base, locals }
  return new Emitter({ cells, memory, helpers, maybeEmpty, code, ...where })
}

/** (location) → status */
function defineCode(context: Context, number: number, process: number): ProcessCode {
  const { system, writer, starts } = context
  const e = emitterFor(context, number, process, local(LOCAL.base), LOCAL.first)
  const isDaemon = system.processes[process]?.daemon === true
  const isProperty = number >= system.codes.length
  const { body, noted } = emitCode(e, starts[number] ?? 0, { isProperty, isDaemon })
  const declared = writer.add(`code ${number} of ${process}`, 1, 1, e.localCount - 1, body)
  return { declared, noted }
}

/** `judge()` → 1 when the state in the cells may be wrong; `mayRest()` → 1 when it may be at rest. */
function defineJudge(
  context: Context,
  functions: readonly ProcessCode[],
): Pick<SystemFunctions, 'judge' | 'mayRest'> {
  const { system, writer, memory } = context
  const parameters = 2
  const emitter = () => emitterFor(context, 0, 0, global(0), parameters)
  const properties = system.invariants.map(({ code }, at) => {
    const target = functions[at]?.declared
    const run = target ? call(target.index, constant(code.entry)) : constant(1)
    // A property that chooses is judged for each choice, by the reference engine.
    const chose = load(global(0), memory.pickCount)
    return when(or(run, chose), result(constant(1)))
  })
  const noPicks = store(global(0), memory.pickCount, constant(0))
  const judging = emitter()
  const body = [noPicks, properties, emitCycle(judging)]
  const judge = writer.add('judge', parameters, 1, judging.localCount - parameters, body)
  const rest = emitter()
  const resting = emitMayRest(rest)
  const mayRest = writer.add('mayRest', parameters, 1, rest.localCount - parameters, resting)
  writer.export(judge)
  writer.export(mayRest)
  return { judge, mayRest }
}

/** `cover(index)` → 1 when the condition holds. */
function defineCovers(context: Context, functions: readonly ProcessCode[]): Declared {
  const { system, writer } = context
  const before = system.invariants.length + system.finals.length
  const nobody = system.processes.length
  let locals = 1
  const cases = system.covers.map((cover, at) => {
    const target = functions[before + at]?.declared
    const e = emitterFor(context, system.codes.length + before + at, nobody, global(0), 1)
    const value = notEqual(emitValue(e, cover.result), constant(0))
    const run = target ? call(target.index, constant(cover.code.entry)) : constant(1)
    locals = Math.max(locals, e.localCount)
    return when(equal(local(0), constant(at)), [when(run, result(constant(0))), result(value)])
  })
  const cover = writer.add('cover', 1, 1, locals - 1, [cases, constant(0)])
  writer.export(cover)
  return cover
}
