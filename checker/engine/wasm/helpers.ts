import type { Code as ModelCode, TransitionSystem, ValueType } from '../../../spec/index.js'
import { type Cells, cellsOf, PROCESS } from './cells.js'
import {
  add,
  and,
  type Code,
  call,
  constant,
  equal,
  global,
  greater,
  greaterOrEqual,
  isZero,
  lessOrEqual,
  load,
  local,
  multiply,
  notEqual,
  or,
  result,
  setLocal,
  shiftLeft,
  store,
  when,
  xor,
} from './code.js'
import { Emitter, type Helpers, type Memory, PICKS_MAX } from './emitter.js'
import type { ModuleWriter } from './module.js'
import { ownPointers, pointersIn, staleCell } from './objects.js'
import { headOffsets } from './rcu.js'

/** The functions that every code calls. Parameter 0 is a process unless said otherwise. */

export function declareHelpers(writer: ModuleWriter, system: TransitionSystem): Helpers {
  const structs = new Set(system.pools.map((pool) => pool.type.name))
  return {
    pick: writer.declare('pick', 1, 1),
    atomicContext: writer.declare('atomicContext', 1, 1),
    readsRcu: writer.declare('readsRcu', 1, 1),
    leave: writer.declare('leave', 1, 0),
    mayInterrupt: writer.declare('mayInterrupt', 1, 1),
    holdsNothing: writer.declare('holdsNothing', 1, 1),
    stale: new Map([...structs].map((name) => [name, writer.declare(`stale ${name}`, 2, 0)])),
  }
}

export function defineHelpers(
  writer: ModuleWriter,
  helpers: Helpers,
  cells: Cells,
  memory: Memory,
): void {
  const { system } = cells
  const context = { cells, memory, helpers, system }
  definePick(writer, helpers, memory)
  writer.define(helpers.atomicContext, 1, [
    setLocal(1, cellsOfProcess(context, local(0))),
    or(or(contextOf(context), anySection(local(1))), spins(context)),
  ])
  writer.define(helpers.readsRcu, 1, [
    setLocal(1, cellsOfProcess(context, local(0))),
    or(or(activeHandler(context), anySection(local(1))), spins(context)),
  ])
  defineLeave(writer, context)
  writer.define(helpers.mayInterrupt, 0, mayInterrupt(context))
  writer.define(helpers.holdsNothing, 1, [
    setLocal(1, cellsOfProcess(context, local(0))),
    isZero(
      or(
        anySection(local(1)),
        holdsAny(context, () => true),
      ),
    ),
  ])
  for (const [struct, declared] of helpers.stale) {
    const { locals, body } = staleBody(context, struct)
    writer.define(declared, locals, body)
  }
}

interface Context {
  readonly cells: Cells
  readonly memory: Memory
  readonly helpers: Helpers
  readonly system: TransitionSystem
}

export function cellsOfProcess({ cells, memory }: Context, process: Code): Code {
  const first = add(global(0), constant(memory.work + cells.processes * 4))
  return add(first, multiply(process, constant(cells.processStride * 4)))
}

function definePick(writer: ModuleWriter, helpers: Helpers, memory: Memory): void {
  const count = load(global(0), memory.pickCount)
  const at = (offset: number): Code =>
    add(global(0), add(constant(offset), shiftLeft(local(1), constant(2))))
  writer.define(helpers.pick, 2, [
    when(equal(local(0), constant(1)), result(constant(0))),
    setLocal(1, count),
    // Too many picks are noticed by whoever fired: nothing is written beyond the end.
    when(greaterOrEqual(local(1), constant(PICKS_MAX)), [
      store(global(0), memory.pickCount, add(local(1), constant(1))),
      result(constant(0)),
    ]),
    setLocal(2, constant(0)),
    when(
      greater(load(global(0), memory.givenCount), local(1)),
      setLocal(2, load(at(memory.given))),
    ),
    store(at(memory.picks), 0, local(2)),
    store(at(memory.widths), 0, local(0)),
    store(global(0), memory.pickCount, add(local(1), constant(1))),
    local(2),
  ])
}

