import { dotDiagram } from './dot.js'
import { mermaidDiagram } from './mermaid.js'
import type { Quotient } from './quotient.js'

/** What a diagram is drawn in, the default first. */
export const diagramFormats = ['dot', 'mermaid'] as const
export type DiagramFormat = (typeof diagramFormats)[number]

const writers = { dot: dotDiagram, mermaid: mermaidDiagram }

/** The picture of a quotient; `title` says of which model and row. */
export const drawDiagram = (format: DiagramFormat, quotient: Quotient, title: string): string =>
  writers[format](quotient, title)
