import { dumpDeclarator, dumpExpression, dumpRange, dumpType } from './dump-expression.js'
import type { SExpression } from './s-expression.js'
import type { Block, Statement } from './tree.js'

export const dumpBlock = (block: Block): SExpression => [
  'block',
  ...block.statements.map(dumpStatement),
]

/** A statement, with its annotation last. */
function dumpStatement(statement: Statement): SExpression {
  const list = parts(statement)
  const annotation = statement.annotation
  return annotation === null ? list : [...list, ['@', JSON.stringify(annotation)]]
}

const quoted = (message: string | null): SExpression[] =>
  message === null ? [] : [JSON.stringify(message)]

function parts(statement: Statement): SExpression[] {
  switch (statement.kind) {
    case 'block':
      return ['block', ...statement.body.statements.map(dumpStatement)]
    case 'declare':
      return ['declare', dumpType(statement.type), ...statement.declarators.map(dumpDeclarator)]
    case 'assign': {
      const { operator, target, value } = statement
      return [operator, dumpExpression(target), dumpExpression(value)]
    }
    case 'step':
      return [statement.operator, dumpExpression(statement.target)]
    case 'call':
      return ['do', dumpExpression(statement.call)]
    case 'if': {
      const { test, then, otherwise } = statement
      const last = otherwise === null ? [] : [dumpStatement(otherwise)]
      return ['if', dumpExpression(test), dumpStatement(then), ...last]
    }
    case 'while':
      return ['while', dumpExpression(statement.test), dumpStatement(statement.body)]
    case 'for-range': {
      const { name, range, body } = statement
      return ['for', name.text, ...dumpRange(range), dumpStatement(body)]
    }
    case 'for-pool': {
      const { name, pool, body } = statement
      return ['for-pool', name.text, pool.text, dumpStatement(body)]
    }
    case 'break':
    case 'continue':
    case 'skip':
      return [statement.kind]
    case 'return':
      return statement.value === null ? ['return'] : ['return', dumpExpression(statement.value)]
    case 'label':
      return ['label', statement.name.text]
    case 'goto':
      return ['goto', statement.label.text]
    case 'either':
      return ['either', ...statement.branches.map(dumpBlock)]
    case 'choose':
      return ['choose', statement.name.text, ...dumpRange(statement.range)]
    case 'await': {
      const { condition, otherwise } = statement
      const kind: SExpression[] = otherwise === null ? [] : [['else', otherwise.text]]
      return ['await', dumpExpression(condition), ...kind]
    }
    case 'atomic':
      return ['atomic', ...statement.body.statements.map(dumpStatement)]
    case 'assert':
      return ['assert', dumpExpression(statement.condition), ...quoted(statement.message)]
    case 'fail':
      return ['fail', statement.violation.text, ...quoted(statement.message)]
  }
}
