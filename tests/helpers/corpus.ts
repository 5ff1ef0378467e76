import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { storedTree } from '../../checker/cli/files.js'
import { readModel } from '../../checker/index.js'
import {
  type CheckedModel,
  type Configuration,
  designRows,
  parse,
  type ReadResult,
  SourceText,
  storeTree,
} from '../../spec/index.js'
import { projectRoot } from './spawn.js'

/** The models of the repository, and ways to read them with some texts changed. */

const root = join(projectRoot, 'models')

/** Every file below `models/`, as `guest_memfd/x.gmem`, in alphabetical order. */
export function corpusFiles(folder = root): readonly string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name)
      if (statSync(path).isDirectory()) return corpusFiles(path)
      return name.endsWith('.gmem') ? [relative(root, path)] : []
    })
}

/** A file without a `model` line, for others to use. */
export const isLibrary = (file: string): boolean => !/^model /m.test(corpusText(file))
export const corpusText = (file: string): string => readFileSync(join(root, file), 'utf8')

/**
 * Every model of the corpus. What is asked of machinery and not of the models asks one half of them each day, or all
 * with `ALL=1`.
 */
export function corpusModels(half: 'odd' | 'even' | 'all' = 'all'): readonly string[] {
  const models = corpusFiles().filter((file) => !isLibrary(file))
  if (half === 'all' || process.env.ALL === '1') return models
  // By the name and not by the place in the list: a new model leaves the halves of the others as they are.
  const isOdd = (file: string): boolean =>
    [...file].reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 2 === 1
  return models.filter((file) => isOdd(file) === (half === 'odd'))
}

/** Reads models by their path below `models/`; `changed` texts stand in for what is on disk. */
export function corpusReader(
  changed: ReadonlyMap<string, string> = new Map(),
): (path: string, from: string | null) => ReadResult {
  // The tree is made when a text is read again: a changed library is parsed twice, however many models use it.
  const read = new Map<string, ReadResult | null>()
  return (path, from) => {
    const tried = [...(from === null ? [] : [join(dirname(from), path)]), path]
    for (const file of tried) {
      const text = changed.get(file)
      if (text !== undefined) {
        const known = read.get(file)
        const answer = known ?? (known === null ? withTree(file, text) : plain(file, text))
        read.set(file, known === undefined ? null : answer)
        return answer
      }
      if (existsSync(join(root, file))) return readCorpus(file)
    }
    return { kind: 'missing', tried }
  }
}

const plain = (path: string, text: string): ReadResult => ({ kind: 'text', path, text })

function withTree(path: string, text: string): ReadResult {
  const { result, diagnostics } = parse(new SourceText(path, text))
  if (result === null || diagnostics.length > 0) return plain(path, text)
  return { kind: 'text', path, text, tree: storeTree(result) }
}

function readCorpus(path: string): ReadResult {
  const text = corpusText(path)
  const tree = storedTree(text)
  return tree === null ? plain(path, text) : { kind: 'text', path, text, tree }
}

/** The row of a model with this number. */
export function corpusRow(file: string, number: number) {
  const { model } = readModel(file, corpusReader())
  const configuration = model === null ? undefined : designRows(model)[number]
  if (model === null || configuration === undefined) throw new Error(`${file} has no row ${number}`)
  return { model, configuration }
}

/** Rows of a model that are far from each other, the first and the last among them; `ROWS` for more. */
export function spreadRows(model: CheckedModel | null, count = 3): readonly Configuration[] {
  const rows = model === null ? [] : designRows(model)
  const wanted = Math.min(rows.length, Number(process.env.ROWS ?? count))
  const last = Math.max(1, wanted - 1)
  return rows.filter((_, at) =>
    Array.from({ length: wanted }, (_, n) => Math.round((n * (rows.length - 1)) / last)).includes(
      at,
    ),
  )
}
