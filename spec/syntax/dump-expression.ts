import type { SExpression } from './s-expression.js'
import type { Declarator, Expression, Name, RangeSyntax, TypeSyntax } from './tree.js'

export const names = (list: readonly Name[]): string[] => list.map((name) => name.text)

/** `(+ 3 n)`, `(-> f flags)`, `(call free f)`; names and constants stand for themselves. */
export function dumpExpression(expression: Expression): SExpression {
  switch (expression.kind) {
    case 'integer':
    case 'boolean':
      return String(expression.value)
    case 'null':
      return 'null'
    case 'name':
      return expression.name
    case 'member': {
      const { arrow, object, name } = expression
      return [arrow ? '->' : '.', dumpExpression(object), name.text]
    }
    case 'index':
      return ['[]', dumpExpression(expression.array), dumpExpression(expression.index)]
    case 'call':
      return ['call', expression.callee.text, ...expression.arguments.map(dumpExpression)]
    case 'unary':
      return [expression.operator, dumpExpression(expression.operand)]
    case 'binary': {
      const { operator, left, right } = expression
      return [operator, dumpExpression(left), dumpExpression(right)]
    }
    case 'conditional': {
      const { test, then, otherwise } = expression
      return ['?', dumpExpression(test), dumpExpression(then), dumpExpression(otherwise)]
    }
  }
}

export const dumpRange = (range: RangeSyntax | null): SExpression[] =>
  range === null ? [] : [dumpExpression(range.from), dumpExpression(range.to)]

/** `bool`, `(int 0 3)`, `(range 1 4)` for a range without `int`, `(* folio)`. */
export function dumpType(type: TypeSyntax): SExpression {
  switch (type.kind) {
    case 'bool':
      return 'bool'
    case 'int':
      return ranged(type.bare ? 'range' : 'int', type.range)
    case 'counter':
      return ranged(type.which, type.range)
    case 'lock':
      return type.which
    case 'bits':
      return ['bits', ...names(type.bits)]
    case 'choice':
      return ['choice', ...names(type.values)]
    case 'named':
      return type.name.text
    case 'pointer':
      return ['*', dumpType(type.to)]
  }
}

const ranged = (word: string, range: RangeSyntax | null): SExpression =>
  range === null ? word : [word, ...dumpRange(range)]

/** `x`, `(x (size 2) (= 1))`. */
export function dumpDeclarator({ name, dimensions, initial }: Declarator): SExpression {
  if (dimensions.length === 0 && initial === null) return name.text
  const sizes = dimensions.map((size): SExpression => ['size', dumpExpression(size)])
  const start: SExpression[] = initial === null ? [] : [['=', dumpExpression(initial)]]
  return [name.text, ...sizes, ...start]
}
