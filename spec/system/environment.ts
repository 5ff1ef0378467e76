import type { Expression, Label, Local } from '../analysis/model.js'
import type { Expr, Place, Slot } from './expression.js'
import type { Target } from './target.js'

/** What a name of the source stands for where an op has been unfolded. */
export type Binding =
  | { readonly kind: 'slot'; readonly slot: Slot }
  /** A parameter nobody assigns to: what was passed stands for it. */
  | { readonly kind: 'value'; readonly value: Expr }
  /** A pointer parameter that was given `&place`. */
  | { readonly kind: 'place'; readonly place: Place }
  /** A `macro` parameter: the caller's expression, evaluated anew where it is used. */
  | { readonly kind: 'macro'; readonly expression: Expression; readonly environment: Environment }

/** Names and jump targets of one body: a process, a property or one unfolded op. */
export interface Environment {
  readonly bindings: Map<Local, Binding>
  readonly labels: Map<Label, { target: Target; scope: readonly Slot[] | null }>
  readonly returns: { readonly target: Target; readonly slot: Slot | null } | null
  readonly breaks: Target | null
  readonly continues: Target | null
}

export const environment = (returns: Environment['returns']): Environment => ({
  bindings: new Map(),
  labels: new Map(),
  returns,
  breaks: null,
  continues: null,
})
