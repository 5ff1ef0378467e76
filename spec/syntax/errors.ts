import { type Diagnostic, error, type Label, warning } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import type { SourceText } from '../source/text.js'
import { NODE_DEPTH, TOKEN_DEPTH } from './depth.js'
import type { Token } from './scan.js'

/** One function per mistake that can be told from the text alone. */

const spanOf = (file: string, { from, to }: { from: number; to: number }): Span => ({
  file,
  from,
  to,
})

const codePoint = (character: string): string =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`

// ---- the text as a whole

export const notText = (source: SourceText, at: number): Diagnostic =>
  error('not-text', spanOf(source.path, { from: at, to: at + 1 }), 'this file is not text', {
    caption: `the character ${codePoint(source.text[at] ?? '')}`,
    notes: ['a model is UTF-8 text without control characters'],
    help: 'is this the file that was meant?',
  })

export const emptyModel = (path: string): Diagnostic =>
  error('empty-model', { file: path, from: 0, to: 0 }, 'there is nothing in this file', {
    notes: ['a model needs at least its name and a thread'],
    help: 'begin with `model NAME;`',
  })

export const carriageReturns = (at: Span): Diagnostic =>
  warning('crlf', at, 'lines end with a carriage return and a line feed', {
    caption: 'the first of them',
    notes: ['the meaning is the same'],
    help: '`gmemcheck format` writes plain line feeds',
  })

export const unterminated = (what: 'comment' | 'string', at: Span): Diagnostic =>
  error('unterminated', at, `this ${what} has no end`, {
    caption: 'it begins here',
    help: what === 'comment' ? 'add `*/`' : 'add `"` on the same line',
  })

export const tooDeep = (path: string, at: { from: number; to: number }): Diagnostic =>
  error('too-deep', spanOf(path, at), 'this nests too deeply', {
    notes: [
      `at most ${TOKEN_DEPTH} brackets and statement heads may be open, and a tree ${NODE_DEPTH} nodes deep`,
    ],
    help: 'name a part of it: a local for an expression, an op for statements',
  })

// ---- numbers and strings

export const badNumber = (text: string, at: Span): Diagnostic => {
  const octal = /^0[0-7]+$/.test(text)
  const suffixed = /^(?:0x[0-9a-fA-F]+|[0-9]+)[uUlL]+$/.test(text)
  const whole = suffixed ? text.replace(/[uUlL]+$/, '') : text.replace(/^0+/, '')
  return error('bad-number', at, `\`${text}\` is not a number`, {
    notes: octal
      ? ['C would read it as octal']
      : ['numbers are decimal or hexadecimal with `0x`, without suffix, and below 2^53'],
    help: octal || suffixed ? `write \`${whole}\`` : undefined,
  })
}

export const fraction = (at: Span): Diagnostic =>
  error('bad-number', at, 'there are no fractions', {
    notes: ['all numbers are integers'],
    help: 'a range is written with two dots: `0..5`',
  })

export const badEscape = (pair: string, at: Span): Diagnostic =>
  error('syntax', at, `\`${pair}\` means nothing in a string`, {
    help: 'only `\\"` and `\\\\` are escapes',
  })

// ---- words

export const reservedWord = (word: string, at: Span): Diagnostic =>
  error('reserved-word', at, `\`${word}\` is a word of the language and cannot be a name`, {
    help: `choose another name, for example \`${word}_\``,
  })

export const structInType = (word: string, name: string, at: Span): Diagnostic =>
  error('unsupported-construct', at, `a type is named without \`${word}\``, {
    help: `write \`${name}\``,
  })

/** As in C, `T *a, b` would not make a pointer of b. */
export const severalPointers = (at: Span): Diagnostic =>
  error('unsupported-construct', at, 'one declaration declares one pointer', {
    notes: ['in C the star belongs to the name, here to the type'],
    help: 'write `folio *a;  folio *b;`',
  })

