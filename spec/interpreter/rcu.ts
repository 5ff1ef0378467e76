import type { TransitionSystem } from '../system/system.js'
import type { Memory } from './frame.js'
import type { LockPlace } from './locks.js'
import { readsRcu } from './sections.js'
import type { Path } from './signal.js'
import type { HeadValue } from './state.js'

/** Where an `rcu_head` is. Heads are numbered over all pools, in the order of this list. */
export interface HeadPlace {
  readonly pool: string
  readonly index: number
  readonly field: string
  readonly path: Path
  /** The pointer to its object. */
  readonly object: number
}

export function headPlaces(system: TransitionSystem): readonly HeadPlace[] {
  return system.pools.flatMap((pool) =>
    Array.from({ length: pool.size }, (_, index) => index).flatMap((index) =>
      pool.type.fields
        .filter((field) => field.type.kind === 'head')
        .map(({ name: field }) => ({
          pool: pool.name,
          index,
          field,
          path: ['pools', pool.name, index, 'value', field],
          object: pool.base + index + 1,
        })),
    ),
  )
}

export function headAt(memory: Memory, place: HeadPlace): HeadValue {
  const value = memory.pools[place.pool]?.[place.index]?.value[place.field]
  return value as unknown as HeadValue
}

export function setHead(memory: Memory, place: HeadPlace, value: HeadValue): void {
  const object = memory.pools[place.pool]?.[place.index]
  if (object) object.value[place.field] = value as never
}

/** The processes in a read section now, but for `me`. */
export function rcuReaders(
  system: TransitionSystem,
  locks: readonly LockPlace[],
  memory: Memory,
  me: number,
): readonly number[] {
  return system.processes.flatMap((_, process) =>
    process !== me && readsRcu(system, locks, memory, process) ? [process] : [],
  )
}

/** A process has left its read section: whoever waited for it does so no longer. */
export function leaveRcu(
  system: TransitionSystem,
  heads: readonly HeadPlace[],
  memory: Memory,
  process: number,
): void {
  for (const [other, state] of memory.processes.entries()) {
    if (waitsFor(system, other, state.at) !== 'rcu' || !state.awaits?.includes(process)) continue
    state.awaits = state.awaits.filter((each) => each !== process)
  }
  for (const place of heads) {
    const head = headAt(memory, place)
    if (!head.readers.includes(process)) continue
    setHead(memory, place, { ...head, readers: head.readers.filter((each) => each !== process) })
  }
}

/** What the waiting primitive at a location waits for. */
export function waitsFor(
  system: TransitionSystem,
  process: number,
  at: number,
): 'rcu' | 'srcu' | 'heads' | null {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const instruction = code?.instructions[at]
  if (instruction?.kind === 'rcu-barrier') return 'heads'
  if (instruction?.kind !== 'grace') return null
  return instruction.domain === null ? 'rcu' : 'srcu'
}
