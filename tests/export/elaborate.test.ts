import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { elaborate } from '../../checker/export/elaborate/elaborate.js'
import type { Body, Program, Statement } from '../../checker/export/program.js'
import { analyse } from '../../spec/analysis/analyse.js'
import { describe } from '../../spec/analysis/configure.js'
import { loadModel } from '../../spec/analysis/load.js'
import { lower } from '../../spec/system/lower.js'
import { compareProgram, ranText } from '../helpers/compare-program.js'
import { corpusModels, corpusReader, spreadRows } from '../helpers/corpus.js'
import { systemOf } from '../helpers/pipeline.js'
import { runProgram } from '../helpers/run-program.js'

/**
 * The rows of the corpus as programs, executed by an evaluator that knows nothing of the language: as many states as the
 * engine finds, and every violation at the same depth. Rows that are large are left out; `STATES`, `INSTRUCTIONS` and
 * `MODELS` choose others, `SHOW` tells what became of each.
 */
const elaboration = suite('elaborate')

const statesMax = Number(process.env.STATES ?? 300)
const instructionsMax = Number(process.env.INSTRUCTIONS ?? 50)
const pattern = new RegExp(process.env.MODELS ?? '')
const isChosen = process.env.MODELS !== undefined || process.env.STATES !== undefined

const counts = { same: 0, large: 0, refused: 0 }
const kinds = new Set<string>()

function compareRows(file: string): void {
  const loaded = loadModel(file, corpusReader())
  const model = loaded.result && analyse(loaded.result).result
  if (!model) throw new Error(`${file} is refused`)
  for (const configuration of spreadRows(model)) {
    const { result: system } = lower(model, configuration)
    if (!system) throw new Error(`${file} is not lowered`)
    const name = `${file} ${JSON.stringify(describe(model, configuration).design)}`
    const size = system.codes.reduce((sum, code) => sum + code.instructions.length, 0)
    if (size > instructionsMax) {
      counts.large++
      continue
    }
    const compared = compareProgram(system, statesMax)
    if (process.env.SHOW) console.log(name, JSON.stringify(compared))
    if (compared.kind === 'different') {
      const { ours, theirs } = compared
      assert.is(ranText(theirs), ranText(ours), name)
    } else counts[compared.kind]++
    if (compared.kind === 'same') for (const kind of compared.kinds) kinds.add(kind)
  }
}

for (const file of corpusModels(isChosen ? 'all' : 'odd').filter((one) => pattern.test(one))) {
  elaboration(file, () => compareRows(file))
}

elaboration('most rows of the corpus were small enough, and went wrong in many ways', () => {
  if (process.env.SHOW) console.log(JSON.stringify(counts), [...kinds].sort().join())
  if (isChosen) return
  assert.ok(counts.same > 140, `only ${counts.same} rows`)
  assert.ok(kinds.size > 20, [...kinds].sort().join())
})

const small = `struct node { int 0..2 v; node *next; } pool node nodes[2]; node *head; mutex m; int 0..2 n; rwsem sem;
  init { head = alloc(&nodes[0]); head->next = alloc(&nodes[1]); }
  thread t[k in 0..1] { mutex_lock(&m); node *o = head; if (o != null) { head = o->next; free(o); n++; } mutex_unlock(&m);
    down_read(&sem); o = head; up_read(&sem); await (n == 2); }
  thread w { down_write(&sem); assert(n <= 2); up_write(&sem); }
  invariant (n <= 2);`

elaboration('a program that says something else is noticed', () => {
  const { program } = elaborate(systemOf(small))
  if (!program) throw new Error('refused')
  const expected = ranText(runProgram(program, 10_000))
  const tried = program.actions.flatMap(({ body }, at) =>
    withoutOne(body).map((changed): Program => {
      const actions = program.actions.map((each, index) =>
        index === at ? { ...each, body: changed } : each,
      )
      return { ...program, actions }
    }),
  )
  const noticed = tried.filter((changed) => outcome(changed) !== expected)
  // A few cells are told by the control point alone: to leave them as they were renames states and joins none.
  assert.ok(tried.length > 20, `${tried.length}`)
  assert.ok(noticed.length >= tried.length * 0.9, `${noticed.length} of ${tried.length}`)
})

function outcome(program: Program): string {
  try {
    return ranText(runProgram(program, 10_000))
  } catch (problem) {
    return String(problem)
  }
}

const hasEffect = ({ kind }: Statement): boolean => kind === 'set' || kind === 'call'

/** The body with one effect left out, in each way. */
const withoutOne = (body: Body): readonly Body[] =>
  body.blocks.flatMap((block, at) =>
    block.statements.filter(hasEffect).map((left): Body => {
      const statements = block.statements.filter((one) => one !== left)
      const blocks = body.blocks.map((one, index) => (index === at ? { ...one, statements } : one))
      return { ...body, blocks }
    }),
  )

elaboration('what has no form is refused, with its construct and place', () => {
  const refusal = (text: string): string => {
    const { refusals } = elaborate(systemOf(text))
    const [first] = refusals ?? []
    return `${first?.construct} at ${first?.place?.text}`
  }
  assert.is(
    refusal('int 0..3 x; thread t { atomic { while (x < 3) x = (x * 2) % 4; } }'),
    'a loop in one step that may not end at atomic { while (x < 3) x = (x * 2) % 4; }',
  )
})

elaboration('exchangeable are instances that nobody tells apart', () => {
  const symmetric = (text: string): readonly boolean[] | undefined =>
    elaborate(systemOf(text)).program?.codes.map((code) => code.symmetric)
  assert.equal(symmetric('int 0..3 x; thread t[k in 0..1] { x = 1; } thread u { x = 2; }'), [
    true,
    false,
  ])
  assert.equal(symmetric('int 0..3 x; thread t[k in 0..1] { x = k; }'), [false])
})

elaboration.run()
