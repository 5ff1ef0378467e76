import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { prepareRow } from '../../checker/design/row.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import {
  type CheckedModel,
  type Configuration,
  designRows,
  matchExpectation,
  SourceText,
  type Span,
} from '../../spec/index.js'
import { corpusFiles, corpusReader, corpusText } from '../helpers/corpus.js'
import { apply, deletionsIn, type Mutation } from '../helpers/mutations.js'

/**
 * A model that holds says something only if it stops holding when what makes it hold is taken away: each lock with its
 * unlocks, each recheck and each unmap that a holding row executes. What is redundant is named in the model by a
 * line `// redundant: <deletion>: why`.
 */
const mutation = suite('deleting a lock, a recheck or an unmap')

interface HoldingRow {
  readonly file: string
  readonly configuration: string
  /** Statements the row executes. */
  readonly executed: ReadonlySet<string>
  /** Its `cover`s that are not reached. */
  readonly uncovered: readonly number[]
  /** Most of the time goes into the making of a row, not into its search. */
  readonly instructions: number
}

const keyOf = (span: Span): string => `${span.file}:${span.from}`
const rowKey = (configuration: Configuration): string =>
  [...configuration].map(([constant, value]) => `${constant.name}=${value}`).join(' ')

const models = corpusFiles().filter((file) => file.startsWith('guest_memfd/'))

function holdingRows(file: string): readonly HoldingRow[] {
  const { model } = readModel(file, corpusReader())
  if (model === null) throw new Error(`${file} is broken`)
  const rows = designRows(model).filter(
    (configuration) => matchExpectation(model, configuration)?.verdict === 'holds',
  )
  return rows.map((configuration) => {
    const { row } = prepareRow(model, configuration)
    if (!row) throw new Error(`${file} cannot be lowered`)
    const result = explore(row.engine, defaultSearchOptions)
    assert.is(result.verdict, 'holds', file)
    const executed = new Set<string>()
    for (const [at, code] of row.interpreter.system.codes.entries()) {
      for (const [location, { site }] of code.instructions.entries()) {
        if (result.executed[at]?.[location]) executed.add(keyOf(site.statement))
      }
    }
    const { uncovered } = result
    const { codes } = row.interpreter.system
    const instructions = codes.reduce((sum, code) => sum + code.instructions.length, 0)
    return { file, configuration: rowKey(configuration), executed, uncovered, instructions }
  })
}

/** The cheapest first: any one that notices is enough. */
const holding = models
  .flatMap(holdingRows)
  .sort((one, other) => one.instructions - other.instructions)

/** True when the row no longer holds, or no longer gets where it did, with this text in the file's place. */
function notices(row: HoldingRow, mutated: ReadonlyMap<string, CheckedModel | null>): boolean {
  const model = mutated.get(row.file)
  if (!model) return true
  const configuration = designRows(model).find((each) => rowKey(each) === row.configuration)
  const prepared = configuration && prepareRow(model, configuration).row
  if (!prepared) return true
  const result = explore(prepared.engine, defaultSearchOptions)
  return (
    result.verdict !== 'holds' || result.uncovered.some((cover) => !row.uncovered.includes(cover))
  )
}

const redundant = new Map<string, readonly string[]>()
for (const file of corpusFiles()) {
  const lines = corpusText(file).matchAll(/^\/\/ redundant: (.*?\) in \w+(?: #\d+)?): \S/gm)
  redundant.set(
    file,
    [...lines].map((match) => match[1] ?? ''),
  )
}

let judged = 0
for (const file of corpusFiles().filter((name) => !name.startsWith('litmus/'))) {
  const source = new SourceText(file, corpusText(file))
  for (const one of deletionsIn(source)) {
    const rows = holding.filter((row) => one.spans.some((span) => row.executed.has(keyOf(span))))
    if (rows.length === 0) continue
    judged += 1
    mutation(`${file}: without ${one.name}`, () => judge(file, source, one, rows))
  }
}

function judge(file: string, source: SourceText, one: Mutation, rows: readonly HoldingRow[]): void {
  const reader = corpusReader(new Map([[file, apply(source, one)]]))
  const mutated = new Map<string, CheckedModel | null>()
  for (const row of rows) {
    if (!mutated.has(row.file)) mutated.set(row.file, readModel(row.file, reader).model)
  }
  const noticed = rows.some((row) => notices(row, mutated))
  const excused = [file, ...rows.map((row) => row.file)].some((name) =>
    redundant.get(name)?.includes(one.name),
  )
  if (excused) assert.not(noticed, 'is called redundant, and is not')
  else assert.ok(noticed, 'nothing notices, and the model does not say why')
}

mutation('there is something to delete', () => assert.ok(judged >= 20))

mutation.run()
