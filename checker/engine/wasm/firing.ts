import type { TransitionSystem } from '../../../spec/index.js'
import {
  anyOf,
  type Code,
  call,
  constant,
  equal,
  global,
  isZero,
  local,
  or,
  result,
  setLocal,
  store,
  switchOn,
  when,
} from './code.js'
import { type Helpers, type Noted, STATUS } from './emitter.js'
import { type Footprint, footprints } from './footprint.js'
import { type Context, isActive, isAmong, locationOf } from './helpers.js'
import type { Declared } from './module.js'
import type { Packing } from './packing.js'

/**
 * `unpack()`, then `fire(process)` for each process: where that goes on, the words of the new state are packed. The
 * cells are those of the unpacked state before and after. A step is one chain of calls, each to a function that knows
 * the process: choosing among them costs more than most steps.
 */

/** The code of one process: a function, and what its instructions write. */
export interface ProcessCode {
  readonly declared: Declared
  readonly noted: readonly Noted[]
}

interface Firing {
  readonly unpack: Declared
  /** By process. */
  readonly fires: readonly FireOne[]
  /**
   * Adds `fireWhole(process)`, which packs and unpacks everything, whatever the step may have written, and `packAll()`:
   * to compare `fire` with, and as long as all the rest.
   */
  readonly defineWhole: () => void
}

export function defineFiring(
  context: Context,
  helpers: Helpers,
  packing: Packing,
  codes: readonly ProcessCode[],
  starts: readonly (readonly number[])[],
): Firing {
  const { memory, system, writer } = context
  const exported = (name: string, parameters: number, results: 0 | 1, body: Code): Declared => {
    const declared = writer.add(name, parameters, results, 2 * results, body)
    writer.export(declared)
    return declared
  }
  const unpack = exported('unpack', 0, 0, call(packing.unpackAll.index))
  const steps = codes.map((code, process) => ({
    code,
    found: footprintsOf(system, helpers, process, code, starts[process] ?? []),
  }))
  const firesOf = (endsOf: (process: number, found: Steps) => Endings): readonly FireOne[] =>
    steps.map(({ code, found }, process) => {
      const body = emitFire(context, helpers, process, code, endsOf(process, found))
      const picks = code.noted.some((noted) => noted.picks)
      const count = picks ? store(global(0), memory.pickCount, constant(0)) : []
      // Its parameter is there so that `from` and `status` are the same locals everywhere.
      return { declared: writer.add(`fire ${process}`, 1, 1, 2, [count, body]), picks }
    })
  const choosing = (fires: readonly FireOne[]): Code => [
    store(global(0), memory.pickCount, constant(0)),
    switchOn(
      local(0),
      fires.map(({ declared }, process) => {
        return { values: [process], body: result(call(declared.index, local(0))) }
      }),
    ),
    constant(STATUS.ask),
  ]
  const byFootprint = (process: number, found: Steps): Endings => {
    const touched = packing.touchedFrom(process, found)
    const undo = packing.undoStep(process, touched)
    const half = [...found].flatMap(([at, { beforeBlocking }]) =>
      packing.matters(process, beforeBlocking, at) ? [at] : [],
    )
    return {
      next: call(packing.finishStep(process, touched).index, from),
      ask: call(undo.index, from),
      blocked: half.length === 0 ? [] : when(isAmong(from, half), call(undo.index, from)),
    }
  }
  const whole = (): Endings => {
    const unpack = call(packing.unpackAll.index)
    return { next: [call(packing.packAll.index), unpack], ask: unpack, blocked: unpack }
  }
  const fires = firesOf(byFootprint)
  exported('fire', 1, 1, choosing(fires))
  const defineWhole = () => {
    exported('packAll', 0, 0, call(packing.packAll.index))
    exported('fireWhole', 1, 1, choosing(firesOf(whole)))
  }
  return { unpack, fires, defineWhole }
}

/** `fire` of one process, its number given again; and whether it may choose. */
export interface FireOne {
  readonly declared: Declared
  readonly picks: boolean
}

/** What is done after a step, by how it ended. */
interface Endings {
  readonly next: Code
  readonly blocked: Code
  readonly ask: Code
}

/** Locals of `fire`: where the step began, and how it ended. */
const from = local(1)
const status = local(2)

type Steps = ReadonlyMap<number, Footprint>

function footprintsOf(
  system: TransitionSystem,
  helpers: Helpers,
  process: number,
  { noted }: ProcessCode,
  starts: readonly number[],
): Steps {
  const instance = system.processes[process]
  const code = system.codes[instance?.code ?? -1]
  if (!instance || !code) throw new Error('no such process')
  const found = footprints(code, noted, starts)
  const leaving = instance.context === 'task' ? [] : [...(helpers.leave[process]?.writes ?? [])]
  if (leaving.length === 0) return found
  return new Map(
    [...found].map(([at, { writes, beforeBlocking }]) => {
      return [at, { writes: new Set([...writes, ...leaving]), beforeBlocking }] as const
    }),
  )
}

/** One process. */
function emitFire(
  context: Context,
  helpers: Helpers,
  process: number,
  { declared }: ProcessCode,
  { next, blocked, ask }: Endings,
): Code {
  const isTask = context.system.processes[process]?.context === 'task'
  const leave = isTask ? [] : (helpers.leave[process]?.code ?? [])
  return [
    when(
      or(finished(context, process), interrupted(context, process)),
      result(constant(STATUS.blocked)),
    ),
    setLocal(1, locationOf(context, process)),
    setLocal(2, call(declared.index, from)),
    when(isZero(status), [leave, next, result(constant(STATUS.next))]),
    when(equal(status, constant(STATUS.blocked)), blocked, ask),
    result(status),
  ]
}

function finished(context: Context, process: number): Code {
  const { system } = context
  const instance = system.processes[process]
  const code = system.codes[instance?.code ?? -1]
  if (!instance || instance.daemon || !code) return constant(0)
  const ends = code.instructions.flatMap((i, at) => (i.kind === 'end' ? [at] : []))
  return isAmong(locationOf(context, process), ends)
}

/** A handler runs in its place. */
function interrupted(context: Context, process: number): Code {
  const { system } = context
  const instance = system.processes[process]
  const handlers = [...system.processes.keys()].filter((handler) => {
    const other = system.processes[handler]
    if (!other || other.on === null || handler === process) return false
    const inSoftirq = other.context === 'hardirq' && instance?.context === 'softirq'
    return other.on === process || (inSoftirq && other.on === instance.on)
  })
  return anyOf(handlers.map((handler) => isActive(context, handler)))
}
