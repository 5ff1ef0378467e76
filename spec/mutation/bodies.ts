import type { Span } from '../source/span.js'
import type { SourceText } from '../source/text.js'
import type { Block, Declaration, Expression, SourceFile, Statement } from '../syntax/tree.js'

/** What mutations go through: bodies of ops, processes and the rest, their statements, and texts of both. */

/** The statements of one declaration, and what it is called. */
export interface Body {
  readonly name: string
  readonly block: Block
  /** Names of parameters and of the index of a family. */
  readonly parameters: readonly string[]
  /** Of `finally`, which changes nothing and only judges. */
  readonly judges: boolean
}

/** A body together with what has to be known to change it. */
export interface Scene {
  readonly source: SourceText
  readonly body: Body
  /** Names of params, constants, design choices and enumerators: a test of nothing else chooses a design. */
  readonly constants: ReadonlySet<string>
  /** Names of all ops. */
  readonly ops: ReadonlySet<string>
}

/** `init` is the environment's, and an invariant is taken out whole. */
export const bodiesOf = (file: SourceFile): readonly Body[] => file.declarations.flatMap(bodyOf)

function bodyOf(declaration: Declaration): readonly Body[] {
  switch (declaration.kind) {
    case 'op': {
      const parameters = declaration.parameters.map(({ name }) => name.text)
      return [{ name: declaration.name.text, block: declaration.body, parameters, judges: false }]
    }
    case 'process': {
      const { name, family, body: block } = declaration
      const parameters = family === null ? [] : [family.index.text]
      return [{ name: name.text, block, parameters, judges: false }]
    }
    case 'shrinker':
      return [
        { name: declaration.name.text, block: declaration.body, parameters: [], judges: false },
      ]
    case 'finally':
      return [{ name: 'finally', block: declaration.body, parameters: [], judges: true }]
    default:
      return []
  }
}

/** Every block of a body, the outer ones first; inside of `atomic` nobody sees an order. */
export const blocksIn = (block: Block): readonly Block[] => [
  block,
  ...block.statements.flatMap((statement) => innerBlocks(statement)),
]

function innerBlocks(statement: Statement): readonly Block[] {
  if (statement.kind === 'atomic') return []
  const blocks = ownBlocks(statement).flatMap(blocksIn)
  return [...blocks, ...branchesOf(statement).flatMap(innerBlocks)]
}

const ownBlocks = (statement: Statement): readonly Block[] => {
  if (statement.kind === 'block' || statement.kind === 'atomic') return [statement.body]
  return statement.kind === 'either' ? statement.branches : []
}

/** Statements that are part of one without a block of their own around them. */
function branchesOf(statement: Statement): readonly Statement[] {
  switch (statement.kind) {
    case 'if':
      return statement.otherwise === null ? [statement.then] : [statement.then, statement.otherwise]
    case 'while':
    case 'for-range':
    case 'for-pool':
      return [statement.body]
    default:
      return []
  }
}

/** The statement and all that are inside of it, in the order of the text. */
export function withInner(statement: Statement): readonly Statement[] {
  const blocks = ownBlocks(statement).flatMap((block) => block.statements.flatMap(withInner))
  return [statement, ...blocks, ...branchesOf(statement).flatMap(withInner)]
}

export const statementsOf = (block: Block): readonly Statement[] =>
  block.statements.flatMap(withInner)

/** Whether it goes somewhere else at its end. */
export function leaves(statement: Statement): boolean {
  if (statement.kind === 'block') {
    const last = statement.body.statements.at(-1)
    return last !== undefined && leaves(last)
  }
  return ['goto', 'return', 'continue', 'break'].includes(statement.kind)
}

export type Call = Expression & { readonly kind: 'call' }

/** The call that a statement is, or that initialises the only local it declares. */
export function callOf(statement: Statement): Call | null {
  if (statement.kind === 'call') return statement.call.kind === 'call' ? statement.call : null
  if (statement.kind !== 'declare' || statement.declarators.length !== 1) return null
  const initial = statement.declarators[0]?.initial
  return initial?.kind === 'call' ? initial : null
}

/** Every expression that is written in a statement itself or inside of it, with all of its parts. */
export const expressionsIn = (statement: Statement): readonly Expression[] =>
  withInner(statement).flatMap((each) => expressionsOf(each).flatMap(withParts))

function expressionsOf(statement: Statement): readonly Expression[] {
  switch (statement.kind) {
    case 'declare':
      return statement.declarators.flatMap(({ initial }) => initial ?? [])
    case 'assign':
      return [statement.target, statement.value]
    case 'step':
      return [statement.target]
    case 'call':
      return [statement.call]
    case 'if':
    case 'while':
      return [statement.test]
    case 'for-range':
    case 'choose':
      return [statement.range.from, statement.range.to]
    case 'return':
      return statement.value === null ? [] : [statement.value]
    case 'await':
    case 'assert':
      return [statement.condition]
    default:
      return []
  }
}

export function withParts(expression: Expression): readonly Expression[] {
  return [expression, ...partsOf(expression).flatMap(withParts)]
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'member':
      return [expression.object]
    case 'index':
      return [expression.array, expression.index]
    case 'call':
      return expression.arguments
    case 'unary':
      return [expression.operand]
    case 'binary':
      return [expression.left, expression.right]
    case 'conditional':
      return [expression.test, expression.then, expression.otherwise]
    default:
      return []
  }
}

/** Made of constants alone: each row of the design space decides it. */
export const isFixed = (test: Expression, constants: ReadonlySet<string>): boolean =>
  withParts(test).every((part) => {
    if (part.kind === 'name') return constants.has(part.name)
    return !['call', 'member', 'index'].includes(part.kind)
  })

/** A text on one line, without comments. */
export const textOf = (source: SourceText, span: Span): string =>
  source
    .excerpt(span)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()

/** The same of a statement, without its semicolon. */
export const statementText = (source: SourceText, { span }: Statement): string =>
  textOf(source, span).replace(/;$/, '')
