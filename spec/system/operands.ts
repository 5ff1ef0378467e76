import { type Builtin, builtins } from '../analysis/builtins.js'
import type { Expression } from '../analysis/model.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import type { Expr, Place } from './expression.js'
import { lowerPointed } from './lower-place.js'
import { settled, settledPlace } from './steady.js'

export type BuiltinCall = Expression & { kind: 'builtin' }

export const argument = (e: BuiltinCall, at: number): Expression => {
  const found = e.arguments[at]
  if (!found) throw new Error(`missing argument ${at} of ${e.builtin}`)
  return found
}

/** Which argument is the place, by the table of sorts. */
const placeArgument = (e: BuiltinCall): number =>
  (builtins[e.builtin] as Builtin).arguments.findIndex((sort) => /\*$|^place|^lock:/.test(sort))

/** Lowers the arguments in the order of the text: the place, and the values of the others. */
export function operands(
  b: Builder,
  env: Environment,
  e: BuiltinCall,
): { place: Place; given: readonly Expr[] } {
  const which = placeArgument(e)
  let place: Place | null = null
  const given: Expr[] = []
  for (const [at, expression] of e.arguments.entries()) {
    const later = e.arguments.slice(at + 1)
    if (at === which) place = settledPlace(b, env, lowerPointed(b, env, expression), later)
    else {
      const type = b.shared.types.resolve(expression.type)
      given.push(settled(b, env, b.value(env, expression), type, later))
    }
  }
  if (!place) throw new Error(`${e.builtin} has no place`)
  return { place, given }
}

/** How a built-in is lowered; its value is what the call gives. */
export type Lowering = (b: Builder, env: Environment, e: BuiltinCall) => Expr
