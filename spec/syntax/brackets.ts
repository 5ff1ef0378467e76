import type { SourceText } from '../source/text.js'
import type { Bracket } from './errors.js'
import type { Token } from './scan.js'

export interface Brackets {
  /** The bracket that is open at the place, the last opened first. */
  readonly innermost: Token | undefined
  readonly innermostBrace: Token | undefined
  /** A brace whose closing brace is indented for another line: the one that probably has no end. */
  readonly suspect: Bracket | undefined
}

interface Open {
  readonly token: Token
  /** Where the line begins that the bracket belongs to: `if (` for the brace behind its condition. */
  readonly anchor: Token
}

const pairs: Record<string, string> = { ')': '(', ']': '[', '}': '{' }

/** The brackets opened before the token of that index and not closed. */
export function bracketsBefore(
  source: SourceText,
  tokens: readonly Token[],
  index: number,
): Brackets {
  const stack: Open[] = []
  let suspect: Bracket | undefined
  let closed: { open: Token; close: Token } | undefined
  for (const [at, token] of tokens.slice(0, index).entries()) {
    if (/^[([{]$/.test(token.text)) {
      const before = tokens[at - 1]
      const anchor = closed !== undefined && before === closed.close ? closed.open : token
      stack.push({ token, anchor })
    }
    const pair = pairs[token.text]
    if (pair === undefined) continue
    const opener = stack.findLastIndex((open) => open.token.text === pair)
    const open = stack[opener]
    if (open === undefined) continue
    stack.length = opener
    closed = { open: open.token, close: token }
    if (suspect === undefined && isMisplaced(source, open, token)) {
      suspect = { open: open.token, closedBy: token }
    }
  }
  return {
    innermost: stack.at(-1)?.token,
    innermostBrace: stack.findLast((open) => open.token.text === '{')?.token,
    suspect,
  }
}

/** A brace that begins its line should be indented as the line that opened it. */
function isMisplaced(source: SourceText, open: Open, close: Token): boolean {
  const openLine = source.line(source.position(open.anchor.from).line)
  const { line, column } = source.position(close.from)
  const closeLine = source.line(line)
  if (close.text !== '}' || closeLine.slice(0, column - 1).trim() !== '') return false
  return indentation(openLine) !== indentation(closeLine)
}

const indentation = (line: string): number => line.length - line.trimStart().length
