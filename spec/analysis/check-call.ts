import type { Label } from '../diagnostics/diagnostic.js'
import type * as syntax from '../syntax/tree.js'
import { builtins } from './builtins.js'
import { checkBuiltin } from './check-builtin.js'
import { poisoned } from './check-name.js'
import { checkPointer } from './check-pointer.js'
import type { Checks } from './checks.js'
import { unknownFunction } from './errors.js'
import type { Expression, Local, Op } from './model.js'
import { nearest } from './nearest.js'
import type { Context } from './scopes.js'
import { signature } from './signature.js'
import { argumentCount, mismatch, notAPointer } from './type-errors.js'
import { isPoison, poolStruct, sameType, typeName } from './types.js'

/** Calls: which op or built-in function is meant, and whether the arguments fit its parameters. */

type CallSyntax = syntax.Expression & { readonly kind: 'call' }

export function checkCall(checks: Checks, context: Context, call: CallSyntax): Expression {
  const { globals } = context
  const { text, span } = call.callee
  const entry = globals.values.get(text)
  if (entry?.kind === 'op') return checkOpCall(checks, context, call, entry.op)
  if (entry?.kind === 'unknown') return poisonedCall(checks, context, call)
  if (Object.hasOwn(builtins, text)) return checkBuiltin(checks, context, call)
  globals.report(unknownFunction(span, text, nearest(text, functionNames(context))))
  return poisonedCall(checks, context, call)
}

function* functionNames(context: Context): Iterable<string> {
  for (const [name, entry] of context.globals.values) if (entry.kind === 'op') yield name
  yield* Object.keys(builtins)
}

/**
 * The arguments of a call that is wrong are only looked at where that is sound: names inside nested calls.
 * What they should be is unknown.
 */
function poisonedCall(checks: Checks, context: Context, call: CallSyntax): Expression {
  for (const argument of call.arguments) {
    if (argument.kind === 'call') checks.raw(context, argument)
  }
  return poisoned(call.span)
}

function checkOpCall(checks: Checks, context: Context, call: CallSyntax, op: Op): Expression {
  const { globals } = context
  if (context.body?.op !== op) globals.used.add(op)
  globals.calls.push({ from: context.body?.op ?? null, to: op, span: call.callee.span })
  if (call.arguments.length !== op.parameters.length) {
    const count = op.parameters.length
    const wanted = count === 0 ? 'no arguments' : `${count} argument${count === 1 ? '' : 's'}`
    globals.report(
      argumentCount(call.span, op.name, wanted, call.arguments.length, op.span, signature(op)),
    )
    return poisonedCall(checks, context, call)
  }
  const given = op.parameters.map((parameter, index) =>
    checkArgument(checks, context, call.arguments[index] as syntax.Expression, op, parameter),
  )
  return { kind: 'call', op, arguments: given, span: call.span, type: op.result }
}

function checkArgument(
  checks: Checks,
  context: Context,
  argument: syntax.Expression,
  op: Op,
  parameter: Local,
): Expression {
  const { type } = parameter
  const declared: Label = {
    span: parameter.span,
    text: `\`${parameter.name}\` of \`${op.name}\` is declared here`,
  }
  if (parameter.role === 'macro' && type.kind === 'bool') return checks.condition(context, argument)
  if (type.kind !== 'pointer' || parameter.role === 'macro') {
    return checks.fitting(context, argument, { type, declared })
  }
  const { globals } = context
  const pointer = checkPointer(checks, context, argument)
  if (pointer.origin === 'none') {
    const value = pointer.expression
    if (isPoison(value.type) || isPoison(type)) return poisoned(argument.span)
    if (value.type.kind === 'null' && poolStruct(type)) return value
    globals.report(notAPointer(argument.span, value.type, `a pointer to \`${typeName(type.to)}\``))
    return poisoned(argument.span)
  }
  if (isPoison(pointer.to) || isPoison(type.to)) return poisoned(argument.span)
  if (!sameType(type.to, pointer.to)) {
    globals.report(mismatch(argument.span, { type, declared }, { kind: 'pointer', to: pointer.to }))
    return poisoned(argument.span)
  }
  if (pointer.origin === 'place') {
    globals.pointerUses.places.push({ to: parameter, op, at: argument.span })
  } else if (pointer.expression.kind === 'local') {
    globals.pointerUses.handedOn.push({ from: pointer.expression.local, to: parameter })
  }
  return pointer.expression
}
