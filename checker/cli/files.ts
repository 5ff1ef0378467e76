import { createHash } from 'node:crypto'
import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, isAbsolute, join, normalize, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ReadResult } from '../../spec/index.js'
import type { Reader } from '../index.js'
import { UsageError } from './exit.js'

/** The folder of the package, seen from where this file is compiled to. */
const packageRoot = fileURLToPath(new URL('../../../', import.meta.url))

/** Standard input by the name that stands for it. */
export const STDIN = '-'

/** What an error of the system means, in words. */
export function reason(problem: unknown): string {
  const code = (problem as NodeJS.ErrnoException).code
  switch (code) {
    case 'ENOENT':
      return 'no such file or directory'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EROFS':
      return 'the file system is read-only'
    case 'ENOSPC':
      return 'no space left on the device'
    case 'EDQUOT':
      return 'the disk quota is used up'
    case 'EISDIR':
      return 'it is a directory'
    case 'ENOTDIR':
    case 'EEXIST':
      return 'a file is in the way where a folder is needed'
    case 'EMFILE':
      return 'too many open files'
    default:
      return problem instanceof Error ? problem.message : String(problem)
  }
}

/**
 * Reads models: the path of the command line as it is; a used file relative to the model's folder, then to `models/`
 * in the current directory, then to the `models/` this program comes with.
 */
export function fileReader(model: string): Reader {
  const folder = model === STDIN ? '.' : dirname(model)
  return (path, from) => {
    if (from === null) return path === STDIN ? readStandardInput() : readOne(path)
    const roots = isAbsolute(path) ? [''] : [folder, 'models', shown(join(packageRoot, 'models'))]
    const tried: string[] = []
    for (const root of roots) {
      const candidate = normalize(join(root, path))
      if (tried.includes(candidate)) continue
      const found = readOne(candidate)
      if (found.kind !== 'missing') return found
      tried.push(candidate)
    }
    return { kind: 'missing', tried }
  }
}

/** A path as short as it can be said from here. */
function shown(path: string): string {
  const near = relative('.', path)
  return near === '' ? '.' : near.startsWith('..') ? path : near
}

function readOne(path: string): ReadResult {
  try {
    if (statSync(path).isDirectory()) {
      return { kind: 'directory', path, reason: 'it is a directory' }
    }
    const text = readFileSync(path, 'utf8')
    const tree = storedTree(text)
    return tree === null ? { kind: 'text', path, text } : { kind: 'text', path, text, tree }
  } catch (problem) {
    const { code } = problem as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return { kind: 'missing', tried: [path] }
    return { kind: 'unreadable', path, reason: reason(problem) }
  }
}

/** The tree of a text of `models/` that was parsed when the program was built. An edited text has another hash, so none. */
export function storedTree(text: string): string | null {
  const hash = createHash('sha256').update(text).digest('hex')
  const file = join(packageRoot, 'build', 'library', `${hash}.json`)
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}

function readStandardInput(): ReadResult {
  try {
    return { kind: 'text', path: STDIN, text: readFileSync(0, 'utf8') }
  } catch (problem) {
    return { kind: 'unreadable', path: STDIN, reason: reason(problem) }
  }
}

/** The text of a file the user named, that is no model. */
export function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (problem) {
    throw new UsageError(`cannot read ${path}: ${reason(problem)}`)
  }
}

function statOf(path: string): Stats | null {
  try {
    return statSync(path)
  } catch {
    return null
  }
}

/** True when there is such a file (or folder, or pipe). */
export const exists = (path: string): boolean => statOf(path) !== null

/** True when there is such a folder. */
export const isFolder = (path: string): boolean => statOf(path)?.isDirectory() === true

/** Every `.gmem` file under the given files and folders, in order, each once; standard input stays as it is. */
export function modelFiles(paths: readonly string[]): string[] {
  const found: string[] = []
  for (const path of paths) {
    if (path === STDIN) {
      found.push(path)
      continue
    }
    if (!exists(path)) throw new UsageError(`cannot read ${path}: no such file or directory`)
    if (statSync(path).isDirectory()) found.push(...filesUnder(path))
    else found.push(path)
  }
  return [...new Set(found)]
}

/** The folder that all files are in or below, with its slash; empty for the current one. */
export function commonFolder(files: readonly string[]): string {
  const folders = files.map((file) => file.replace(/[^/]*$/, ''))
  let common = folders[0] ?? ''
  while (!folders.every((folder) => folder.startsWith(common))) {
    common = common.replace(/[^/]*\/$/, '')
  }
  return common
}

