import type { TransitionSystem } from '../../spec/index.js'

/**
 * A row of a model as guarded commands over bounded integers: what Promela, Murphi and TLA+ have in common. Everything
 * that the semantics does by itself is written out (who holds a lock, what goes stale, every violation), so that
 * a printer needs to know nothing of locks, pointers or RCU. It is worked out from the transition system alone, by
 * `elaborate`; neither the interpreter nor the compiled engine takes part, because tools that run it judge them.
 *
 * One action is one transition of the semantics, and the variables hold just what a state holds: the reachable values of
 * the variables are in bijection with the reachable states.
 */
export interface Program {
  readonly system: TransitionSystem
  /** By process number. */
  readonly processes: readonly ProcessNote[]
  readonly codes: readonly CodeNote[]
  readonly variables: readonly Variable[]
  readonly procedures: readonly Procedure[]
  /** Everything that can be reported, by its number; a fault's number never changes for a given row. */
  readonly faults: readonly Fault[]
  /** From the initial values of the variables to an initial state, in one instant; it may choose. */
  readonly init: Body
  readonly actions: readonly Action[]
  /** What is judged in every state, after `init` and after every action: invariants, then cycles of lock owners. */
  readonly checks: readonly Check[]
  /** What is judged at rest. */
  readonly rest: Rest
}

export interface ProcessNote {
  readonly name: string
  readonly code: number
  readonly daemon: boolean
}

export interface CodeNote {
  /** As declared: `vcpu`, `vmm`. */
  readonly name: string
  /** Its processes have consecutive numbers. */
  readonly first: number
  readonly last: number
  /** Its instances differ in nothing, not even in how others treat them: any two may be exchanged. */
  readonly symmetric: boolean
  /** What tells them apart, where there are several and they are not symmetric. */
  readonly different?: Refusal | null
}

/**
 * An integer in `from..to`, or an array of them. All values stay in the range; booleans are 0 and 1. A local that may
 * be without a value has `empty` (one below what it can hold) in its range.
 */
export interface Variable {
  /** As people write it, with dots, unique: `mem_map._refcount`, `invalidate_lock.owner`, `vcpu.f`, `vcpu.at`. */
  readonly name: string
  readonly dimensions: readonly Dimension[]
  readonly from: number
  readonly to: number
  /** Of each element, in row-major order; or one for all. */
  readonly initial: number | readonly number[]
  readonly empty: number | null
  /** `process`: the values are numbers of processes, or -1 for nobody. They are set and compared, and nothing else. */
  readonly holds?: 'process'
  /** What the numbers stand for, for a comment and for printing: `0 = none, 1 = refcount`. */
  readonly note: string
}

/** Indexes run from `from` to `to`. */
export interface Dimension {
  readonly from: number
  readonly to: number
  readonly over: 'process' | 'object' | 'index'
}

/** A violation at one place of the model, or a bound that would be left (`kind` null): that path is not continued. */
export interface Fault {
  readonly number: number
  readonly kind: string | null
  readonly message: string
  readonly place: SourceNote | null
}

export interface SourceNote {
  readonly file: string
  readonly line: number
  /** The statement's first line, trimmed. */
  readonly text: string
}

/** A body for any process whose number is `self`: one that may fault or choose is inlined, never called. */
export interface Procedure {
  readonly name: string
  readonly parameters: readonly Temporary[]
  /** May use `set`, `if`, `each` and `call` of earlier procedures. */
  readonly statements: readonly Statement[]
}

/** The transition of the processes of a code from one location, for any `self` of `first..last`. */
export interface Action {
  readonly code: number
  readonly location: number
  /** Unique, short: `vcpu 12`. */
  readonly name: string
  readonly place: SourceNote | null
  /** The control point and everything that may block; also true where the step only faults. */
  readonly enabled: Test
  readonly body: Body
}

/** Read-only but for temporaries and faults. */
export interface Check {
  readonly name: string
  readonly body: Body
}

