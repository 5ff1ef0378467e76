import type { Span } from '../source/span.js'
import type { SourceText } from '../source/text.js'
import type { Expr, Place, Slot, ValueType } from './expression.js'

/**
 * The transition system: what a model means in one row of its design space, as data. Control flow is flattened
 * to instructions, ops are inlined, constants are gone; values and places stay structured. The interpreter walks
 * it, the compiler and the exporters read it. Nothing here knows syntax.
 *
 * A transition of a process starts at its location with a *visible* instruction (one access to shared state, or
 * one primitive), and goes on through invisible ones (computation on locals) up to the next visible one. Inside a
 * `region` (an atomic block, an `await`, an `assert`) all instructions belong to the same transition.
 */
export interface TransitionSystem {
  readonly name: string
  readonly sources: ReadonlyMap<string, SourceText>
  readonly shared: readonly SharedVariable[]
  readonly pools: readonly PoolStorage[]
  /** Codes of processes; the instances of a family share one. */
  readonly codes: readonly Code[]
  /** Threads and daemons, in the order of declaration; the index is the process's identity. */
  readonly processes: readonly ProcessInstance[]
  /** Run one after the other in one instant to make the initial states. */
  readonly init: readonly Code[]
  readonly invariants: readonly PropertyCode[]
  readonly finals: readonly PropertyCode[]
  readonly covers: readonly CoverCode[]
  /** Headline of every violation kind, the semantics' and the model's own. */
  readonly headlines: ReadonlyMap<string, string>
  /** Kinds whose report is left out (`check not K`). */
  readonly ignored: ReadonlySet<string>
  /** Kinds that were asked for (`check data-race`). */
  readonly asked: ReadonlySet<string>
  /** Lines of the model's processes that lowering kept in this row: what coverage is measured against. */
  readonly lines: readonly Span[]
}

export interface SharedVariable {
  readonly name: string
  readonly span: Span
  readonly type: ValueType
  readonly initial: InitialValue
}

/** Values as `interpreter/value.ts` codes them; aggregates nest as arrays and records. */
export type InitialValue =
  | number
  | readonly InitialValue[]
  | { readonly [field: string]: InitialValue }

export interface PoolStorage {
  readonly name: string
  readonly span: Span
  readonly size: number
  readonly safety: 'ordinary' | 'typesafe' | 'typesafe_by_rcu' | 'tasks'
  readonly type: ValueType & { readonly kind: 'struct' }
  readonly initial: { readonly [field: string]: InitialValue }
  /** Members with an initialiser: set at every alloc, also in a `typesafe_by_rcu` pool. */
  readonly initialised: readonly string[]
  /** Number of the pool's first object among all objects its struct has; see pointers in `value.ts`. */
  readonly base: number
}

export interface ProcessInstance {
  /** `vcpu0` for an instance of a family, else the declared name. */
  readonly name: string
  readonly declared: string
  readonly daemon: boolean
  readonly code: number
  /** The family's index value, or null. */
  readonly family: number | null
  /** What it runs as. Callbacks run in softirq context on a CPU nobody else uses. */
  readonly context: 'task' | 'softirq' | 'hardirq'
  /** A handler's: the process on whose CPU it runs. */
  readonly on: number | null
  /** Runs the callbacks of `call_rcu`; not written in the model. */
  readonly callbacks: boolean
}

export interface PropertyCode {
  readonly name: string | null
  readonly span: Span
  readonly code: Code
}

/** The condition ends in slot `result`. */
export interface CoverCode {
  readonly name: string
  readonly span: Span
  readonly code: Code
  readonly result: Expr
}

/** Index into `Code.instructions`. */
export type Location = number

export interface Code {
  readonly name: string
  readonly span: Span
  readonly instructions: readonly Instruction[]
  readonly entry: Location
  readonly slots: readonly Slot[]
  /** How many cells a process of this code has in the state: one more than the largest slot index. */
  readonly cells: number
  /** By location: the slots that keep their value when control rests there; all others are empty. */
  readonly kept: readonly (readonly Slot[])[]
  /** The locations at which a daemon is between two runs of its body. */
  readonly idle: ReadonlySet<Location>
}

/** One inlined call, or the body of a process at the top (`op` null). Identity is by object. */
export interface Call {
  readonly id: number
  readonly op: string | null
  /** `@ "file:function"` of the op. */
  readonly annotation: string | null
  readonly parent: Call | null
  /** Of the call expression in the caller, and of the statement it is part of. */
  readonly span: Span
  readonly statement: Span
  /** The parameters and what was passed: a slot holding the value, or the caller's own text of the place. */
  readonly parameters: readonly CallParameter[]
}

export interface CallParameter {
  readonly name: string
  readonly slot: Slot | null
  readonly text: string
}

/** Where an instruction comes from. */
export interface Site {
  /** The smallest text that is this step. */
  readonly span: Span
  /** The statement it is part of, in the innermost op. */
  readonly statement: Span
  /** `@ "…"` of that statement. */
  readonly annotation: string | null
  readonly call: Call
}

export type LockAction =
  | 'spin-lock'
  | 'spin-unlock'
  | 'mutex-lock'
  | 'mutex-unlock'
  | 'read-lock'
  | 'read-unlock'
  | 'write-lock'
  | 'write-unlock'
  | 'downgrade'
  /** Into and out of an SRCU read section, or a lockdep map: never blocks. */
  | 'section-enter'
  | 'section-leave'

/** What a process can be inside of, besides locks. */
export type Section = 'preempt' | 'irqs' | 'bh' | 'rcu'

