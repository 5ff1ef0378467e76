import type { Quotient, View } from './quotient.js'

const ALARM = 'color="#b3261e", fontcolor="#b3261e"'

/** A quotient in the language of Graphviz: an arrow out of nowhere begins, a double frame may be the end. */
export function dotDiagram({ views, edges }: Quotient, title: string): string {
  const kinds = [...new Set(edges.flatMap(({ to }) => (typeof to === 'string' ? [to] : [])))].sort()
  const nameOf = (to: number | string): string => (typeof to === 'number' ? `s${to}` : quoted(to))
  // Of a font with one width Graphviz knows the widths everywhere.
  const font = 'fontname="Courier", fontsize=10'
  const lines = [
    `label=${quoted(title)};`,
    'labelloc="t";',
    'fontname="Courier";',
    `node [shape=box, style=rounded, ${font}];`,
    `edge [${font}];`,
    ...views.map((view, at) => {
      const frame = view.mayEnd ? ', peripheries=2' : ''
      return `s${at} [label=${quoted(viewText(view))}${frame}];`
    }),
    ...kinds.map((kind) => `${quoted(kind)} [style=solid, ${ALARM}];`),
    ...views.flatMap(({ isInitial }, at) =>
      isInitial ? [`i${at} [shape=point];`, `i${at} -> s${at};`] : [],
    ),
    ...edges.map(({ from, to, labels }) => {
      const color = typeof to === 'string' ? [ALARM] : []
      const label = labels.length === 0 ? [] : [`label=${quoted(labels.join('\n'))}`]
      const attributes = [...label, ...color]
      const list = attributes.length === 0 ? '' : ` [${attributes.join(', ')}]`
      return `s${from} -> ${nameOf(to)}${list};`
    }),
  ]
  return `digraph {\n${lines.map((line) => `  ${line}`).join('\n')}\n}\n`
}

const viewText = ({ texts }: View): string =>
  texts.length === 0 ? 'none of these' : texts.join('\n')

/** A quoted string; lines are centred. */
const quoted = (text: string): string =>
  `"${text.replace(/[\\"]/g, (found) => `\\${found}`).replaceAll('\n', '\\n')}"`
