/** The words of the DOT language, as far as the graphs here need them. */

type Attributes = Readonly<Record<string, string>>

/** A quoted string; lines are set left-aligned. */
export function quoted(text: string): string {
  const escaped = text.replace(/[\\"]/g, (found) => `\\${found}`)
  return `"${escaped.includes('\n') ? `${escaped.replaceAll('\n', '\\l')}\\l` : escaped}"`
}

function attributeList(attributes: Attributes): string {
  const pairs = Object.entries(attributes).map(([name, value]) => `${name}=${quoted(value)}`)
  return pairs.length === 0 ? '' : ` [${pairs.join(', ')}]`
}

export const node = (id: string, attributes: Attributes): string =>
  `${quoted(id)}${attributeList(attributes)};`

/** An edge with a label that stands a little off the line. */
export function edge(from: string, to: string, attributes: Attributes): string {
  const label = (attributes.label ?? '').replace(/^/gm, ' ')
  return `${quoted(from)} -> ${quoted(to)}${attributeList({ ...attributes, label })};`
}

/** A part of the picture with a frame and a heading of its own. */
export const cluster = (name: string, label: string, lines: readonly string[]): string[] => [
  `subgraph ${quoted(`cluster_${name}`)} {`,
  ...[`label=${quoted(label)};`, 'labeljust="l";', 'color="gray80";', ...lines].map(indented),
  '}',
]

export const indented = (line: string): string => `  ${line}`

/** What belongs to the run, what is wrong with it, and what else there is. */
export const INK = 'black'
export const ALARM = '#b3261e'
export const PALE = 'gray55'
