import type { Span } from '../source/span.js'
import type * as syntax from '../syntax/tree.js'
import { checkCall } from './check-call.js'
import { checkName, enumerator, poisoned, standsAlone } from './check-name.js'
import { checkOperation } from './check-operation.js'
import type { Checks } from './checks.js'
import { unknownMember } from './errors.js'
import { INT_MAX, INT_MIN } from './evaluate.js'
import type { Expression, Type } from './model.js'
import { constantOverflow, notConstant } from './model-errors.js'
import { nearest } from './nearest.js'
import { isPoolSlot } from './places.js'
import { type Context, constantContext, type Globals } from './scopes.js'
import {
  addressStored,
  armsDiffer,
  arrowOnStruct,
  dotOnPointer,
  mismatch,
  noMembers,
  notACondition,
  notDereferenced,
  notIndexed,
  operandType,
  poolAsValue,
  voidValue,
  type Wanted,
} from './type-errors.js'
import {
  boolType,
  fits,
  intType,
  isNumber,
  isPoison,
  isScalar,
  nullType,
  poolStruct,
  sameType,
  valueType,
} from './types.js'

/**
 * Expressions: names resolved, types given. After an error the result is poisoned, and whoever uses it
 * stays silent.
 */

export const checks: Checks = { raw, value, condition, fitting }

/** A constant expression of this type (`expected` null: any). `what` names what needs it, for the message. */
export function checkConstant(
  globals: Globals,
  expression: syntax.Expression,
  expected: Type | null,
  what: string,
): Expression {
  const context = constantContext(globals, what)
  if (!expected) return value(context, expression)
  if (expected.kind === 'bool') {
    const given = value(context, expression, expected)
    if (fits(expected, given)) return given
    globals.report(mismatch(expression.span, { type: expected }, given.type))
    return poisoned(expression.span)
  }
  return fitting(context, expression, { type: expected })
}

function value(
  context: Context,
  expression: syntax.Expression,
  expected?: Type | null,
): Expression {
  const checked = raw(context, expression, expected)
  const { globals } = context
  if (isPoison(checked.type)) return checked
  if (checked.kind === 'pool') {
    globals.report(poolAsValue(checked.span, checked.pool.name))
    return poisoned(checked.span)
  }
  if (checked.type.kind === 'void') {
    const name = checked.kind === 'call' ? checked.op.name : callee(expression)
    const declared = checked.kind === 'call' ? checked.op.span : null
    globals.report(voidValue(checked.span, name, declared))
    return poisoned(checked.span)
  }
  if (checked.type.kind !== 'pointer') return checked
  if (!poolStruct(checked.type)) {
    globals.report(addressStored(checked.span, checked.type))
    return poisoned(checked.span)
  }
  if (checked.kind === 'address' && !isPoolSlot(checked.of)) {
    globals.report(addressStored(checked.span, checked.type))
    return poisoned(checked.span)
  }
  keepPointer(globals, checked)
  return checked
}

const callee = (expression: syntax.Expression): string =>
  expression.kind === 'call' ? expression.callee.text : 'this'

/** Notes that a pointer parameter is used as a pointer to a pool's object, not only read through. */
export function keepPointer(globals: Globals, pointer: Expression): void {
  if (pointer.kind !== 'local' || pointer.local.role !== 'parameter') return
  if (!globals.pointerUses.kept.has(pointer.local)) {
    globals.pointerUses.kept.set(pointer.local, pointer.span)
  }
}

function condition(context: Context, expression: syntax.Expression): Expression {
  const checked = value(context, expression)
  const { type, span } = checked
  if (isPoison(type) || type.kind === 'bool') return checked
  if (!isNumber(type) && type.kind !== 'pointer') {
    context.globals.report(notACondition(span, type))
    return poisoned(span)
  }
  const right: Expression = {
    kind: 'literal',
    value: 0,
    span,
    type: type.kind === 'pointer' ? nullType : intType,
  }
  return { kind: 'binary', operator: '!=', left: checked, right, span, type: boolType }
}

