import type { FailedMatchResult } from 'ohm-js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type { SourceText } from '../source/text.js'
import { type Brackets, bracketsBefore } from './brackets.js'
import * as errors from './errors.js'
import { expectedAt, toldOf } from './expected.js'
import type { Token } from './scan.js'

/** Where reading stopped, and what is around it. */
interface Stop {
  readonly source: SourceText
  readonly tokens: readonly Token[]
  /** The index of the token that could not be used; past the last one at the end of the file. */
  readonly index: number
  readonly found: Token | undefined
  readonly previous: Token | undefined
  readonly expected: ReadonlySet<string>
  readonly brackets: Brackets
  /** The first token of the statement or declaration in which reading stopped. */
  readonly first: number
}

const reserved = new Set(
  `if else while for return goto break continue true false null int bool struct enum typedef`.split(
    ' ',
  ),
)
const declarationWords = new Set(
  `model use const param design enum struct typedef pool weak op init thread daemon shrinker invariant
   finally cover violation check expect`.split(/\s+/),
)
const statementWords = new Set(
  'if else while for return goto break continue either choose await assert fail skip'.split(' '),
)
const headWords = new Set(['if', 'while', 'for', 'await', 'assert', 'cover'])
const assignments = /^(?:[-+*/%&|^]|<<|>>)?=$/

/** The one error that tells why the grammar refused a text, at the place where it helps most. */
export function explain(
  match: FailedMatchResult,
  source: SourceText,
  tokens: readonly Token[],
): Diagnostic {
  const at = match.getRightmostFailurePosition()
  const after = tokens.findIndex((token) => token.to > at)
  const index = after < 0 ? tokens.length : after
  const stop: Stop = {
    source,
    tokens,
    index,
    found: tokens[index],
    previous: tokens[index - 1],
    expected: expectedAt(match),
    brackets: bracketsBefore(source, tokens, index),
    first: firstOfStatement(tokens, index),
  }
  for (const recognise of mistakes) {
    const diagnostic = recognise(stop)
    if (diagnostic !== undefined) return diagnostic
  }
  return errors.unexpected(foundSpan(stop), toldOf(stop.expected), foundText(stop))
}

/** Tried in this order: the first that recognises its mistake explains it. */
const mistakes: readonly ((stop: Stop) => Diagnostic | undefined)[] = [
  strange,
  unsupported,
  statementOutside,
  elseAlone,
  declarationInBlock,
  bracket,
  conditionOfDeclaration,
  failWithoutKind,
  chooseWithoutName,
  semicolonAtLineEnd,
  word,
  secondPointer,
  fraction,
  assignment,
  memberOfNothing,
  body,
  missingCloser,
  semicolon,
]

// ---- the mistakes

function strange(stop: Stop): Diagnostic | undefined {
  const { found } = stop
  if (found?.kind !== 'strange') return undefined
  const at = spanOf(stop, found)
  return found.text === '#' ? errors.preprocessor(at) : errors.strangeCharacter(found.text, at)
}

function unsupported(stop: Stop): Diagnostic | undefined {
  const { found, previous, tokens, index, first, expected, brackets } = stop
  if (previous?.text === 'do') return errors.doWhile(spanOf(stop, previous))
  const start = tokens[first]
  if (start?.text === 'switch' && tokens[first + 1]?.text === '(') {
    return errors.switchCase(spanOf(stop, start))
  }
  if (previous?.text === 'case') return errors.switchCase(spanOf(stop, previous))
  if (previous?.text === '(' && (found?.text === 'int' || found?.text === 'bool')) {
    const before = tokens[index - 2]
    if (before?.text !== 'for') return errors.noCast(spanOf(stop, found))
  }
  const open = brackets.innermost
  const word = open === undefined ? undefined : tokens[tokens.indexOf(open) - 1]
  if (
    word?.text === 'for' &&
    !tokens.slice(0, index).some((t) => t.text === 'in' && t.from > word.from)
  ) {
    if (found?.text === '=' || found?.text === ';' || found?.text === 'int') {
      return errors.forSemicolons(spanOf(stop, word))
    }
  }
  if ((found?.text === 'struct' || found?.text === 'enum') && !expected.has('`;`')) {
    const name = tokens[index + 1]
    return errors.structInType(found.text, name?.text ?? '', {
      ...spanOf(stop, found),
      to: (name ?? found).to,
    })
  }
  const before = tokens[index - 2]
  if ((before?.text === 'struct' || before?.text === 'enum') && expected.has('`{`')) {
    return errors.structInType(before.text, previous?.text ?? '', {
      ...spanOf(stop, before),
      to: previous?.to ?? before.to,
    })
  }
  return undefined
}

