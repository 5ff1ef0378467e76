import type * as syntax from '../syntax/tree.js'
import type { Expression, Type } from './model.js'
import type { Context } from './scopes.js'
import type { Wanted } from './type-errors.js'

/** How parts of an expression are checked; handed to the files that check calls, so that none imports in a circle. */
export interface Checks {
  /** As written: a place, a pool or a pointer parameter may come out. */
  raw(context: Context, expression: syntax.Expression, expected?: Type | null): Expression
  /** Used as a value: a pointer that is no object of a pool is refused here. */
  value(context: Context, expression: syntax.Expression, expected?: Type | null): Expression
  /** Used as a condition: numbers and pointers become comparisons with 0 and null. */
  condition(context: Context, expression: syntax.Expression): Expression
  /** A value of this type. */
  fitting(context: Context, expression: syntax.Expression, wanted: Wanted): Expression
}
