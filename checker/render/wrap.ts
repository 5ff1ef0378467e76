/** The width of everything that goes into mails and commit messages. */
export const WIDTH = 72

/** Breaks a text at blanks into lines of at most `width`; what has no blank is cut. Later lines get `hang` blanks. */
export function wrap(text: string, width: number, hang = 2): string[] {
  const lines: string[] = []
  let rest = text
  let room = width
  while (rest.length > room) {
    const cut = breakAt(rest, room)
    lines.push(rest.slice(0, cut).trimEnd())
    rest = rest.slice(cut).trimStart()
    room = Math.max(8, width - hang)
  }
  lines.push(rest)
  return lines.map((line, index) => (index === 0 ? line : ' '.repeat(hang) + line))
}

/** Where to break: at the last blank; behind an opening parenthesis or before an arrow; behind a part of a name; anywhere. */
function breakAt(text: string, room: number): number {
  const blank = text.lastIndexOf(' ', room)
  if (blank > room / 3) return blank
  const parenthesis = text.lastIndexOf('(', room - 1) + 1
  if (parenthesis > room / 3) return parenthesis
  const arrow = text.lastIndexOf('->', room)
  if (arrow > room / 3) return arrow
  const part = Math.max(text.lastIndexOf('_', room - 1), text.lastIndexOf('.', room - 1)) + 1
  return part > room / 3 ? part : room
}

/** Joins short texts with commas into lines of at most `width`. */
export function joinShort(texts: readonly string[], width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const [index, text] of texts.entries()) {
    const piece = index < texts.length - 1 ? `${text},` : text
    if (line !== '' && line.length + 1 + piece.length > width) {
      lines.push(line)
      line = ''
    }
    line = line === '' ? piece : `${line} ${piece}`
  }
  if (line !== '') lines.push(line)
  return lines.flatMap((each) => wrap(each, width))
}
