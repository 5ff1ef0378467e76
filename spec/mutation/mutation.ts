import type { Span } from '../source/span.js'

/**
 * A small change of a model that makes it worse, or ought to: if the model holds just the same, something in it is not
 * needed or not looked at. Plain data: it travels between threads.
 */
export interface Mutation {
  readonly kind: MutationKind
  /** Unique in its file: `down_read(&invalidate_lock) in fault`; what a `// redundant:` line says. */
  readonly name: string
  /** The statement or declaration that is changed, the first of them where there are several. */
  readonly at: Span
  /** What was done to it, in words. */
  readonly done: string
  readonly edits: readonly Edit[]
  /** A row whose processes execute none of these is not asked; empty: every row is. */
  readonly touches: readonly Span[]
}

/** One place of the syntax tree, by its span, and what becomes of it. */
export type Edit =
  /** A statement becomes `skip`; a declaration is gone. */
  | { readonly kind: 'remove'; readonly at: Span }
  /** The call that a statement is calls another op. */
  | { readonly kind: 'rename'; readonly at: Span; readonly callee: string }
  /** Two statements of one block, one behind the other, change places. */
  | { readonly kind: 'swap'; readonly first: Span; readonly second: Span }

export const mutationKinds = [
  'locks',
  'modes',
  'sections',
  'rechecks',
  'unmaps',
  'references',
  'assertions',
  'invariants',
  'order',
] as const

export type MutationKind = (typeof mutationKinds)[number]

/** What each kind does, for people. */
export const mutationTitles: Readonly<Record<MutationKind, string>> = {
  locks: 'a lock with its unlocks, or another section, taken out of a body',
  modes: 'an exclusive lock made shared; a lock that keeps handlers out made plain',
  sections: 'a lock taken one statement later, or released one earlier',
  rechecks: 'a test that leaves early taken out',
  unmaps: 'an unmap, zap or TLB flush taken out',
  references: 'a get or put of a reference taken out',
  assertions: 'an assert, BUG_ON, WARN_ON or fail taken out',
  invariants: 'an invariant taken out',
  order: 'two neighbouring statements that do not look at each other exchanged',
}
