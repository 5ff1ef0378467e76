import type { Expression, Statement } from './model.js'

/** Going through checked statements and expressions, each before what is inside of it. */

export function walkStatements(
  body: readonly Statement[],
  visit: (statement: Statement) => void,
): void {
  for (const statement of body) {
    visit(statement)
    walkStatements(statementsIn(statement), visit)
  }
}

export function statementsIn(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'block':
    case 'atomic':
      return statement.body
    case 'if':
      return statement.otherwise ? [statement.then, statement.otherwise] : [statement.then]
    case 'while':
    case 'for-range':
    case 'for-pool':
      return [statement.body]
    case 'either':
      return statement.branches.flat()
    default:
      return []
  }
}

/** The expressions of a statement itself, in the order in which they are evaluated. */
export function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'declare':
      return statement.initial ? [statement.initial] : []
    case 'assign':
      return [statement.value, statement.target]
    case 'evaluate':
      return [statement.expression]
    case 'if':
    case 'while':
      return [statement.test]
    case 'for-range':
    case 'choose':
      return [statement.range.from, statement.range.to]
    case 'return':
      return statement.value ? [statement.value] : []
    case 'await':
    case 'assert':
      return [statement.condition]
    default:
      return []
  }
}

export function walkExpression(
  expression: Expression,
  visit: (expression: Expression) => void,
): void {
  visit(expression)
  for (const part of partsOf(expression)) walkExpression(part, visit)
}

export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'member':
      return [expression.object]
    case 'index':
      return [expression.array, expression.index]
    case 'deref':
      return [expression.pointer]
    case 'address':
      return [expression.of]
    case 'call':
      return expression.arguments
    case 'builtin':
      // The callback of call_rcu is named, not called: it runs later, and may queue itself.
      return expression.builtin === 'call_rcu'
        ? expression.arguments.slice(0, 1)
        : expression.arguments
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise]
    default:
      return []
  }
}
