import type { Instruction, Location } from '../../../spec/index.js'
import type { Num, Statement, Test } from '../program.js'
import { codeOfProcess, isAtomic, mightSleep, readsLock, readsRcu } from './contexts.js'
import { ownRead, sectionMax } from './locals.js'
import { lockOf, resolve } from './places.js'
import type { Stretch } from './stretch.js'
import { equals, isTrue, never, not, number, plus, truth } from './terms.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** Contexts, and the waits for grace periods (rules 6 and 7). */

export function performContext(s: Stretch, i: Of<'context'>): Location {
  const { store } = s
  // In init nobody else runs, so that sections mean nothing.
  if (s.isAlone || !store) return i.next
  const variable = store.sections.get(i.which)
  const depth = variable ? ownRead(store, variable, s.self) : number(0)
  if (i.by === -1) {
    const kind = i.which === 'rcu' ? 'rcu-unbalanced' : 'unbalanced'
    s.fault(equals(depth, 0), kind, `${i.name} without its counterpart`)
  } else s.fault(equals(depth, sectionMax), 'count-overflow', `${i.name} nests too deep`)
  if (!variable) return i.next
  s.emit({ kind: 'set', variable, indexes: s.own, value: plus(depth, i.by) })
  s.leftSection()
  return i.next
}

/** An RCU read section alone does not turn preemption off. */
export function performPreemptible(s: Stretch, i: Of<'preemptible'>): Location {
  const { store, world, self } = s
  const why = s.isAlone || !store ? never : isAtomic(world, store, self, ['rcu'])
  s.assign(i.slot, truth(not(why)))
  return i.next
}

/** What a wait that has begun still waits for. */
export function performGrace(s: Stretch, i: Of<'grace'>): Location | null {
  const { store, world } = s
  if (s.isAlone || !store) return i.next
  const { domain } = i
  return waitFor(s, i.next, () => {
    if (domain === null) {
      const inside = inRcu(s)
      s.fault(inside, 'rcu-wait-in-reader', `${i.name} inside an RCU read section`)
      mightSleep(s, i.name)
      return remember(s, (process) =>
        readsRcu(world, codeOfProcess(world, process), number(process)),
      )
    }
    const { lock, indexes } = lockOf(resolve(s, domain, false))
    const reads = readsLock(lock, indexes, s.self, store)
    s.fault(reads, 'rcu-wait-in-reader', `${i.name} inside a read section of ${lock.name}`)
    mightSleep(s, i.name)
    return remember(s, (process) => {
      const other = world.system.processes[process] ? codeOfProcess(world, process) : null
      return readsLock(lock, indexes, number(process), other)
    })
  })
}

export function inRcu({ store, self }: Stretch): Test {
  const variable = store?.sections.get('rcu')
  return store && variable ? isTrue(ownRead(store, variable, self)) : never
}

/** Those that are readers now, the process itself aside. */
function remember(s: Stretch, isReader: (process: number) => Test): Statement[] {
  const awaited = s.store?.awaited
  const last = awaited?.dimensions.at(-1)
  if (!awaited || !last) return []
  return Array.from({ length: last.to - last.from + 1 }, (_, at) => last.from + at).flatMap(
    (process): Statement[] => {
      const value = truth(isReader(process))
      if (value.kind === 'number' && value.value === 0) return []
      const self = s.self.kind === 'number' ? s.self.value === process : null
      if (self === true) return []
      const indexes: Num[] = [...s.own, number(process)]
      const set: Statement = { kind: 'set', variable: awaited, indexes, value }
      if (self === false || !mayBeSelf(s, process)) return [set]
      return [{ kind: 'if', test: not(equals(s.self, process)), then: [set], otherwise: [] }]
    },
  )
}

const mayBeSelf = ({ store }: Stretch, process: number): boolean =>
  store !== null && process >= store.first && process <= store.last

/** First a step that begins the wait, then one that is enabled when nobody is left to wait for. */
export function waitFor(
  s: Stretch,
  next: Location,
  begin: () => readonly Statement[],
): Location | null {
  const awaits = s.store?.awaits
  if (!s.store || !awaits) throw new Error('nobody waits')
  const { at, known } = s
  const begun = isTrue(ownRead(s.store, awaits, s.self))
  const first = s.fork(begun)
  s.emit({ kind: 'set', variable: awaits, indexes: s.own, value: number(0) })
  const finished = s.current
  s.enter(first, at, known)
  const statements = begin()
  s.emit({ kind: 'set', variable: awaits, indexes: s.own, value: number(1) })
  for (const statement of statements) s.emit(statement)
  s.stay()
  s.enter(finished, at, known)
  return next
}
