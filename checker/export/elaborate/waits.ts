import type { Location } from '../../../spec/index.js'
import type { Body, Check, Num, Statement, Temporary, Test } from '../program.js'
import { scopeAtRest } from './at-rest.js'
import { codeOfProcess, handlersOver, hasEnded, isResting } from './contexts.js'
import { type CodeStore, ownIndexes, ownRead } from './locals.js'
import { attempt, hasMembers, isMember, isRelease, isUnowned } from './perform-lock.js'
import {
  among,
  and,
  differs,
  equals,
  isNever,
  isTrue,
  not,
  number,
  or,
  read,
  take,
  textOf,
  truth,
} from './terms.js'
import type { World } from './world.js'

/** Rule 6: a cycle of lock owners can never be undone, so it is a violation as soon as it is there. */
export function cycleCheck(world: World): Check | null {
  const count = world.system.processes.length
  const all = Array.from({ length: count }, (_, at) => at)
  const possible = all.flatMap((waiter) => {
    const store = codeOfProcess(world, waiter)
    const waits = waitsOf(world, store, number(waiter), waiter)
    return all.flatMap((holder) => {
      if (holder === waiter) return []
      const test = waits(holder)
      return isNever(test) ? [] : [{ waiter, holder, test }]
    })
  })
  // Whoever nobody waits for, or who waits for nobody, is in no cycle.
  let edges = possible
  for (;;) {
    const left = edges.filter(
      ({ waiter, holder }) =>
        edges.some((one) => one.holder === waiter) && edges.some((one) => one.waiter === holder),
    )
    if (left.length === edges.length) break
    edges = left
  }
  if (edges.length === 0) return null
  const temporaries: Temporary[] = []
  const statements: Statement[] = []
  const hold = (name: string, test: Test): Test => {
    const temporary = { name, from: 0, to: 1 }
    temporaries.push(temporary)
    statements.push({ kind: 'let', temporary, value: truth(test) })
    return isTrue(take(temporary))
  }
  const name = (process: number): string => world.system.processes[process]?.name ?? `${process}`
  const held = edges.map(({ waiter, holder, test }) => ({
    waiter,
    holder,
    test: hold(`${name(waiter)}_waits_for_${name(holder)}`, test),
  }))
  const waiters = [...new Set(held.map(({ waiter }) => waiter))]
  // Who waits for somebody who waits, and so on as often as there are processes, is on the way into a cycle.
  let stuck = new Map<number, Test>()
  for (let round = 1; round < waiters.length + 1; round++) {
    const next = new Map<number, Test>()
    for (const waiter of waiters) {
      const ways = held.filter((one) => one.waiter === waiter)
      const test = or(
        ...ways.map((way) =>
          round === 1 ? way.test : and(way.test, stuck.get(way.holder) ?? or()),
        ),
      )
      next.set(
        waiter,
        round === waiters.length ? test : hold(`${name(waiter)}_stuck_${round}`, test),
      )
    }
    stuck = next
  }
  const message = 'processes wait for each other in a cycle of lock owners'
  const fault = world.catalogue.fault('deadlock', message, null)
  statements.push({ kind: 'fault', when: or(...stuck.values()), fault })
  const body: Body = { temporaries, blocks: [{ statements, end: { kind: 'done' } }] }
  return { name: 'cycle of lock owners', body }
}

/** By holder: whether a process must wait until that one moves. */
function waitsOf(
  world: World,
  store: CodeStore,
  self: Num,
  process: number,
): (holder: number) => Test {
  const handlers = handlersOver(world, process)
  const active = (handler: number): Test =>
    not(isResting(codeOfProcess(world, handler), number(handler)))
  const calm = handlers.map((handler) => not(active(handler)))
  const running = not(hasEnded(store, self))
  return (holder) => {
    const interrupted = handlers.includes(holder)
      ? and(
          active(holder),
          running,
          ...overriders(world, handlers, holder).map((one) => not(active(one))),
        )
      : or()
    const byTest = new Map<string, { readonly test: Test; readonly at: Location[] }>()
    for (const at of store.flow.resting) {
      const test = waitAt(world, store, self, at, holder)
      if (isNever(test)) continue
      const key = textOf(test)
      const known = byTest.get(key) ?? { test, at: [] }
      known.at.push(at)
      byTest.set(key, known)
    }
    const here = ownRead(store, store.at, self)
    const locked = [...byTest.values()].map(({ test, at }) => and(among(here, at), test))
    return or(interrupted, and(...calm, or(...locked)))
  }
}

/** Of several handlers one is waited for: the last hardirq, else the first. */
function overriders(world: World, handlers: readonly number[], holder: number): readonly number[] {
  const isHard = (one: number): boolean => world.system.processes[one]?.context === 'hardirq'
  if (isHard(holder)) return handlers.filter((one) => isHard(one) && one > holder)
  return handlers.filter((one) => isHard(one) || one < holder)
}

function waitAt(world: World, store: CodeStore, self: Num, at: Location, holder: number): Test {
  const i = store.code.instructions[at]
  if (i?.kind === 'grace') {
    const last = store.awaited?.dimensions.at(-1)
    if (!store.awaited || !last || holder < last.from || holder > last.to) return or()
    return differs(read(store.awaited, [...ownIndexes(store, self), number(holder)]), 0)
  }
  if (i?.kind !== 'lock' || i.result !== null || isRelease(i)) return or()
  if (i.action === 'section-enter') return or()
  const faults: Test[] = []
  const scope = scopeAtRest(world, store, self, at, (when) => faults.push(when))
  const { found, free } = attempt(scope, i)
  const { lock, indexes } = found
  const owned =
    lock.owner && lock.users.owners.has(holder) ? equals(read(lock.owner, indexes), holder) : or()
  const members = i.action === 'read-lock' ? 'waiting' : 'readers'
  const joined =
    lock.users[members].has(holder) && hasMembers(lock, members, indexes).kind !== 'constant'
      ? and(isUnowned(found), isMember(lock, members, indexes, holder))
      : or()
  const held = i.action === 'spin-lock' || i.action === 'mutex-lock' ? owned : or(owned, joined)
  if (isNever(held)) return held
  // Whoever is about to misuse the lock does not wait for it.
  return and(not(or(...faults)), not(free), held)
}
