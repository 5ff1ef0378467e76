import { fits } from './print-fill.js'
import { type Compound, flatBlock, flatStatement, head } from './print-flat.js'
import type { Layout } from './print-layout.js'
import type { Block, Statement } from './tree.js'

/** What may stand between an item and the comment that trails it. */
export const END = /^[\s;,]*$/
const NOTHING = /^\s*$/

/** Writes a statement with the comments before, in and after it. */
function writeStatement(layout: Layout, statement: Statement): void {
  layout.commentsBefore(headEnd(statement))
  layout.blankBefore(statement.span.from)
  writeAfter(layout, '', statement)
  layout.commentsAfter(statement.span.to, END)
}

/**
 * Where the part of a statement ends that has no line of its own inside of it: comments up to there are
 * placed before the statement, later ones in its body.
 */
function headEnd(statement: Statement): number {
  switch (statement.kind) {
    case 'if':
    case 'while':
      return statement.test.span.to
    case 'for-range':
      return statement.range.to.span.to
    case 'for-pool':
      return statement.pool.span.to
    case 'atomic':
      return statement.body.span.from
    case 'either':
      return statement.branches[0]?.span.from ?? statement.span.to
    case 'block':
      return statement.span.from
    default:
      return statement.span.to
  }
}

/** Writes a statement behind `lead`, on one line if it was on one and fits. */
function writeAfter(layout: Layout, lead: string, statement: Statement): void {
  const onOneLine = lead + flatStatement(statement)
  if (layout.isOneLine(statement.span) && fits(layout.margin, onOneLine)) {
    layout.write(onOneLine, statement.kind === 'label' ? 1 : 0)
    return
  }
  switch (statement.kind) {
    case 'block':
      writeBlock(layout, lead, statement.body)
      return
    case 'atomic':
      writeBlock(layout, `${lead}atomic `, statement.body)
      return
    case 'either':
      writeEither(layout, lead, statement)
      return
    case 'if':
      writeIf(layout, lead, statement)
      return
    case 'while':
    case 'for-range':
    case 'for-pool':
      writeBody(layout, headOf(statement, lead), statement.body, false)
      return
    default:
      layout.write(onOneLine, statement.kind === 'label' ? 1 : 0)
  }
}

/**
 * Writes a block behind `lead`. With `leaveOpen` the closing brace of a block on several lines is left to
 * what follows it, as in `} else`; returns whether it was.
 */
export function writeBlock(layout: Layout, lead: string, block: Block, leaveOpen = false): boolean {
  const onOneLine = lead + flatBlock(block)
  const isEmpty = block.statements.length === 0 && !layout.hasCommentIn(block.span)
  if (isEmpty || (layout.isOneLine(block.span) && fits(layout.margin, onOneLine))) {
    layout.write(onOneLine)
    return false
  }
  layout.write(`${lead}{`)
  layout.commentsAfter(block.span.from + 1, NOTHING)
  layout.indented(() => {
    for (const statement of block.statements) writeStatement(layout, statement)
    layout.commentsBefore(block.span.to)
  })
  if (!leaveOpen) layout.write('}')
  return leaveOpen
}

/** What stands before a body: its text, and where it begins and ends in the source. */
interface Lead {
  readonly text: string
  readonly from: number
  readonly to: number
}

const headOf = (statement: Compound, before: string): Lead => ({
  text: before + head(statement),
  from: statement.span.from,
  to: headEnd(statement),
})

/** Writes a body behind its head. Returns whether a brace was left open. */
function writeBody(layout: Layout, lead: Lead, body: Statement, leaveOpen: boolean): boolean {
  const onOneLine = `${lead.text} ${flatStatement(body)}`
  const span = { ...body.span, from: lead.from }
  if (layout.isOneLine(span) && fits(layout.margin, onOneLine)) {
    layout.write(onOneLine)
    return false
  }
  if (body.kind === 'block') return writeBlock(layout, `${lead.text} `, body.body, leaveOpen)
  if (isChained(layout, lead, body)) {
    writeAfter(layout, `${lead.text} `, body)
    return false
  }
  layout.write(lead.text)
  layout.commentsAfter(lead.to, /^\s*\)?\s*$/)
  layout.indented(() => writeStatement(layout, body))
  return false
}

/** `for (p in …) for (i in …) {`: heads on one line stay on one line. */
function isChained(layout: Layout, lead: Lead, body: Statement): boolean {
  const isLoop = body.kind === 'while' || body.kind === 'for-range' || body.kind === 'for-pool'
  if (!isLoop && !(body.kind === 'if' && body.otherwise === null)) return false
  const heads = { ...body.span, from: lead.from, to: headEnd(body) }
  const { source } = layout
  const isSameLine = source.position(lead.from).line === source.position(body.span.from).line
  return (
    isSameLine && !layout.hasCommentIn(heads) && fits(layout.margin, `${lead.text} ${head(body)}`)
  )
}

/** The `else` before a statement, behind the closing brace that was left open for it. */
function elseBefore(layout: Layout, isOpen: boolean, then: Statement, otherwise: Statement): Lead {
  const between = layout.source.text.slice(then.span.to, otherwise.span.from)
  const at = then.span.to + Math.max(0, between.lastIndexOf('else'))
  return { text: isOpen ? '} else' : 'else', from: at, to: at + 'else'.length }
}

function writeIf(layout: Layout, before: string, statement: Statement & { kind: 'if' }): void {
  let branch: Statement & { kind: 'if' } = statement
  let lead = headOf(branch, before)
  for (;;) {
    const { then, otherwise } = branch
    const isOpen = writeBody(layout, lead, then, otherwise !== null)
    if (otherwise === null) return
    if (!isOpen) layout.commentsAfter(then.span.to, END)
    const word = elseBefore(layout, isOpen, then, otherwise)
    if (otherwise.kind !== 'if') {
      writeBody(layout, word, otherwise, false)
      return
    }
    branch = otherwise
    lead = headOf(otherwise, `${word.text} `)
  }
}

function writeEither(
  layout: Layout,
  lead: string,
  statement: Statement & { kind: 'either' },
): void {
  let prefix = `${lead}either `
  for (const [index, branch] of statement.branches.entries()) {
    const isLast = index === statement.branches.length - 1
    const isOpen = writeBlock(layout, prefix, branch, !isLast)
    if (!isOpen && !isLast) layout.commentsAfter(branch.span.to, END)
    prefix = isOpen ? '} or ' : 'or '
  }
}
