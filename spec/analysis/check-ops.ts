import type * as syntax from '../syntax/tree.js'
import { addLocal } from './check-assign.js'
import { checkBlock } from './check-statement.js'
import type { Declared, DeclaredOp } from './declare.js'
import { weakSignature } from './errors.js'
import { flowOf } from './flow.js'
import { collectLabels } from './labels.js'
import type { Local, Op } from './model.js'
import { missingReturn } from './model-errors.js'
import { parameterType, resolveType, resultType } from './resolve-type.js'
import { type Body, bodyContext, type Globals, Scope } from './scopes.js'
import { signature } from './signature.js'
import { isPoison, sameType, voidType } from './types.js'

/** Ops: signatures first, so that bodies may call in any order; then the bodies. */

/** The scope of each op's parameters; their names are already in it. */
export function resolveSignatures(declared: Declared): ReadonlyMap<Op, Scope> {
  const { globals } = declared
  const scopes = new Map<Op, Scope>()
  for (const { op, declaration } of declared.ops) {
    const scope = new Scope(null)
    scopes.set(op, scope)
    op.result = declaration.result ? resultType(globals, declaration.result) : voidType
    op.parameters = declaration.parameters.map((parameter) =>
      declareParameter(globals, scope, parameter),
    )
  }
  for (const [weak, strong] of declared.overridden) {
    if (!sameSignature(weak, strong)) {
      globals.report(weakSignature(strong.span, strong.name, weak.span, signature(weak)))
    }
  }
  return scopes
}

function declareParameter(globals: Globals, scope: Scope, parameter: syntax.Parameter): Local {
  const context = bodyContext(globals, scope, noBody)
  const type = parameter.macro
    ? resolveType(globals, parameter.type)
    : parameterType(globals, parameter.type)
  return addLocal(context, parameter.name, type, parameter.macro ? 'macro' : 'parameter')
}

const noBody: Body = { what: 'op', op: null, result: null, labels: new Map() }

function sameSignature(weak: Op, strong: Op): boolean {
  const poisoned = [weak, strong].some(
    (op) => isPoison(op.result) || op.parameters.some((parameter) => isPoison(parameter.type)),
  )
  if (poisoned) return true
  return (
    sameType(weak.result, strong.result) &&
    weak.parameters.length === strong.parameters.length &&
    weak.parameters.every((parameter, index) => {
      const other = strong.parameters[index]
      return other && sameType(parameter.type, other.type) && parameter.role === other.role
    })
  )
}

export function checkOps(declared: Declared, scopes: ReadonlyMap<Op, Scope>): void {
  for (const each of declared.ops) checkOp(declared, each, scopes.get(each.op) ?? new Scope(null))
}

function checkOp(declared: Declared, each: DeclaredOp, scope: Scope): void {
  const { globals } = declared
  const { op, declaration } = each
  const { statements } = declaration.body
  const body: Body = {
    what: 'op',
    op,
    result: op.result.kind === 'void' && !isPoison(op.result) ? null : op.result,
    labels: collectLabels(globals, statements),
  }
  op.body = checkBlock(bodyContext(globals, new Scope(scope), body), statements)
  if (body.result && !isPoison(op.result) && flowOf(op.body).ends) {
    globals.report(missingReturn(op.span, op.name, op.result))
  }
}
