import {
  isVisible,
  type Code as ModelCode,
  type TransitionSystem,
  type ValueType,
} from '../../../spec/index.js'
import { type LockUsers, lockUsers } from '../lock-users.js'
import { type LockKey, poolLockKey, sharedLockKey } from '../place-keys.js'
import { rcuReaderProcesses } from '../readers.js'
import { type Cells, cellsOf, PROCESS } from './cells.js'
import {
  add,
  and,
  anyOf,
  type Code,
  call,
  constant,
  either,
  equal,
  global,
  greater,
  greaterOrEqual,
  isZero,
  lessOrEqual,
  load,
  local,
  notEqual,
  or,
  result,
  setLocal,
  shiftLeft,
  store,
  subtract,
  when,
} from './code.js'
import {
  type Address,
  firstOf,
  type Helpers,
  type Memory,
  moved,
  PICKS_MAX,
  read,
  type Writing,
} from './emitter.js'
import type { Declared, ModuleWriter } from './module.js'
import { headCells } from './rcu.js'
import { pointersIn, staleKey } from './stale.js'

/** The functions that every code calls: one for each process, so that what can be known of it beforehand is. */

export interface Context {
  readonly cells: Cells
  readonly memory: Memory
  readonly system: TransitionSystem
  readonly writer: ModuleWriter
}

export function defineHelpers(context: Context): Helpers {
  const { writer, system } = context
  const numbers = [...system.processes.keys()]
  const locks = locksIn(context)
  const spinning = locks.filter(({ which }) => which === 'spinlock_t' || which === 'rwlock_t')
  const isTask = (process: number): boolean => system.processes[process]?.context === 'task'
  const answers = (name: string, of: (process: number) => readonly Code[]): readonly Code[] =>
    numbers.map((process) => {
      const conditions = of(process)
      if (conditions.length === 0) return constant(0)
      const body = notEqual(anyOf(conditions), constant(0))
      return call(writer.add(`${name} ${process}`, 0, 1, 0, body).index)
    })
  const inside = (process: number): readonly Code[] => [
    ...sections(context, process),
    ...held(context, spinning, process),
  ]
  const atomicContext = answers('atomic context', inside)
  const readsRcu = answers('reads RCU', (process) => [
    ...(isTask(process) ? [] : [isActive(context, process)]),
    ...inside(process),
  ])
  const holds = answers('holds', (process) => [
    ...sections(context, process),
    ...held(context, locks, process),
  ])
  return {
    pick: definePick(context),
    atomicContext: atomicContext.map((code, at) => (isTask(at) ? code : constant(1))),
    readsRcu,
    leave: numbers.map((process) => defineLeave(context, process, readsRcu[process] ?? [])),
    mayInterrupt: numbers.map((process) => mayInterrupt(context, process)),
    holdsNothing: holds.map(isZero),
    stale: defineStales(context, readsRcu),
  }
}

const cellAt = ({ memory }: Context, cell: number): Address => {
  return { get: global(0), offset: memory.work + 4 * cell, cells: () => [cell] }
}

/** A cell of a process's own. */
const ownCell = (context: Context, process: number, cell: number): Address =>
  cellAt(context, firstOf(context.cells, process) + cell)

/** Where control of a process is. */
export const locationOf = (context: Context, process: number): Code =>
  read(ownCell(context, process, PROCESS.at))

