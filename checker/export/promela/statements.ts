import { negated } from '../infix.js'
import { notedLines } from '../noted.js'
import type { Fault, Num, SourceNote, Statement, Test } from '../program.js'
import { numText, testText } from './expression.js'
import { comment, indented, noteText, type Scope } from './words.js'

/** What the statements of one body are written with. */
export interface Pen {
  readonly scope: Scope
  /** The number of each kind of fault, for `FAULT`. */
  readonly kindOf: (fault: Fault) => number
  /** Where a body goes on after a fault that is not reported: nowhere, its end. */
  readonly end: string
}

/** Statements as lines; `before` is the place that was named last. */
export function statementLines(
  statements: readonly Statement[],
  pen: Pen,
  before: SourceNote | null,
): readonly string[] {
  return notedLines(
    statements,
    before,
    (note) => comment(noteText(note)),
    (statement, last) => linesOf(statement, pen, last),
  )
}

function linesOf(statement: Statement, pen: Pen, before: SourceNote | null): readonly string[] {
  const { scope } = pen
  switch (statement.kind) {
    case 'set': {
      const { variable, indexes, value } = statement
      return [`${numText({ kind: 'read', variable, indexes }, scope)} = ${numText(value, scope)};`]
    }
    case 'let':
      return [`${scope.cell(statement.temporary)} = ${numText(statement.value, scope)};`]
    case 'fault': {
      const { fault, when } = statement
      const then = [
        comment(faultText(fault)),
        `FAULT(${fault.number}, ${pen.kindOf(fault)});`,
        `goto ${pen.end};`,
      ]
      return ifLines(when, then, [], scope)
    }
    case 'select': {
      const name = scope.cell(statement.temporary)
      const set = (value: Num) => [`${name} = ${numText(value, scope)};`]
      const options = statement.options.map(({ when, value }) => [when, set(value)] as const)
      return optionLines(options, scope)
    }
    case 'if': {
      const [then = [], otherwise = []] = [statement.then, statement.otherwise].map((arm) =>
        statementLines(arm, pen, before),
      )
      return ifLines(statement.test, then, otherwise, scope)
    }
    case 'each': {
      const { index, statements } = statement
      if (index.from > index.to) return []
      return [
        `for (${scope.cell(index)} : ${index.from} .. ${index.to}) {`,
        ...indented(filled(statementLines(statements, pen, before))),
        '};',
      ]
    }
    case 'call': {
      // The text of an inline is put in place of its call: what is passed is worked out before, and once.
      const { procedure } = statement
      const passed = procedure.parameters.map((parameter, at) => {
        const argument = statement.arguments[at]
        if (argument === undefined) throw new Error(`${procedure.name} misses an argument`)
        return `${scope.cell(parameter)} = ${numText(argument, scope)};`
      })
      return [...passed, `${scope.words.of(procedure)}();`]
    }
  }
}

export const faultText = ({ kind, message, place }: Fault): string =>
  `${kind ?? 'bound'}: ${message}${place === null ? '' : ` (${place.file}:${place.line})`}`

export function ifLines(
  test: Test,
  then: readonly string[],
  otherwise: readonly string[],
  scope: Scope,
): readonly string[] {
  if (test.kind === 'constant') return test.value ? then : otherwise
  if (then.length === 0 && otherwise.length === 0) return []
  if (then.length === 0) return ifLines(negated(test), otherwise, [], scope)
  const rest = otherwise.length === 0 ? [':: else'] : [':: else ->', ...indented(filled(otherwise))]
  return ['if', `:: ${testText(test, scope)} ->`, ...indented(filled(then)), ...rest, 'fi;']
}

/** Any of the options whose test holds. */
export function optionLines(
  options: readonly (readonly [Test, readonly string[]])[],
  scope: Scope,
): readonly string[] {
  const [only] = options
  if (only === undefined) return []
  if (options.length === 1) return only[1]
  const lines = options.flatMap(([test, then]) => [
    `:: ${testText(test, scope)} ->`,
    ...indented(filled(then)),
  ])
  return ['if', ...lines, 'fi;']
}

/** Promela has no empty sequence; and a comment is none. */
export const filled = (lines: readonly string[]): readonly string[] =>
  lines.some((line) => !line.trimStart().startsWith('/*')) ? lines : [...lines, 'skip;']
