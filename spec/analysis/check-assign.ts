import type * as syntax from '../syntax/tree.js'
import type { BinaryOperator } from '../syntax/tree.js'
import { predefined } from './builtins.js'
import { checks, keepPointer } from './check-expression.js'
import { checkOperation } from './check-operation.js'
import { duplicateName, predefinedName, reservedName } from './errors.js'
import type { Expression, Local, Statement, Type } from './model.js'
import { requireWritable } from './places.js'
import { localType } from './resolve-type.js'
import type { Context } from './scopes.js'
import {
  addressStored,
  arrayAssigned,
  counterAssigned,
  initialOfAggregate,
  mismatch,
  operandType,
  structAssigned,
} from './type-errors.js'
import { fits, holdsLock, intType, isNumber, isPoison, poison, poolStruct } from './types.js'

/** Statements that store: declarations of locals, `=` and its compound forms, `++` and `--`. */

type Of<Kind extends syntax.Statement['kind']> = syntax.Statement & { readonly kind: Kind }

/** One local for each name; each is in scope from behind its initialiser on. */
export function checkDeclare(context: Context, statement: Of<'declare'>): readonly Statement[] {
  return statement.declarators.map((declarator): Statement => {
    const type = localType(context.globals, statement.type, declarator)
    const declared = { span: declarator.name.span, text: 'declared here' }
    const initial = declarator.initial && checkInitial(context, declarator.initial, type, declared)
    const local = addLocal(context, declarator.name, type, 'local')
    const { annotation } = statement
    // `int a, b;` becomes two statements, each with its own text
    const span = statement.declarators.length === 1 ? statement.span : declarator.span
    return { kind: 'declare', local, initial, span, annotation }
  })
}

function checkInitial(
  context: Context,
  initial: syntax.Expression,
  type: Type,
  declared: { readonly span: syntax.Name['span']; readonly text: string },
): Expression {
  if (type.kind !== 'array') return checks.fitting(context, initial, { type, declared })
  context.globals.report(initialOfAggregate(initial.span, type))
  return checks.value(context, initial)
}

export function addLocal(
  context: Context,
  name: syntax.Name,
  type: Type,
  role: Local['role'],
): Local {
  const local: Local = { kind: 'local', name: name.text, span: name.span, type, role }
  if (name.text === 'current' || name.text === 'tasks') {
    const why = 'it stands for the running process, or for all of them'
    context.globals.report(reservedName(name.span, name.text, why))
  } else if (Object.hasOwn(predefined, name.text)) {
    context.globals.report(predefinedName(name.span, name.text, predefined[name.text] ?? 0))
  }
  const before = context.scope.add(local)
  if (before) context.globals.report(duplicateName(name.span, name.text, before.span))
  return local
}

/** The target of a store, and whether it may be written; poisoned and reported if not. */
function checkTarget(context: Context, written: syntax.Expression): Expression {
  const { globals } = context
  const target = checks.raw(context, written)
  const refuse = (): Expression => ({ ...target, type: poison })
  if (isPoison(target.type)) return target
  if (!requireWritable(context, target)) return refuse()
  const { type } = target
  if (type.kind === 'array') {
    globals.report(arrayAssigned(target.span))
    return refuse()
  }
  if (holdsLock(type)) {
    globals.report(structAssigned(target.span, type))
    return refuse()
  }
  if (type.kind === 'counter' && type.which === 'refcount_t' && context.body?.what !== 'init') {
    globals.report(counterAssigned(target.span))
    return refuse()
  }
  if (type.kind === 'pointer') {
    if (!poolStruct(type)) {
      globals.report(addressStored(target.span, type))
      return refuse()
    }
    keepPointer(globals, target)
  }
  return target
}

export function checkAssign(context: Context, statement: Of<'assign'>): Statement {
  const { span, annotation } = statement
  const target = checkTarget(context, statement.target)
  if (statement.operator === '=') {
    const value = checks.fitting(context, statement.value, { type: target.type })
    return { kind: 'assign', target, operator: null, value, span, annotation }
  }
  const operator = statement.operator.slice(0, -1) as BinaryOperator
  const value = checks.value(context, statement.value)
  checkCompound(context, target, operator, value, span)
  return { kind: 'assign', target, operator, value, span, annotation }
}

/** `x op= v` is `x = x op v`, so the result must fit `x` again. */
function checkCompound(
  context: Context,
  target: Expression,
  operator: BinaryOperator,
  value: Expression,
  span: Statement['span'],
): void {
  const result = checkOperation(context, operator, target, value, span)
  if (isPoison(result.type) || fits(target.type, result)) return
  context.globals.report(mismatch(span, { type: target.type }, result.type))
}

export function checkStep(context: Context, statement: Of<'step'>): Statement {
  const { span, annotation } = statement
  const target = checkTarget(context, statement.target)
  const { type } = target
  const steps = (isNumber(type) && type.kind !== 'bool') || poolStruct(type) !== null
  if (!isPoison(type) && !steps) {
    const wanted = 'a number that is no bool, or a pointer into a pool'
    context.globals.report(operandType(target.span, statement.operator, type, wanted))
  }
  const one: Expression = { kind: 'literal', value: 1, span, type: intType }
  const operator = statement.operator === '++' ? '+' : '-'
  return { kind: 'assign', target, operator, value: one, span, annotation }
}