export interface Rest {
  /** Every thread finished, every daemon between two runs of its body with nothing to do: no action is enabled. */
  readonly condition: Test
  /** `finally`, leaks. */
  readonly checks: readonly Check[]
  /** A state with no enabled action where `condition` is false: a lost rest. */
  readonly stuck: Fault
}

/** Blocks of statements; the first is entered. Temporaries have no value before they are set. */
export interface Body {
  readonly temporaries: readonly Temporary[]
  readonly blocks: readonly Block[]
}

export interface Block {
  readonly statements: readonly Statement[]
  readonly end: End
}

export type End =
  | { readonly kind: 'goto'; readonly block: number }
  | {
      readonly kind: 'branch'
      readonly test: Test
      readonly then: number
      readonly otherwise: number
    }
  /** Any of them: the choice is free. */
  | { readonly kind: 'either'; readonly blocks: readonly number[] }
  | { readonly kind: 'done' }

export type Statement = { readonly note?: SourceNote | undefined } & (
  | {
      readonly kind: 'set'
      readonly variable: Variable
      readonly indexes: readonly Num[]
      readonly value: Num
    }
  | { readonly kind: 'let'; readonly temporary: Temporary; readonly value: Num }
  /** When the test holds, that is a violation and the step goes no further. */
  | { readonly kind: 'fault'; readonly when: Test; readonly fault: Fault }
  /** The value of one of the options whose test holds, freely chosen; at least one holds. */
  | {
      readonly kind: 'select'
      readonly temporary: Temporary
      readonly options: readonly { readonly when: Test; readonly value: Num }[]
    }
  /** No `select` in the arms. */
  | {
      readonly kind: 'if'
      readonly test: Test
      readonly then: readonly Statement[]
      readonly otherwise: readonly Statement[]
    }
  /** For each value of the index in turn, which the statements read as `index`; only `set` and `if` inside. */
  | {
      readonly kind: 'each'
      readonly index: Index
      readonly statements: readonly Statement[]
    }
  | { readonly kind: 'call'; readonly procedure: Procedure; readonly arguments: readonly Num[] }
)

/** A cell for the length of one body, or a parameter. */
export interface Temporary {
  readonly name: string
  readonly from: number
  readonly to: number
  /** As of a variable. */
  readonly holds?: 'process'
}

/** A bound variable of `each`, `some` and `every`. */
export interface Index {
  readonly name: string
  readonly from: number
  readonly to: number
  readonly over: Dimension['over']
}

/** Integers. Nothing here can fail: whatever could was tested by a `fault` before, or is behind a lazy operator. */
export type Num =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'read'; readonly variable: Variable; readonly indexes: readonly Num[] }
  | { readonly kind: 'temporary'; readonly temporary: Temporary }
  | { readonly kind: 'index'; readonly index: Index }
  /** The number of the process that moves. */
  | { readonly kind: 'self' }
  | { readonly kind: 'negate'; readonly operand: Num }
  /** `~`, in two's complement. */
  | { readonly kind: 'complement'; readonly operand: Num }
  /** `/` and `%` as in C: towards zero. Bit operators in two's complement; shifts by 0..31. */
  | {
      readonly kind: 'arithmetic'
      readonly operator: '+' | '-' | '*' | '/' | '%' | '&' | '|' | '^' | '<<' | '>>'
      readonly left: Num
      readonly right: Num
    }
  /** Only the chosen side has a value. */
  | {
      readonly kind: 'conditional'
      readonly test: Test
      readonly then: Num
      readonly otherwise: Num
    }

/** Truth values; `and` and `or` look at what comes later only if they must. */
export type Test =
  | { readonly kind: 'constant'; readonly value: boolean }
  | {
      readonly kind: 'compare'
      readonly operator: '==' | '!=' | '<' | '<=' | '>' | '>='
      readonly left: Num
      readonly right: Num
    }
  | { readonly kind: 'not'; readonly operand: Test }
  | { readonly kind: 'and' | 'or'; readonly operands: readonly Test[] }
  | { readonly kind: 'some' | 'every'; readonly index: Index; readonly test: Test }

/** Why a row cannot be exported: a construct that a target has no words for. */
export interface Refusal {
  readonly construct: string
  readonly place: SourceNote | null
}
