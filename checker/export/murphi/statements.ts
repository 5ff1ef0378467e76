import { negated } from '../infix.js'
import { notedLines } from '../noted.js'
import type { Fault, SourceNote, Statement, Test } from '../program.js'
import type { Choices, Select } from './choices.js'
import { numText, testText } from './expression.js'
import { comment, indented, quoted, type Scope } from './words.js'

/** What the statements of one body are written with. */
export interface Pen {
  readonly scope: Scope
  readonly choices: Choices
  /** The names of the parameters that choose. */
  readonly picks: readonly string[]
  /** Procedures that are told which process moves. */
  readonly needSelf: ReadonlySet<object>
}

export const noteText = (note: SourceNote): string => `${note.file}:${note.line}: ${note.text}`

/** The number comes first: it says which fault it was, whatever the words. */
export function faultText({ number, kind, message, place }: Fault): string {
  const where = place === null ? '' : ` (${place.file}:${place.line})`
  return quoted(`${number} ${kind ?? 'bound'}: ${message}${where}`)
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
      const { kind: _, ...target } = statement
      const place = numText({ kind: 'read', ...target }, scope)
      return [`${place} := ${numText(statement.value, scope)};`]
    }
    case 'let':
      return [`${scope.of(statement.temporary)} := ${numText(statement.value, scope)};`]
    case 'fault':
      return ifLines(statement.when, [`error ${faultText(statement.fault)};`], [], scope)
    case 'select':
      return selectLines(statement, pen)
    case 'if': {
      const [then, otherwise] = [statement.then, statement.otherwise].map((arm) =>
        statementLines(arm, pen, before),
      )
      return ifLines(statement.test, then ?? [], otherwise ?? [], scope)
    }
    case 'each': {
      const { index } = statement
      if (index.from > index.to) return []
      return [
        `for ${scope.of(index)}: ${scope.globals.rangeText(index)} do`,
        ...indented(statementLines(statement.statements, pen, before)),
        'endfor;',
      ]
    }
    case 'call': {
      const passed = statement.arguments.map((argument) => numText(argument, scope))
      if (pen.needSelf.has(statement.procedure)) passed.unshift(scope.self)
      return [`${scope.globals.of(statement.procedure)}(${passed.join(', ')});`]
    }
  }
}

export function ifLines(
  test: Test,
  then: readonly string[],
  otherwise: readonly string[],
  scope: Scope,
): readonly string[] {
  if (test.kind === 'constant') return test.value ? then : otherwise
  if (then.length === 0 && otherwise.length === 0) return []
  if (then.length === 0) return ifLines(negated(test), otherwise, [], scope)
  const rest = otherwise.length === 0 ? [] : ['else', ...indented(otherwise)]
  return [`if ${testText(test, scope)} then`, ...indented(then), ...rest, 'endif;']
}

/**
 * The option that was picked, and where it is not to be had (or there is none of that number), the first that is: so
 * every pick does what some right pick does.
 */
function selectLines(select: Select, { scope, choices, picks }: Pen): readonly string[] {
  const parameter = choices.parameters.get(select)
  const name = scope.of(select.temporary)
  const options = select.options.map(({ when, value }) => ({
    when: testText(when, scope),
    isSure: when.kind === 'constant' && when.value,
    set: `${name} := ${numText(value, scope)};`,
  }))
  const [only] = options
  if (parameter === undefined) return only === undefined ? [] : [only.set]
  const picked = options.map(({ when, isSure, set }, number) => {
    const isPicked = `${picks[parameter]} = ${number}`
    return { when: isSure ? isPicked : `${isPicked} & (${when})`, set }
  })
  const sure = options.findIndex(({ isSure }) => isSure)
  const first = sure < 0 ? options : options.slice(0, sure + 1)
  const arms = options.every(({ isSure }) => isSure) ? picked : [...picked, ...first]
  // At least one of the options can be had: the last needs no question.
  const last = arms.pop()
  if (last === undefined) return []
  const asked = arms.flatMap(({ when, set }, at) => [
    `${at === 0 ? 'if' : 'elsif'} ${when} then`,
    `  ${set}`,
  ])
  return [...asked, 'else', `  ${last.set}`, 'endif;']
}
