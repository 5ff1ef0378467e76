import type { TransitionSystem } from '../../../spec/index.js'
import {
  and,
  anyOf,
  type Code,
  call,
  constant,
  equal,
  global,
  load,
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
 * `unpack()`, then for each process `fire(process)` and, where that went on, `pack()`. The cells are those of the
 * unpacked state, but from a step to the next firing they are those after the step: `restore()` undoes it before that.
 */

/** The code of one process: a function, and what its instructions write. */
export interface ProcessCode {
  readonly declared: Declared
  readonly noted: readonly Noted[]
}

export function defineFiring(
  context: Context,
  helpers: Helpers,
  packing: Packing,
  codes: readonly ProcessCode[],
  starts: readonly (readonly number[])[],
): void {
  const { memory, system, writer } = context
  const steps = codes.map((code, process) => {
    const found = footprintsOf(system, helpers, process, code, starts[process] ?? [])
    return { code, found }
  })
  const fired = load(global(0), memory.fired)
  const forget = store(global(0), memory.fired, constant(0))
  const ofFired = (define: (process: number, found: Steps) => Declared): Code =>
    switchOn(
      fired,
      steps.map(({ found }, process) => {
        return { values: [process + 1], body: call(define(process, found).index) }
      }),
    )
  const exported = (name: string, parameters: number, results: 0 | 1, body: Code): Declared => {
    const declared = writer.add(name, parameters, results, results, body)
    writer.export(declared)
    return declared
  }
  exported('unpack', 0, 0, [forget, call(packing.unpackAll.index)])
  exported(
    'pack',
    0,
    0,
    ofFired((process, found) => packing.packStep(process, found)),
  )
  exported('packAll', 0, 0, call(packing.packAll.index))
  const undo = ofFired((process, found) => packing.undoStep(process, found))
  const restore = exported('restore', 0, 0, [undo, forget])
  const cases = steps.map(({ code, found }, process) => {
    return { values: [process], body: emitFire(context, helpers, packing, process, code, found) }
  })
  exported('fire', 1, 1, [
    when(fired, call(restore.index)),
    store(global(0), memory.pickCount, constant(0)),
    switchOn(local(0), cases),
    constant(STATUS.ask),
  ])
}

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

/** One process; the location is in a local, then the status. */
function emitFire(
  context: Context,
  helpers: Helpers,
  packing: Packing,
  process: number,
  { declared }: ProcessCode,
  steps: Steps,
): Code {
  const { memory, system } = context
  const status = local(1)
  const location = load(global(0), memory.from)
  const half = [...steps].flatMap(([at, { beforeBlocking }]) =>
    packing.matters(process, beforeBlocking, at) ? [at] : [],
  )
  const blocked = equal(status, constant(STATUS.blocked))
  const untouched = half.length === 0 ? blocked : and(blocked, isOutside(location, half))
  const leave =
    system.processes[process]?.context === 'task'
      ? []
      : when(equal(status, constant(STATUS.next)), helpers.leave[process]?.code ?? [])
  return [
    when(
      or(finished(context, process), interrupted(context, process)),
      result(constant(STATUS.blocked)),
    ),
    store(global(0), memory.from, locationOf(context, process)),
    setLocal(1, call(declared.index, location)),
    when(untouched, result(constant(STATUS.blocked))),
    store(global(0), memory.fired, constant(process + 1)),
    leave,
    result(status),
  ]
}

const isOutside = (location: Code, set: readonly number[]): Code =>
  equal(isAmong(location, set), constant(0))

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