/** 1 where the process is no task. */
const contextOf = ({ system }: Context): Code =>
  anyOf(
    system.processes.flatMap(({ context }, process) =>
      context === 'task' ? [] : [equal(local(0), constant(process))],
    ),
  )

export const anyOf = (conditions: readonly Code[]): Code =>
  conditions.reduce<Code>((all, one) => or(all, one), constant(0))

const anySection = (cells: Code): Code =>
  notEqual(
    anyOf(
      [PROCESS.preempt, PROCESS.irqs, PROCESS.bh, PROCESS.rcu].map((cell) => load(cells, 4 * cell)),
    ),
    constant(0),
  )

/** Bytes of every lock, with its kind. */
export function lockOffsets({
  cells,
  memory,
  system,
}: Context): readonly { readonly offset: number; readonly which: string }[] {
  const found: { offset: number; which: string }[] = []
  const search = (type: ValueType, cell: number): void => {
    if (type.kind === 'lock') found.push({ offset: memory.work + 4 * cell, which: type.which })
    if (type.kind === 'struct') {
      let next = cell
      for (const field of type.fields) {
        search(field.type, next)
        next += cellsOf(field.type, cells.processCount)
      }
    }
    if (type.kind === 'array') {
      const stride = cellsOf(type.of, cells.processCount)
      for (let at = 0; at < type.length; at++) search(type.of, cell + at * stride)
    }
  }
  for (const [at, { type }] of system.shared.entries()) search(type, cells.shared[at] ?? 0)
  for (const [at, pool] of system.pools.entries()) {
    const layout = cells.pools[at]
    for (let index = 0; index < pool.size; index++) {
      search(pool.type, (layout?.first ?? 0) + index * (layout?.stride ?? 0) + 1)
    }
  }
  return found
}

function holdsAny(context: Context, which: (kind: string) => boolean): Code {
  const mine = add(global(0), shiftLeft(local(0), constant(2)))
  return anyOf(
    lockOffsets(context)
      .filter((lock) => which(lock.which))
      .map(({ offset }) =>
        or(equal(load(global(0), offset), local(0)), notEqual(load(mine, offset + 4), constant(0))),
      ),
  )
}

const spins = (context: Context): Code =>
  holdsAny(context, (which) => which === 'spinlock_t' || which === 'rwlock_t')

/** A location of a set, told by as few comparisons as its stretches. */
export function isAmong(location: Code, set: Iterable<number>): Code {
  const sorted = [...set].sort((a, b) => a - b)
  const stretches: [number, number][] = []
  for (const one of sorted) {
    const last = stretches.at(-1)
    if (last && last[1] === one - 1) last[1] = one
    else stretches.push([one, one])
  }
  return anyOf(
    stretches.map(([from, to]) =>
      from === to
        ? equal(location, constant(from))
        : and(greaterOrEqual(location, constant(from)), lessOrEqual(location, constant(to))),
    ),
  )
}

/** Where a handler or the callback runner has not begun, or is done. */
export const restingIn = (code: ModelCode): readonly number[] => [
  ...code.idle,
  ...code.instructions.flatMap((i, at) => (i.kind === 'end' ? [at] : [])),
]

const activeHandler = (context: Context): Code =>
  anyOf(
    context.system.processes.flatMap((instance, process) => {
      const code = context.system.codes[instance.code]
      if (instance.context === 'task' || !code) return []
      const running = isZero(isAmong(load(local(1)), restingIn(code)))
      return [and(equal(local(0), constant(process)), running)]
    }),
  )

