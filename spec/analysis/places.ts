import type { Expression, Local } from './model.js'
import type { Context } from './scopes.js'
import { notAPlace, readOnly } from './type-errors.js'

/** Places: what can be read and written, and who may write it. */

export const isPlace = (expression: Expression): boolean =>
  expression.kind === 'local' ||
  expression.kind === 'shared' ||
  expression.kind === 'index' ||
  expression.kind === 'deref' ||
  expression.kind === 'member'

/** `pool[i]`: the one place whose address is a value. */
export const isPoolSlot = (place: Expression): boolean =>
  place.kind === 'index' && place.array.kind === 'pool'

/** The local a place is a part of; null when it is reached through a pointer or shared. */
function rootLocal(place: Expression): Local | null {
  switch (place.kind) {
    case 'local':
      return place.local
    case 'member':
      return rootLocal(place.object)
    case 'index':
      return rootLocal(place.array)
    default:
      return null
  }
}

const fixedRoles: Readonly<Record<string, string>> = {
  loop: 'the variable of a `for`',
  family: 'the index of its family',
  macro: 'a macro parameter',
}

/** Reports why something cannot be written, and gives whether it can be. */
export function requireWritable(context: Context, place: Expression): boolean {
  const { globals } = context
  if (place.kind === 'constant') {
    const { constant } = place
    const what = { param: 'a param', design: 'a design choice', const: 'a const' }[constant.role]
    globals.report(readOnly(place.span, constant.name, what, constant.span))
    return false
  }
  if (!isPlace(place)) {
    const why = place.kind === 'call' || place.kind === 'builtin' ? 'a call gives a value' : ''
    globals.report(notAPlace(place.span, why || 'it has no memory of its own'))
    return false
  }
  const local = rootLocal(place)
  const what = local ? fixedRoles[local.role] : undefined
  if (local && what) {
    globals.report(readOnly(place.span, local.name, what, local.span))
    return false
  }
  return true
}
