import {
  declaratorsText,
  expressionText,
  rangeText,
  stringText,
  UNARY,
} from './print-expression.js'
import { BREAK } from './print-fill.js'
import type { Block, Expression, Statement } from './tree.js'

/** A block on one line. */
export function flatBlock(block: Block): string {
  if (block.statements.length === 0) return '{ }'
  return `{ ${block.statements.map(flatStatement).join(' ')} }`
}

/** A statement on one line, whatever its length. */
export function flatStatement(statement: Statement): string {
  switch (statement.kind) {
    case 'block':
      return flatBlock(statement.body)
    case 'atomic':
      return `atomic ${flatBlock(statement.body)}`
    case 'either':
      return `either ${statement.branches.map(flatBlock).join(' or ')}`
    case 'if': {
      const then = `${head(statement)} ${flatStatement(statement.then)}`
      return statement.otherwise === null
        ? then
        : `${then} else ${flatStatement(statement.otherwise)}`
    }
    case 'while':
    case 'for-range':
    case 'for-pool':
      return `${head(statement)} ${flatStatement(statement.body)}`
    case 'label':
      return `${statement.name.text}:`
    default: {
      const annotation = statement.annotation
      return `${simpleText(statement)}${annotation === null ? '' : ` @ ${stringText(annotation)}`};`
    }
  }
}

/** The statements that consist of a head and a statement. */
export type Compound = Extract<Statement, { kind: 'if' | 'while' | 'for-range' | 'for-pool' }>

/** `if (c)`: a compound statement up to its body. */
export function head(statement: Compound): string {
  switch (statement.kind) {
    case 'if':
    case 'while':
      return `${statement.kind} (${expressionText(statement.test)})`
    case 'for-range':
      return `for (${statement.name.text} in ${rangeText(statement.range)})`
    case 'for-pool':
      return `for (${statement.name.text} in ${statement.pool.text})`
  }
}

type Simple = Exclude<Statement, Compound | { kind: 'block' | 'atomic' | 'either' | 'label' }>

function simpleText(statement: Simple): string {
  switch (statement.kind) {
    case 'declare':
      return declaratorsText(statement.type, statement.declarators)
    case 'assign': {
      const { target, operator, value } = statement
      return `${expressionText(target, UNARY)} ${operator} ${expressionText(value)}`
    }
    case 'step':
      return expressionText(statement.target, UNARY) + statement.operator
    case 'call':
      return isOtherStatement(statement.call)
        ? `(${expressionText(statement.call)})`
        : expressionText(statement.call, UNARY)
    case 'break':
    case 'continue':
    case 'skip':
      return statement.kind
    case 'return':
      return statement.value === null ? 'return' : `return ${expressionText(statement.value)}`
    case 'goto':
      return `goto ${statement.label.text}`
    case 'choose':
      return `choose ${statement.name.text} in ${rangeText(statement.range)}`
    case 'await': {
      const otherwise = statement.otherwise === null ? '' : ` else ${statement.otherwise.text}`
      return `await (${expressionText(statement.condition)})${otherwise}`
    }
    case 'assert': {
      const message = statement.message === null ? '' : `,${BREAK} ${stringText(statement.message)}`
      return `assert(${expressionText(statement.condition)}${message})`
    }
    case 'fail': {
      const message = statement.message === null ? '' : ` ${stringText(statement.message)}`
      return `fail ${statement.violation.text}${message}`
    }
  }
}

/** `(skip);` and `(assert(x));` would be other statements without their parentheses. */
const isOtherStatement = (call: Expression): boolean =>
  call.kind === 'name' || (call.kind === 'call' && /^(?:assert|await)$/.test(call.callee.text))
