import type { SourceText } from '../source/text.js'
import type { Comment } from './tree.js'

/** A piece of the text as the eye divides it; the grammar decides what it means. */
export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'mark' | 'strange'
  readonly text: string
  readonly from: number
  readonly to: number
}

/** A comment or string whose end is missing. */
export interface Unterminated {
  readonly what: 'comment' | 'string'
  readonly from: number
  readonly to: number
}

export interface Scan {
  readonly tokens: readonly Token[]
  readonly comments: readonly Comment[]
  readonly unterminated: Unterminated | null
}

const blank = /[ \t\r\n\f\v\uFEFF]+/y
const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /[0-9][A-Za-z0-9_]*/y
const string = /"(?:\\[^\n]|[^"\\\n])*"/y
const mark = /<<=|>>=|\.\.|->|\+\+|--|&&|\|\||<<|>>|[-+*/%&|^=!<>]=|[-+*/%&|^=!<>~?:;,.(){}[\]@]/y
const kinds = [
  ['word', word],
  ['number', number],
  ['string', string],
  ['mark', mark],
] as const

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of kinds) {
    const found = matchAt(pattern, text, at)
    if (found !== undefined) return { kind, text: found, from: at, to: at + found.length }
  }
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0)
  return { kind: 'strange', text: character, from: at, to: at + character.length }
}

function unterminatedAt(text: string, at: number): Unterminated | null {
  if (text.startsWith('/*', at)) return { what: 'comment', from: at, to: at + 2 }
  if (text[at] !== '"' || matchAt(string, text, at) !== undefined) return null
  const end = text.indexOf('\n', at)
  return { what: 'string', from: at, to: end < 0 ? text.length : end }
}

/**
 * Divides a text into tokens and comments. The grammar needs neither; they serve the formatter, which
 * keeps comments, and the messages about a text that the grammar refused.
 */
export function scan(source: SourceText): Scan {
  const { path, text } = source
  const tokens: Token[] = []
  const comments: Comment[] = []
  let at = 0
  while (at < text.length) {
    const skipped = matchAt(blank, text, at)
    if (skipped !== undefined) {
      at += skipped.length
      continue
    }
    const remark = matchAt(comment, text, at)
    if (remark !== undefined) {
      const shown = remark.trimEnd()
      const lineStart = text.lastIndexOf('\n', at - 1) + 1
      comments.push({
        text: shown.replaceAll('\r\n', '\n'),
        span: { file: path, from: at, to: at + shown.length },
        ownLine: text.slice(lineStart, at).trim() === '',
      })
      at += remark.length
      continue
    }
    const unterminated = unterminatedAt(text, at)
    if (unterminated !== null) return { tokens, comments, unterminated }
    const token = tokenAt(text, at)
    tokens.push(token)
    at = token.to
  }
  return { tokens, comments, unterminated: null }
}
