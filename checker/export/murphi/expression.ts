import { atom, inside, Level, levelOf, negated, type Written } from '../infix.js'
import type { Num, Test } from '../program.js'
import type { Scope } from './words.js'

export const numText = (num: Num, scope: Scope): string => writtenNum(num, scope).text

export const testText = (test: Test, scope: Scope): string => writtenTest(test, scope).text

/** What must all hold, each so that it can stand between `&`. */
export const conditionTexts = (test: Test, scope: Scope): readonly string[] =>
  test.kind === 'and' && test.operands.length > 0
    ? test.operands.map((each) => inside(writtenTest(each, scope), Level.Compare))
    : [testText(test, scope)]

function writtenNum(num: Num, scope: Scope): Written {
  const within = (part: Num, least: number) => inside(writtenNum(part, scope), least)
  switch (num.kind) {
    case 'number':
      return number(num.value)
    case 'read': {
      const indexes = num.indexes.map((index) => `[${numText(index, scope)}]`)
      return atom(`${scope.globals.of(num.variable)}${indexes.join('')}`)
    }
    case 'temporary':
      return atom(scope.of(num.temporary))
    case 'index':
      return atom(scope.of(num.index))
    case 'self':
      return atom(scope.self)
    case 'negate':
      return { text: `-${within(num.operand, Level.Atom)}`, level: Level.Sign }
    case 'complement':
      // Murphi's own counts the bits of its cells; in two's complement the value is this one.
      return { text: `-${within(num.operand, Level.Atom)} - 1`, level: Level.Sum }
    case 'arithmetic': {
      const level = levelOf(num.operator)
      const least = level === Level.Bits ? Level.Atom : level
      const left = within(num.left, least)
      const right = within(num.right, least === Level.Atom ? least : least + 1)
      return { text: `${left} ${num.operator} ${right}`, level }
    }
    case 'conditional': {
      const test = inside(writtenTest(num.test, scope), Level.Or)
      const [then, otherwise] = [num.then, num.otherwise].map((part) => within(part, Level.Sum))
      return { text: `${test} ? ${then} : ${otherwise}`, level: Level.Conditional }
    }
  }
}

function writtenTest(test: Test, scope: Scope): Written {
  switch (test.kind) {
    case 'constant':
      return atom(String(test.value))
    case 'compare': {
      const operator = test.operator === '==' ? '=' : test.operator
      const [left, right] = [test.left, test.right].map((part) =>
        inside(writtenNum(part, scope), Level.Sum),
      )
      return { text: `${left} ${operator} ${right}`, level: Level.Compare }
    }
    case 'not': {
      const turned = negated(test.operand)
      if (turned.kind !== 'not') return writtenTest(turned, scope)
      return {
        text: `!${inside(writtenTest(test.operand, scope), Level.Atom)}`,
        level: Level.Compare,
      }
    }
    case 'and':
    case 'or': {
      const [only] = test.operands
      if (only === undefined) return atom(String(test.kind === 'and'))
      if (test.operands.length === 1) return writtenTest(only, scope)
      const level = test.kind === 'and' ? Level.And : Level.Or
      const parts = test.operands.map((each) => inside(writtenTest(each, scope), Level.Compare))
      return { text: parts.join(test.kind === 'and' ? ' & ' : ' | '), level }
    }
    case 'some':
    case 'every': {
      const { index } = test
      // Murphi has no empty ranges.
      if (index.from > index.to) return atom(String(test.kind === 'every'))
      const [word, end] = test.kind === 'some' ? ['exists', 'endexists'] : ['forall', 'endforall']
      const range = `${scope.of(index)}: ${scope.globals.rangeText(index)}`
      return atom(`(${word} ${range} do ${testText(test.test, scope)} ${end})`)
    }
  }
}

/** A sign belongs to an operator; and the least integer has no opposite that fits. */
function number(value: number): Written {
  if (value >= 0) return atom(String(value))
  if (value === -(2 ** 31)) return { text: `${value + 1} - 1`, level: Level.Sum }
  return { text: String(value), level: Level.Sign }
}
