import { type Expression, type Statement, statementsIn, walkExpression } from '../../spec/index.js'

/** Statements as coverage counts them: those that a step, or a computation, is made of. */

/** A statement, and those inside of it. */
export interface Nested {
  readonly statement: Statement
  readonly inner: readonly Nested[]
}

type If = Statement & { readonly kind: 'if' }

/** The statements of a body that count; blocks, and conditions that the design decides, are seen through. */
export function statementTree(body: readonly Statement[]): readonly Nested[] {
  return body.flatMap((statement): readonly Nested[] => {
    const inner = statementTree(statementsIn(statement))
    return counts(statement) ? [{ statement, inner }] : inner
  })
}

/** Every `if` of a body, at any depth. */
export function ifsIn(body: readonly Statement[]): readonly If[] {
  return body.flatMap((statement) => [
    ...(statement.kind === 'if' ? [statement] : []),
    ...ifsIn(statementsIn(statement)),
  ])
}

/** Whether lowering makes anything of a statement where it is kept. */
export const lowers = (statement: Statement): boolean => statementTree([statement]).length > 0

/** Whether a statement does nothing but `fail`. */
export const onlyFails = (statement: Statement): boolean =>
  statement.kind === 'block' ? statement.body.every(onlyFails) : statement.kind === 'fail'

/** Memory barriers mean nothing under sequential consistency (language rule 5). */
const BARRIERS: ReadonlySet<string> = new Set(['smp_mb', 'smp_rmb', 'smp_wmb'])

function counts(statement: Statement): boolean {
  switch (statement.kind) {
    case 'block':
    case 'skip':
    case 'label':
    case 'goto':
    case 'break':
    case 'continue':
    // That a `fail` was never executed is what holding means.
    case 'fail':
      return false
    case 'return':
      return statement.value !== null
    case 'if':
    case 'while':
      return !isFixed(statement.test)
    case 'evaluate': {
      const { expression } = statement
      return !(expression.kind === 'builtin' && BARRIERS.has(expression.builtin))
    }
    default:
      return true
  }
}

/** Made of literals and constants: each row of the design space decides it. */
function isFixed(test: Expression): boolean {
  let fixed = true
  walkExpression(test, ({ kind }) => {
    if (!['literal', 'constant', 'unary', 'binary', 'conditional'].includes(kind)) fixed = false
  })
  return fixed
}
