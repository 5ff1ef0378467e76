import type { Quotient, View } from './quotient.js'

/** A quotient as a Mermaid state diagram. */
export function mermaidDiagram({ views, edges }: Quotient, title: string): string {
  const kinds = [...new Set(edges.flatMap(({ to }) => (typeof to === 'string' ? [to] : [])))].sort()
  const nameOf = (to: number | string): string =>
    typeof to === 'number' ? `s${to}` : `v${kinds.indexOf(to)}`
  const lines = [
    ...views.map((view, at) => `state "${viewText(view)}" as s${at}`),
    ...kinds.map((kind, at) => `state "${plain(kind)}" as v${at}`),
    ...views.flatMap(({ isInitial }, at) => (isInitial ? [`[*] --> s${at}`] : [])),
    ...edges.map(({ from, to, labels }) => {
      const label = labels.length === 0 ? '' : `: ${labels.map(plain).join('<br/>')}`
      return `s${from} --> ${nameOf(to)}${label}`
    }),
    ...views.flatMap(({ mayEnd }, at) => (mayEnd ? [`s${at} --> [*]`] : [])),
    ...(kinds.length === 0
      ? []
      : [
          'classDef violation fill:#ffdddd,stroke:#b3261e',
          `class ${kinds.map((_, at) => `v${at}`).join(',')} violation`,
        ]),
  ]
  const head = ['---', `title: ${JSON.stringify(title)}`, '---', 'stateDiagram-v2']
  return `${[...head, ...lines.map((line) => `    ${line}`)].join('\n')}\n`
}

const viewText = ({ texts }: View): string =>
  texts.length === 0 ? 'none of these' : texts.map(plain).join('<br/>')

/** Mermaid ends a statement at `;`, begins an entity with `#` and a comment with `%%`, and takes `<` for markup. */
const plain = (text: string): string =>
  text.replace(/[#;<>%":]/g, (found) => `#${found.charCodeAt(0)};`).replace(/\s+/g, ' ')