function filesUnder(folder: string): string[] {
  try {
    accessSync(folder, constants.R_OK)
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.gmem') && !path.includes('node_modules'))
      .map((path) => join(folder, path))
      .filter((path) => !statSync(path).isDirectory())
      .sort()
  } catch (problem) {
    throw new UsageError(`cannot read ${folder}: ${reason(problem)}`)
  }
}

/** Writes a whole file or nothing: the old one stays until the new one is complete on the disk. */
export function writeWhole(path: string, text: string | Uint8Array): void {
  try {
    const there = statOf(path)
    // A pipe or a terminal is not replaced, it is written to.
    if (there !== null && !there.isFile() && !there.isDirectory()) writeOver(path, text)
    // The place behind a symbolic link is what is to be replaced, not the link.
    else replaceFile(there === null ? path : realpathSync(path), text)
  } catch (problem) {
    throw new UsageError(`cannot write ${path}: ${reason(problem)}`)
  }
}

function replaceFile(target: string, text: string | Uint8Array): void {
  const temporary = writeTemporary(target, text)
  try {
    renameSync(temporary, target)
  } catch (problem) {
    rmSync(temporary, { force: true })
    throw problem
  }
}

/** The whole text beside its target, on the disk. */
function writeTemporary(target: string, text: string | Uint8Array): string {
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`)
  mkdirSync(dirname(target), { recursive: true })
  const file = openSync(temporary, 'wx')
  try {
    try {
      writeAll(file, text)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  } catch (problem) {
    rmSync(temporary, { force: true })
    throw problem
  }
  return temporary
}

/** A text and where it is to be. */
export interface OutputFile {
  readonly path: string
  readonly text: string
}

/** Files that belong together: none is put in its place before all are complete on the disk. */
export function writeTogether(files: readonly OutputFile[]): void {
  const written: { readonly temporary: string; readonly path: string }[] = []
  let current = ''
  try {
    for (const { path, text } of files) {
      current = path
      if (isFolder(path)) throw new UsageError(`cannot write ${path}: it is a directory`)
      written.push({ temporary: writeTemporary(path, text), path })
    }
    for (const { temporary, path } of written) {
      current = path
      renameSync(temporary, path)
    }
  } catch (problem) {
    for (const { temporary } of written) rmSync(temporary, { force: true })
    if (problem instanceof UsageError) throw problem
    throw new UsageError(`cannot write ${current}: ${reason(problem)}`)
  }
}

/** Writes a file that is not there yet; one that is stays as it is. */
export function writeNew(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const file = openSync(path, 'wx')
    try {
      writeAll(file, text)
    } catch (problem) {
      rmSync(path, { force: true })
      throw problem
    } finally {
      closeSync(file)
    }
  } catch (problem) {
    const { code, syscall } = problem as NodeJS.ErrnoException
    if (code === 'EEXIST' && syscall === 'open') {
      throw new UsageError(`${path} is there already`, 'it is left as it is: choose another name')
    }
    throw new UsageError(`cannot write ${path}: ${reason(problem)}`)
  }
}

function writeOver(path: string, text: string | Uint8Array): void {
  const file = openSync(path, 'w')
  try {
    writeAll(file, text)
  } finally {
    closeSync(file)
  }
}

function writeAll(file: number, text: string | Uint8Array): void {
  const bytes = typeof text === 'string' ? Buffer.from(text, 'utf8') : text
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at)
}

/** A page of the manual, or a template, that comes with this program, or null. */
export function packagePage(folder: string, name: string, suffix = '.md'): string | null {
  if (!/^[a-z0-9-]+$/.test(name)) return null
  try {
    return readFileSync(join(packageRoot, folder, name + suffix), 'utf8')
  } catch {
    return null
  }
}

/** The names of the pages, or templates, in a folder of this program. */
export function packagePages(folder: string, suffix = '.md'): string[] {
  try {
    return readdirSync(join(packageRoot, folder))
      .filter((name) => name.endsWith(suffix) && name !== 'README.md')
      .map((name) => name.slice(0, -suffix.length))
      .sort()
  } catch {
    return []
  }
}

/** The viewer as the build made it. */
export const packageViewer = (): string =>
  readFileSync(join(packageRoot, 'build', 'viewer.html'), 'utf8')

/** The version in package.json. */
export function packageVersion(): string {
  const text = readFileSync(join(packageRoot, 'package.json'), 'utf8')
  return (JSON.parse(text) as { readonly version: string }).version
}
