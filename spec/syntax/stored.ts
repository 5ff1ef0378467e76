import type { Span } from '../source/span.js'
import type { SourceFile } from './tree.js'

/**
 * A tree as a text, for files that are parsed once and read often. Where the file was is left out: the same text is
 * the same tree in every place.
 */
export function storeTree(tree: SourceFile): string {
  return JSON.stringify({ ...tree, path: '' }, (key, value) => (key === 'file' ? '' : value))
}

/** The tree that `parse` gives for the same text at this path. */
export function restoreTree(stored: string, path: string): SourceFile {
  const tree = JSON.parse(stored) as SourceFile
  place(tree, path)
  return { ...tree, path }
}

/** Says in every span below a value which file it is of. */
function place(value: object, path: string): void {
  for (const [key, child] of Object.entries(value)) {
    if (key === 'span') (child as { -readonly [K in keyof Span]: Span[K] }).file = path
    else if (typeof child === 'object' && child !== null) place(child, path)
  }
}
