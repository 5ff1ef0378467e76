import type { Span } from '../source/span.js'
import type { SourceText } from '../source/text.js'
import type { BinaryOperator } from '../syntax/tree.js'
import type { BuiltinName } from './builtins.js'

/**
 * The checked model: every name resolved, every expression typed. Values of params and design choices are
 * still open: they are `Constant`s, fixed by a `Configuration` (one row of the design space). Types only.
 */

// ---- constants: params, design choices, consts

export interface Constant {
  readonly kind: 'constant'
  readonly name: string
  readonly span: Span
  readonly role: 'param' | 'design' | 'const'
  readonly type: Type
  /**
   * Its value in terms of other constants: a const's value, a param's default or what `use … with` sets
   * it to, a design choice's default.
   */
  readonly value: Expression
  /** May be given on the command line: design choices, and params no `use … with` sets. */
  readonly settable: boolean
}

/** A value for every constant: ints as they are, bool 0/1, enumerators by index. */
export type Configuration = ReadonlyMap<Constant, number>

// ---- types

/** Constant expressions over params and design choices. */
export interface Range {
  readonly from: Expression
  readonly to: Expression
}

export interface Enumeration {
  readonly kind: 'enumeration'
  /** Of an unnamed one: the design choice or param it belongs to. */
  readonly name: string
  readonly values: readonly string[]
}

export interface Member {
  readonly kind: 'member'
  readonly name: string
  readonly span: Span
  readonly type: Type
  readonly initial: Expression | null
}

export interface Struct {
  readonly kind: 'struct'
  readonly name: string
  readonly span: Span
  readonly members: readonly Member[]
  /** The pools of this struct, in order; pointers to it range over all of them. */
  readonly pools: readonly Pool[]
}

/** Primitives that hold a state of their own: never copied, assigned or kept in a local. */
export type StrictLock =
  | 'spinlock_t'
  | 'rwlock_t'
  | 'mutex'
  | 'rwsem'
  | 'srcu'
  | 'rcu_head'
  | 'lockdep_map'

export type Type =
  | { readonly kind: 'void' }
  | { readonly kind: 'null' }
  | { readonly kind: 'bool' }
  /** Without a range: a local or parameter, whose range is inferred. */
  | { readonly kind: 'int'; readonly range: Range | null }
  | { readonly kind: 'enum'; readonly enumeration: Enumeration }
  /** `bits { … }`; a `bitlock` is `bits` with the one bit `locked`. */
  | { readonly kind: 'bits'; readonly bits: readonly string[] }
  | {
      readonly kind: 'counter'
      readonly which: 'refcount_t' | 'atomic_t'
      readonly range: Range | null
    }
  | { readonly kind: 'lock'; readonly which: StrictLock }
  | { readonly kind: 'struct'; readonly struct: Struct }
  /** To a struct with a pool: a value. To anything else: a parameter that takes `&place`. */
  | { readonly kind: 'pointer'; readonly to: Type }
  | { readonly kind: 'array'; readonly of: Type; readonly length: Expression }

// ---- storage

export interface Pool {
  readonly kind: 'pool'
  readonly name: string
  readonly span: Span
  readonly struct: Struct
  /** Null: the implicit pool `tasks`, one object a process, always live. */
  readonly size: Expression | null
  readonly safety: 'ordinary' | 'typesafe' | 'typesafe_by_rcu'
}

/** A shared variable; never of pool or void type. The initial value of an array is that of each element. */
export interface Variable {
  readonly kind: 'variable'
  readonly name: string
  readonly span: Span
  readonly type: Type
  readonly initial: Expression | null
}

/** A local, a parameter, a loop variable or the index of a thread family. */
export interface Local {
  readonly kind: 'local'
  readonly name: string
  readonly span: Span
  readonly type: Type
  readonly role: 'local' | 'parameter' | 'macro' | 'loop' | 'family'
}

// ---- expressions

/**
 * `type` of a place is the type of what is stored there. Places: shared, local, member, index, deref.
 * Conditions (tests, operands of `!`, `&&`, `||`) are of type bool: where a number or a pointer was written,
 * its comparison with 0 or null stands.
 */
export type Expression = { readonly span: Span; readonly type: Type } & (
  | { readonly kind: 'literal'; readonly value: number }
  | { readonly kind: 'constant'; readonly constant: Constant }
  | { readonly kind: 'local'; readonly local: Local }
  | { readonly kind: 'shared'; readonly variable: Variable }
  /** A pool's name; only as the array of an index, in `f - pool`, and as argument of alloc and destroy. */
  | { readonly kind: 'pool'; readonly pool: Pool }
  | { readonly kind: 'current' }
  /** `object` is a place of struct type: `p->m` is member(deref(p), m). */
  | { readonly kind: 'member'; readonly object: Expression; readonly member: Member }
  | { readonly kind: 'index'; readonly array: Expression; readonly index: Expression }
  | { readonly kind: 'deref'; readonly pointer: Expression }
  | { readonly kind: 'address'; readonly of: Expression }
  | { readonly kind: 'call'; readonly op: Op; readonly arguments: readonly Expression[] }
  /**
   * Arguments as `builtins.ts` describes them; a bit's name has become a literal, its index; a callback is a `call`
   * of the op without arguments.
   */
  | {
      readonly kind: 'builtin'
      readonly builtin: BuiltinName
      readonly arguments: readonly Expression[]
    }
  | {
      readonly kind: 'unary'
      readonly operator: '!' | '-' | '~'
      readonly operand: Expression
    }
  /** On pointers: ==, != compare addresses; pointer + int; pointer - pool gives the index. */
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Expression
      readonly right: Expression
    }
  | {
      readonly kind: 'conditional'
      readonly test: Expression
      readonly then: Expression
      readonly otherwise: Expression
    }
)

