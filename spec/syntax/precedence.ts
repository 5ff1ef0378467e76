import type { BinaryOperator } from './tree.js'

const levels: readonly (readonly BinaryOperator[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '<=', '>', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]

const level = new Map(levels.flatMap((row, index) => row.map((operator) => [operator, index + 1])))

/** C's precedence of an operator: the higher it is, the tighter it binds; 1 is the lowest. */
export const precedence = (operator: BinaryOperator): number => level.get(operator) ?? 0

/** Every binary operator, for whoever has to go through them all. */
export const binaryOperators: readonly BinaryOperator[] = levels.flat()
