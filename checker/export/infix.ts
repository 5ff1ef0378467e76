import type { Test } from './program.js'

/**
 * How tightly an operator holds its operands, in the languages that write them between these. Bit operators and shifts
 * have places of their own in each, which nobody knows by heart, and share signs with the logical ones: they stand in
 * parentheses wherever they are part of something.
 */
export const Level = {
  Bits: 0,
  Conditional: 0,
  Or: 1,
  And: 2,
  Compare: 3,
  Sum: 4,
  Product: 5,
  Sign: 6,
  Atom: 7,
} as const

const LEVELS: Readonly<Record<string, number>> = {
  '+': Level.Sum,
  '-': Level.Sum,
  '*': Level.Product,
  '/': Level.Product,
  '%': Level.Product,
}

/** Of an arithmetic operator. */
export const levelOf = (operator: string): number => LEVELS[operator] ?? Level.Bits

/** A text, and how tightly it holds together. */
export interface Written {
  readonly text: string
  readonly level: number
}

export const atom = (text: string): Written => ({ text, level: Level.Atom })

/** The text as part of something that holds it so tightly. */
export const inside = ({ text, level }: Written, least: number): string =>
  level >= least ? text : `(${text})`

const OPPOSITE = { '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>' } as const

/** The test turned round, and its `not` brought to where it is short. */
export function negated(test: Test): Test {
  switch (test.kind) {
    case 'constant':
      return { kind: 'constant', value: !test.value }
    case 'compare':
      return { ...test, operator: OPPOSITE[test.operator] }
    case 'not':
      return test.operand
    default:
      return { kind: 'not', operand: test }
  }
}