// ---- statements

export interface Label {
  readonly kind: 'label'
  readonly name: string
  readonly span: Span
}

export type Statement = { readonly span: Span; readonly annotation: string | null } & (
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  /** One local; `int a, b;` becomes two of these. */
  | { readonly kind: 'declare'; readonly local: Local; readonly initial: Expression | null }
  /** `operator` null: plain `=`. `x++` is `x += 1`. A struct assignment stays one statement. */
  | {
      readonly kind: 'assign'
      readonly target: Expression
      readonly operator: BinaryOperator | null
      readonly value: Expression
    }
  | { readonly kind: 'evaluate'; readonly expression: Expression }
  | {
      readonly kind: 'if'
      readonly test: Expression
      readonly then: Statement
      readonly otherwise: Statement | null
    }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: Statement }
  | {
      readonly kind: 'for-range'
      readonly local: Local
      readonly range: Range
      readonly body: Statement
    }
  | {
      readonly kind: 'for-pool'
      readonly local: Local
      readonly pool: Pool
      readonly body: Statement
    }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'return'; readonly value: Expression | null }
  | { readonly kind: 'label'; readonly label: Label }
  | { readonly kind: 'goto'; readonly label: Label }
  | { readonly kind: 'either'; readonly branches: readonly (readonly Statement[])[] }
  | { readonly kind: 'choose'; readonly local: Local; readonly range: Range }
  | { readonly kind: 'await'; readonly condition: Expression; readonly otherwise: string | null }
  | { readonly kind: 'atomic'; readonly body: readonly Statement[] }
  | { readonly kind: 'assert'; readonly condition: Expression; readonly message: string | null }
  | { readonly kind: 'fail'; readonly violation: string; readonly message: string | null }
  | { readonly kind: 'skip' }
)

// ---- the parts of a model

export interface Op {
  readonly kind: 'op'
  readonly name: string
  readonly span: Span
  readonly atomic: boolean
  readonly parameters: readonly Local[]
  readonly result: Type
  readonly annotation: string | null
  readonly body: readonly Statement[]
}

export interface Process {
  readonly kind: 'process'
  readonly name: string
  readonly span: Span
  readonly daemon: boolean
  readonly family: { readonly index: Local; readonly range: Range } | null
  /** A handler: what it is, and the name of the process on whose CPU it runs. */
  readonly context: { readonly which: 'hardirq' | 'softirq'; readonly on: string } | null
  readonly body: readonly Statement[]
}

/** Run inline by every `alloc` that reclaims; `gfp` holds that call's flags. */
export interface Shrinker {
  readonly kind: 'shrinker'
  readonly name: string
  readonly span: Span
  readonly gfp: Local
  readonly body: readonly Statement[]
}

export interface Property {
  readonly name: string | null
  readonly span: Span
  readonly body: readonly Statement[]
}

export interface Cover {
  readonly name: string
  readonly span: Span
  readonly condition: Expression
}

export interface Expectation {
  readonly span: Span
  readonly verdict: 'holds' | 'violated'
  readonly kinds: readonly string[]
  /** Null: always (`otherwise`). */
  readonly when: Expression | null
}

export interface CheckedModel {
  readonly name: string
  /** The model's own file first, then the used ones in the order they were read. */
  readonly sources: ReadonlyMap<string, SourceText>
  /** In an order in which each one's value uses only earlier ones. */
  readonly constants: readonly Constant[]
  readonly structs: readonly Struct[]
  readonly pools: readonly Pool[]
  readonly variables: readonly Variable[]
  readonly ops: readonly Op[]
  /** Used files' first, in the order of use. */
  readonly init: readonly (readonly Statement[])[]
  readonly processes: readonly Process[]
  readonly shrinkers: readonly Shrinker[]
  /** An `invariant n (c);` has become the body `if (!c) fail invariant "n";`. */
  readonly invariants: readonly Property[]
  readonly finals: readonly Property[]
  readonly covers: readonly Cover[]
  /** Headline of each kind the model declares itself. */
  readonly violations: ReadonlyMap<string, string>
  /** `check K` and `check not K`. */
  readonly checks: ReadonlyMap<string, boolean>
  readonly expectations: readonly Expectation[]
}
