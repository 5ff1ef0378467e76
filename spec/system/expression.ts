/**
 * Expressions of the transition system: over locals and literals only. Everything shared has been read by a
 * `load` before, so an expression costs no step and touches nothing but the process's own slots.
 */

/** A fixed value type of one row: all ranges are numbers, all enumerators indexes. */
export type ValueType =
  | { readonly kind: 'bool' }
  /** `from..to` inclusive; `inferred` when nobody declared it (leaving it is the bound's fault). */
  | { readonly kind: 'int'; readonly from: number; readonly to: number; readonly inferred: boolean }
  | { readonly kind: 'enum'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'bits'; readonly bits: readonly string[] }
  /** To objects of these pools, in order (indexes into `TransitionSystem.pools`). See `value.ts` for the coding. */
  | { readonly kind: 'pointer'; readonly struct: string; readonly pools: readonly number[] }
  | { readonly kind: 'lock'; readonly which: LockType }
  /** An `rcu_head`: idle, or queued with the readers its callback still waits for. */
  | { readonly kind: 'head' }
  | { readonly kind: 'array'; readonly of: ValueType; readonly length: number }
  | { readonly kind: 'struct'; readonly name: string; readonly fields: readonly Field[] }

/** Spinning locks, sleeping locks, and what is entered and left like one: SRCU domains and lockdep maps. */
export type LockType = 'spinlock_t' | 'rwlock_t' | 'mutex' | 'rwsem' | 'srcu' | 'lockdep_map'

export interface Field {
  readonly name: string
  readonly type: ValueType
}

/**
 * A cell for one local of a process. Slots whose scopes never overlap share an `index` in the state. A slot in
 * no scope is empty there; `temporary` ones were made by lowering and live from their load to their last use.
 */
export interface Slot {
  readonly index: number
  readonly name: string
  readonly type: ValueType
  readonly temporary: boolean
  /** A number unique in its code; the identity of the slot in dumps. */
  readonly id: number
}

export type Operator =
  | '||'
  | '&&'
  | '|'
  | '^'
  | '&'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '<<'
  | '>>'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'

export type Expr =
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'slot'; readonly slot: Slot }
  /** The index of the process in its family. */
  | { readonly kind: 'family' }
  /** `current`: a pointer to the process's own task object. */
  | { readonly kind: 'current' }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '~'; readonly operand: Expr }
  | {
      readonly kind: 'binary'
      readonly operator: Operator
      readonly left: Expr
      readonly right: Expr
    }
  | {
      readonly kind: 'conditional'
      readonly test: Expr
      readonly then: Expr
      readonly otherwise: Expr
    }
  /** Same address, staleness aside. */
  | { readonly kind: 'same-address'; readonly left: Expr; readonly right: Expr }
  /** `&pool[index]`: never stale. */
  | { readonly kind: 'object'; readonly pool: number; readonly index: Expr }
  /** `p + n` in p's pool; keeps its staleness. Null or a place outside the pool is a trap. */
  | {
      readonly kind: 'advance'
      readonly pointer: Expr
      readonly by: Expr
      readonly pools: readonly number[]
    }
  /** `p - pool`. */
  | { readonly kind: 'index-in-pool'; readonly pointer: Expr; readonly pool: number }

/** One selection inside a place. */
export type Selector =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly index: Expr; readonly length: number }

/** Where a value is: a shared variable, an object behind a pointer, or a local aggregate, then selections. */
export interface Place {
  readonly root:
    | { readonly kind: 'shared'; readonly variable: number }
    /** The object behind a pointer that may point into these pools. */
    | { readonly kind: 'object'; readonly pointer: Expr; readonly pools: readonly number[] }
    | { readonly kind: 'local'; readonly slot: Slot }
  readonly path: readonly Selector[]
  /** The type of what is there. */
  readonly type: ValueType
}
