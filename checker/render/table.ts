/** A piece of a table; `breaks`: the character behind which it may go on in a line of its own. */
export interface Cell {
  readonly text: string
  readonly breaks?: string
  readonly right?: boolean
}

const GAP = '  '

/** Rows in columns, each row a text of one or more lines, at most `width` wide where breaking cells can do it. */
export function layTable(rows: readonly (readonly Cell[])[], width = 98): readonly string[] {
  const count = Math.max(0, ...rows.map((row) => row.length))
  const columns = Array.from({ length: count }, (_, at) => {
    const cells = rows.map((row) => row[at] ?? { text: '' })
    return {
      width: Math.max(...cells.map(({ text }) => text.length)),
      least: Math.max(...cells.map((cell) => longest(cell))),
    }
  })
  const total = () => columns.reduce((sum, each) => sum + each.width + GAP.length, -GAP.length)
  while (total() > width) {
    const slack = Math.max(...columns.map((each) => each.width - each.least))
    const widest = columns.find((each) => each.width - each.least === slack)
    if (slack <= 0 || widest === undefined) break
    widest.width -= 1
  }
  return rows.map((row) => {
    const cells = row.map((cell, at) => broken(cell, columns[at]?.width ?? 0))
    const height = Math.max(1, ...cells.map((lines) => lines.length))
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((lines, at) => {
          const text = lines[line] ?? ''
          const room = columns[at]?.width ?? 0
          return row[at]?.right === true ? text.padStart(room) : text.padEnd(room)
        })
        .join(GAP)
        .trimEnd(),
    ).join('\n')
  })
}

const piecesOf = ({ text, breaks }: Cell): readonly string[] => {
  if (breaks === undefined) return [text]
  const pieces = text.split(breaks)
  return pieces.map((piece, at) => (at < pieces.length - 1 ? piece + breaks : piece))
}

const longest = (cell: Cell): number => Math.max(...piecesOf(cell).map((piece) => piece.length))

/** A cell in lines of at most this width, if its pieces are not longer. */
function broken(cell: Cell, width: number): readonly string[] {
  const lines: string[] = []
  for (const piece of piecesOf(cell)) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + piece.length <= width) lines[lines.length - 1] += piece
    else lines.push(piece)
  }
  return lines
}