/** A violation an instruction may raise, when `when` is not zero. */
export interface TrapRule {
  readonly when: Expr
  readonly kind: string
  readonly message: string
}

export type Instruction = {
  readonly site: Site
  /** The location that follows; unused by branch, either and end. */
  readonly next: Location
  /** 0: none. Else the region this instruction is inside of: it never starts a transition. */
  readonly region: number
} & ( // ---- invisible: computation on locals
  | { readonly kind: 'assign'; readonly slot: Slot; readonly value: Expr }
  /** Makes slots uninitialised: a declaration without initialiser, a jump into a scope. */
  | { readonly kind: 'clear'; readonly slots: readonly Slot[] }
  | {
      readonly kind: 'branch'
      readonly test: Expr
      readonly then: Location
      readonly otherwise: Location
    }
  | { readonly kind: 'either'; readonly targets: readonly Location[] }
  | { readonly kind: 'choose'; readonly slot: Slot; readonly from: Expr; readonly to: Expr }
  /** Marks in the flow where an inlined call begins and ends; for traces. */
  | { readonly kind: 'enter'; readonly call: Call }
  | { readonly kind: 'leave'; readonly call: Call }
  /** `violation` unless `condition`: assert, BUG_ON, WARN_ON. Never visible itself: a shared condition is in a region. */
  | {
      readonly kind: 'require'
      readonly condition: Expr
      readonly violation: string
      readonly message: string
    }
  | { readonly kind: 'fail'; readonly violation: string; readonly message: string }
  // ---- one access each. Visible unless the place is local or the instruction is in a region
  | { readonly kind: 'load'; readonly slot: Slot; readonly place: Place; readonly marked: boolean }
  | {
      readonly kind: 'store'
      readonly place: Place
      readonly value: Expr
      readonly marked: boolean
    }
  /** An atomic read-modify-write: `old` gets the value; traps are tested; when `when` is not zero, `value` is stored. */
  | {
      readonly kind: 'update'
      readonly name: string
      readonly place: Place
      readonly old: Slot
      readonly traps: readonly TrapRule[]
      readonly when: Expr
      readonly value: Expr
    }
  /** `result`: a trylock, which never blocks and puts 0 or 1 there. */
  | {
      readonly kind: 'lock'
      readonly name: string
      readonly action: LockAction
      readonly place: Place
      readonly result: Slot | null
    }
  | {
      readonly kind: 'assert-held'
      readonly name: string
      readonly place: Place
      readonly mode: 'any' | 'read' | 'write' | 'not'
    }
  /** `wait_on_bit`, and with `take` `wait_on_bit_lock`: parks when the bit is set. */
  | {
      readonly kind: 'bit-wait'
      readonly place: Place
      readonly bit: number
      readonly take: boolean
    }
  /** `wake_up_bit`, and with `clear` `clear_and_wake_up_bit`. */
  | {
      readonly kind: 'bit-wake'
      readonly place: Place
      readonly bit: number
      readonly clear: boolean
    }
  /** Any dead slot of the pool, or the given object; `flags` null: GFP_KERNEL. */
  | {
      readonly kind: 'alloc'
      readonly pool: number
      readonly object: Expr | null
      readonly flags: Expr | null
      readonly slot: Slot
    }
  | { readonly kind: 'free'; readonly pointer: Expr; readonly pools: readonly number[] }
  | { readonly kind: 'destroy'; readonly pool: number }
  | { readonly kind: 'touch'; readonly pointer: Expr; readonly pools: readonly number[] }
  /** `slot` becomes the live object of the pool with the least index >= from, or null. */
  | { readonly kind: 'next-live'; readonly pool: number; readonly from: Expr; readonly slot: Slot }
  // ---- contexts and RCU
  /** Enters (`by` 1) or leaves (-1) a section that only the caller's context knows of; sections nest. */
  | {
      readonly kind: 'context'
      readonly name: string
      readonly which: Section
      readonly by: 1 | -1
    }
  /** `preemptible()`. */
  | { readonly kind: 'preemptible'; readonly slot: Slot }
  | { readonly kind: 'might-sleep'; readonly name: string }
  /** `synchronize_rcu` (`domain` null) or `synchronize_srcu`: remembers the readers, then waits for them. */
  | { readonly kind: 'grace'; readonly name: string; readonly domain: Place | null }
  /** Queues the head at `place` with the callback of that number. */
  | { readonly kind: 'call-rcu'; readonly place: Place; readonly callback: number }
  | { readonly kind: 'rcu-barrier' }
  /** The callback runner: takes a head whose readers have left; gives its number, its callback, its object. */
  | {
      readonly kind: 'callback-begin'
      readonly head: Slot
      readonly callback: Slot
      /** By callback: where it finds its object. */
      readonly objects: readonly Slot[]
    }
  | { readonly kind: 'callback-end'; readonly head: Expr }
  /** A handler begins, when its CPU lets it: the first thing in its region. */
  | { readonly kind: 'interrupt' }
  // ---- structure
  /** Begins a region (always visible outside of one): `region` of what follows is `opens`. */
  | {
      readonly kind: 'atomic'
      readonly opens: number
      readonly what: 'atomic' | 'await' | 'check' | 'interrupt'
    }
  /** Not enabled unless `condition`; the first thing in its region. `otherwise`: the kind `else` names. */
  | { readonly kind: 'guard'; readonly condition: Expr; readonly otherwise: string | null }
  /** The end of a body: a thread has finished, a daemon goes to its entry, a property is done. */
  | { readonly kind: 'end' }
)
