import type { Code as ModelCode, TransitionSystem } from '../../../spec/index.js'
import { headPlaces } from '../../../spec/index.js'
import { type Layout, layoutOf } from '../layout.js'
import { type Cells, cellsOfSystem, MEMBERS_MAX } from './cells.js'
import {
  add,
  type Code,
  call,
  constant,
  copy,
  equal,
  global,
  isZero,
  load,
  local,
  notEqual,
  or,
  result,
  store,
  when,
} from './code.js'
import { emitCode } from './code-function.js'
import { Emitter, type Helpers, type Memory, PICKS_MAX, STATUS } from './emitter.js'
import type { SystemFunctions, SystemParts } from './explorer/parts.js'
import { emitValue } from './expressions.js'
import {
  anyOf,
  cellsOfProcess,
  declareHelpers,
  defineHelpers,
  isAmong,
  lockOffsets,
  restingIn,
} from './helpers.js'
import { emitCycle, emitMayRest } from './judging.js'
import { type Declared, ModuleWriter } from './module.js'
import { emitPacking, Tables } from './packing.js'
import { headOffsets } from './rcu.js'

/** A system as WebAssembly. Plain data: bytes and tables travel to whoever links them. */
export interface Compiled {
  readonly cells: Cells
  /** Byte offsets of all locks among the cells of a state, less where those begin. */
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
  // Else init may leave locks behind that nobody owns, and masks have no bit for it.
  return !system.ignored.has('held-at-exit')
}

/**
 * Compiles what is compilable. `extend` writes more functions into the module, which then works on a memory that is
 * shared.
 */
export function compile(
  system: TransitionSystem,
  extend?: (parts: SystemParts) => void,
): Compiled {
  const layout = layoutOf(system)
  const cells = cellsOfSystem(system)
  const codes = allCodes(system)
  const memory = memoryOf(cells, layout, codes)
  const writer = new ModuleWriter()
  const helpers = declareHelpers(writer, system)
  const tables = new Tables(memory.tables)
  const context = { system, cells, memory, helpers, writer }
  defineHelpers(writer, helpers, cells, memory)
  const executedAt = starts(codes)
  const functions = codes.map((code, number) => defineCode(context, code, number, executedAt))
  const packing = emitPacking(layout, cells, memory, tables)
  const made = {
    pack: exported(writer, 'pack', 0, 0, packing.locals, packing.pack),
    unpack: exported(writer, 'unpack', 0, 0, packing.locals, packing.unpack),
    ...defineFire(context, functions),
    ...defineJudge(context, functions),
    cover: defineCovers(context, functions),
  }
  const locks = lockOffsets(context).map(({ offset }) => offset - memory.work)
  const own = memory.bytes + 4 * tables.values.length
  extend?.({ system, layout, writer, memory, cells, locks, bytes: own, functions: made })
  const bytes = writer.bytes(extend !== undefined)
  const noted = executedAt.map((first) => memory.executed + first)
  return { system, cells, locks, layout, bytes, memory, tables: tables.values, executedAt: noted }
}

interface Context {
  readonly system: TransitionSystem
  readonly cells: Cells
  readonly memory: Memory
  readonly helpers: Helpers
  readonly writer: ModuleWriter
}

/** Those of processes first, then invariants, `finally`s and covers: as `cellsOfSystem` numbers them. */
const allCodes = (system: TransitionSystem): readonly ModelCode[] => [
  ...system.codes,
  ...[...system.invariants, ...system.finals, ...system.covers].map(({ code }) => code),
]

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
  const work = take(4 * cells.count)
  const source = take(4 * cells.count)
  const packedIn = take(4 * layout.stateWords + 8)
  const packedOut = take(4 * layout.stateWords + 8)
  const givenCount = take(4)
  const given = take(4 * PICKS_MAX)
  const pickCount = take(4)
  const picks = take(4 * PICKS_MAX)
  const widths = take(4 * PICKS_MAX)
  const executed = take(codes.reduce((sum, code) => sum + code.instructions.length, 0))
  const tables = take(0)
  return {
    work,
    source,
    packedIn,
    packedOut,
    givenCount,
    given,
    pickCount,
    picks,
    widths,
    executed,
    tables,
    bytes: next,
  }
}

function exported(
  writer: ModuleWriter,
  name: string,
  parameters: number,
  results: 0 | 1,
  locals: number,
  body: Code,
): Declared {
  const declared = writer.declare(name, parameters, results)
  writer.define(declared, locals, body)
  writer.export(declared)
  return declared
}

function emitterFor(context: Context, code: ModelCode, codeNumber: number): Emitter {
  const { system, cells, memory, helpers } = context
  const process = system.processes.findIndex((instance) => instance.code === codeNumber)
  const family = system.processes[process]?.family ?? null
  return new Emitter({
    cells,
    memory,
    helpers,
    code,
    codeNumber,
    alone: codeNumber >= system.codes.length,
    familyOffset: family === null ? 0 : family - process,
  })
}

