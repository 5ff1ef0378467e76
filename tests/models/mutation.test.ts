import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readModel } from '../../checker/design/model.js'
import { MutantJudge } from '../../checker/design/mutant.js'
import { planMutations, staleLines, uncoveredBy } from '../../checker/design/mutation-plan.js'
import { reportMutations } from '../../checker/design/mutation-report.js'
import { type TestedRow, testRow } from '../../checker/design/test-row.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { designRows, matchExpectation } from '../../spec/index.js'
import { corpusFiles, corpusReader, isLibrary } from '../helpers/corpus.js'

/**
 * A model that holds says something only if it stops holding when what makes it hold is taken away: each lock with its
 * unlocks, each recheck and each unmap that a holding row executes. What is redundant is named in the model by a
 * line `// redundant: <deletion>: why`.
 */
const mutation = suite('deleting a lock, a recheck or an unmap')

/** With `ALL=1` everything is asked: some minutes. */
const isAll = process.env.ALL === '1'

/** Folders in which nothing is left that nobody would miss; on ordinary days the one that changes most is asked. */
const FOLDERS = isAll
  ? ['fd_private/', 'guest_memfd/', 'invalidation/', 'mmu_cache/', 'numa_policy/', 'templates/']
  : ['guest_memfd/']

const KINDS = ['locks', 'rechecks', 'unmaps']

/** Every sixth is asked, always the same ones. */
const every = isAll ? 1 : 6

/** Of the rows of a model that hold, so many are asked, far from each other; `ROWS` for more. */
const rowsMax = Number(process.env.ROWS ?? 8)

/** A row that nothing is asked of: what is violated anyway takes long to miss something. */
const unasked = (name: string): TestedRow => {
  return { name, report: null, judgement: null, diagnostics: [], exercise: [] }
}

const models = corpusFiles()
  .filter((file) => FOLDERS.some((folder) => file.startsWith(folder)) && !isLibrary(file))
  .map((file) => {
    const read = readModel(file, corpusReader())
    const { model, loaded } = read
    if (model === null || loaded === null) throw new Error(`${file} is broken`)
    const all = designRows(model)
    const holding = all.flatMap((configuration, number) =>
      matchExpectation(model, configuration)?.verdict === 'holds' ? [number] : [],
    )
    const apart = Math.max(1, Math.ceil(holding.length / rowsMax))
    const asked = new Set(holding.filter((_, at) => at % apart === 0))
    const rows = all.map((_, number) => {
      return asked.has(number)
        ? testRow(read, number, file, defaultSearchOptions)
        : unasked(`${number}`)
    })
    return { file, model, loaded, rows }
  })
const originals = models.map((model) => ({ ...model, uncovered: uncoveredBy(model) }))
const judge = new MutantJudge(originals, {
  options: () => defaultSearchOptions,
  engine: 'compiled',
  reductions: [],
})

const known = planMutations(models)
const judged = known
  .filter(({ mutation: { kind }, rows }) => KINDS.includes(kind) && rows.length > 0)
  .filter((_, at) => at % every === 0)
  .map((planned) => ({ planned, outcome: judge.judge(planned.mutation, planned.rows) }))

for (const { mutation: one, status } of reportMutations(models, judged, () => true).judged) {
  mutation(`${one.at.file}: without ${one.name}`, () => {
    // A mutant that is no model any more would be a mutation that says nothing.
    const isRight = status === 'noticed' || status === 'redundant' || status === 'equivalent'
    assert.ok(isRight, `${status}, and the model does not say why`)
  })
}

mutation('what is called redundant is', () => {
  const about = staleLines(models, judged, known)
  assert.equal(
    about.map(({ line }) => `${line.file}: ${line.text}`),
    [],
  )
})

mutation('there is something to delete', () => assert.ok(judged.length >= 20, `${judged.length}`))

mutation.run()