function fitting(context: Context, expression: syntax.Expression, wanted: Wanted): Expression {
  const checked = value(context, expression, wanted.type)
  if (fits(wanted.type, checked)) return checked
  context.globals.report(mismatch(checked.span, wanted, checked.type))
  return poisoned(checked.span)
}

function raw(
  context: Context,
  expression: syntax.Expression,
  expected: Type | null = null,
): Expression {
  const { span } = expression
  switch (expression.kind) {
    case 'integer':
      if (expression.value > INT_MAX) context.globals.report(constantOverflow(span))
      return { kind: 'literal', value: expression.value, span, type: intType }
    case 'boolean':
      return { kind: 'literal', value: Number(expression.value), span, type: boolType }
    case 'null':
      return { kind: 'literal', value: 0, span, type: nullType }
    case 'name':
      return checkName(context, expression, expected)
    case 'member':
      return checkMember(context, expression)
    case 'index':
      return checkIndex(context, expression)
    case 'call':
      if (context.constant) {
        context.globals.report(notConstant(span, 'a call', context.constant))
        return poisoned(span)
      }
      return checkCall(checks, context, expression)
    case 'unary':
      return checkUnary(context, expression)
    case 'binary':
      return checkBinary(context, expression)
    case 'conditional':
      return checkConditional(context, expression, expected)
  }
}

type Of<Kind extends syntax.Expression['kind']> = syntax.Expression & { readonly kind: Kind }

function checkMember(context: Context, expression: Of<'member'>): Expression {
  const { globals } = context
  const { name, arrow, span } = expression
  const object = raw(context, expression.object)
  if (isPoison(object.type)) return poisoned(span)
  let place = object
  if (object.kind === 'pool') {
    globals.report(poolAsValue(object.span, object.pool.name))
    return poisoned(span)
  }
  if (object.type.kind === 'pointer') {
    if (!arrow) {
      globals.report(dotOnPointer(name.span, name.text))
      return poisoned(span)
    }
    place = { kind: 'deref', pointer: object, span: object.span, type: object.type.to }
  } else if (arrow && object.type.kind === 'struct') {
    globals.report(arrowOnStruct(name.span, name.text))
    return poisoned(span)
  }
  if (place.type.kind !== 'struct') {
    if (!isPoison(place.type)) globals.report(noMembers(name.span, object.type, name.text))
    return poisoned(span)
  }
  const { struct } = place.type
  const member = struct.members.find((each) => each.name === name.text)
  if (!member) {
    const names = struct.members.map((each) => each.name)
    const near = nearest(name.text, names)
    globals.report(unknownMember(name.span, name.text, struct.name, struct.span, names, near))
    return poisoned(span)
  }
  return { kind: 'member', object: place, member, span, type: member.type }
}

function checkIndex(context: Context, expression: Of<'index'>): Expression {
  const { globals } = context
  const { span } = expression
  const array = raw(context, expression.array)
  const index = fitting(context, expression.index, { type: intType })
  if (isPoison(array.type) || isPoison(index.type)) return poisoned(span)
  if (array.kind === 'pool') return { kind: 'index', array, index, span, type: array.type }
  if (array.type.kind !== 'array') {
    globals.report(notIndexed(array.span, array.type))
    return poisoned(span)
  }
  return { kind: 'index', array, index, span, type: array.type.of }
}

