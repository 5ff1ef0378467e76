import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { elaborate } from '../../checker/export/elaborate/elaborate.js'
import { readTlc } from '../../checker/export/read-back/tlc.js'
import { corpusText } from '../helpers/corpus.js'
import { golden } from '../helpers/golden.js'
import { reach, systemOf } from '../helpers/pipeline.js'
import { tlaReader } from '../helpers/tla-syntax.js'
import { reachedByText, textOf } from './tla-reached.js'

/** Models of the corpus that are small, and together use most of what a program is made of. */
const GOLDEN = [
  'litmus/02-lost-update',
  'litmus/20-interruptible',
  'litmus/48-abba-beside-a-daemon',
]
const ROWS = [
  ...GOLDEN,
  'litmus/12-waiting-writer-states',
  'litmus/18-either-states',
  'litmus/28-stale-after-reuse',
  'litmus/33-leak',
  'litmus/67-invariant',
  'litmus/80-violation-beats-bound',
  'litmus/90-grace-period-states',
  'litmus/102-barrier-waits-for-earlier',
  'litmus/109-handler-runs-to-its-end',
  'litmus/134-work-freed',
  'litmus/146-percpu-counter',
]

const rows = suite('rows of the corpus as TLA+')
const grammar = await tlaReader()
const evaluated = grammar === null ? rows.skip : rows
const read = grammar ?? (() => assert.unreachable() as never)

function programOf(name: string) {
  // Data races are judged by looking at what is enabled together; no program does that.
  const system = { ...systemOf(corpusText(`${name}.gmem`)), asked: new Set<string>() }
  const { program, refusals } = elaborate(system)
  if (program === null) throw new Error(refusals[0]?.construct)
  return { system, program }
}

for (const name of GOLDEN) {
  rows(`${name} reads like this`, () => {
    const { module, config } = textOf(programOf(name).program)
    golden(`tests/export/golden/${name.replace('litmus/', '')}.tla`, module)
    golden(`tests/export/golden/${name.replace('litmus/', '')}.cfg`, config)
  })
}

for (const name of ROWS) {
  evaluated(`${name}: states, kinds and depths are those of the interpreter`, () => {
    const { system, program } = programOf(name)
    const ours = reach(system)
    const { states, kinds, stuck } = reachedByText(program, read)
    assert.is(states, ours.states.length)
    assert.is(kinds.has('bound'), ours.cuts.size > 0)
    for (const [kind, depth] of kinds) {
      if (kind !== 'bound') assert.is(ours.violations.get(kind)?.depth, depth, kind)
    }
    // What a lost rest is called, and those that still move, TLC has no words for.
    for (const kind of ours.violations.keys()) {
      assert.ok(kinds.has(kind) || stuck !== null || kind === 'livelock', kind)
    }
  })
}

/** Two processes each that may be exchanged. */
const SYMMETRIC = [
  'litmus/12-waiting-writer-states',
  'litmus/44-readers-share',
  'litmus/15-await-leads-atomic',
]

for (const name of SYMMETRIC) {
  evaluated(`${name}: with like processes as one, the same is found in fewer states`, () => {
    const { program } = programOf(name)
    const whole = reachedByText(program, read)
    const folded = reachedByText(program, read, { symmetric: true })
    assert.equal({ ...folded, states: whole.states }, whole)
    assert.ok(folded.states < whole.states)
    // At most two states are one.
    assert.ok(folded.states * 2 >= whole.states)
  })
}

rows('a trace of TLC is read back to control points', () => {
  const { program } = programOf('litmus/02-lost-update')
  const [first, second] = program.actions
  if (first === undefined || second === undefined) throw new Error('too few steps')
  const trace = [first, second].map(
    ({ location, code }, at) =>
      `State ${at + 2}: <step>\n/\\ moved = <<${program.codes[code]?.first}, ${location}>>\n`,
  )
  const start = 'State 1: <Initial predicate>\n/\\ moved = <<-1, -1>>\n'
  const { points } = readTlc([start, ...trace].join('\n'), program)
  assert.equal(
    points?.map(({ at }) => at),
    [first.location, second.location],
  )
})

rows.run()
