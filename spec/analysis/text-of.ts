import type { Expression, Range, Type } from './model.js'
import { typeName } from './types.js'

/** Checked expressions and types as text: with everything resolved, and parentheses wherever they could matter. */

export function expressionText(expression: Expression): string {
  switch (expression.kind) {
    case 'literal':
      return literalText(expression)
    case 'constant':
      return expression.constant.name
    case 'local':
      return expression.local.name
    case 'shared':
      return expression.variable.name
    case 'pool':
      return expression.pool.name
    case 'current':
      return 'current'
    case 'member': {
      const { object, member } = expression
      return object.kind === 'deref'
        ? `${operandText(object.pointer)}->${member.name}`
        : `${operandText(object)}.${member.name}`
    }
    case 'index':
      return `${operandText(expression.array)}[${expressionText(expression.index)}]`
    case 'deref':
      return `*${operandText(expression.pointer)}`
    case 'address':
      return `&${operandText(expression.of)}`
    case 'call':
      return `${expression.op.name}(${expression.arguments.map(expressionText).join(', ')})`
    case 'builtin':
      return `${expression.builtin}(${expression.arguments.map(expressionText).join(', ')})`
    case 'unary':
      return `${expression.operator}${operandText(expression.operand)}`
    case 'binary': {
      const { operator, left, right } = expression
      return `${operandText(left)} ${operator} ${operandText(right)}`
    }
    case 'conditional': {
      const { test, then, otherwise } = expression
      return `${operandText(test)} ? ${operandText(then)} : ${operandText(otherwise)}`
    }
  }
}

function operandText(expression: Expression): string {
  const text = expressionText(expression)
  const compound =
    expression.kind === 'binary' ||
    expression.kind === 'conditional' ||
    expression.kind === 'deref' ||
    expression.kind === 'address'
  return compound ? `(${text})` : text
}

function literalText(expression: Expression & { readonly kind: 'literal' }): string {
  const { type, value } = expression
  switch (type.kind) {
    case 'null':
      return 'null'
    case 'bool':
      return value === 0 ? 'false' : 'true'
    case 'enum':
      return type.enumeration.values[value] ?? `${value}`
    default:
      return `${value}`
  }
}

export const rangeText = (range: Range): string =>
  `${expressionText(range.from)}..${expressionText(range.to)}`

/** With ranges and lengths, which `typeName` leaves out. Lengths follow the name in a declaration. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'array':
      return typeText(type.of)
    case 'int':
    case 'counter': {
      const name = type.kind === 'int' ? 'int' : type.which
      return type.range ? `${name} ${rangeText(type.range)}` : name
    }
    case 'enum':
      return `enum ${type.enumeration.name}`
    default:
      return typeName(type)
  }
}

function dimensionsText(type: Type): string {
  return type.kind === 'array' ? `[${expressionText(type.length)}]${dimensionsText(type.of)}` : ''
}

/** `int 0..3 count[2]` */
export function declarationText(type: Type, name: string): string {
  const base = typeText(type)
  const separator = base.endsWith('*') ? '' : ' '
  return `${base}${separator}${name}${dimensionsText(type)}`
}
