import { join } from 'node:path'
import type { ExportedFile } from '../index.js'
import { writeTogether } from './files.js'
import type { Terminal } from './terminal.js'

/** To the folder that was asked for, all or nothing; else to stdout, the main text first. */
export function deliver(
  terminal: Terminal,
  files: readonly ExportedFile[],
  { out }: { readonly out?: string },
): void {
  if (out === undefined) {
    for (const [index, { name, text }] of files.entries()) {
      // What follows the end of a TLA+ module is no part of it.
      terminal.out(index === 0 ? text : `\n---- ${name}\n${text}`)
    }
    return
  }
  const paths = files.map(({ name, text }) => ({ path: join(out, name), text }))
  writeTogether(paths)
  for (const { path } of paths) terminal.out(`written: ${path}\n`)
}
