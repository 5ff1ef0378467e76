import type * as syntax from '../syntax/tree.js'
import { poisoned } from './check-name.js'
import type { Checks } from './checks.js'
import type { Expression, Type } from './model.js'
import { isPoolSlot, requireWritable } from './places.js'
import type { Context } from './scopes.js'
import { isPoison, poison } from './types.js'

/**
 * Arguments of pointer parameters: the one position where the address of any place may stand.
 *
 * `place`: `&x` of something that is no slot of a pool. `pointer`: a pointer value, or a pointer parameter
 * handed on. `none`: no pointer at all; the caller says what it wanted.
 */
export interface PointerArgument {
  readonly origin: 'place' | 'pointer' | 'none'
  readonly expression: Expression
  readonly to: Type
}

export function checkPointer(
  checks: Checks,
  context: Context,
  argument: syntax.Expression,
): PointerArgument {
  const checked = checks.raw(context, argument)
  const { type } = checked
  if (isPoison(type)) return { origin: 'none', expression: checked, to: poison }
  if (checked.kind === 'pool' || type.kind !== 'pointer') {
    return { origin: 'none', expression: checked, to: poison }
  }
  if (checked.kind !== 'address') return { origin: 'pointer', expression: checked, to: type.to }
  if (isPoolSlot(checked.of)) return { origin: 'pointer', expression: checked, to: type.to }
  if (!requireWritable(context, checked.of)) {
    return { origin: 'none', expression: poisoned(checked.span), to: poison }
  }
  return { origin: 'place', expression: checked, to: type.to }
}
