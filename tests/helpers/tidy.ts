/** The rules of the house as functions over texts. `tests/tidy.test.ts` runs them on the tree and on planted violations. */
import { posix } from 'node:path'

/** Path relative to the project, with `/`, to text. */
export type Tree = ReadonlyMap<string, string>

/** One import or re-export; `typesOnly` when nothing of it is left at run time. */
export interface Import {
  readonly from: string
  readonly typesOnly: boolean
}

/**
 * Which rooms a room may import, in the order of the rooms: an entry only ever names rooms above it.
 * An entry may name one file of a room; "(types)" allows what vanishes at run time and nothing else.
 */
export const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'spec/source': [],
  'spec/diagnostics': ['spec/source'],
  'spec/syntax': ['spec/source', 'spec/diagnostics'],
  'spec/analysis': ['spec/source', 'spec/diagnostics', 'spec/syntax'],
  'spec/mutation': ['spec/source (types)', 'spec/analysis', 'spec/syntax (types)'],
  'spec/system': ['spec/source', 'spec/diagnostics', 'spec/analysis'],
  'spec/interpreter': ['spec/source (types)', 'spec/system'],
  'spec/index': [
    'spec/source',
    'spec/diagnostics',
    'spec/syntax',
    'spec/analysis',
    'spec/mutation',
    'spec/system',
    'spec/interpreter',
  ],
  'checker/engine': ['spec/index'],
  'checker/store': ['checker/engine (types)'],
  'checker/reduction': ['checker/engine', 'spec/index'],
  'checker/property': ['checker/engine (types)', 'spec/index'],
  'checker/search': ['spec/index (types)', 'checker/engine', 'checker/store', 'checker/property'],
  'checker/trace': [
    'checker/engine',
    'checker/property (types)',
    'checker/search/verdict',
    'spec/index',
  ],
  'checker/render': ['checker/trace', 'checker/search (types)', 'spec/index'],
  'checker/page': [
    'checker/engine (types)',
    'checker/store/visited (types)',
    'checker/search',
    'checker/trace',
    'checker/render',
    'spec/index',
  ],
  // It runs in a browser, where nothing else is.
  viewer: ['checker/page/document (types)'],
  // Of the engines only what is known of a system without running it.
  'checker/export': [
    'checker/engine (types)',
    'checker/engine/assigned',
    'checker/engine/lock-users',
    'checker/engine/place-keys',
    'checker/engine/readers',
    'checker/property (types)',
    'checker/trace',
    'spec/index',
  ],
  'checker/diagram': [
    'checker/engine',
    'checker/store',
    'checker/search/rest',
    'checker/trace',
    'checker/render/statement-text',
    'spec/index',
  ],
  'checker/design': [
    'checker/engine',
    'checker/reduction',
    'checker/property (types)',
    'checker/search',
    'checker/trace',
    'checker/render',
    'checker/page',
    'checker/export',
    'spec/index',
  ],
  'checker/debugger': [
    'spec/index',
    'checker/engine',
    'checker/property (types)',
    'checker/search',
    'checker/trace',
    'checker/render',
    'checker/design',
  ],
  'checker/index': [
    'spec/index',
    'checker/engine',
    'checker/reduction',
    'checker/property (types)',
    'checker/search',
    'checker/trace',
    'checker/render',
    'checker/page',
    'checker/export',
    'checker/diagram',
    'checker/design',
    'checker/debugger',
  ],
  'checker/cli': ['checker/index', 'spec/index'],
}

/** Who may import a package: files, or folders ending in `/`; "(types)" as above. What is not named here has no place in the product. */
export const PACKAGE_OWNERS: Readonly<Record<string, readonly string[]>> = {
  'ohm-js': ['spec/syntax/'],
  immer: ['spec/interpreter/execute.ts', 'spec/interpreter/ (types)'],
  'worker-threads-pool': ['checker/search/pool.ts'],
  commander: ['checker/cli/'],
  picocolors: ['checker/cli/'],
  preact: ['viewer/'],
  'node:child_process': ['checker/cli/'],
  'node:fs': ['checker/cli/'],
  'node:fs/promises': ['checker/cli/'],
}

/** Packages that exactly one file imports, whichever of its owners that is. */
const SINGLE_IMPORTER: readonly string[] = ['immer', 'worker-threads-pool']

