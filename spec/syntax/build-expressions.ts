import type { Node } from 'ohm-js'
import { cover } from '../source/span.js'
import { built, builtEach, builtOr, listed, nameOf, report, spanOf } from './build-context.js'
import { badEscape, badNumber } from './errors.js'
import type { GmemActionDict } from './generated/language.ohm-bundle.js'
import { precedence } from './precedence.js'
import type { BinaryOperator, Expression, UnaryOperator } from './tree.js'

interface Operation {
  readonly operator: BinaryOperator
  readonly operand: Expression
}

/** `? arm : otherwise`, behind a condition. */
interface ConditionalEnd {
  readonly arm: Expression
  readonly otherwise: Expression
}

type Part = (object: Expression) => Expression

const isHexadecimal = (text: string): boolean => /^0x[0-9a-fA-F]+$/.test(text)
const isDecimal = (text: string): boolean => /^(?:0|[1-9][0-9]*)$/.test(text)

function integer(node: Node): Expression {
  const text = node.sourceString
  const value = isHexadecimal(text) || isDecimal(text) ? Number(text) : Number.NaN
  if (!Number.isSafeInteger(value)) report(badNumber(text, spanOf(node)))
  return { kind: 'integer', value: Number.isSafeInteger(value) ? value : 0, span: spanOf(node) }
}

/** The characters a string stands for. */
export function stringOf(node: Node): string {
  return node.sourceString
    .slice(1, -1)
    .replace(/\\(.)/gs, (pair, character: string, at: number) => {
      if (character !== '"' && character !== '\\') {
        const from = spanOf(node).from + 1 + at
        report(badEscape(pair, { ...spanOf(node), from, to: from + 2 }))
      }
      return character
    })
}

/** Applies C's precedence to a flat sequence; operators of equal precedence group to the left. */
function fold(first: Expression, operations: readonly Operation[]): Expression {
  const operands = [first]
  const pending: BinaryOperator[] = []
  const reduce = (): void => {
    const right = operands.pop()
    const left = operands.pop()
    const operator = pending.pop()
    if (left === undefined || right === undefined || operator === undefined) return
    operands.push({ kind: 'binary', operator, left, right, span: cover(left.span, right.span) })
  }
  for (const { operator, operand } of operations) {
    for (let top = pending.at(-1); top !== undefined; top = pending.at(-1)) {
      if (precedence(top) < precedence(operator)) break
      reduce()
    }
    pending.push(operator)
    operands.push(operand)
  }
  while (pending.length > 0) reduce()
  return operands[0] ?? first
}

const sequence = (first: Node, operations: Node): Expression =>
  fold(built<Expression>(first), builtEach<Operation>(operations))

const operation = (operator: Node, operand: Node): Operation => ({
  operator: operator.sourceString as BinaryOperator,
  operand: built<Expression>(operand),
})

/** The actions for expressions. Parentheses leave no node, only a wider span around what they hold. */
export const expressionActions: GmemActionDict<unknown> = {
  Expression(first, operations, choices): Expression {
    const tests = [sequence(first, operations)]
    const arms: Expression[] = []
    for (const choice of choices.children) {
      const { arm, otherwise } = built<ConditionalEnd>(choice)
      arms.push(arm)
      tests.push(otherwise)
    }
    return tests.reduceRight((otherwise, test, index) => {
      const then = arms[index] ?? otherwise
      return { kind: 'conditional', test, then, otherwise, span: cover(test.span, otherwise.span) }
    })
  },
  Choice: (_question, arm, _colon, first, operations): ConditionalEnd => ({
    arm: built<Expression>(arm),
    otherwise: sequence(first, operations),
  }),
  Operation: operation,
  Arithmetic: sequence,
  ArithmeticOperation: operation,

  Operand(operators, primary, accesses): Expression {
    const object = builtEach<Part>(accesses).reduce(
      (inner, part) => part(inner),
      built<Expression>(primary),
    )
    return operators.children.reduceRight<Expression>(
      (inner, operator) => ({
        kind: 'unary',
        operator: operator.sourceString as UnaryOperator,
        operand: inner,
        span: cover(spanOf(operator), inner.span),
      }),
      object,
    )
  },
  Access_index(_open, index, _close): Part {
    const end = spanOf(this)
    return (array) => ({
      kind: 'index',
      array,
      index: built<Expression>(index),
      span: cover(array.span, end),
    })
  },
  Access_member: (dot, name): Part => {
    const arrow = dot.sourceString === '->'
    const member = nameOf(name)
    return (object) => ({
      kind: 'member',
      object,
      arrow,
      name: member,
      span: cover(object.span, member.span),
    })
  },

  Primary_name(name, list): Expression {
    const span = spanOf(this)
    const values = builtOr<Expression[], null>(list, null)
    return values === null
      ? { kind: 'name', name: name.sourceString, span }
      : { kind: 'call', callee: nameOf(name), arguments: values, span }
  },
  Arguments: (_open, values, _close) => listed(values).map((value) => built<Expression>(value)),
  Primary_number: integer,
  Primary_parenthesised(_open, inner, _close): Expression {
    return { ...built<Expression>(inner), span: spanOf(this) }
  },
  Primary_constant(word): Expression {
    const span = spanOf(this)
    if (word.sourceString === 'null') return { kind: 'null', span }
    return { kind: 'boolean', value: word.sourceString === 'true', span }
  },
}
