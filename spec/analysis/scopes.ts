import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type {
  Constant,
  Enumeration,
  Expression,
  Label,
  Local,
  Op,
  Pool,
  Type,
  Variable,
} from './model.js'

/** Names and what they stand for. Global names are flat over all files; locals nest by block. */

/** A part of the model while it is being filled in. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] }

/** A type by name. `resolve` gives poison after an error that has been reported. */
export interface TypeEntry {
  readonly what: 'struct' | 'enum' | 'typedef'
  readonly span: Span
  readonly resolve: () => Type
}

/** A value by name. */
export type ValueEntry = { readonly span: Span } & (
  | { readonly kind: 'constant'; readonly resolve: () => Constant | null }
  | { readonly kind: 'variable'; readonly variable: Draft<Variable> }
  | { readonly kind: 'pool'; readonly pool: Draft<Pool> }
  | { readonly kind: 'op'; readonly op: Draft<Op>; readonly weak: boolean }
  /** Declared, but not understood. */
  | { readonly kind: 'unknown' }
)

/** One call of an op, for the checks that need all of them: recursion, places passed as pointers. */
export interface CallSite {
  readonly from: Op | null
  readonly to: Op
  readonly span: Span
}

export interface Globals {
  readonly types: Map<string, TypeEntry>
  readonly values: Map<string, ValueEntry>
  /** With the place of its declaration; unnamed ones are called like their param or design choice. */
  readonly enumerations: Map<Enumeration, Span>
  /** Kinds the model declares itself. */
  readonly violations: Map<string, { readonly headline: string; readonly span: Span }>
  /** The implicit pool of processes; its struct collects the members of every `struct task`. */
  readonly tasks: Draft<Pool>
  /** What some text outside its own declaration mentions. */
  readonly used: Set<object>
  readonly calls: CallSite[]
  readonly pointerUses: PointerUses
  /** Divisors outside of constant expressions that are constant themselves. */
  readonly divisors: Expression[]
  report(diagnostic: Diagnostic): void
}

/** How pointer parameters are used: `&place` may be passed where the pointer is not kept. */
export interface PointerUses {
  /** A parameter used as a value of its own: stored, compared, returned, moved. The place of the first such use. */
  readonly kept: Map<Local, Span>
  /** A parameter handed on to another op's parameter. */
  readonly handedOn: { readonly from: Local; readonly to: Local }[]
  /** `&place` that is no pool slot, given to a parameter. */
  readonly places: { readonly to: Local; readonly op: Op; readonly at: Span }[]
}

export class Scope {
  readonly parent: Scope | null
  readonly #names = new Map<string, Local>()

  constructor(parent: Scope | null) {
    this.parent = parent
  }

  /** The one already there, if the name is taken in this very scope. */
  add(local: Local): Local | null {
    const taken = this.#names.get(local.name)
    if (taken) return taken
    this.#names.set(local.name, local)
    return null
  }

  find(name: string): Local | null {
    return this.#names.get(name) ?? this.parent?.find(name) ?? null
  }

  *names(): Iterable<string> {
    yield* this.#names.keys()
    if (this.parent) yield* this.parent.names()
  }
}

/** A body that is entered at its beginning only: a loop over values, `atomic`, a branch of `either`. */
export interface Barrier {
  readonly what: string
  readonly span: Span
}

export interface LabelEntry {
  readonly label: Label
  readonly enclosing: readonly Barrier[]
}

/** What a statement needs to know of the body it stands in. */
export interface Body {
  readonly what: 'op' | 'init' | 'process' | 'invariant' | 'finally' | 'condition'
  readonly op: Op | null
  /** Null: `return` takes no value. */
  readonly result: Type | null
  readonly labels: ReadonlyMap<string, LabelEntry>
}

export interface Context {
  readonly globals: Globals
  readonly scope: Scope
  /** Null outside of bodies. */
  readonly body: Body | null
  /** Where only constants may be used: what it is that needs one (`a range`). */
  readonly constant: string | null
  readonly loop: boolean
  readonly enclosing: readonly Barrier[]
}

export const constantContext = (globals: Globals, what: string): Context => ({
  globals,
  scope: new Scope(null),
  body: null,
  constant: what,
  loop: false,
  enclosing: [],
})

export const bodyContext = (globals: Globals, scope: Scope, body: Body): Context => ({
  globals,
  scope,
  body,
  constant: null,
  loop: false,
  enclosing: [],
})

/** Every value name that could stand at this place; for the nearest spelling. */
export function* visibleNames(context: Context): Iterable<string> {
  yield* context.scope.names()
  for (const [name, entry] of context.globals.values) {
    if (entry.kind !== 'op' && (!context.constant || entry.kind === 'constant')) yield name
  }
}

/** The enumerations that have a value of this name. */
export const ownersOf = (globals: Globals, value: string): readonly Enumeration[] =>
  [...globals.enumerations.keys()].filter((owner) => owner.values.includes(value))
