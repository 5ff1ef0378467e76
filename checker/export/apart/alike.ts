import { textOf } from '../elaborate/terms.js'
import type { CodeNote, Index, Num, Statement, Test } from '../program.js'
import { type Change, inStatement, inTest } from './literals.js'

/**
 * What is written out for each instance of a family, each by its number, said once for all of them: `or` as `some`, `and`
 * as `every`, statements that follow one another as `each`. What is not alike, or not said of all, stays.
 */
export class Alike {
  readonly #families: readonly CodeNote[]
  readonly #indexes = new Map<string, Index>()

  constructor(families: readonly CodeNote[]) {
    this.#families = families
  }

  /** One index for each depth, so that terms that are alike have the same one. */
  #index({ name, first, last }: CodeNote, depth: number): Index {
    const key = `${name} ${depth}`
    const index = this.#indexes.get(key) ?? { name: 'p', from: first, to: last, over: 'process' }
    this.#indexes.set(key, index)
    return index
  }

  num(num: Num): Num {
    switch (num.kind) {
      case 'read':
        return { ...num, indexes: num.indexes.map((index) => this.num(index)) }
      case 'negate':
      case 'complement':
        return { ...num, operand: this.num(num.operand) }
      case 'arithmetic':
        return { ...num, left: this.num(num.left), right: this.num(num.right) }
      case 'conditional': {
        const [then, otherwise] = [this.num(num.then), this.num(num.otherwise)]
        return { ...num, test: this.test(num.test), then, otherwise }
      }
      default:
        return num
    }
  }

  test(test: Test): Test {
    switch (test.kind) {
      case 'compare':
        return { ...test, left: this.num(test.left), right: this.num(test.right) }
      case 'not':
        return { ...test, operand: this.test(test.operand) }
      case 'and':
      case 'or': {
        const kind = test.kind === 'and' ? 'every' : 'some'
        let operands = test.operands.map((each) => this.test(each))
        for (const family of this.#families) {
          operands = gathered(operands, family, {
            change: inTest,
            index: (terms) => this.#index(family, Math.max(...terms.map(depthOf)) + 1),
            whole: (index, one) => ({ kind, index, test: one }),
            isApart: true,
          })
        }
        const [only] = operands
        return operands.length === 1 && only !== undefined ? only : { ...test, operands }
      }
      case 'some':
      case 'every':
        return { ...test, test: this.test(test.test) }
      default:
        return test
    }
  }

  statements(statements: readonly Statement[]): readonly Statement[] {
    let found = statements.map((each) => this.#statement(each))
    for (const family of this.#families) {
      found = gathered(found, family, {
        change: inStatement,
        index: (terms) => this.#index(family, Math.max(...terms.map(depthOf)) + 1),
        whole: (index, one) => ({ kind: 'each', index, statements: [one], note: one.note }),
        isApart: false,
      })
    }
    return found
  }

  #statement(statement: Statement): Statement {
    switch (statement.kind) {
      case 'set': {
        const indexes = statement.indexes.map((index) => this.num(index))
        return { ...statement, indexes, value: this.num(statement.value) }
      }
      case 'let':
        return { ...statement, value: this.num(statement.value) }
      case 'fault':
        return { ...statement, when: this.test(statement.when) }
      case 'select': {
        const options = statement.options.map(({ when, value }) => ({
          when: this.test(when),
          value: this.num(value),
        }))
        return { ...statement, options }
      }
      case 'if': {
        const [then, otherwise] = [statement.then, statement.otherwise]
        return {
          ...statement,
          test: this.test(statement.test),
          then: this.statements(then),
          otherwise: this.statements(otherwise),
        }
      }
      case 'each':
        return { ...statement, statements: this.statements(statement.statements) }
      case 'call':
        return { ...statement, arguments: statement.arguments.map((one) => this.num(one)) }
    }
  }
}

interface Gathering<T> {
  readonly change: (term: T, change: Change) => T
  readonly index: (terms: readonly T[]) => Index
  readonly whole: (index: Index, one: T) => T
  /** Others may stand between them. */
  readonly isApart: boolean
}

/** The terms, with those that are alike but for the instance of the family they name as one. */
function gathered<T extends Test | Statement>(
  terms: readonly T[],
  { first, last }: CodeNote,
  { change, index, whole, isApart }: Gathering<T>,
): T[] {
  const count = last - first + 1
  const named = terms.map((term) => {
    const members = new Set<number>()
    change(term, (value) => {
      if (value >= first && value <= last) members.add(value)
      return { kind: 'number', value }
    })
    const [member] = members
    return members.size === 1 && member !== undefined ? member : null
  })
  const bound = index(terms)
  const made = terms.map((term, at) =>
    named[at] === null
      ? term
      : change(term, (value) =>
          value === named[at] ? { kind: 'index', index: bound } : { kind: 'number', value },
        ),
  )
  const keys = made.map((term, at) => (named[at] === null ? null : textOf(term)))
  const done = new Set<number>()
  return terms.flatMap((term, at) => {
    if (done.has(at)) return []
    const alike = [...keys.keys()].filter((other) => keys[other] === keys[at] && !done.has(other))
    const ones = isApart ? alike : alike.filter((other) => other >= at && other < at + count)
    const isAll = new Set(ones.map((other) => named[other])).size === count && keys[at] !== null
    const one = made[at]
    if (!isAll || one === undefined) return [term]
    for (const other of ones) done.add(other)
    return [whole(bound, one)]
  })
}

/** How many quantifiers and loops over processes are inside of one another. */
function depthOf(term: object): number {
  const inner = Object.values(term).map((part) =>
    typeof part === 'object' && part !== null && !('name' in part) ? depthOf(part) : 0,
  )
  const isBinding = 'index' in term && 'kind' in term && term.kind !== 'index'
  return Math.max(0, ...inner) + (isBinding ? 1 : 0)
}
