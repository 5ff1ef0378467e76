import type { Span } from '../source/span.js'
import type { SourceText } from '../source/text.js'
import { fill } from './print-fill.js'
import type { Comment } from './tree.js'

const INDENT = '  '

/**
 * The lines written so far, and the comments still to be placed. Comments keep their order: one that
 * cannot stay where it is goes to a line of its own before the item it is in.
 */
export class Layout {
  readonly source: SourceText
  readonly #comments: readonly Comment[]
  readonly #lines: string[] = []
  #next = 0
  #depth = 0
  #isFirst = true

  constructor(source: SourceText, comments: readonly Comment[]) {
    this.source = source
    this.#comments = comments
  }

  get text(): string {
    return this.#lines.length === 0 ? '' : `${this.#lines.join('\n')}\n`
  }

  get margin(): string {
    return INDENT.repeat(this.#depth)
  }

  /** Writes a line, or as many as its text needs; `outdent` is for labels. */
  write(text: string, outdent = 0): void {
    const margin = INDENT.repeat(Math.max(0, this.#depth - outdent))
    this.#lines.push(...fill(margin, text))
    this.#isFirst = false
  }

  #append(comment: Comment): void {
    const last = this.#lines.length - 1
    const line = this.#lines[last] ?? ''
    const column = this.source.position(comment.span.from).column - 1
    this.#lines[last] = line.padEnd(Math.max(column, line.length + 2)) + comment.text
  }

  /** Writes what is inside of a body, one step further in. */
  indented(write: () => void): void {
    this.#depth++
    this.#isFirst = true
    write()
    this.#depth--
    this.#isFirst = false
  }

  /** A comment inside of the span, which is then no matter for one line. */
  hasCommentIn(span: Span): boolean {
    const comment = this.#comments[this.#next]
    return comment !== undefined && comment.span.from < span.to
  }

  /** One line of the source, without a comment in it. */
  isOneLine(span: Span): boolean {
    const { source } = this
    const isSameLine = source.position(span.from).line === source.position(span.to).line
    return isSameLine && !this.hasCommentIn(span)
  }

  /** Places the comments before an offset on lines of their own. */
  commentsBefore(offset: number): void {
    for (let comment = this.#pending(offset); comment; comment = this.#pending(offset)) {
      this.blankBefore(comment.span.from)
      this.#lines.push(this.margin + comment.text)
      this.#isFirst = false
      this.#next++
    }
  }

  /**
   * Places the comments that follow an offset on its line, with nothing but the given marks between: in
   * the column they had, so that comments in a column stay in it, but at least two blanks away.
   */
  commentsAfter(offset: number, between: RegExp): void {
    let from = offset
    for (let comment = this.#comments[this.#next]; comment; comment = this.#comments[this.#next]) {
      if (comment.ownLine || comment.span.from < from) return
      const gap = this.source.text.slice(from, comment.span.from)
      if (gap.includes('\n') || !between.test(gap)) return
      this.#append(comment)
      from = comment.span.to
      this.#next++
    }
  }

  /** Keeps one blank line where the source had some above the line that begins here. */
  blankBefore(offset: number): void {
    const { source } = this
    const { line, column } = source.position(offset)
    const isFirstOfLine =
      source
        .line(line)
        .slice(0, column - 1)
        .trim() === ''
    const isKept = isFirstOfLine && line > 1 && source.line(line - 1).trim() === ''
    if (isKept && !this.#isFirst) this.#lines.push('')
  }

  #pending(offset: number): Comment | undefined {
    const comment = this.#comments[this.#next]
    return comment !== undefined && comment.span.from < offset ? comment : undefined
  }
}