function elseAlone(stop: Stop): Diagnostic | undefined {
  const { found, previous } = stop
  if (found?.text !== 'else') return undefined
  const follows = previous?.text === ';' || previous?.text === '}' || previous?.text === '{'
  if (follows) return errors.elseWithoutIf(spanOf(stop, found))
  return stop.expected.has('`;`')
    ? undefined
    : errors.statementExpected(spanOf(stop, found), '`else`')
}

/** `x = 1;` between declarations. */
function statementOutside(stop: Stop): Diagnostic | undefined {
  const { found, tokens, first, index, brackets } = stop
  const start = tokens[first]
  if (start === undefined || brackets.innermost !== undefined) return undefined
  const isAction =
    index === first + 1 &&
    /^(?:[([.]|->|\+\+|--|.?.?=)$/.test(found?.text ?? '') &&
    start.kind === 'word'
  const isHead = statementWords.has(start.text)
  if (declarationWords.has(start.text) || !(isAction || isHead)) return undefined
  return errors.statementOutside(spanOf(stop, start))
}

/** `op g() {` inside the block of `op f() {`: the end of f is missing. */
function declarationInBlock(stop: Stop): Diagnostic | undefined {
  const { tokens, first, index, brackets, source } = stop
  const start = tokens[first]
  const open = brackets.innermostBrace
  if (start === undefined || open === undefined || first > index) return undefined
  if (!declarationWords.has(start.text)) return undefined
  if (source.position(start.from).column > 1) {
    const isDeclaration = tokens[first + 1]?.kind === 'word' && first + 1 <= index
    return isDeclaration ? errors.declarationInside(source.path, start, open) : undefined
  }
  return errors.unclosed(source.path, brackets.suspect ?? { open }, start.from)
}

function bracket(stop: Stop): Diagnostic | undefined {
  const { found, previous, brackets, source } = stop
  const open = brackets.innermost
  if (found === undefined) {
    if (open === undefined) return undefined
    return errors.unclosed(source.path, brackets.suspect ?? { open }, previous?.to ?? 0)
  }
  if (!/^[)\]}]$/.test(found.text)) return undefined
  if (open === undefined) return errors.closesNothing(source.path, found)
  if ({ '(': ')', '[': ']', '{': '}' }[open.text] === found.text) return undefined
  if (found.text === '}')
    return errors.missingCloser(source.path, open, afterPrevious(stop), foundText(stop))
  return errors.wrongCloser(source.path, open, found)
}

/** `invariant a == b;` */
function conditionOfDeclaration(stop: Stop): Diagnostic | undefined {
  const { tokens, first, expected, found } = stop
  const start = tokens[first]
  if (start?.text !== 'invariant' && start?.text !== 'cover') return undefined
  if (!expected.has('`(`') || found?.text === '{') return undefined
  return errors.missingParentheses(spanOf(stop, start), start.text)
}

function failWithoutKind(stop: Stop): Diagnostic | undefined {
  const { found, previous } = stop
  if (previous?.text !== 'fail' || found?.kind !== 'string') return undefined
  return errors.failWithoutKind(spanOf(stop, previous))
}

function chooseWithoutName(stop: Stop): Diagnostic | undefined {
  const { previous, tokens, first, index } = stop
  if (previous?.text !== 'choose' || first !== index - 1) return undefined
  return errors.chooseWithoutName(spanOf(stop, tokens[first] ?? previous))
}

/** A new line where `;` could stand: the statement before has ended without it. */
function semicolonAtLineEnd(stop: Stop): Diagnostic | undefined {
  const { found, previous, expected, source } = stop
  if (!expected.has('`;`') || previous === undefined) return undefined
  const isNewLine =
    found === undefined || source.position(previous.from).line < source.position(found.from).line
  if (!isNewLine && found?.text !== '}') return undefined
  if (found?.text === '{') return undefined
  return errors.missingSemicolon(afterPrevious(stop), foundText(stop))
}

function word(stop: Stop): Diagnostic | undefined {
  const { found, previous, expected } = stop
  if (
    previous !== undefined &&
    headWords.has(previous.text) &&
    expected.has('`(`') &&
    found?.text !== '('
  ) {
    return errors.missingParentheses(spanOf(stop, previous), previous.text)
  }
  if (found === undefined || !reserved.has(found.text) || !expected.has('a name')) return undefined
  return errors.reservedWord(found.text, spanOf(stop, found))
}