/** A process that reads no longer is awaited by nobody. */
function defineLeave(writer: ModuleWriter, context: Context): void {
  const { system, helpers, memory, cells } = context
  const waits = system.codes.some((code) =>
    code.instructions.some((i) => i.kind === 'grace' || i.kind === 'call-rcu'),
  )
  if (!waits) {
    writer.define(helpers.leave, 0, [])
    return
  }
  const notMe = xor(shiftLeft(constant(1), local(0)), constant(-1))
  const waiters = system.processes.map((instance, process) => {
    const code = system.codes[instance.code]
    const graces = (code?.instructions ?? []).flatMap((i, at) =>
      i.kind === 'grace' && i.domain === null ? [at] : [],
    )
    if (graces.length === 0) return []
    const offset = 4 * PROCESS.awaits
    return [
      setLocal(1, cellsOfProcess(context, constant(process))),
      when(
        isAmong(load(local(1)), graces),
        store(local(1), offset, and(load(local(1), offset), notMe)),
      ),
    ]
  })
  const e = new Emitter({
    cells,
    memory,
    helpers,
    code: system.codes[0] as ModelCode,
    codeNumber: 0,
    alone: false,
    familyOffset: 0,
  })
  const heads = headOffsets(e).map((offset) =>
    store(global(0), offset + 4, and(load(global(0), offset + 4), notMe)),
  )
  const reads = call(helpers.readsRcu.index, local(0))
  writer.define(helpers.leave, 1, when(isZero(reads), [waiters, heads]))
}

function mayInterrupt(context: Context): Code {
  const { system } = context
  const ways = system.processes.flatMap((instance, handler) => {
    const on = instance.on
    if (on === null) return []
    const others = system.processes.flatMap((other, at) => {
      const code = system.codes[other.code]
      if (other.on !== on || at === handler || !code) return []
      const cells = cellsOfProcess(context, constant(at))
      return [{ at, other, active: isZero(isAmong(load(cells), restingIn(code))) }]
    })
    const hard = anyOf(
      others.filter((one) => one.other.context === 'hardirq').map((one) => one.active),
    )
    const irqsOff = (process: number): Code =>
      load(cellsOfProcess(context, constant(process)), 4 * PROCESS.irqs)
    const bhOff = load(cellsOfProcess(context, constant(on)), 4 * PROCESS.bh)
    const soft = others.filter((one) => one.other.context === 'softirq')
    const anySoft = anyOf(soft.map((one) => one.active))
    const refused =
      instance.context === 'softirq'
        ? anyOf([hard, anySoft, irqsOff(on), bhOff])
        : or(
            hard,
            // A running softirq handler's interrupts count, else the process's own.
            soft.reduceRight<Code>(
              (otherwise, one) => [one.active, 0x04, 0x7f, irqsOff(one.at), 0x05, otherwise, 0x0b],
              irqsOff(on),
            ),
          )
    return [when(equal(local(0), constant(handler)), result(isZero(refused)))]
  })
  return [ways, constant(1)]
}

/** Pointers to one object become stale, in shared memory and in the locals of everybody else. */
function staleBody(context: Context, struct: string): { locals: number; body: Code } {
  const { cells, memory, system, helpers } = context
  const pointer = local(0)
  const everywhere: Code[] = []
  const inValue = (type: ValueType, cell: number): void => {
    for (const offset of pointersIn(type, struct, cells.processCount)) {
      everywhere.push(staleCell(global(0), memory.work + 4 * (cell + offset), pointer))
    }
  }
  for (const [at, { type }] of system.shared.entries()) inValue(type, cells.shared[at] ?? 0)
  for (const [at, pool] of system.pools.entries()) {
    const layout = cells.pools[at]
    for (let index = 0; index < pool.size; index++) {
      inValue(pool.type, (layout?.first ?? 0) + index * (layout?.stride ?? 0) + 1)
    }
  }
  const locals = system.processes.map((instance, process) => {
    const code = system.codes[instance.code]
    if (!code) return []
    const e = new Emitter({
      cells,
      memory,
      helpers,
      code,
      codeNumber: instance.code,
      alone: false,
      familyOffset: 0,
    })
    // By cell: the locations at which it holds such a pointer.
    const where = new Map<number, number[]>()
    for (const [location, slots] of code.kept.entries()) {
      for (const offset of ownPointers(e, slots, struct)) {
        const known = where.get(offset) ?? []
        known.push(location)
        where.set(offset, known)
      }
    }
    if (where.size === 0) return []
    const own = local(2)
    const turns = [...where].map(([offset, locations]) =>
      when(isAmong(load(own), locations), staleCell(own, offset, pointer)),
    )
    return [
      setLocal(2, cellsOfProcess(context, constant(process))),
      when(notEqual(local(1), constant(process)), turns),
    ]
  })
  return { locals: 1, body: [everywhere, locals] }
}
