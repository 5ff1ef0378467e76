import { nearest } from '../../spec/index.js'
import type { Annotation } from './annotations.js'
import { type KernelNames, kernelNames } from './kernel-names.js'

/** A tree of the kernel, as far as it is asked for. */
export interface KernelTree {
  /** The text of a file, by its path from the top; null when there is none. */
  readonly read: (path: string) => string | null
  /** Paths of the files in a folder; empty when there is no such folder. */
  readonly list: (folder: string) => readonly string[]
}

/** An annotation that the tree does not bear out. */
export interface Drifted {
  readonly annotation: Annotation
  readonly problem: 'file' | 'function'
  /** Where it may be now: another spelling, or another of the annotated files. */
  readonly near: string | null
}

/** Looks every annotation up in the tree. */
export function drifted(annotations: readonly Annotation[], tree: KernelTree): Drifted[] {
  const known = new Map<string, KernelNames | null>()
  const namesIn = (file: string): KernelNames | null => {
    const before = known.get(file)
    if (before !== undefined) return before
    const text = tree.read(file)
    const names = text === null ? null : kernelNames(text)
    known.set(file, names)
    return names
  }
  const files = [...new Set(annotations.map(({ file }) => file))]
  return annotations.flatMap((annotation): Drifted[] => {
    const { file, name } = annotation
    const here = namesIn(file)
    if (name !== null && here?.defines(name)) return []
    if (name === null && here !== null) return []
    const elsewhere = files.find((each) => name !== null && namesIn(each)?.defines(name))
    if (elsewhere !== undefined) {
      const problem = here === null ? 'file' : 'function'
      return [{ annotation, problem, near: `${elsewhere}:${name}` }]
    }
    if (here === null) {
      const near = nearest(file, tree.list(file.replace(/\/?[^/]*$/, ''))) ?? null
      return [{ annotation, problem: 'file', near }]
    }
    const near = nearest(name ?? '', here.names) ?? null
    return [{ annotation, problem: 'function', near }]
  })
}

/** What is wrong, for people. */
export function driftText({ annotation, problem, near }: Drifted): string {
  const { file, name } = annotation
  const what =
    problem === 'file' ? `there is no file ${file}` : `${file} does not define \`${name}\``
  return near === null ? what : `${what}: did you mean \`${near}\`?`
}