export const noCast = (at: Span): Diagnostic =>
  error('unsupported-construct', at, 'a type stands where a value is needed', {
    notes: ['there are no casts and no `sizeof`: values have no size, only a range'],
    help: 'leave it out',
  })

export const preprocessor = (at: Span): Diagnostic =>
  error('unsupported-construct', at, 'there is no preprocessor', {
    help: '`use "FILE";` includes a library, `const NAME = VALUE;` names a value',
  })

export const doWhile = (at: Span): Diagnostic =>
  error('unsupported-construct', at, 'there is no `do … while`', {
    help: 'write `while (true) { …  if (!(condition)) break; }`',
  })

export const switchCase = (at: Span): Diagnostic =>
  error('unsupported-construct', at, 'there is no `switch`', {
    help: 'write `if (x == A) … else if (x == B) … else …`',
  })

export const forSemicolons = (at: Span): Diagnostic =>
  error('unsupported-construct', at, 'a `for` runs over a range or a pool', {
    help: [
      'write `for (i in 0..n-1)` to count, `for (f in pool)` for the live objects',
      'any other loop is a `while`',
    ],
  })

export const elseWithoutIf = (at: Span): Diagnostic =>
  error('syntax', at, '`else` without an `if`', {
    notes: ['an `if` without braces holds one statement'],
    help: 'put the statements between `if` and `else` into `{ }`',
  })

export const failWithoutKind = (at: Span): Diagnostic =>
  error('syntax', at, '`fail` needs the kind of the violation', {
    notes: ['a kind is built in or declared: `violation my-kind "headline";`'],
    help: 'write `fail KIND "message";`, or `assert(condition, "message");`',
  })

export const chooseWithoutName = (at: Span): Diagnostic =>
  error('syntax', at, '`choose` needs a local for the value', {
    help: 'write `int x;  choose x in a..b;`',
  })

export const statementOutside = (at: Span): Diagnostic =>
  error('syntax', at, 'a statement cannot stand outside of a body', {
    help: 'put it into an op, a thread or `init { }`',
  })

export const declarationInside = (path: string, word: Token, open: Token): Diagnostic =>
  error(
    'syntax',
    spanOf(path, word),
    `\`${word.text}\` begins a declaration, which cannot stand in a block`,
    {
      labels: [{ span: spanOf(path, open), text: 'this block is still open' }],
      help: 'move it out of the block, or close the block before it',
    },
  )

export const statementExpected = (at: Span, found: string): Diagnostic =>
  error('syntax', at, `expected a statement, found ${found}`, {
    help: 'write `skip;` to do nothing',
  })

// ---- marks

