import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReadResult } from '../../spec/analysis/load.js'

/** The repository's folder, from where this file is after compilation. */
export const root = fileURLToPath(new URL('../../../', import.meta.url))
export const cases = join(root, 'tests', 'analysis', 'cases')

/** Reads from a folder; a `use` is relative to the file it stands in. Keeps the texts in `texts`. */
export function reader(folder: string, texts: Map<string, string> = new Map()) {
  return (path: string, from: string | null): ReadResult => {
    const name = from === null ? path : join(dirname(from), path)
    const full = join(folder, name)
    if (!existsSync(full)) return { kind: 'missing', tried: [name] }
    if (statSync(full).isDirectory()) return { kind: 'directory', path: name, reason: '' }
    const text = readFileSync(full, 'utf8')
    texts.set(name, text)
    return { kind: 'text', path: name, text }
  }
}

/** Reads from texts by name. */
export const textReader =
  (texts: Readonly<Record<string, string>>) =>
  (path: string): ReadResult => {
    const text = texts[path]
    return text === undefined ? { kind: 'missing', tried: [path] } : { kind: 'text', path, text }
  }