/** (process, location) → status */
function defineCode(
  context: Context,
  code: ModelCode,
  number: number,
  executedAt: readonly number[],
): Declared {
  const { system, writer } = context
  const declared = writer.declare(`code ${number}`, 2, 1)
  const e = emitterFor(context, code, number)
  // The first parameter is the process, the second where to begin: it moves to its own local.
  const isDaemon = system.processes.some((one) => one.code === number && one.daemon)
  const isProperty = number >= system.codes.length
  const body = emitCode(e, executedAt[number] ?? 0, { isProperty, isDaemon })
  writer.define(declared, e.localCount - 2, [local(1), 0x21, 2, body])
  return declared
}

/** `begin()` makes the unpacked state the one to fire from; `fire(process)` → status, with the result in the work cells. */
function defineFire(
  context: Context,
  functions: readonly Declared[],
): Pick<SystemFunctions, 'restore' | 'fire'> {
  const { system, cells, memory, helpers, writer } = context
  const size = 4 * cells.count
  const fresh = copy(
    add(global(0), constant(memory.work)),
    add(global(0), constant(memory.source)),
    size,
  )
  const restore = exported(writer, 'restore', 0, 0, 0, fresh)
  const cases = system.processes.map((instance, process) => {
    const target = functions[instance.code]
    const own = cellsOfProcess(context, constant(process))
    const fire = target ? call(target.index, constant(process), load(own)) : constant(STATUS.ask)
    const leave =
      instance.context === 'task'
        ? []
        : when(equal(local(1), constant(STATUS.next)), call(helpers.leave.index, constant(process)))
    const blocked = or(finished(context, process), interrupted(context, process))
    return when(equal(local(0), constant(process)), [
      when(blocked, result(constant(STATUS.blocked))),
      [fire, 0x21, 1],
      leave,
      result(local(1)),
    ])
  })
  const fire = exported(writer, 'fire', 1, 1, 1, [
    fresh,
    store(global(0), memory.pickCount, constant(0)),
    cases,
    constant(STATUS.ask),
  ])
  return { restore, fire }
}

function finished(context: Context, process: number): Code {
  const instance = context.system.processes[process]
  const code = context.system.codes[instance?.code ?? -1]
  if (!instance || instance.daemon || !code) return constant(0)
  const ends = code.instructions.flatMap((i, at) => (i.kind === 'end' ? [at] : []))
  return isAmong(load(cellsOfProcess(context, constant(process))), ends)
}

function interrupted(context: Context, process: number): Code {
  const { system } = context
  const instance = system.processes[process]
  const active = system.processes.flatMap((other, handler) => {
    const code = system.codes[other.code]
    const blocks =
      other.on === process ||
      (other.context === 'hardirq' && instance?.context === 'softirq' && other.on === instance.on)
    if (other.on === null || handler === process || !blocks || !code) return []
    return [isZero(isAmong(load(cellsOfProcess(context, constant(handler))), restingIn(code)))]
  })
  return anyOf(active)
}

/** `judge()` → 1 when the state in the work cells may be wrong; `mayRest()` → 1 when it may be at rest. */
function defineJudge(
  context: Context,
  functions: readonly Declared[],
): Pick<SystemFunctions, 'judge' | 'mayRest'> {
  const { system, writer, memory } = context
  const e = emitterFor(context, system.codes[0] ?? never(), 0)
  const nobody = constant(system.processes.length)
  const properties = system.invariants.map(({ code }, at) => {
    const target = functions[system.codes.length + at]
    const run = target ? call(target.index, nobody, constant(code.entry)) : constant(1)
    // A property that chooses is judged for each choice, by the reference engine.
    const chose = load(global(0), memory.pickCount)
    return when(or(run, chose), result(constant(1)))
  })
  const cycle = emitCycle(e)
  const noPicks = store(global(0), memory.pickCount, constant(0))
  const judge = exported(writer, 'judge', 2, 1, e.localCount - 2, [noPicks, properties, cycle])
  const rest = emitterFor(context, system.codes[0] ?? never(), 0)
  const resting = emitMayRest(rest, headOffsets(rest))
  return { judge, mayRest: exported(writer, 'mayRest', 2, 1, rest.localCount - 2, resting) }
}

/** `cover(index)` → 1 when the condition holds. */
function defineCovers(context: Context, functions: readonly Declared[]): Declared {
  const { system, writer } = context
  const first = system.codes.length + system.invariants.length + system.finals.length
  const nobody = constant(system.processes.length)
  let locals = 0
  const cases = system.covers.map((cover, at) => {
    const target = functions[first + at]
    const e = emitterFor(context, cover.code, first + at)
    const own = e.keep(e.processCells(nobody))
    const reader = e.reading(own.get)
    const value = notEqual(emitValue(reader, cover.result), constant(0))
    const run = target ? call(target.index, nobody, constant(cover.code.entry)) : constant(1)
    const body = [when(run, result(constant(0))), own.set, result(value)]
    locals = Math.max(locals, e.localCount)
    return when(equal(local(0), constant(at)), body)
  })
  return exported(writer, 'cover', 1, 1, Math.max(0, locals), [cases, constant(0)])
}

const never = (): never => {
  throw new Error('a system without processes')
}
