import type { Span } from '../source/span.js'
import type { Token } from './scan.js'
import type { Declaration } from './tree.js'

/** Brackets, statement heads without braces and `?` that may be open at once: the parser recurses on them. */
export const TOKEN_DEPTH = 64

/** The deepest path through a tree that parse gives. */
export const NODE_DEPTH = 500

const heads = new Set(['if', 'while', 'for', 'else'])

/** The token at which most is open, and how much that is. The tokens must not be empty. */
export function deepest(tokens: readonly Token[]): { depth: number; token: Token } {
  let worst = { depth: -1, token: tokens[0] as Token }
  let brackets = 0
  let pendingHeads = 0
  let questions = 0
  for (const token of tokens) {
    switch (token.text) {
      case '(':
      case '[':
      case '{':
        brackets++
        break
      case ')':
      case ']':
      case '}':
        brackets = Math.max(0, brackets - 1)
        break
      case '?':
        questions++
        break
      case ':':
        questions = Math.max(0, questions - 1)
        break
      default:
        if (heads.has(token.text)) pendingHeads++
    }
    if (token.text === ';' || token.text === '{' || token.text === '}') {
      pendingHeads = 0
      questions = 0
    }
    const depth = brackets + pendingHeads + questions
    if (depth > worst.depth) worst = { depth, token }
  }
  return worst
}

interface Place {
  readonly depth: number
  readonly span: Span
}

/** The deepest node, found without recursion: a chain of operators nests its first operand. */
export function deepestNode(declarations: readonly Declaration[]): Place {
  let worst: Place = { depth: 0, span: { file: '', from: 0, to: 0 } }
  const open: { value: object; depth: number; span: Span }[] = []
  const visit = (value: unknown, depth: number, span: Span): void => {
    if (typeof value === 'object' && value !== null) open.push({ value, depth, span })
  }
  visit(declarations, 0, worst.span)
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value } = next
    const isNode = 'kind' in value && 'span' in value
    const depth = next.depth + (isNode ? 1 : 0)
    const span = isNode ? (value.span as Span) : next.span
    if (depth > worst.depth) worst = { depth, span }
    for (const child of Object.values(value)) visit(child, depth, span)
  }
  return worst
}
