import type { ValueType } from '../../../spec/index.js'

/** What one of the two processes did, in the order of its program. */
export type Event = { readonly process: number; readonly line: string } & (
  | (Access & { readonly kind: 'access' })
  /** `smp_mb()`, `rcu_read_lock()`, `synchronize_rcu()`: what takes no location. */
  | { readonly kind: 'order'; readonly call: string }
  /** `spin_lock`, `spin_unlock`. */
  | { readonly kind: 'lock'; readonly call: string; readonly place: Location }
  /** What follows is executed only where the test comes out so. */
  | { readonly kind: 'when'; readonly test: Term; readonly outcome: boolean }
  /** LKMM has no words for it; that matters only between accesses that are kept. */
  | { readonly kind: 'unsayable'; readonly why: string }
)

export interface Access {
  readonly place: Location
  /** `plain`, or the name of the primitive: `READ_ONCE`, `smp_store_release`, `atomic_inc`. */
  readonly form: string
  readonly reads: boolean
  readonly writes: boolean
  /** What is stored; null of a load, and of an atomic operation that needs no operand. */
  readonly stored: Term | null
  /** What was read is kept here; null where nothing is. */
  readonly register: Register | null
  /** The register that holds the address; null where the place is known by its name. */
  readonly through: Register | null
  /** In one step with other accesses. */
  readonly atomic: boolean
  /** The value of the place in the initial state, and after this access in the run that is shown. */
  readonly initial: number
  readonly value: number
}

/** A place that the run accessed, concretely. */
export interface Location {
  /** `published`, `nodes[0].value`; two accesses with one key are to one location. */
  readonly key: string
  /** The object it is in, as people write it; null for a shared variable. */
  readonly object: string | null
  readonly type: ValueType
}

/** What a load put into a local. */
export interface Register {
  readonly load: Location
  readonly isPointer: boolean
}

/** A value in terms of registers; null in its place where it has none that a litmus test could say. */
export type Term =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'register'; readonly register: Register }
  /** An object's address, or null's. */
  | { readonly kind: 'address'; readonly object: string | null }
  | { readonly kind: 'unary'; readonly operator: string; readonly operand: Term }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Term
      readonly right: Term
    }
  | { readonly kind: 'unknown'; readonly why: string }

export function registersIn(term: Term | null): readonly Register[] {
  switch (term?.kind) {
    case 'register':
      return [term.register]
    case 'unary':
      return registersIn(term.operand)
    case 'binary':
      return [...registersIn(term.left), ...registersIn(term.right)]
    default:
      return []
  }
}

export function unknownIn(term: Term | null): string | null {
  switch (term?.kind) {
    case 'unknown':
      return term.why
    case 'unary':
      return unknownIn(term.operand)
    case 'binary':
      return unknownIn(term.left) ?? unknownIn(term.right)
    default:
      return null
  }
}

export const isPointerTest = (event: Event): boolean =>
  event.kind === 'when' && registersIn(event.test).some(({ isPointer }) => isPointer)

export const isAtomicForm = (form: string): boolean => form.startsWith('atomic_')
