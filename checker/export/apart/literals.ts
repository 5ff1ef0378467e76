import type { Num, Statement, Test } from '../program.js'

/** What is written for a process that is called by its number. */
export type Change = (process: number) => Num

/** Whether the integer is the number of a process, or may be. */
export function isProcess(num: Num): boolean {
  switch (num.kind) {
    case 'self':
      return true
    case 'index':
      return num.index.over === 'process'
    case 'temporary':
      return num.temporary.holds === 'process'
    case 'read':
      return num.variable.holds === 'process'
    default:
      return false
  }
}

const changed = (num: Num, change: Change): Num =>
  num.kind === 'number' ? change(num.value) : inNum(num, change)

function inNum(num: Num, change: Change): Num {
  switch (num.kind) {
    case 'read':
      return { ...num, indexes: indexesOf(num, change) }
    case 'negate':
    case 'complement':
      return { ...num, operand: inNum(num.operand, change) }
    case 'arithmetic':
      return { ...num, left: inNum(num.left, change), right: inNum(num.right, change) }
    case 'conditional':
      return {
        ...num,
        test: inTest(num.test, change),
        then: inNum(num.then, change),
        otherwise: inNum(num.otherwise, change),
      }
    default:
      return num
  }
}

function indexesOf(
  { variable, indexes }: Pick<Num & { readonly kind: 'read' }, 'variable' | 'indexes'>,
  change: Change,
): readonly Num[] {
  return indexes.map((index, at) =>
    variable.dimensions[at]?.over === 'process' ? changed(index, change) : inNum(index, change),
  )
}

export function inTest(test: Test, change: Change): Test {
  switch (test.kind) {
    case 'constant':
      return test
    case 'compare': {
      const { left, right } = test
      const of = isProcess(left) || isProcess(right) ? changed : inNum
      return { ...test, left: of(left, change), right: of(right, change) }
    }
    case 'not':
      return { ...test, operand: inTest(test.operand, change) }
    case 'and':
    case 'or':
      return { ...test, operands: test.operands.map((each) => inTest(each, change)) }
    default:
      return { ...test, test: inTest(test.test, change) }
  }
}

export function inStatement(statement: Statement, change: Change): Statement {
  const within = (parts: readonly Statement[]) => parts.map((each) => inStatement(each, change))
  switch (statement.kind) {
    case 'set': {
      const of = statement.variable.holds === 'process' ? changed : inNum
      const indexes = indexesOf(statement, change)
      return { ...statement, indexes, value: of(statement.value, change) }
    }
    case 'let':
      return { ...statement, value: inNum(statement.value, change) }
    case 'fault':
      return { ...statement, when: inTest(statement.when, change) }
    case 'select': {
      const options = statement.options.map(({ when, value }) => ({
        when: inTest(when, change),
        value: inNum(value, change),
      }))
      return { ...statement, options }
    }
    case 'if': {
      const [then, otherwise] = [within(statement.then), within(statement.otherwise)]
      return { ...statement, test: inTest(statement.test, change), then, otherwise }
    }
    case 'each':
      return { ...statement, statements: within(statement.statements) }
    case 'call': {
      const passed = statement.arguments.map((one, at) => {
        const isOne = statement.procedure.parameters[at]?.holds === 'process'
        return isOne ? changed(one, change) : inNum(one, change)
      })
      return { ...statement, arguments: passed }
    }
  }
}
