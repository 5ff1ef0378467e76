/**
 * Where the parts of a search are in the one memory that all workers share, in bytes from its begin.
 *
 *   control     words that the threads agree through, and a byte for each `cover`
 *   workers     for each worker: the engine's own cells, then its buffers (`desk.ts`)
 *   marks       one byte a state
 *   arena       the words of each state, by id, in the order of discovery: a level is a range of ids
 *   table       32-bit slots: id + 1 in the lower bits, a tag from the hash in the upper ones; 0 is empty. Ids take the
 *               bits that the number of slots has, so that a small table has long tags
 *
 * The memory has its full size from the beginning, for the operating system hands out pages only when they are
 * touched; the table alone grows, since its slots are touched all over. A state so takes `4 * stateWords` bytes in the
 * arena, one mark, and 4 bytes of table for each 0.61 to 0.85 of a slot's worth, once there are many.
 */
export interface StorePlan {
  /** Bytes of one state in the arena. */
  readonly stride: number
  readonly workers: number
  /** Of the first worker's part, and how far it is to the next. */
  readonly workersAt: number
  readonly workerBytes: number
  readonly marksAt: number
  readonly arenaAt: number
  readonly tableAt: number
  /** Ids the arena has room for. */
  readonly statesMax: number
  readonly slotsMax: number
  readonly bytes: number
}

/** Words of the control block. */
export const CONTROL = {
  /** Counts the phases; workers wait for it to change. */
  phase: 0,
  /** What the phase is about, see `crew.ts`. */
  task: 1,
  /** How many joined workers take part, and how many have finished. */
  taking: 2,
  done: 3,
  joined: 4,
  /** The next id to take, and where they end; a sweep counts down. */
  cursor: 5,
  end: 6,
  piece: 7,
  /** Not 0: every worker comes back as soon as it can. */
  halt: 8,
  /** The next id nobody has, and the one from which the table is too full. */
  next: 9,
  fill: 10,
  slots: 11,
  /** Ids from here on belong to the level being discovered. */
  level: 12,
  /** Targets that count for a sweep. */
  low: 14,
  high: 15,
  /** Not 0: some `cover` had not been reached when the level began. */
  covers: 17,
  /** Not 0: a sweep walks on over states without a mark. */
  walks: 16,
} as const

const CONTROL_BYTES = 4096
export const COVERS_AT = 256

/** The part of the slots that may be taken. */
export const FILL_MAX = 0.85
/** Fewer are for another explorer. */
const STATES_MIN = 1 << 15

const MEMORY_BYTES_MAX = 65_535 * 65_536
const align = (bytes: number): number => Math.ceil(bytes / 64) * 64

/** Null where `bytes` do not suffice for anything. */
export function planStore(given: {
  readonly stateWords: number
  readonly workerBytes: number
  readonly workers: number
  readonly bytes: number
}): StorePlan | null {
  const stride = 4 * given.stateWords
  const workerBytes = align(given.workerBytes)
  const marksAt = CONTROL_BYTES + given.workers * workerBytes
  const room = Math.min(given.bytes, MEMORY_BYTES_MAX) - marksAt - 256
  const statesMax = Math.min(2 ** 30, Math.floor(room / (stride + 1 + 4 / FILL_MAX)))
  if (statesMax < STATES_MIN * given.workers) return null
  const slotsMax = Math.ceil(statesMax / FILL_MAX)
  const arenaAt = align(marksAt + statesMax)
  const tableAt = align(arenaAt + statesMax * stride)
  const bytes = align(tableAt + 4 * slotsMax)
  const { workers } = given
  return {
    stride,
    workers,
    workersAt: CONTROL_BYTES,
    workerBytes,
    marksAt,
    arenaAt,
    tableAt,
    statesMax,
    slotsMax,
    bytes,
  }
}

/** Marks of a state, one bit each. */
export const MARK = {
  present: 1,
  mayRest: 2,
  /** A violating step, a step cut by a bound, or a property found false there: what comes after it is not known. */
  openEnd: 4,
  /** Not to be expanded. */
  closed: 8,
  /** What a sweep looks for can be reached from here. */
  reaches: 16,
} as const