export const strangeCharacter = (text: string, at: Span): Diagnostic => {
  const isVisible = /^[\p{L}\p{N}\p{P}\p{S}]$/u.test(text)
  const shown = isVisible ? `\`${text}\` (${codePoint(text)})` : codePoint(text)
  const isQuote = /^['\u2018-\u201F]$/.test(text)
  return error('syntax', at, `the character ${shown} has no meaning here`, {
    notes: ['outside of strings and comments a model is plain ASCII'],
    help: isQuote
      ? 'strings are written with `"`'
      : /^\p{Z}$/u.test(text)
        ? 'it only looks like a blank: write a plain one'
        : undefined,
  })
}

export const missingSemicolon = (at: Span, found: string): Diagnostic =>
  error('syntax', at, `expected \`;\`, found ${found}`, { help: 'add `;`' })

export const headWithoutKeyword = (at: Span, name: string): Diagnostic =>
  error('syntax', at, 'expected `;`, found `{`', {
    notes: [`\`${name}(…)\` reads as a call; only \`if\`, \`while\` and \`for\` have a body`],
  })

export const assignmentAsValue = (at: Span, operator: string): Diagnostic =>
  error('assignment-as-value', at, 'an assignment has no value', {
    notes: ['each assignment is a statement of its own, so that a step is where it can be seen'],
    help:
      operator === '='
        ? 'to compare write `==`; to assign, make it a statement before this one'
        : 'make it a statement of its own',
  })

export const chainedAssignment = (at: Span): Diagnostic =>
  error('assignment-as-value', at, 'assignments cannot be chained', {
    notes: ['each assignment is a statement of its own, so that a step is where it can be seen'],
    help: 'write `y = z;  x = y;`',
  })

export const stepAsValue = (at: Span, operator: string): Diagnostic =>
  error('assignment-as-value', at, `\`${operator}\` is a statement and has no value`, {
    help: `write \`x${operator};\` as a statement before or after this one`,
  })

export const comparisonAsStatement = (at: Span): Diagnostic =>
  error('syntax', at, '`==` compares', { help: 'to assign write `=`' })

export const nothingBefore = (at: Span, operator: string): Diagnostic =>
  error('syntax', at, `nothing stands before \`${operator}\``, {
    help: `write \`object${operator}member\``,
  })

// ---- brackets

export const missingParentheses = (at: Span, word: string): Diagnostic =>
  error('missing-parentheses', at, `\`${word}\` needs parentheses`, {
    help: word === 'for' ? 'write `for (i in a..b) …`' : `write \`${word} (condition)\``,
  })

export const missingBraces = (at: Span, found: string): Diagnostic =>
  error('missing-braces', at, `expected \`{\`, found ${found}`, {
    notes: ['a body is a block; only `if`, `else`, `while` and `for` take a single statement'],
    help: 'put it into `{ }`',
  })

export interface Bracket {
  readonly open: Token
  /** Set where the layout shows that this is the one without an end: the bracket that closed it instead. */
  readonly closedBy?: Token
}

const closers: Record<string, string> = { '(': ')', '[': ']', '{': '}' }

export const unclosed = (path: string, bracket: Bracket, at: number): Diagnostic => {
  const { open, closedBy } = bracket
  const close = closers[open.text] ?? ''
  const labels: Label[] =
    closedBy === undefined
      ? [{ span: { file: path, from: at, to: at }, text: `\`${close}\` is missing before this` }]
      : [
          {
            span: spanOf(path, closedBy),
            text: `closes it, but is indented for another \`${open.text}\``,
          },
        ]
  return error('unbalanced-bracket', spanOf(path, open), `this \`${open.text}\` is never closed`, {
    labels,
    help: `add \`${close}\``,
  })
}

export const closesNothing = (path: string, close: Token): Diagnostic =>
  error('unbalanced-bracket', spanOf(path, close), `this \`${close.text}\` closes nothing`, {
    help: `remove it, or add what it should close`,
  })

export const wrongCloser = (path: string, open: Token, close: Token): Diagnostic =>
  error(
    'unbalanced-bracket',
    spanOf(path, close),
    `expected \`${closers[open.text]}\`, found \`${close.text}\``,
    {
      labels: [{ span: spanOf(path, open), text: `this \`${open.text}\` is still open` }],
      help: `add \`${closers[open.text]}\` before it`,
    },
  )

export const missingCloser = (path: string, open: Token, at: Span, found: string): Diagnostic =>
  error('unbalanced-bracket', at, `expected \`${closers[open.text]}\`, found ${found}`, {
    labels: [{ span: spanOf(path, open), text: `this \`${open.text}\` is still open` }],
    help: `add \`${closers[open.text]}\``,
  })

// ---- everything else

export const unexpected = (at: Span, expected: readonly string[], found: string): Diagnostic =>
  error('syntax', at, `expected ${alternatives(expected)}, found ${found}`)

function alternatives(expected: readonly string[]): string {
  if (expected.length === 0) return 'something else'
  if (expected.length > 6) return 'something else'
  const last = expected.at(-1) ?? ''
  return expected.length === 1 ? last : `${expected.slice(0, -1).join(', ')} or ${last}`
}
