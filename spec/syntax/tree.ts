import type { Span } from '../source/span.js'

/**
 * The syntax tree: what was written, nothing about what it means. Nodes are immutable and each has the
 * span of its text. Operations over the tree live in files named after them.
 */

export interface Name {
  readonly text: string
  readonly span: Span
}

/** `// …` or `/* … *​/`, kept for the formatter. `ownLine`: nothing but blanks before it on its line. */
export interface Comment {
  readonly text: string
  readonly span: Span
  readonly ownLine: boolean
}

export interface SourceFile {
  readonly kind: 'file'
  readonly path: string
  readonly span: Span
  readonly declarations: readonly Declaration[]
  readonly comments: readonly Comment[]
}

// ---- types

export type LockKind =
  | 'spinlock_t'
  | 'rwlock_t'
  | 'mutex'
  | 'rwsem'
  | 'bitlock'
  | 'srcu'
  | 'rcu_head'
  | 'lockdep_map'

export interface RangeSyntax {
  readonly from: Expression
  readonly to: Expression
}

export type TypeSyntax = { readonly span: Span } & (
  | { readonly kind: 'bool' }
  /** `int` or `int a..b`; without `int` (`param n : 1..4`) the same node with `bare` set. */
  | { readonly kind: 'int'; readonly range: RangeSyntax | null; readonly bare: boolean }
  | {
      readonly kind: 'counter'
      readonly which: 'refcount_t' | 'atomic_t'
      readonly range: RangeSyntax | null
    }
  | { readonly kind: 'lock'; readonly which: LockKind }
  | { readonly kind: 'bits'; readonly bits: readonly Name[] }
  /** `{ a, b }` written in place, in a `design` or `param` entry. */
  | { readonly kind: 'choice'; readonly values: readonly Name[] }
  /** A struct, enum or typedef by name. */
  | { readonly kind: 'named'; readonly name: Name }
  | { readonly kind: 'pointer'; readonly to: TypeSyntax }
)

/** One declared name: `name[dims] = init`. */
export interface Declarator {
  readonly name: Name
  readonly span: Span
  readonly dimensions: readonly Expression[]
  readonly initial: Expression | null
}

// ---- declarations

export interface Member {
  readonly span: Span
  readonly type: TypeSyntax
  readonly declarators: readonly Declarator[]
}

export interface Parameter {
  readonly span: Span
  readonly name: Name
  readonly type: TypeSyntax
  /** `macro`: passed by name, evaluated anew at each use. */
  readonly macro: boolean
}

export interface DesignEntry {
  readonly span: Span
  readonly name: Name
  /** Null promotes a library parameter of that name to a choice. */
  readonly type: TypeSyntax | null
  readonly initial: Expression
}

export type Declaration = { readonly span: Span } & (
  | { readonly kind: 'model'; readonly name: Name }
  | { readonly kind: 'use'; readonly path: string; readonly settings: readonly Setting[] }
  | { readonly kind: 'const'; readonly name: Name; readonly value: Expression }
  | {
      readonly kind: 'param'
      readonly name: Name
      readonly type: TypeSyntax
      readonly initial: Expression
    }
  | { readonly kind: 'design'; readonly entries: readonly DesignEntry[] }
  | { readonly kind: 'enum'; readonly name: Name; readonly values: readonly Name[] }
  | { readonly kind: 'struct'; readonly name: Name; readonly members: readonly Member[] }
  | { readonly kind: 'typedef'; readonly name: Name; readonly type: TypeSyntax }
  | {
      readonly kind: 'pool'
      readonly element: Name
      readonly name: Name
      readonly size: Expression
      readonly safety: 'ordinary' | 'typesafe' | 'typesafe_by_rcu'
    }
  /** Shared variables and locks. */
  | {
      readonly kind: 'variable'
      readonly type: TypeSyntax
      readonly declarators: readonly Declarator[]
    }
  | OpDeclaration
  | { readonly kind: 'init'; readonly body: Block }
  | ProcessDeclaration
  | { readonly kind: 'shrinker'; readonly name: Name; readonly body: Block }
  | {
      readonly kind: 'invariant'
      readonly name: Name | null
      /** One of the two is given: `invariant n (c);` or `invariant n { … }`. */
      readonly condition: Expression | null
      readonly body: Block | null
    }
  | { readonly kind: 'finally'; readonly body: Block }
  | { readonly kind: 'cover'; readonly name: Name | null; readonly condition: Expression }
  | { readonly kind: 'violation'; readonly name: Name; readonly headline: string }
  | { readonly kind: 'check'; readonly items: readonly CheckItem[] }
  | {
      readonly kind: 'expect'
      readonly verdict: 'holds' | 'violated'
      readonly kinds: readonly Name[]
      /** Null: `otherwise`, or nothing was written, which means the same. */
      readonly when: Expression | null
    }
)

