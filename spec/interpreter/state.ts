/** Numbers for scalars and pointers (`value.ts`), null for an uninitialised or empty slot, aggregates nested. */
export type Value =
  | number
  | null
  | LockValue
  | HeadValue
  | readonly Value[]
  | { readonly [field: string]: Value }

/**
 * A lock. Processes by index; `INIT` for whoever runs init. `readers` is a sorted multiset, `waiting` the sorted
 * writers that have queued. `owner` is -1 when nobody holds it for writing (or at all).
 */
export interface LockValue {
  readonly owner: number
  readonly readers: readonly number[]
  readonly waiting: readonly number[]
}

/**
 * An `rcu_head`: `callback` is -1 when it is idle, else the number of the op it was queued with; `readers` the sorted
 * processes that were in a read section then and have not left since.
 */
export interface HeadValue {
  readonly callback: number
  readonly readers: readonly number[]
}

/** How deep a process is in sections that only its own context knows of. */
export interface Sections {
  readonly preempt: number
  readonly irqs: number
  readonly bh: number
  readonly rcu: number
}

export interface PoolObject {
  /** 1 between alloc and free. */
  readonly alive: number
  readonly value: { readonly [field: string]: Value }
}

export interface ProcessState {
  /** A location of the process's code. */
  readonly at: number
  /** 1 while asleep on a bit, until woken. */
  readonly parked: number
  readonly sections: Sections
  /** In `synchronize_*` the processes, in `rcu_barrier` the heads it still waits for (sorted); else null. */
  readonly awaits: readonly number[] | null
  /** By slot index; null where empty or uninitialised. */
  readonly locals: readonly Value[]
}

/** One state: plain data, frozen. Its identity is its content: `stateKey`. */
export interface State {
  readonly shared: { readonly [name: string]: Value }
  readonly pools: { readonly [name: string]: readonly PoolObject[] }
  readonly processes: readonly ProcessState[]
}

/** The text two states share exactly when they are equal: states are always built with their keys in one order. */
export const stateKey = (state: State): string => JSON.stringify(state)