export const LINES_MAX = 400

/** Files allowed to be longer, each with the reason. Only tables of data qualify. */
export const LONG_FILES: Readonly<Record<string, string>> = {}

const isProduct = (path: string) => /^(?:spec|checker|viewer)\/.*\.tsx?$/.test(path)
const isTest = (path: string) => /^tests\/.*\.test\.ts$/.test(path)

/** The text with comments blanked and line numbers kept. Strings are left alone, so `//` in one survives. */
export function withoutComments(text: string): string {
  const token =
    /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return text.replace(token, (found) =>
    found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found,
  )
}

/** Every module a file names: static imports, re-exports and dynamic imports. */
export function importsOf(text: string): readonly Import[] {
  const code = withoutComments(text)
  const found: Import[] = []
  const fixed = /^[ \t]*(?:import|export)\b([^'";]*?)\bfrom\s*['"]([^'"\n]+)['"]/gm
  for (const [, clause = '', from = ''] of code.matchAll(fixed)) {
    found.push({ from, typesOnly: isTypesOnly(clause) })
  }
  for (const [, from = ''] of code.matchAll(/^[ \t]*import\s*['"]([^'"\n]+)['"]/gm)) {
    found.push({ from, typesOnly: false })
  }
  for (const [, from = ''] of code.matchAll(/\bimport\s*\(\s*['"]([^'"\n]+)['"]/g)) {
    found.push({ from, typesOnly: false })
  }
  return found
}

function isTypesOnly(clause: string): boolean {
  if (/^\s*type\b/.test(clause)) return true
  const names = /^\s*\{([^}]*)\}\s*$/.exec(clause)?.[1]?.split(',') ?? ['']
  return (
    names.filter((name) => name.trim() !== '').every((name) => /^\s*type\s/.test(name)) &&
    names.some((name) => name.trim() !== '')
  )
}

/** The file a relative import means, as a path of the tree; undefined for a package. */
export function resolveImport(importer: string, from: string): string | undefined {
  if (!from.startsWith('.')) return undefined
  return posix.join(posix.dirname(importer), from).replace(/\.js$/, '.ts')
}

/** The room of a file of the product; the two index files are rooms of their own, and so is all of the viewer. */
export function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  if (top === 'viewer') return top
  return `${top}/${second.replace(/\.ts$/, '')}`
}

/** Imports that go against the order of the rooms, and files that stand in no room. */
export function roomProblems(tree: Tree): string[] {
  const problems: string[] = []
  for (const [path, text] of tree) {
    if (!isProduct(path)) continue
    const allowed = ROOMS[roomOf(path)]
    if (allowed === undefined) {
      problems.push(`${path}: ${roomOf(path)} is not a room`)
      continue
    }
    for (const imported of importsOf(text)) {
      const target = resolveImport(path, imported.from)
      if (target === undefined || roomOf(target) === roomOf(path)) continue
      if (allowed.some((entry) => allows(entry, target, imported.typesOnly))) continue
      const kind = imported.typesOnly ? 'types' : 'values'
      problems.push(`${path}: imports ${kind} of ${target}, against the order of the rooms`)
    }
  }
  return problems
}

function allows(entry: string, target: string, typesOnly: boolean): boolean {
  const room = entry.replace(' (types)', '')
  if (room !== entry && !typesOnly) return false
  return target === `${room}.ts` || target.startsWith(`${room}/`)
}

/** Import cycles between files, each told once, from its first file in alphabetical order. */
export function cycleProblems(tree: Tree): string[] {
  const problems: string[] = []
  const done = new Set<string>()
  const trail: string[] = []
  const visit = (path: string): void => {
    const start = trail.indexOf(path)
    if (start >= 0) problems.push(`import cycle: ${[...trail.slice(start), path].join(' > ')}`)
    if (start >= 0 || done.has(path)) return
    trail.push(path)
    for (const { from } of importsOf(tree.get(path) ?? '')) {
      const target = resolveImport(path, from)
      if (target !== undefined && tree.has(target)) visit(target)
    }
    trail.pop()
    done.add(path)
  }
  for (const path of [...tree.keys()].sort()) visit(path)
  return problems
}

