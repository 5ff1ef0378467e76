import type { StorePlan } from '../store/plan.js'
import { entryBytes, type TableDesk } from '../store/table.js'

/** What a worker tells the main thread: one record of three words each. */
export const EVENT = {
  /** The reference engine has to say how this process goes on from this state. */
  ask: 0,
  /** A property is false in this state, or locks are waited for in a circle. */
  wrong: 1,
  /** Rest was reached, where nothing moves any more. */
  rest: 2,
  /** Nothing can move, and this is no rest. */
  stuck: 3,
  /** A process came to wait for a lock with a set of locks held that this worker has not met before. */
  order: 4,
} as const

export type EventKind = keyof typeof EVENT
/** By number. */
export const eventKinds = Object.keys(EVENT) as readonly EventKind[]

/** Why a function of the explorer came back. */
export const CAME_BACK = {
  done: 0,
  /** The table is too full for what is pending. */
  full: 1,
  /** No more room for events. */
  events: 2,
  /** One state has more successors than there is room for. */
  wide: 3,
} as const

export const EVENTS_MAX = 8192
/** Successors of one state at most; and how many may be pending before they go into the table. */
export const ENTRIES_MAX = 4096
export const PENDING_MAX = 256
/** Steps that a sweep looks at together; and states put into a new table at a time. */
export const SWEPT_MAX = 128
export const ENTERED_MAX = 64
/** A power of two; see `recent.ts`. */
export const RECENT_MAX = 1024
/** Steps of a walk at most. */
export const WALK_MAX = 64
/** A power of two; slots of the set of lock orders met. */
export const KEYS_MAX = 4096
/** Events one new state can give rise to. */
export const EVENTS_PER_STATE = 3

/** A worker's own part of the memory, in bytes from its base. */
export interface Desk extends TableDesk {
  /** The ids still to do. */
  readonly from: number
  readonly to: number
  /** The same for filling a new table, which happens while the others are half done. */
  readonly enterFrom: number
  readonly enterTo: number
  /** Bytes of the entries that wait to go into the table. */
  readonly pending: number
  /** Transitions met. */
  readonly generated: number
  /** States found that are to be expanded. */
  readonly open: number
  /** Not 0 once a step led to no later level. */
  readonly turnsBack: number
  readonly eventCount: number
  readonly keyCount: number
  /** Not 0 once a sweep has marked a state. */
  readonly changed: number
  readonly events: number
  /** The states of the walk under way, and how many they are. */
  readonly walk: number
  readonly walkLength: number
  /** One entry for whoever needs one. */
  readonly spare: number
  readonly entries: number
  readonly entryBytes: number
  /** Entries on their way into a new table. */
  readonly entered: number
  /** Successors met lately. */
  readonly recent: number
  readonly recentBytes: number
  readonly keys: number
  readonly keyWords: number
  readonly bytes: number
}

/** `first`: where the engine's own part ends. */
export function deskAfter(first: number, plan: Pick<StorePlan, 'stride'>, keyWords: number): Desk {
  let next = Math.ceil(first / 64) * 64
  const take = (bytes: number): number => {
    const at = next
    next += Math.ceil(bytes / 8) * 8
    return at
  }
  const size = entryBytes(plan)
  return {
    from: take(4),
    to: take(4),
    enterFrom: take(4),
    enterTo: take(4),
    pending: take(4),
    chunk: take(4),
    chunkEnd: take(4),
    found: take(4),
    generated: take(4),
    open: take(4),
    turnsBack: take(4),
    eventCount: take(4),
    keyCount: take(4),
    changed: take(4),
    events: take(12 * EVENTS_MAX),
    walk: take(4 * WALK_MAX),
    walkLength: take(4),
    spare: take(size),
    entries: take(size * ENTRIES_MAX),
    entryBytes: size,
    entered: take(size * ENTERED_MAX),
    recent: take((size - 8) * RECENT_MAX),
    recentBytes: size - 8,
    // And one more, for the key that is looked for.
    keys: take(4 * keyWords * (KEYS_MAX + 1)),
    keyWords,
    bytes: next,
  }
}
