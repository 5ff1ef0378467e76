import type { Location, Section } from '../../../spec/index.js'
import type { Index, Num, Test } from '../program.js'
import { type CodeStore, ownRead } from './locals.js'
import type { LockStore } from './storage.js'
import {
  always,
  among,
  and,
  compare,
  differs,
  equal,
  equals,
  indexNum,
  literal,
  never,
  not,
  number,
  or,
  read,
} from './terms.js'
import type { Scope, World } from './world.js'

/** Rule 7: what keeps a process from sleeping, what makes it a reader of RCU, whom a handler interrupts. */

/** The code of a process. */
export function codeOfProcess(world: World, process: number): CodeStore {
  const store = world.codes[world.system.processes[process]?.code ?? -1]
  if (!store) throw new Error(`no process ${process}`)
  return store
}

const endsOf = ({ code }: CodeStore): readonly Location[] =>
  code.instructions.flatMap((i, at) => (i.kind === 'end' ? [at] : []))

/** Its body is not being executed: it has not begun, or has ended. */
export const isResting = (store: CodeStore, process: Num): Test =>
  among(ownRead(store, store.at, process), [...store.code.idle, ...endsOf(store)])

export const hasEnded = (store: CodeStore, process: Num): Test =>
  among(ownRead(store, store.at, process), endsOf(store))

/** Some lock of a declaration, wherever it is, for which the test holds. */
export function someLock(lock: LockStore, test: (indexes: readonly Num[]) => Test): Test {
  const make = (indexes: readonly Num[]): Test => {
    const dimension = lock.dimensions[indexes.length]
    if (!dimension) return test(indexes)
    const { from, to } = dimension
    if (from === to) return make([...indexes, number(from)])
    const letter = 'ijkl'[indexes.length] ?? `i${indexes.length}`
    const index: Index = { name: letter, ...dimension }
    const inner = make([...indexes, indexNum(index)])
    return inner.kind === 'constant' ? inner : { kind: 'some', index, test: inner }
  }
  return make([])
}

/** Whether the process is one of those; decided where its range is known. */
const isOneOf = (process: Num, members: ReadonlySet<number>, store: CodeStore): Test => {
  const own = [...members].filter((one) => one >= store.first && one <= store.last)
  const all = own.length === store.last - store.first + 1
  const known = literal(process)
  if (known !== null) return members.has(known) ? always : never
  return own.length === 0 ? never : all ? always : among(process, own)
}

/** Whether it holds a lock, in either mode. */
export function holdsLock(
  lock: LockStore,
  indexes: readonly Num[],
  process: Num,
  store: CodeStore | null,
): Test {
  return or(ownsLock(lock, indexes, process, store), readsLock(lock, indexes, process, store))
}

export function ownsLock(
  { owner, users }: LockStore,
  indexes: readonly Num[],
  process: Num,
  store: CodeStore | null,
): Test {
  if (!owner || isNobody(users.owners, process, store)) return never
  return equal(read(owner, indexes), process)
}

export function readsLock(
  { readers, users }: LockStore,
  indexes: readonly Num[],
  process: Num,
  store: CodeStore | null,
): Test {
  if (!readers || isNobody(users.readers, process, store)) return never
  return differs(read(readers, [...indexes, process]), 0)
}

/** Whether none of a code's processes is among those. */
function isNobody(members: ReadonlySet<number>, process: Num, store: CodeStore | null): boolean {
  const known = literal(process)
  if (known !== null) return !members.has(known)
  return store !== null && isOneOf(process, members, store) === never
}

/** Whether it holds some spinning lock: that turns preemption off. */
const holdsSpinning = (world: World, store: CodeStore, process: Num): Test =>
  or(
    ...world.storage.locks
      .filter(({ which }) => which === 'spinlock_t' || which === 'rwlock_t')
      .map((lock) => someLock(lock, (indexes) => holdsLock(lock, indexes, process, store))),
  )

const inSections = (store: CodeStore, process: Num, ignored: readonly Section[] = []): Test =>
  or(
    ...[...store.sections].map(([section, variable]) =>
      ignored.includes(section) ? never : differs(ownRead(store, variable, process), 0),
    ),
  )

export const readsRcu = (world: World, store: CodeStore, process: Num): Test =>
  or(
    store.isTask ? never : not(isResting(store, process)),
    inSections(store, process),
    holdsSpinning(world, store, process),
  )

/** Why it may not sleep does not matter here. */
export const isAtomic = (
  world: World,
  store: CodeStore,
  process: Num,
  ignored: readonly Section[] = [],
): Test =>
  store.isTask
    ? or(inSections(store, process, ignored), holdsSpinning(world, store, process))
    : always

export function mightSleep(scope: Scope, name: string): void {
  const { world, store, self, role } = scope
  if (role !== 'process' || !store || world.system.ignored.has('sleep-in-atomic')) return
  const message = `${name} may sleep where nobody may`
  scope.fault(isAtomic(world, store, self), 'sleep-in-atomic', message)
}

const activeHandler = (world: World, handler: number): Test => {
  const store = codeOfProcess(world, handler)
  return not(isResting(store, number(handler)))
}

/** The handlers that a process waits for while they run. */
export function handlersOver({ system }: World, process: number): readonly number[] {
  const me = system.processes[process]
  return system.processes.flatMap((instance, handler) => {
    if (instance.on === null || handler === process) return []
    const nested =
      instance.context === 'hardirq' && me?.context === 'softirq' && instance.on === me.on
    return instance.on === process || nested ? [handler] : []
  })
}

/** Whether a handler runs on its CPU now. */
export function isInterrupted(world: World, store: CodeStore, self: Num): Test {
  const known = literal(self)
  const processes = Array.from(
    { length: store.last - store.first + 1 },
    (_, at) => store.first + at,
  )
  return or(
    ...processes.flatMap((process) => {
      if (known !== null && known !== process) return []
      const who = known === null ? equals(self, process) : always
      return handlersOver(world, process).map((handler) => and(who, activeHandler(world, handler)))
    }),
  )
}

/** Whether its CPU lets a handler begin now. */
export function mayInterrupt(world: World, handler: number): Test {
  const { processes } = world.system
  const instance = processes[handler]
  const on = instance?.on ?? null
  if (!instance || on === null) return always
  const others = processes.flatMap((other, at) => (other.on === on && at !== handler ? [at] : []))
  const context = (at: number): string | undefined => processes[at]?.context
  const noHardirq = others
    .filter((at) => context(at) === 'hardirq')
    .map((at) => not(activeHandler(world, at)))
  if (instance.context === 'softirq') {
    const none = others.map((at) => not(activeHandler(world, at)))
    return and(
      ...noHardirq,
      ...none,
      isZeroSection(world, on, 'irqs'),
      isZeroSection(world, on, 'bh'),
    )
  }
  // The first handler that runs, or else the one below all of them, decides.
  const running = others.reduceRight<Test>(
    (below, at) => {
      const active = activeHandler(world, at)
      return or(and(active, isZeroSection(world, at, 'irqs')), and(not(active), below))
    },
    isZeroSection(world, on, 'irqs'),
  )
  return and(...noHardirq, running)
}

function isZeroSection(world: World, process: number, section: Section): Test {
  const store = codeOfProcess(world, process)
  const variable = store.sections.get(section)
  return variable ? compare('==', ownRead(store, variable, number(process)), number(0)) : always
}