/** Packages imported by a file that does not own them, or by several where one is the rule. */
export function packageProblems(tree: Tree): string[] {
  const problems: string[] = []
  const importers = new Map<string, Set<string>>()
  for (const [path, text] of tree) {
    if (!isProduct(path)) continue
    const told = new Set<string>()
    for (const { from, typesOnly } of importsOf(text)) {
      const name = packageOf(from)
      if (name === undefined) continue
      if (!typesOnly) importers.set(name, (importers.get(name) ?? new Set()).add(path))
      if (!mayImport(path, name, typesOnly)) told.add(`${path}: may not import ${name}`)
    }
    problems.push(...told)
  }
  for (const name of SINGLE_IMPORTER) {
    const files = [...(importers.get(name) ?? [])]
    if (files.length > 1) problems.push(`${name}: imported by several files: ${files.join(' ')}`)
  }
  return problems
}

/** The package of an import, `fs` and `node:fs` being one; undefined for a relative import. */
function packageOf(from: string): string | undefined {
  if (from.startsWith('.')) return undefined
  if (from.startsWith('node:')) return from
  if (/^(?:fs|fs\/promises|worker_threads|child_process|process|path|url|os)$/.test(from)) {
    return `node:${from}`
  }
  return from.split('/', from.startsWith('@') ? 2 : 1).join('/')
}

function mayImport(path: string, name: string, typesOnly: boolean): boolean {
  const owners = PACKAGE_OWNERS[name]
  if (owners === undefined) return name.startsWith('node:')
  return owners.some((entry) => {
    const owner = entry.replace(' (types)', '')
    if (owner !== entry && !typesOnly) return false
    return owner.endsWith('/') ? path.startsWith(owner) : path === owner
  })
}

/** Product files outside the command line that print or exit. */
export function voiceProblems(tree: Tree): string[] {
  const problems: string[] = []
  const voice = /\bconsole\s*\.|\bprocess\s*\.\s*(?:exit|exitCode|stdout|stderr)\b/g
  for (const [path, text] of tree) {
    if (!isProduct(path) || path.startsWith('checker/cli/')) continue
    for (const [found] of withoutComments(text).matchAll(voice)) {
      problems.push(`${path}: ${found} belongs to checker/cli`)
    }
  }
  return problems
}

/** Product files longer than the limit, and exceptions that are no longer needed. */
export function lengthProblems(
  tree: Tree,
  exceptions: Readonly<Record<string, string>> = LONG_FILES,
): string[] {
  const problems: string[] = []
  const length = (path: string) => (tree.get(path) ?? '').trimEnd().split('\n').length
  for (const path of tree.keys()) {
    if (!isProduct(path) || length(path) <= LINES_MAX || path in exceptions) continue
    problems.push(`${path}: ${length(path)} lines, ${LINES_MAX} are allowed`)
  }
  for (const path of Object.keys(exceptions)) {
    if (length(path) <= LINES_MAX) problems.push(`${path}: needs no exception for its length`)
  }
  return problems
}

/** Test files without a suite, suites that are never run, and focused tests. */
export function suiteProblems(tree: Tree): string[] {
  const problems: string[] = []
  for (const [path, text] of tree) {
    if (!isTest(path)) continue
    const code = withoutComments(text)
    const names = [...code.matchAll(/^[ \t]*(?:const|let)\s+(\w+)\s*=\s*suite\b/gm)].map(
      ([, name]) => name,
    )
    if (names.length === 0 && !/\.run\(\)/.test(code)) problems.push(`${path}: runs no suite`)
    for (const name of names) {
      if (!new RegExp(`\\b${name}\\.run\\(\\)`).test(code)) {
        problems.push(`${path}: the suite ${name} is never run`)
      }
    }
    if (/\.only\s*\(/.test(code)) problems.push(`${path}: a focused test hides the others`)
  }
  return problems
}

/** Marks of unfinished work, in any text. */
export function unfinishedProblems(tree: Tree): string[] {
  const problems: string[] = []
  for (const [path, text] of tree) {
    text.split('\n').forEach((line, index) => {
      const mark = /\b(?:FIX|TO|XX)(?:ME|DO|X)\b/.exec(line)?.[0]
      if (mark !== undefined) problems.push(`${path}:${index + 1}: ${mark}`)
    })
  }
  return problems
}