function definePick({ writer, memory }: Context): Declared {
  const count = load(global(0), memory.pickCount)
  const at = (offset: number): Code =>
    add(global(0), add(constant(offset), shiftLeft(local(1), constant(2))))
  return writer.add('pick', 1, 1, 2, [
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

/** The sections its code ever enters. */
const sections = (context: Context, process: number): readonly Code[] =>
  (['preempt', 'irqs', 'bh', 'rcu'] as const)
    .filter((which) =>
      context.system.codes[context.system.processes[process]?.code ?? -1]?.instructions.some(
        (i) => i.kind === 'context' && i.which === which && i.by === 1,
      ),
    )
    .map((which) => read(ownCell(context, process, PROCESS[which])))

/** A lock: its first cell, its kind, and who can ever hold it. */
interface Lock {
  readonly cell: number
  readonly which: string
  readonly users: LockUsers
}

export function locksIn({ cells, system }: Pick<Context, 'cells' | 'system'>): readonly Lock[] {
  const found: Lock[] = []
  const usersOf = lockUsers(system)
  type Key = (path: readonly string[]) => LockKey
  const search = (type: ValueType, cell: number, key: Key, path: readonly string[]): void => {
    if (type.kind === 'lock') found.push({ cell, which: type.which, users: usersOf(key(path)) })
    if (type.kind === 'struct') {
      let next = cell
      for (const field of type.fields) {
        search(field.type, next, key, [...path, field.name])
        next += cellsOf(field.type, cells.processCount)
      }
    }
    if (type.kind === 'array') {
      const stride = cellsOf(type.of, cells.processCount)
      for (let at = 0; at < type.length; at++) search(type.of, cell + at * stride, key, path)
    }
  }
  for (const [at, { type }] of system.shared.entries()) {
    search(type, cells.shared[at] ?? 0, (path) => sharedLockKey(at, path), [])
  }
  for (const [at, pool] of system.pools.entries()) {
    const { first, stride } = cells.pools[at] ?? { first: 0, stride: 0 }
    for (let index = 0; index < pool.size; index++) {
      search(pool.type, first + index * stride + 1, (path) => poolLockKey(at, path), [])
    }
  }
  return found
}

/** How it holds those of the locks that it can ever hold. */
const held = (context: Context, locks: readonly Lock[], process: number): readonly Code[] =>
  locks.flatMap(({ cell, users }) => {
    const { owners, readers } = users
    const lock = cellAt(context, cell)
    return [
      ...(owners.has(process) ? [equal(read(lock), constant(process))] : []),
      ...(readers.has(process) ? [read(moved(lock, 1 + process))] : []),
    ]
  })

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

/** 1 while a handler or the callback runner is at work. */
export function isActive(context: Context, process: number): Code {
  const code = context.system.codes[context.system.processes[process]?.code ?? -1]
  return code ? isZero(isAmong(locationOf(context, process), restingIn(code))) : constant(0)
}

/** A process that reads no longer is awaited by nobody. */
function defineLeave(context: Context, process: number, reads: Code): Writing {
  const { system, writer, cells } = context
  const writes = new Set<number>()
  if (!rcuReaderProcesses(system).includes(process)) return { code: [], writes }
  const clear = (address: Address): Code => {
    for (const cell of address.cells()) writes.add(cell)
    const left = and(read(address), constant(~(1 << process)))
    return store(address.get, address.offset, left)
  }
  const waiters = system.processes.map((instance, waiter) => {
    const graces = (system.codes[instance.code]?.instructions ?? []).flatMap((i, at) =>
      i.kind === 'grace' && i.domain === null ? [at] : [],
    )
    if (graces.length === 0 || waiter === process) return []
    const awaits = ownCell(context, waiter, PROCESS.awaits)
    return when(isAmong(locationOf(context, waiter), graces), clear(awaits))
  })
  const heads = queues(system)
    ? headCells(cells).map((cell) => clear(moved(cellAt(context, cell), 1)))
    : []
  if (writes.size === 0) return { code: [], writes }
  const body = when(isZero(reads), [waiters, heads])
  return { code: call(writer.add(`leave ${process}`, 0, 0, 0, body).index), writes }
}

const queues = (system: TransitionSystem): boolean =>
  system.codes.some(({ instructions }) => instructions.some((i) => i.kind === 'call-rcu'))

function mayInterrupt(context: Context, handler: number): Code {
  const { system } = context
  const instance = system.processes[handler]
  const on = instance?.on ?? null
  if (on === null) return constant(1)
  const beside = [...system.processes.keys()].filter(
    (at) => system.processes[at]?.on === on && at !== handler,
  )
  const running = (kind: 'hardirq' | 'softirq') =>
    beside.filter((at) => system.processes[at]?.context === kind)
  const hard = anyOf(running('hardirq').map((at) => isActive(context, at)))
  const irqsOff = (at: number): Code => read(ownCell(context, at, PROCESS.irqs))
  const soft = running('softirq')
  if (instance?.context === 'softirq') {
    const anySoft = anyOf(soft.map((at) => isActive(context, at)))
    const bhOff = read(ownCell(context, on, PROCESS.bh))
    return isZero(anyOf([hard, anySoft, irqsOff(on), bhOff]))
  }
  // A running softirq handler's interrupts count, else the process's own.
  const off = soft.reduceRight<Code>(
    (otherwise, at) => either(isActive(context, at), irqsOff(at), otherwise),
    irqsOff(on),
  )
  return isZero(or(hard, off))
}

/** For each kind of pool that a struct has. */
function defineStales(context: Context, readsRcu: readonly Code[]): Helpers['stale'] {
  const stales = new Map<string, ReturnType<typeof defineStale>>()
  const never = readsRcu.map(() => constant(0))
  for (const { type, safety } of context.system.pools) {
    const key = staleKey(type.name, safety)
    if (stales.has(key) || (safety !== 'ordinary' && safety !== 'typesafe_by_rcu')) continue
    const keeps = safety === 'typesafe_by_rcu' ? readsRcu : never
    stales.set(key, defineStale(context, type.name, keeps))
  }
  return stales
}

/**
 * Pointers to one object become stale, in shared memory and in the locals of everybody else who does not keep what it
 * has found.
 */
function defineStale(
  context: Context,
  struct: string,
  keeps: readonly Code[],
): { readonly declared: Declared; readonly writes: Set<number> } {
  const { cells, system, writer } = context
  const writes = new Set<number>()
  const turn = (address: Address): Code => {
    for (const cell of address.cells()) writes.add(cell)
    const { get, offset } = address
    const stale = store(get, offset, subtract(constant(0), local(0)))
    return when(equal(load(get, offset), local(0)), stale)
  }
  const inValue = (type: ValueType, cell: number): Code =>
    pointersIn(type, struct, cells.processCount).map((by) => turn(cellAt(context, cell + by)))
  const shared = system.shared.map(({ type }, at) => inValue(type, cells.shared[at] ?? 0))
  const pools = system.pools.map(({ type, size }, at) => {
    const { first, stride } = cells.pools[at] ?? { first: 0, stride: 0 }
    return Array.from({ length: size }, (_, index) => inValue(type, first + index * stride + 1))
  })
  const locals = system.processes.map(({ code }, process) => {
    // By cell: the locations at which it holds such a pointer while control rests.
    const where = new Map<number, number[]>()
    const { instructions = [], kept = [] } = system.codes[code] ?? {}
    for (const [location, slots] of kept.entries()) {
      const i = instructions[location]
      if (!i || !isVisible(i)) continue
      for (const slot of slots) {
        const first = cells.localsOf[code]?.[slot.index] ?? 0
        for (const by of pointersIn(slot.type, struct, cells.processCount)) {
          const known = where.get(first + by)
          if (known) known.push(location)
          else where.set(first + by, [location])
        }
      }
    }
    if (where.size === 0) return []
    const turns = [...where].map(([cell, locations]) =>
      when(isAmong(locationOf(context, process), locations), turn(ownCell(context, process, cell))),
    )
    const isOther = notEqual(local(1), constant(process))
    return when(isOther, when(isZero(keeps[process] ?? constant(0)), turns))
  })
  return { declared: writer.add(`stale ${struct}`, 2, 0, 0, [shared, pools, locals]), writes }
}
