import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { ControlPoint } from '../../checker/export/read-back/control-point.js'
import {
  defaultSearchOptions,
  explore,
  follow,
  prepareRow,
  type Row,
  readerOfTexts,
  readModel,
  replay,
  type Trail,
} from '../../checker/index.js'
import { designRows } from '../../spec/index.js'
import { corpusFiles, corpusReader, isLibrary } from '../helpers/corpus.js'

/** Who moved from where in a run of ours: what a foreign trace would say of it. */
function pointsOf({ interpreter }: Row, trail: Trail): readonly ControlPoint[] {
  const start = interpreter.replayInitial(trail.initial)
  if (start === null || start.kind === 'cut') throw new Error('no such run')
  let { state } = start
  return trail.steps.map(({ process, choices }) => {
    const at = state.processes[process]?.at ?? -1
    const outcome = interpreter.replay(state, process, choices)
    if (outcome === null || outcome.kind === 'cut') throw new Error('no such run')
    state = outcome.state
    return { process, at }
  })
}

/** Kinds that a single run does not show, or that need more than its end. */
const UNSAID = ['lock-inversion', 'livelock']

/** The violations of the first row of each small model, with the control points of their runs. */
function* search() {
  const files = corpusFiles().filter((file) => file.startsWith('litmus/') && !isLibrary(file))
  for (const file of files) {
    const { model } = readModel(file, corpusReader())
    for (const configuration of model === null ? [] : designRows(model)) {
      const { row } = model === null ? { row: null } : prepareRow(model, configuration)
      if (row === null) continue
      const { violation } = explore(row.engine, defaultSearchOptions)
      if (violation === null || UNSAID.includes(violation.kind) || violation.loop.length > 0)
        continue
      yield { file, row, violation, points: pointsOf(row, violation.trail) }
    }
  }
}

const found = [...search()]

const test = suite('following control points')

test('the runs of all small models lead to the same kind in as many steps', () => {
  let count = 0
  for (const { file, row, violation, points } of found) {
    const { kind, depth } = violation
    const { trail, refusal } = follow(row.interpreter, points, kind)
    assert.is(refusal, null, `${file}: ${kind}`)
    const replayed = replay(row.interpreter, trail as Trail, null)
    assert.is(replayed.trace?.kind, kind, `${file}: ${replayed.refusal}`)
    assert.is(replayed.trace?.steps.length, depth, file)
    count += 1
  }
  assert.ok(count > 50, String(count))
})

test('a run that moves a stranger, or from elsewhere, is refused with the step', () => {
  let tried = 0
  for (const { row, violation, points } of found) {
    if (points.length < 3) continue
    const { interpreter } = row
    const last = points.at(-1) as ControlPoint
    const wrong = (changed: readonly ControlPoint[]): string =>
      follow(interpreter, changed, violation.kind).refusal ?? 'followed'
    assert.match(wrong([{ process: 99, at: 0 }, ...points]), /^step 1: there is no process 99$/)
    const elsewhere = [...points.slice(0, -1), { ...last, at: 9999 }]
    assert.match(wrong(elsewhere), new RegExp(`^step ${points.length}: .* and not at 9999$`))
    tried += 1
  }
  assert.ok(tried > 30, String(tried))
})

test('nothing follows a violating step', () => {
  const text = 'model m;\nint 0..1 x;\nthread t { assert(READ_ONCE(x) == 1); WRITE_ONCE(x, 1); }\n'
  const { model } = readModel('m.gmem', readerOfTexts({ 'm.gmem': text }))
  const [configuration] = model === null ? [] : designRows(model)
  const { row } =
    model === null || configuration === undefined ? { row: null } : prepareRow(model, configuration)
  if (row === null) throw new Error('no row')
  const point = { process: 0, at: row.interpreter.system.codes[0]?.entry ?? 0 }
  assert.is(follow(row.interpreter, [point]).refusal, null)
  const { refusal } = follow(row.interpreter, [point, point])
  assert.is(refusal, 'step 1: t already ends in assert')
})

test('the kind that is wanted is looked for', () => {
  for (const { row, points } of found) {
    assert.match(
      follow(row.interpreter, points, 'nothing-like-it').refusal ?? '',
      /ends in .*, not in/,
    )
    return
  }
})

test.run()
