import type { SourceText } from '../source/text.js'
import { writeDeclaration } from './print-declaration.js'
import { Layout } from './print-layout.js'
import type { SourceFile } from './tree.js'

/**
 * The canonical text of a file: two blanks of indentation, single blank lines and one-line bodies where
 * the source has them, every comment kept and in order. Reading it again gives the same tree but for the
 * spans, and printing that gives the same text.
 */
export function print(file: SourceFile, source: SourceText): string {
  const layout = new Layout(source, file.comments)
  for (const declaration of file.declarations) writeDeclaration(layout, declaration)
  layout.commentsBefore(Number.POSITIVE_INFINITY)
  return layout.text
}
