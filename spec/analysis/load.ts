import { type Diagnostic, hasErrors, type Outcome } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import { SourceText } from '../source/text.js'
import { parse } from '../syntax/parse.js'
import { restoreTree } from '../syntax/stored.js'
import type * as syntax from '../syntax/tree.js'
import {
  fileMissing,
  fileUnreadable,
  modelInLibrary,
  modelMissing,
  modelTwice,
  useCycle,
} from './errors.js'

/** The files of one model: its own, and everything it uses. */

/** What reading a file gives. This room touches no files: the caller reads. */
export type ReadResult =
  /** `path` is what spans will carry and what tells whether two `use`s mean one file. */
  | {
      readonly kind: 'text'
      readonly path: string
      readonly text: string
      /** What `storeTree` made of this very text, which then need not be parsed. */
      readonly tree?: string
    }
  | { readonly kind: 'missing'; readonly tried: readonly string[] }
  | { readonly kind: 'directory' | 'unreadable'; readonly path: string; readonly reason: string }

export type UseDeclaration = syntax.Declaration & { readonly kind: 'use' }

export interface LoadedFile {
  readonly path: string
  readonly tree: syntax.SourceFile
  readonly uses: readonly { readonly declaration: UseDeclaration; readonly file: LoadedFile }[]
}

export interface LoadedFiles {
  readonly model: LoadedFile
  /** Each file once, after all it uses: the model's own is the last. */
  readonly files: readonly LoadedFile[]
  /** The model's own file first, then the others in the order they were read. */
  readonly sources: ReadonlyMap<string, SourceText>
}

interface Loading {
  readonly read: (path: string, from: string | null) => ReadResult
  readonly diagnostics: Diagnostic[]
  readonly sources: Map<string, SourceText>
  /** Null: read, but not understood. */
  readonly known: Map<string, LoadedFile | null>
  readonly files: LoadedFile[]
  readonly stack: string[]
}

/**
 * Parses the model in `path` and all files it uses. `read` is given a path as written and the file it was
 * written in (null: the command line).
 */
export function loadModel(
  path: string,
  read: (path: string, from: string | null) => ReadResult,
): Outcome<LoadedFiles> {
  const loading: Loading = {
    read,
    diagnostics: [],
    sources: new Map(),
    known: new Map(),
    files: [],
    stack: [],
  }
  const model = loadFile(loading, path, null)
  const { diagnostics, files, sources } = loading
  if (!model || hasErrors(diagnostics)) return { result: null, diagnostics }
  return { result: { model, files, sources }, diagnostics }
}

function loadFile(loading: Loading, path: string, use: UseDeclaration | null): LoadedFile | null {
  const from = loading.stack.at(-1) ?? null
  const found = loading.read(path, from)
  const at: Span = use?.span ?? { file: path, from: 0, to: 0 }
  if (found.kind === 'missing') {
    loading.diagnostics.push(fileMissing(at, path, found.tried))
    return null
  }
  if (found.kind !== 'text') {
    loading.diagnostics.push(fileUnreadable(at, found.path, found.kind, found.reason))
    return null
  }
  const begin = loading.stack.indexOf(found.path)
  if (begin >= 0) {
    loading.diagnostics.push(useCycle(at, [...loading.stack.slice(begin), found.path]))
    return null
  }
  const known = loading.known.get(found.path)
  if (known !== undefined) return known
  const source = new SourceText(found.path, found.text)
  loading.sources.set(found.path, source)
  const parsed = treeOf(source, found.tree)
  loading.diagnostics.push(...parsed.diagnostics)
  const file = parsed.result && loadUses(loading, found.path, parsed.result, use)
  loading.known.set(found.path, file)
  if (file) loading.files.push(file)
  return file
}

/** The tree of a text: the stored one, where there is one. */
export function treeOf(source: SourceText, stored: string | undefined): Outcome<syntax.SourceFile> {
  if (stored === undefined) return parse(source)
  return { result: restoreTree(stored, source.path), diagnostics: [] }
}

function loadUses(
  loading: Loading,
  path: string,
  tree: syntax.SourceFile,
  use: UseDeclaration | null,
): LoadedFile {
  checkModelDeclaration(loading, path, tree, use)
  loading.stack.push(path)
  const uses: { declaration: UseDeclaration; file: LoadedFile }[] = []
  for (const declaration of tree.declarations) {
    if (declaration.kind !== 'use') continue
    const file = loadFile(loading, declaration.path, declaration)
    if (file) uses.push({ declaration, file })
  }
  loading.stack.pop()
  return { path, tree, uses }
}

function checkModelDeclaration(
  loading: Loading,
  path: string,
  tree: syntax.SourceFile,
  use: UseDeclaration | null,
): void {
  const { diagnostics } = loading
  const models = tree.declarations.filter((each) => each.kind === 'model')
  const [first, second] = models
  if (use) {
    if (first) diagnostics.push(modelInLibrary(use.span, path))
    return
  }
  if (!first) {
    const start: Span = { file: path, from: 0, to: 0 }
    diagnostics.push(modelMissing(start, path))
  }
  if (first && second) diagnostics.push(modelTwice(second.span, first.span))
}

/** The files with the declarations of one more text behind their own. */
export function withText(loaded: LoadedFiles, source: SourceText): Outcome<LoadedFiles> {
  const { result: tree, diagnostics } = parse(source)
  if (tree === null) return { result: null, diagnostics }
  const { path } = source
  const files = [...loaded.files, { path, tree, uses: [] }]
  const sources = new Map([...loaded.sources, [path, source] as const])
  return { result: { ...loaded, files, sources }, diagnostics }
}

/** The same files with another tree for one of them; its text stays, so that places are still found in it. */
export function withTree(loaded: LoadedFiles, tree: syntax.SourceFile): LoadedFiles {
  const changed = new Map<LoadedFile, LoadedFile>()
  // Each file comes after all it uses, so what it uses is there already.
  for (const file of loaded.files) {
    const uses = file.uses.map(({ declaration, file: used }) => ({
      declaration,
      file: changed.get(used) ?? used,
    }))
    changed.set(file, { ...file, uses, tree: file.path === tree.path ? tree : file.tree })
  }
  const files = loaded.files.map((file) => changed.get(file) ?? file)
  return { ...loaded, files, model: changed.get(loaded.model) ?? loaded.model }
}
