import type {
  Expression,
  Label,
  Op,
  Pool,
  Shrinker,
  Statement,
  Variable,
} from '../analysis/model.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type { Environment } from './environment.js'
import type { Expr, Slot, ValueType } from './expression.js'
import type { Interval } from './ranges.js'
import type { TypeResolver } from './resolve-type.js'
import type { Call, Instruction, Site } from './system.js'
import type { Target } from './target.js'

type Without<T> = T extends unknown ? Omit<T, 'site' | 'next' | 'region'> : never
/** An instruction as lowering writes it: jumps go to targets; `goto` exists only here. */
export type Draft =
  | Without<Exclude<Instruction, { kind: 'branch' | 'either' }>>
  | { kind: 'branch'; test: Expr; then: Target; otherwise: Target }
  | { kind: 'either'; targets: readonly Target[] }
  | {
      kind: 'goto'
      target: Target /** The back edge of a `for`: it ends by itself. */
      bounded: boolean
    }

export interface Placed {
  readonly draft: Draft
  readonly site: Site
  readonly region: number
  /** User locals in scope before this instruction. */
  readonly scope: readonly Slot[]
}

/** A `goto`, whose jump may enter scopes: `cleared` is filled in once the label's scope is known. */
export interface Jump {
  readonly environment: ReadonlyMap<Label, unknown>
  readonly label: Label
  readonly scope: readonly Slot[]
  readonly cleared: Slot[]
}

/** What all codes of one system share while they are built. */
export interface Shared {
  readonly types: TypeResolver
  readonly variables: ReadonlyMap<Variable, number>
  readonly pools: ReadonlyMap<Pool, number>
  readonly ops: ReadonlyMap<string, Op>
  readonly ignored: ReadonlySet<string>
  readonly headlines: ReadonlyMap<string, string>
  readonly diagnostics: Diagnostic[]
  /** The source text of a span, on one line. */
  readonly text: (span: Span) => string
  nextCall: number
  readonly shrinkers: readonly Shrinker[]
  /** The ops that `call_rcu` queues, by number; grows while bodies are lowered. */
  readonly callbacks: Op[]
  /** Expressions hold calls, calls hold bodies, bodies hold expressions: the two ways round are tied together here. */
  readonly lowerValue: (b: Builder, env: Environment, e: Expression) => Expr
  readonly lowerBody: (b: Builder, env: Environment, body: readonly Statement[]) => void
}

/** The locals of a property are never part of a state, so nothing need be bounded that the model did not bound. */
function unbounded(type: ValueType): ValueType {
  switch (type.kind) {
    case 'int':
      return type.inferred ? { ...type, from: -(2 ** 31), to: 2 ** 31 - 1, inferred: false } : type
    case 'array':
      return { ...type, of: unbounded(type.of) }
    case 'struct': {
      const fields = type.fields.map((field) => ({ ...field, type: unbounded(field.type) }))
      return { ...type, fields }
    }
    default:
      return type
  }
}

export type CodeKind = 'process' | 'init' | 'property'

/** Where unfolding stops: far above any real model, far below what memory holds. */
export const instructionLimit = 200_000

export class TooLarge extends Error {}

/** Writes the instructions of one code, with its scopes, slots, regions and call sites. */
export class Builder {
  readonly shared: Shared
  readonly kind: CodeKind
  readonly placed: Placed[] = []
  readonly slots: Slot[] = []
  jumps: Jump[] = []
  /** Inside a shrinker: an alloc there does not reclaim. */
  shrinking = false
  /** The values the index of the process's family takes. */
  family: Interval | null = null
  /** Range of a loop variable, which the range analysis takes as given. */
  readonly loops = new Map<Slot, { from: Expr; to: Expr }>()
  #scope: readonly Slot[] = []
  #height = 0
  /** Height at the start of the innermost frame: cells below it belong to somebody outside. */
  #floor = 0
  #region = 0
  #nextRegion = 1
  /** `atomic`: shared writes allowed; `check`: reading only. */
  #regionMode: 'atomic' | 'check' = 'atomic'
  /** True from the start of an atomic block until something other than plain local computation is written. */
  #leading = false
  #site: Site

  constructor(shared: Shared, kind: CodeKind, span: Span) {
    this.shared = shared
    this.kind = kind
    const call: Call = {
      id: shared.nextCall++,
      op: null,
      annotation: null,
      parent: null,
      span,
      statement: span,
      parameters: [],
    }
    this.#site = { span, statement: span, annotation: null, call }
  }

  get site(): Site {
    return this.#site
  }

