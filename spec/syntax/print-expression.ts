import { precedence } from './precedence.js'
import { BREAK } from './print-fill.js'
import type { Declarator, Expression, Name, RangeSyntax, TypeSyntax } from './tree.js'

/** Tighter than every binary operator: an operand of a unary operator, the target of an assignment. */
export const UNARY = 11
const POSTFIX = 12

/**
 * The canonical text of an expression, with the parentheses its tree needs and no other. BREAK marks where
 * a line that is too long may be broken.
 */
export function expressionText(expression: Expression, minimum = 0): string {
  const text = bare(expression)
  return tightness(expression) < minimum ? `(${text})` : text
}

function tightness(expression: Expression): number {
  switch (expression.kind) {
    case 'conditional':
      return 0
    case 'binary':
      return precedence(expression.operator)
    case 'unary':
      return UNARY
    default:
      return POSTFIX
  }
}

function bare(expression: Expression): string {
  switch (expression.kind) {
    case 'integer':
      return String(expression.value)
    case 'boolean':
      return String(expression.value)
    case 'null':
      return 'null'
    case 'name':
      return expression.name
    case 'member':
      return `${expressionText(expression.object, POSTFIX)}${expression.arrow ? '->' : '.'}${expression.name.text}`
    case 'index':
      return `${expressionText(expression.array, POSTFIX)}[${expressionText(expression.index)}]`
    case 'call':
      return `${expression.callee.text}(${listText(expression.arguments.map((e) => expressionText(e)))})`
    case 'unary':
      return unaryText(expression.operator, expression.operand)
    case 'binary':
      return binaryText(expression)
    case 'conditional': {
      const test = expressionText(expression.test, 1)
      const then = expressionText(expression.then, 1)
      return `${test} ? ${then}${BREAK} : ${expressionText(expression.otherwise)}`
    }
  }
}

/** `-(-x)` and `&(&x)`: two of these marks side by side would be another operator. */
function unaryText(operator: string, operand: Expression): string {
  const inner = expressionText(operand, UNARY)
  return inner.startsWith(operator) && /[-&]/.test(operator)
    ? `${operator}(${inner})`
    : operator + inner
}

function binaryText(expression: Expression & { kind: 'binary' }): string {
  const { operator, left, right } = expression
  const level = precedence(operator)
  const space = operator === '&&' || operator === '||' ? `${BREAK} ` : ' '
  return `${expressionText(left, level)} ${operator}${space}${expressionText(right, level + 1)}`
}

/** `a, b, c`, breakable after each comma. */
export const listText = (parts: readonly string[]): string => parts.join(`,${BREAK} `)

export const namesText = (names: readonly Name[]): string =>
  listText(names.map((name) => name.text))

/** `0..n-1`: tight, and with parentheses around what is not plain arithmetic. */
export function rangeText(range: RangeSyntax): string {
  return `${boundText(range.from)}..${boundText(range.to)}`
}

function boundText(bound: Expression): string {
  if (bound.kind !== 'binary') return expressionText(bound, UNARY)
  if (precedence(bound.operator) < precedence('+')) return `(${expressionText(bound)})`
  return isTight(bound) ? tightText(bound, 0) : expressionText(bound)
}

/** Arithmetic over names and numbers, which reads well without blanks. */
function isTight(expression: Expression): boolean {
  if (expression.kind === 'name' || expression.kind === 'integer') return true
  if (expression.kind !== 'binary') return false
  const isArithmetic = precedence(expression.operator) >= precedence('+')
  return isArithmetic && isTight(expression.left) && isTight(expression.right)
}

function tightText(expression: Expression, minimum: number): string {
  if (expression.kind !== 'binary') return expressionText(expression)
  const level = precedence(expression.operator)
  const left = tightText(expression.left, level)
  const text = left + expression.operator + tightText(expression.right, level + 1)
  return level < minimum ? `(${text})` : text
}

/** A range that stands where a type may: it must not begin with the name of one. */
function bareRangeText(range: RangeSyntax): string {
  const text = rangeText(range)
  const isType = /^(?:(?:refcount|atomic|spinlock|rwlock)_t|mutex|rwsem|bitlock|bits)\b/.test(text)
  return isType ? `(${expressionText(range.from)})..${boundText(range.to)}` : text
}

export function typeText(type: TypeSyntax): string {
  switch (type.kind) {
    case 'bool':
      return 'bool'
    case 'int': {
      if (type.range === null) return 'int'
      return type.bare ? bareRangeText(type.range) : `int ${rangeText(type.range)}`
    }
    case 'counter':
      return type.range === null ? type.which : `${type.which} ${rangeText(type.range)}`
    case 'lock':
      return type.which
    case 'bits':
      return `bits { ${namesText(type.bits)} }`
    case 'choice':
      return `{ ${namesText(type.values)} }`
    case 'named':
      return type.name.text
    case 'pointer':
      return type.to.kind === 'pointer' ? `${typeText(type.to)}*` : `${typeText(type.to)} *`
  }
}

/** `folio *f`, `int n`: the star of a pointer stands at the name, as in the kernel. */
export const typedText = (type: TypeSyntax, declared: string): string =>
  type.kind === 'pointer' ? typeText(type) + declared : `${typeText(type)} ${declared}`

export function declaratorsText(type: TypeSyntax, declarators: readonly Declarator[]): string {
  return typedText(type, listText(declarators.map(declaratorText)))
}

function declaratorText(declarator: Declarator): string {
  const dimensions = declarator.dimensions.map((size) => `[${expressionText(size)}]`).join('')
  const initial = declarator.initial === null ? '' : ` = ${expressionText(declarator.initial)}`
  return declarator.name.text + dimensions + initial
}

export const stringText = (text: string): string => `"${text.replace(/[\\"]/g, '\\$&')}"`