/** `folio *a, *b;` */
function secondPointer(stop: Stop): Diagnostic | undefined {
  const { found, previous, expected, brackets } = stop
  const isList = previous?.text === ',' && brackets.innermost?.text !== '('
  if (found?.text !== '*' || !isList || !expected.has('a name')) return undefined
  return errors.severalPointers(spanOf(stop, found))
}

function fraction(stop: Stop): Diagnostic | undefined {
  const { found, previous, tokens, index } = stop
  const whole = tokens[index - 2]
  if (previous?.text !== '.' || whole?.kind !== 'number' || found?.kind !== 'number')
    return undefined
  return errors.fraction({ ...spanOf(stop, whole), to: found.to })
}

function assignment(stop: Stop): Diagnostic | undefined {
  const { found, expected, tokens, first, index, brackets } = stop
  if (found === undefined) return undefined
  const at = spanOf(stop, found)
  if (found.text === '++' || found.text === '--') return errors.stepAsValue(at, found.text)
  if (found.text === '==' && (expected.has('an assignment') || expected.has('`=`'))) {
    return errors.comparisonAsStatement(at)
  }
  if (!assignments.test(found.text) || expected.has('an assignment') || expected.has('`=`'))
    return undefined
  const isChained = tokens.slice(first, index).some((token) => assignments.test(token.text))
  if (isChained && brackets.innermost?.text !== '(') return errors.chainedAssignment(at)
  return expected.has('an operator') ? errors.assignmentAsValue(at, found.text) : undefined
}

function memberOfNothing(stop: Stop): Diagnostic | undefined {
  const { found, expected } = stop
  if (found?.text !== '->' && found?.text !== '.') return undefined
  if (expected.has('`;`')) return undefined
  return expected.has('an operator')
    ? undefined
    : errors.nothingBefore(spanOf(stop, found), found.text)
}

/** A block is wanted and something else is there. */
function body(stop: Stop): Diagnostic | undefined {
  const { expected, found } = stop
  if (!expected.has('`{`') || expected.has('a type') || expected.has('an expression'))
    return undefined
  if (found?.text === '(' || found?.text === ';') return undefined
  return errors.missingBraces(foundSpan(stop), foundText(stop))
}

function missingCloser(stop: Stop): Diagnostic | undefined {
  const { found, brackets, expected, source } = stop
  const open = brackets.innermost
  const isEnd = found?.text === ';' || found?.text === '{'
  if (!isEnd && (found?.kind === 'mark' || expected.has('`,`'))) return undefined
  if (open?.text === '(' && expected.has('`)`')) {
    return errors.missingCloser(source.path, open, afterPrevious(stop), foundText(stop))
  }
  if (open?.text === '[' && expected.has('`]`')) {
    return errors.missingCloser(source.path, open, afterPrevious(stop), foundText(stop))
  }
  return undefined
}

function semicolon(stop: Stop): Diagnostic | undefined {
  const { found, previous, expected, tokens, first } = stop
  if (!expected.has('`;`') || found === undefined || previous === undefined) return undefined
  const start = tokens[first]
  if (found.text === '{' && previous.text === ')' && tokens[first + 1]?.text === '(') {
    return errors.headWithoutKeyword(foundSpan(stop), start?.text ?? '')
  }
  if (found.kind === 'mark') return undefined
  return errors.missingSemicolon(afterPrevious(stop), foundText(stop))
}

// ---- places and words

function firstOfStatement(tokens: readonly Token[], index: number): number {
  let first = index
  while (first > 0 && !/^[;{}]$/.test(tokens[first - 1]?.text ?? '')) first--
  return first
}

const spanOf = ({ source }: Stop, { from, to }: { from: number; to: number }): Span => ({
  file: source.path,
  from,
  to,
})

/** Just behind the token before: where the missing thing should have been. */
const afterPrevious = (stop: Stop): Span => {
  const at = stop.previous?.to ?? 0
  return spanOf(stop, { from: at, to: at })
}

const foundSpan = (stop: Stop): Span =>
  stop.found === undefined ? afterPrevious(stop) : spanOf(stop, stop.found)

const foundText = ({ found }: Stop): string => {
  if (found === undefined) return 'the end of the file'
  if (found.kind === 'string') return 'a string'
  return `\`${found.text}\``
}
