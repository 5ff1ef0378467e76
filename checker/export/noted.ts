import type { SourceNote, Statement } from './program.js'

/** Statements as lines, with a comment where the place in the model changes; `before` is the place named last. */
export function notedLines(
  statements: readonly Statement[],
  before: SourceNote | null,
  comment: (note: SourceNote) => string,
  linesOf: (statement: Statement, before: SourceNote | null) => readonly string[],
): readonly string[] {
  let last = before
  return statements.flatMap((statement) => {
    const lines = linesOf(statement, statement.note ?? last)
    const { note } = statement
    if (note === undefined || isSame(note, last)) return lines
    last = note
    return [comment(note), ...lines]
  })
}

const isSame = (left: SourceNote, right: SourceNote | null): boolean =>
  right !== null && left.file === right.file && left.line === right.line && left.text === right.text
