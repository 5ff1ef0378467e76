import type { Block, End, Num, Statement, Temporary, Test } from '../program.js'
import { substitute, substituteTest } from './terms.js'

/** Every integer in a term, the outermost first. */
export function numsIn(num: Num, visit: (num: Num) => void): void {
  visit(num)
  switch (num.kind) {
    case 'read':
      for (const index of num.indexes) numsIn(index, visit)
      return
    case 'negate':
    case 'complement':
      return numsIn(num.operand, visit)
    case 'arithmetic':
      numsIn(num.left, visit)
      return numsIn(num.right, visit)
    case 'conditional':
      numsInTest(num.test, visit)
      numsIn(num.then, visit)
      return numsIn(num.otherwise, visit)
    default:
      return
  }
}

export function numsInTest(test: Test, visit: (num: Num) => void): void {
  switch (test.kind) {
    case 'constant':
      return
    case 'compare':
      numsIn(test.left, visit)
      return numsIn(test.right, visit)
    case 'not':
      return numsInTest(test.operand, visit)
    case 'and':
    case 'or':
      for (const operand of test.operands) numsInTest(operand, visit)
      return
    default:
      return numsInTest(test.test, visit)
  }
}

/** The integers a statement reads, those in what it contains included. */
export function readsOf(statement: Statement, visit: (num: Num) => void): void {
  switch (statement.kind) {
    case 'set':
      for (const index of statement.indexes) numsIn(index, visit)
      return numsIn(statement.value, visit)
    case 'let':
      return numsIn(statement.value, visit)
    case 'fault':
      return numsInTest(statement.when, visit)
    case 'select':
      for (const { when, value } of statement.options) {
        numsInTest(when, visit)
        numsIn(value, visit)
      }
      return
    case 'if':
      numsInTest(statement.test, visit)
      for (const inner of [...statement.then, ...statement.otherwise]) readsOf(inner, visit)
      return
    case 'each':
      for (const inner of statement.statements) readsOf(inner, visit)
      return
    case 'call':
      for (const argument of statement.arguments) numsIn(argument, visit)
  }
}

export function readsOfEnd(end: End, visit: (num: Num) => void): void {
  if (end.kind === 'branch') numsInTest(end.test, visit)
}

/** The statement, and all it contains. */
export function within(statement: Statement, visit: (statement: Statement) => void): void {
  visit(statement)
  if (statement.kind === 'if') {
    for (const inner of [...statement.then, ...statement.otherwise]) within(inner, visit)
  }
  if (statement.kind === 'each') for (const inner of statement.statements) within(inner, visit)
}

/** The cells that are left, in the order they are given values, each with a name of its own. */
export function temporariesIn(blocks: readonly Block[]): readonly Temporary[] {
  const found = new Set<Temporary>()
  for (const { statements } of blocks) {
    for (const statement of statements) {
      within(statement, (one) => {
        if (one.kind === 'let' || one.kind === 'select') found.add(one.temporary)
      })
    }
  }
  return [...found]
}

/** A statement with the things in its terms replaced. */
export function substituteIn(statement: Statement, change: (leaf: Num) => Num | null): Statement {
  const num = (one: Num): Num => substitute(one, change)
  const test = (one: Test): Test => substituteTest(one, change)
  switch (statement.kind) {
    case 'set':
      return { ...statement, indexes: statement.indexes.map(num), value: num(statement.value) }
    case 'let':
      return { ...statement, value: num(statement.value) }
    case 'fault':
      return { ...statement, when: test(statement.when) }
    case 'select':
      return {
        ...statement,
        options: statement.options.map(({ when, value }) => ({
          when: test(when),
          value: num(value),
        })),
      }
    case 'if':
      return {
        ...statement,
        test: test(statement.test),
        then: statement.then.map((one) => substituteIn(one, change)),
        otherwise: statement.otherwise.map((one) => substituteIn(one, change)),
      }
    case 'each':
      return {
        ...statement,
        statements: statement.statements.map((one) => substituteIn(one, change)),
      }
    case 'call':
      return { ...statement, arguments: statement.arguments.map(num) }
  }
}

export function substituteInEnd(end: End, change: (leaf: Num) => Num | null): End {
  return end.kind === 'branch' ? { ...end, test: substituteTest(end.test, change) } : end
}
