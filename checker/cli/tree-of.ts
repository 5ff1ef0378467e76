import { parse, SourceText } from '../../spec/index.js'
import { UsageError } from './exit.js'
import { fileReader } from './files.js'
import type { Terminal } from './terminal.js'
import { showDiagnostics } from './voice.js'

/** One file as it is written, without what it uses, and its tree; null when it is broken and that was said. */
export function treeOf(terminal: Terminal, file: string) {
  const found = fileReader(file)(file, null)
  if (found.kind !== 'text') {
    const why = found.kind === 'missing' ? 'no such file or directory' : found.reason
    throw new UsageError(`cannot read ${file}: ${why}`)
  }
  const source = new SourceText(found.path, found.text)
  const { result: tree, diagnostics } = parse(source)
  const isBroken = showDiagnostics(terminal, diagnostics, new Map([[found.path, source]]), true)
  return isBroken || tree === null ? null : { source, tree }
}