export interface Setting {
  readonly name: Name
  readonly value: Expression
}

export interface CheckItem {
  readonly kind: Name
  readonly on: boolean
}

export interface OpDeclaration {
  readonly kind: 'op'
  readonly span: Span
  readonly atomic: boolean
  readonly weak: boolean
  /** Null: returns nothing. */
  readonly result: TypeSyntax | null
  readonly name: Name
  readonly parameters: readonly Parameter[]
  readonly annotation: string | null
  readonly body: Block
}

export interface ProcessDeclaration {
  readonly kind: 'process'
  readonly span: Span
  readonly daemon: boolean
  readonly name: Name
  /** `name[p in 0..n-1]`. */
  readonly family: { readonly index: Name; readonly range: RangeSyntax } | null
  /** `in hardirq on T`. */
  readonly context: { readonly which: 'hardirq' | 'softirq'; readonly on: Name } | null
  readonly body: Block
}

// ---- statements

export interface Block {
  readonly span: Span
  readonly statements: readonly Statement[]
}

export type AssignOperator =
  | '='
  | '+='
  | '-='
  | '*='
  | '/='
  | '%='
  | '&='
  | '|='
  | '^='
  | '<<='
  | '>>='

export type Statement = {
  readonly span: Span
  /** `@ "mm/truncate.c:truncate_inode_folio"` before the semicolon. */
  readonly annotation: string | null
} & (
  | { readonly kind: 'block'; readonly body: Block }
  | {
      readonly kind: 'declare'
      readonly type: TypeSyntax
      readonly declarators: readonly Declarator[]
    }
  | {
      readonly kind: 'assign'
      readonly target: Expression
      readonly operator: AssignOperator
      readonly value: Expression
    }
  /** `x++`, `x--`; the prefix forms are written the same way by the formatter. */
  | { readonly kind: 'step'; readonly target: Expression; readonly operator: '++' | '--' }
  | { readonly kind: 'call'; readonly call: Expression }
  | {
      readonly kind: 'if'
      readonly test: Expression
      readonly then: Statement
      readonly otherwise: Statement | null
    }
  | { readonly kind: 'while'; readonly test: Expression; readonly body: Statement }
  | {
      readonly kind: 'for-range'
      readonly name: Name
      readonly range: RangeSyntax
      readonly body: Statement
    }
  /** `for (f in pool)`, `for (t in tasks)`: the live objects. */
  | {
      readonly kind: 'for-pool'
      readonly name: Name
      readonly pool: Name
      readonly body: Statement
    }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'return'; readonly value: Expression | null }
  | { readonly kind: 'label'; readonly name: Name }
  | { readonly kind: 'goto'; readonly label: Name }
  | { readonly kind: 'either'; readonly branches: readonly Block[] }
  | { readonly kind: 'choose'; readonly name: Name; readonly range: RangeSyntax }
  | {
      readonly kind: 'await'
      readonly condition: Expression
      /** The violation kind after `else`. */
      readonly otherwise: Name | null
    }
  | { readonly kind: 'atomic'; readonly body: Block }
  | { readonly kind: 'assert'; readonly condition: Expression; readonly message: string | null }
  | { readonly kind: 'fail'; readonly violation: Name; readonly message: string | null }
  | { readonly kind: 'skip' }
)

// ---- expressions

export type UnaryOperator = '!' | '-' | '~' | '*' | '&'
export type BinaryOperator =
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

export type Expression = { readonly span: Span } & (
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'name'; readonly name: string }
  | {
      readonly kind: 'member'
      readonly object: Expression
      readonly arrow: boolean
      readonly name: Name
    }
  | { readonly kind: 'index'; readonly array: Expression; readonly index: Expression }
  | { readonly kind: 'call'; readonly callee: Name; readonly arguments: readonly Expression[] }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression }
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
