/** Nested lists of words, the form in which trees are dumped. */
export type SExpression = string | readonly SExpression[]

const WIDTH = 100

/** A list on one line where it fits; else its first word, and one part to a line. */
export function renderList(list: SExpression, margin = ''): string {
  if (typeof list === 'string') return list
  const onOneLine = oneLine(list)
  if (margin.length + onOneLine.length <= WIDTH) return onOneLine
  const inner = `${margin}  `
  // Words at the head (kind, name) stay on its line.
  const words = list.findIndex((part) => typeof part !== 'string')
  const head = list.slice(0, words < 0 ? 1 : words).join(' ')
  const rest = list.slice(words < 0 ? 1 : words)
  const parts = rest.map((part) => `\n${inner}${renderList(part, inner)}`)
  return `(${head}${parts.join('')})`
}

const oneLine = (list: SExpression): string =>
  typeof list === 'string' ? list : `(${list.map(oneLine).join(' ')})`
