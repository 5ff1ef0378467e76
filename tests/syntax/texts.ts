import { frame } from '../../spec/diagnostics/frame.js'
import { SourceText } from '../../spec/source/text.js'
import { dumpTree } from '../../spec/syntax/dump.js'
import { parse } from '../../spec/syntax/parse.js'
import { print } from '../../spec/syntax/print.js'
import type { SourceFile } from '../../spec/syntax/tree.js'

/** The file of a text that must be one. */
export function read(text: string): SourceFile {
  const source = new SourceText('m.gmem', text)
  const { result, diagnostics } = parse(source)
  const errors = diagnostics.filter((each) => each.severity === 'error')
  if (result === null || errors.length > 0) throw new Error(`${text}\n${messages(text)}`)
  return result
}

export const dumped = (text: string): string => dumpTree(read(text)).trimEnd()

/** What is inside of the braces of `op f() { … }`, one statement to an entry. */
export function statement(text: string): string {
  const lines = dumped(`op f() { ${text} }`).replaceAll(/\s+/g, ' ')
  return lines.replace(/^\(op f \(parameters\) \(block /, '').replace(/\)\)$/, '')
}

/** An expression as `x = …;` would have it. */
export const expression = (text: string): string =>
  statement(`x = ${text};`)
    .replace(/^\(= x /, '')
    .replace(/\)$/, '')

/** Every diagnostic about a text, as people read it. */
export function messages(text: string): string {
  const source = new SourceText('m.gmem', text)
  const sources = new Map([[source.path, source]])
  return parse(source)
    .diagnostics.map((each) => frame(each, sources))
    .join('\n')
}

export function formatted(text: string): string {
  return print(read(text), new SourceText('m.gmem', text))
}

/** A tree without its places, for comparison. */
export function shape(file: SourceFile): unknown {
  const leftOut = new Set(['span', 'comments'])
  const text = JSON.stringify(file, (key, value) => (leftOut.has(key) ? undefined : value))
  return JSON.parse(text)
}

export const remarks = (file: SourceFile): string[] => file.comments.map((comment) => comment.text)
