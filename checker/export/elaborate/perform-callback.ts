import type { Instruction, Location, TransitionSystem } from '../../../spec/index.js'
import type { Num, Statement, Test } from '../program.js'
import { codeOfProcess, mightSleep, readsRcu } from './contexts.js'
import { numOf } from './evaluate.js'
import { ownRead } from './locals.js'
import { inRcu, waitFor } from './perform-context.js'
import { headOf, resolve } from './places.js'
import { forAll, guarded } from './procedures.js'
import type { HeadStore } from './storage.js'
import type { Stretch } from './stretch.js'
import {
  among,
  and,
  compare,
  conditional,
  equals,
  literal,
  number,
  or,
  read,
  take,
  truth,
} from './terms.js'
import type { World } from './world.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** A head by its number. */
export interface HeadPlace {
  readonly number: number
  readonly head: HeadStore
  readonly object: number
}

/** All heads, numbered by pool, object and member. */
export function headPlaces({
  system,
  storage,
}: Pick<World, 'system' | 'storage'>): readonly HeadPlace[] {
  const found: HeadPlace[] = []
  for (const pool of system.pools) {
    for (let index = 0; index < pool.size; index++) {
      for (const { name, type } of pool.type.fields) {
        if (type.kind !== 'head') continue
        const head = storage.heads.find(
          (one) => one.struct === pool.type.name && one.field === name,
        )
        if (!head) throw new Error(`no head ${name}`)
        found.push({ number: found.length, head, object: pool.base + index })
      }
    }
  }
  return found
}

const callbackAt = ({ head, object }: HeadPlace): Num => read(head.callback, [number(object)])

export const isQueued = (place: HeadPlace): Test => compare('>=', callbackAt(place), number(0))

/** Queued, and its readers have all left. */
export function isReady(place: HeadPlace): Test {
  const { readers } = place.head
  const last = readers?.dimensions.at(-1)
  const waits =
    readers && last
      ? processesOf(last).map((process) =>
          equals(read(readers, [number(place.object), number(process)]), 0),
        )
      : []
  return and(isQueued(place), ...waits)
}

const processesOf = ({
  from,
  to,
}: {
  readonly from: number
  readonly to: number
}): readonly number[] => Array.from({ length: to - from + 1 }, (_, at) => from + at)

export function performCallRcu(s: Stretch, i: Of<'call-rcu'>): Location {
  const { head, object } = headOf(resolve(s, i.place, false))
  const queued = compare('>=', read(head.callback, [object]), number(0))
  s.fault(queued, 'callback-pending', `${head.field} is queued again while it is queued`)
  s.emit({ kind: 'set', variable: head.callback, indexes: [object], value: number(i.callback) })
  const { readers } = head
  const last = readers?.dimensions.at(-1)
  if (!readers || !last) return i.next
  for (const process of processesOf(last)) {
    const value = truth(readsRcu(s.world, codeOfProcess(s.world, process), number(process)))
    s.emit({ kind: 'set', variable: readers, indexes: [object, number(process)], value })
  }
  return i.next
}

/** Any head whose readers have all left may be next. */
export function performCallbackBegin(s: Stretch, i: Of<'callback-begin'>): Location {
  const places = headPlaces(s.world)
  if (places.length === 0) return i.next
  const chosen = s.fresh('head', 0, places.length - 1)
  const options = places.map((place) => ({ when: isReady(place), value: number(place.number) }))
  s.emit({ kind: 'select', temporary: chosen, options })
  const which = take(chosen)
  const pick = (value: (place: HeadPlace) => Num): Num =>
    places.reduceRight<Num>((others, place, at) => {
      const here = value(place)
      return at === places.length - 1
        ? here
        : conditional(equals(which, place.number), here, others)
    }, number(0))
  const callback = pick(callbackAt)
  const object = pick((place) => number(place.object + 1))
  s.assign(i.head, which)
  s.assign(i.callback, callback)
  const given = s.local(i.callback).value
  for (const [at, slot] of i.objects.entries()) {
    s.assign(slot, conditional(equals(given, at), object, number(0)))
  }
  for (const place of places) {
    const idle: Statement = {
      kind: 'set',
      variable: place.head.callback,
      indexes: [number(place.object)],
      value: number(-1),
    }
    for (const statement of guarded(equals(which, place.number), [idle])) s.emit(statement)
  }
  return i.next
}

export function performBarrier(s: Stretch, i: Of<'rcu-barrier'>): Location | null {
  const { store } = s
  if (s.isAlone || !store) return i.next
  return waitFor(s, i.next, () => {
    s.fault(inRcu(s), 'rcu-wait-in-reader', 'rcu_barrier inside an RCU read section')
    mightSleep(s, 'rcu_barrier')
    const { awaitedHeads } = store
    if (!awaitedHeads) return []
    return headPlaces(s.world).map((place): Statement => {
      const awaited = or(isQueued(place), isRunning(s.world, place.number))
      const indexes = [...s.own, number(place.number)]
      return { kind: 'set', variable: awaitedHeads, indexes, value: truth(awaited) }
    })
  })
}

/** Whether the callback of a head executes now. */
function isRunning(world: World, head: number): Test {
  const runner = runnerOf(world.system)
  if (runner < 0) return or()
  const store = codeOfProcess(world, runner)
  const begin = store.code.instructions.find((one) => one.kind === 'callback-begin')
  const cell = begin?.kind === 'callback-begin' ? store.slots.get(begin.head) : undefined
  if (cell?.kind !== 'scalar') return or()
  const self = number(runner)
  const where = ownRead(store, store.at, self)
  // Elsewhere the cell may be empty or hold what it rests at.
  const keeping = [...store.flow.resting].filter(
    (at) => !store.code.idle.has(at) && keeps(store.code.kept[at], begin),
  )
  return and(among(where, keeping), equals(ownRead(store, cell.variable, self), head))
}

const keeps = (kept: readonly unknown[] | undefined, begin: Instruction | undefined): boolean =>
  begin?.kind === 'callback-begin' && (kept ?? []).includes(begin.head)

const runnerOf = ({ processes }: TransitionSystem): number =>
  processes.findIndex((instance) => instance.callbacks)

export function performCallbackEnd(s: Stretch, i: Of<'callback-end'>): Location {
  const head = numOf(s, i.head)
  for (const { awaitedHeads } of s.world.codes) {
    if (!awaitedHeads) continue
    const known = literal(head)
    const statements = forAll(awaitedHeads.dimensions.slice(0, -1), (indexes) => [
      {
        kind: 'set',
        variable: awaitedHeads,
        indexes: [...indexes, known === null ? head : number(known)],
        value: number(0),
      },
    ])
    for (const statement of statements) s.emit(statement)
  }
  return i.next
}
