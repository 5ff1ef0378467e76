import {
  type Code,
  type HeadPlace,
  headPlaces,
  type Instruction,
  type Location,
  type TransitionSystem,
} from '../../spec/index.js'
import { type LockKey, placeKeys, poolLockKey } from './place-keys.js'

type Of<K extends Instruction['kind']> = Instruction & { kind: K }

/** The processes that can ever be readers of RCU: those with sections, with spinning locks, and all that are no tasks. */
export function rcuReaderProcesses(system: TransitionSystem): readonly number[] {
  return [...system.processes.keys()].filter((process) => {
    const instance = system.processes[process]
    const code = system.codes[instance?.code ?? -1]
    return instance?.context !== 'task' || code?.instructions.some(makesReader) === true
  })
}

function makesReader(i: Instruction): boolean {
  if (i.kind === 'context') return i.by === 1
  if (i.kind !== 'lock' || i.place.type.kind !== 'lock') return false
  return i.place.type.which === 'spinlock_t' || i.place.type.which === 'rwlock_t'
}

/** By member of a pool's objects: the callbacks it is ever queued with. */
export function queuedCallbacks(system: TransitionSystem): (key: LockKey) => readonly number[] {
  const callbacks = new Map<LockKey, Set<number>>()
  for (const code of [...system.codes, ...system.init]) {
    for (const i of code.instructions) {
      if (i.kind !== 'call-rcu') continue
      for (const key of placeKeys(i.place)) {
        callbacks.set(key, (callbacks.get(key) ?? new Set()).add(i.callback))
      }
    }
  }
  return (key) => [...(callbacks.get(key) ?? [])].sort((left, right) => left - right)
}

/** By location of a code that waits for a grace period or for callbacks: what a wait there can be for. */
export function awaitedAt(
  system: TransitionSystem,
  process: number,
  code: Code,
  domainReaders: (key: LockKey) => Iterable<number>,
): ReadonlyMap<Location, readonly number[]> {
  const found = new Map<Location, readonly number[]>()
  for (const [at, i] of code.instructions.entries()) {
    if (i.kind === 'rcu-barrier') found.set(at, queueableHeads(system))
    if (i.kind === 'grace') {
      const readers = graceReaders(system, i, domainReaders)
      found.set(
        at,
        readers.filter((reader) => reader !== process && reader >= 0),
      )
    }
  }
  return found
}

function graceReaders(
  system: TransitionSystem,
  { domain }: Of<'grace'>,
  domainReaders: (key: LockKey) => Iterable<number>,
): readonly number[] {
  if (domain === null) return rcuReaderProcesses(system)
  const readers = new Set(placeKeys(domain).flatMap((key) => [...domainReaders(key)]))
  return [...readers].sort((left, right) => left - right)
}

/** The numbers of the heads that are ever queued. */
function queueableHeads(system: TransitionSystem): readonly number[] {
  const callbacksOf = queuedCallbacks(system)
  return headPlaces(system).flatMap((place, number) =>
    callbacksOf(headKey(system, place)).length > 0 ? [number] : [],
  )
}

function headKey(system: TransitionSystem, { pool, field }: HeadPlace): LockKey {
  const index = system.pools.findIndex(({ name }) => name === pool)
  return poolLockKey(index, [field])
}