  get region(): number {
    return this.#region
  }

  /** Inside a condition, an invariant or a `finally`: nothing shared may be written. */
  get readOnly(): boolean {
    return this.kind === 'property' || (this.#region !== 0 && this.#regionMode === 'check')
  }

  get leading(): boolean {
    return this.#leading
  }

  get scope(): readonly Slot[] {
    return this.#scope
  }

  report(diagnostic: Diagnostic): void {
    const known = this.shared.diagnostics.some(
      (other) =>
        other.code === diagnostic.code &&
        other.at.file === diagnostic.at.file &&
        other.at.from === diagnostic.at.from,
    )
    if (!known) this.shared.diagnostics.push(diagnostic)
  }

  emit(draft: Draft): void {
    const still = ['assign', 'enter', 'clear', 'interrupt'].includes(draft.kind)
    if (!still && draft.kind !== 'atomic') this.#leading = false
    if (this.placed.length >= instructionLimit) throw new TooLarge()
    this.placed.push({ draft, site: this.#site, region: this.#region, scope: this.#scope })
  }

  /** A branch, or a jump where the test is known. */
  branch(test: Expr, then: Target, otherwise: Target): void {
    if (test.kind === 'literal') this.goto(test.value !== 0 ? then : otherwise)
    else this.emit({ kind: 'branch', test, then, otherwise })
  }

  goto(to: Target, bounded = false): void {
    this.emit({ kind: 'goto', target: to, bounded })
  }

  place(label: Target): void {
    label.at = this.placed.length
    this.#leading = false
  }

  /** Runs `body` with the site narrowed to a statement (and back). */
  at<T>(site: Partial<Site>, body: () => T): T {
    const outer = this.#site
    this.#site = { ...outer, ...site }
    const result = body()
    this.#site = outer
    return result
  }

  value(env: Environment, e: Expression): Expr {
    return this.shared.lowerValue(this, env, e)
  }

  body(env: Environment, statements: readonly Statement[]): void {
    this.shared.lowerBody(this, env, statements)
  }

  // ---- slots

  /** A cell for a local that is not in scope yet: its initialiser comes first. */
  reserve(name: string, type: ValueType): Slot {
    return this.#slot(name, type, false)
  }

  /** From here on the local is in scope, to the end of the innermost frame. */
  enterScope(slot: Slot): void {
    this.#scope = [...this.#scope, slot]
  }

  /** A temporary; its cell is free again when the enclosing `frame` ends. */
  temporary(name: string, type: ValueType): Slot {
    return this.#slot(name, type, true)
  }

  #slot(name: string, type: ValueType, temporary: boolean): Slot {
    const held = this.kind === 'property' ? unbounded(type) : type
    const slot: Slot = { index: this.#height, name, type: held, temporary, id: this.slots.length }
    this.#height += 1
    this.slots.push(slot)
    return slot
  }

  /** Locals and temporaries made in `body` end with it. */
  frame<T>(body: () => T): T {
    const scope = this.#scope
    const height = this.#height
    const floor = this.#floor
    this.#floor = height
    const result = body()
    this.#scope = scope
    this.#height = height
    this.#floor = floor
    return result
  }

  /** Temporaries made in `body` end with it; locals it declares stay (a statement of a block). */
  statement<T>(body: () => T): T {
    const result = body()
    const top = this.#scope.at(-1)
    this.#height = Math.max(this.#floor, top === undefined ? 0 : top.index + 1)
    return result
  }

  /** The gotos of one body, which is complete now. */
  takeJumps(environment: { readonly labels: ReadonlyMap<Label, unknown> }): readonly Jump[] {
    const own = this.jumps.filter((jump) => jump.environment === environment.labels)
    this.jumps = this.jumps.filter((jump) => jump.environment !== environment.labels)
    return own
  }

  // ---- regions

  /** Everything `body` writes is one transition. Inside a region this changes nothing but the mode. */
  inRegion(what: 'atomic' | 'await' | 'check' | 'interrupt', body: () => void): void {
    const mode = what === 'atomic' || what === 'interrupt' ? 'atomic' : 'check'
    const outerMode = this.#regionMode
    if (this.#region !== 0) {
      if (mode === 'check') this.#regionMode = 'check'
      body()
      this.#regionMode = outerMode
      return
    }
    const opens = this.#nextRegion++
    this.emit({ kind: 'atomic', opens, what })
    this.#region = opens
    this.#regionMode = mode
    this.#leading = true
    body()
    this.#leading = false
    this.#region = 0
    this.#regionMode = outerMode
  }
}
