import { readFileSync } from 'node:fs'
import { readModel } from '../../checker/design/model.js'
import { rowName } from '../../checker/design/settings.js'
import { designRows, matchExpectation } from '../../spec/index.js'
import { corpusReader } from './corpus.js'
import { projectRoot } from './spawn.js'

/** Tables in documents whose lines name a row of a model, its verdict, and perhaps another row, which holds. */

export interface NamedRow {
  /** Below `models/`. */
  readonly file: string
  readonly row: string
  readonly verdict: string
  readonly twin: string | undefined
}

const ROW = /^\|.*\(\.\.\/models\/(\S+\.gmem)\) \| `(.*?)` \| (\S+) \|(?: `(.*)` \|)?$/gm

export const namedRows = (text: string): NamedRow[] =>
  [...text.matchAll(ROW)].map(([, file = '', row = '', verdict = '', twin]) => ({
    file,
    row,
    verdict,
    twin,
  }))

/** Lines of tables below their heads: as many as `namedRows` finds, or one is overlooked. */
export const tableLines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line, at, lines) => /^\| /.test(line) && !/^\|-/.test(lines[at + 1] ?? ''))

export const documentText = (path: string): string => readFileSync(`${projectRoot}${path}`, 'utf8')

/** Why a line is not what its model expects; the models themselves are searched elsewhere. */
export function namedRowProblems({ file, row, verdict, twin }: NamedRow): string[] {
  const kinds = expectedOf(file, row)
  const problems = kinds.includes(verdict) ? [] : [`the model expects ${kinds.join(', ')}`]
  if (twin === undefined) return problems
  const other = expectedOf(file, twin)
  if (other.join() !== 'holds') problems.push(`of ${twin} it expects ${other.join(', ')}`)
  return problems
}

/** What the model expects of a row: kinds, or that it holds. */
function expectedOf(file: string, row: string): readonly string[] {
  const rows = expectations.get(file) ?? expectationsOf(file)
  expectations.set(file, rows)
  const expected = rows.get(row)
  if (expected === undefined) throw new Error(`no row ${row}`)
  return expected
}

/** By file and row: many lines are about one model. */
const expectations = new Map<string, ReadonlyMap<string, readonly string[]>>()

function expectationsOf(file: string): ReadonlyMap<string, readonly string[]> {
  const { model } = readModel(file, corpusReader())
  if (model === null) throw new Error('no such model')
  return new Map(
    designRows(model).map((configuration) => {
      const expected = matchExpectation(model, configuration)
      const kinds = expected?.verdict === 'holds' ? ['holds'] : (expected?.kinds ?? [])
      return [rowName(model, configuration), kinds]
    }),
  )
}