function checkUnary(context: Context, expression: Of<'unary'>): Expression {
  const { operator, span } = expression
  switch (operator) {
    case '!': {
      const operand = condition(context, expression.operand)
      return isPoison(operand.type)
        ? poisoned(span)
        : { kind: 'unary', operator, operand, span, type: boolType }
    }
    case '-':
    case '~': {
      if (operator === '-' && expression.operand.kind === 'integer') {
        return checkNegative(context, span, expression.operand.value)
      }
      const operand = value(context, expression.operand)
      if (isPoison(operand.type)) return poisoned(span)
      if (!isNumber(operand.type)) {
        context.globals.report(operandType(operand.span, operator, operand.type, 'a number'))
        return poisoned(span)
      }
      return { kind: 'unary', operator, operand, span, type: intType }
    }
    case '*': {
      const pointer = raw(context, expression.operand)
      if (isPoison(pointer.type)) return poisoned(span)
      if (pointer.type.kind !== 'pointer') {
        context.globals.report(notDereferenced(pointer.span, pointer.type))
        return poisoned(span)
      }
      return { kind: 'deref', pointer, span, type: pointer.type.to }
    }
    case '&': {
      const of = raw(context, expression.operand)
      if (isPoison(of.type)) return poisoned(span)
      if (of.kind === 'deref') return of.pointer
      return { kind: 'address', of, span, type: { kind: 'pointer', to: of.type } }
    }
  }
}

/** `-2147483648` is an int though `2147483648` is none. */
function checkNegative(context: Context, span: Span, magnitude: number): Expression {
  if (0 - magnitude < INT_MIN) context.globals.report(constantOverflow(span))
  return { kind: 'literal', value: 0 - magnitude, span, type: intType }
}

/** Both operands, each seeing the other's type where its own name alone says nothing. */
function checkPair(
  context: Context,
  left: syntax.Expression,
  right: syntax.Expression,
  expected: Type | null = null,
): readonly [Expression, Expression] {
  const waits = (side: syntax.Expression): boolean =>
    side.kind === 'name' && !standsAlone(context, side.name)
  if (waits(left) && !waits(right)) {
    const second = value(context, right, expected)
    return [value(context, left, expected ?? second.type), second]
  }
  const first = value(context, left, expected)
  const second = value(context, right, expected ?? first.type)
  const type = second.type
  // a choice may have a value that is called like a variable: `lock == mode`
  if (left.kind === 'name' && type.kind === 'enum' && !sameType(first.type, type)) {
    if (type.enumeration.values.includes(left.name)) {
      return [enumerator(left, type.enumeration), second]
    }
  }
  return [first, second]
}

function checkBinary(context: Context, expression: Of<'binary'>): Expression {
  const { operator, span } = expression
  if (operator === '&&' || operator === '||') {
    const left = condition(context, expression.left)
    const right = condition(context, expression.right)
    if (isPoison(left.type) || isPoison(right.type)) return poisoned(span)
    return { kind: 'binary', operator, left, right, span, type: boolType }
  }
  if (operator === '-' && isPoolName(context, expression.right)) {
    const left = value(context, expression.left)
    return checkOperation(context, operator, left, raw(context, expression.right), span)
  }
  const [left, right] = checkPair(context, expression.left, expression.right)
  return checkOperation(context, operator, left, right, span)
}

function isPoolName(context: Context, side: syntax.Expression): boolean {
  if (side.kind !== 'name' || context.constant || context.scope.find(side.name)) return false
  return context.globals.values.get(side.name)?.kind === 'pool'
}

function checkConditional(
  context: Context,
  expression: Of<'conditional'>,
  expected: Type | null,
): Expression {
  const { span } = expression
  const test = condition(context, expression.test)
  const [then, otherwise] = checkPair(context, expression.then, expression.otherwise, expected)
  if (isPoison(then.type) || isPoison(otherwise.type) || isPoison(test.type)) return poisoned(span)
  const type = armType(valueType(then.type), valueType(otherwise.type))
  if (type) return { kind: 'conditional', test, then, otherwise, span, type }
  context.globals.report(armsDiffer(span, then.type, otherwise.type))
  return poisoned(span)
}

function armType(then: Type, otherwise: Type): Type | null {
  if (!isScalar(then) && then.kind !== 'null') return null
  if (sameType(then, otherwise)) return then
  if (isNumber(then) && isNumber(otherwise)) return intType
  if (then.kind === 'null' && otherwise.kind === 'pointer') return otherwise
  if (otherwise.kind === 'null' && then.kind === 'pointer') return then
  return null
}
