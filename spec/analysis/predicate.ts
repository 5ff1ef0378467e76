import { type Span, sameSpan } from '../source/span.js'
import { bodiesOf, editStatements } from './edit.js'
import type { CheckedModel, Expression, Statement } from './model.js'
import { walkExpression, walkStatements } from './walk.js'

/** The condition a violation is about, as it was written. */
export interface Predicate {
  readonly span: Span
  /** What it is where it is violated: an `assert` fails when it is false, a `BUG_ON` when it is true. */
  readonly value: boolean
  /** What it is joined of, when the value of one of these decides: `a && b` that is false, `a || b` that is true. */
  readonly parts: readonly Expression[]
}

/**
 * The condition of the `assert`, `BUG_ON`, `WARN_ON` at a place, or of the `if` around a `fail` there; null where there is
 * none.
 */
export function predicateAt(model: CheckedModel, at: Span): Predicate | null {
  const found: Predicate[] = []
  for (const body of bodiesOf(model)) {
    walkStatements(body, (statement) => {
      const condition = conditionAt(statement, at)
      if (condition !== null) found.push(predicateOf(condition, statement.kind !== 'assert'))
    })
  }
  return found[0] ?? null
}

/** The model with a part of the condition at a place instead of all of it. */
export const withPart = (model: CheckedModel, at: Span, part: Expression): CheckedModel =>
  editStatements(model, (statement) => {
    const condition = conditionAt(statement, at)
    return condition === null ? statement : withCondition(statement, replaced(condition, part))
  })

function conditionAt(statement: Statement, at: Span): Expression | null {
  switch (statement.kind) {
    case 'assert':
      return sameSpan(statement.span, at) ? statement.condition : null
    case 'evaluate':
      return sameSpan(statement.span, at) || sameSpan(statement.expression.span, at)
        ? kernelCondition(statement.expression)
        : null
    case 'if':
      return failsAt(statement.then, at) ? statement.test : null
    default:
      return null
  }
}

const kernelCondition = (e: Expression): Expression | null =>
  e.kind === 'builtin' && /^(?:VM_)?(?:BUG|WARN)_ON/.test(e.builtin)
    ? (e.arguments[0] ?? null)
    : null

function failsAt(statement: Statement, at: Span): boolean {
  if (statement.kind === 'fail') return sameSpan(statement.span, at)
  return statement.kind === 'block' && statement.body.some((inner) => failsAt(inner, at))
}

function predicateOf(condition: Expression, value: boolean): Predicate {
  if (condition.kind === 'unary' && condition.operator === '!') {
    return predicateOf(condition.operand, !value)
  }
  const said = withoutConstants(condition, value ? '&&' : '||')
  if (said !== condition) return predicateOf(said, value)
  const parts = partsJoined(condition, value ? '||' : '&&')
  return { span: condition.span, value, parts: parts.length > 1 ? parts : [] }
}

/** What the row itself decides, `debug_vm && …`, says nothing about the run. */
function withoutConstants(e: Expression, operator: '||' | '&&'): Expression {
  if (e.kind !== 'binary' || e.operator !== operator) return e
  if (isConstant(e.left)) return withoutConstants(e.right, operator)
  return isConstant(e.right) ? withoutConstants(e.left, operator) : e
}

function isConstant(e: Expression): boolean {
  let found = true
  walkExpression(e, ({ kind }) => {
    if (/^(?:local|shared|pool|current|call|builtin)$/.test(kind)) found = false
  })
  return found
}

function partsJoined(e: Expression, operator: '||' | '&&'): readonly Expression[] {
  if (e.kind !== 'binary' || e.operator !== operator) return [e]
  return [...partsJoined(e.left, operator), ...partsJoined(e.right, operator)]
}

/** The part under the same negations. */
function replaced(condition: Expression, part: Expression): Expression {
  if (condition.kind !== 'unary' || condition.operator !== '!') return part
  return { ...condition, operand: replaced(condition.operand, part) }
}

function withCondition(statement: Statement, condition: Expression): Statement {
  switch (statement.kind) {
    case 'assert':
      return { ...statement, condition }
    case 'if':
      return { ...statement, test: condition }
    case 'evaluate': {
      const { expression } = statement
      if (expression.kind !== 'builtin') return statement
      return { ...statement, expression: { ...expression, arguments: [condition] } }
    }
    default:
      return statement
  }
}
