import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import {
  exportSystem,
  readForeign,
  replay,
  type Trail,
  writeFormat,
} from '../../../checker/index.js'
import { found, type ShownFinding, violations } from '../../helpers/findings.js'

interface Itf {
  readonly '#meta': Readonly<Record<string, unknown>>
  readonly vars: readonly string[]
  readonly states: readonly Readonly<Record<string, unknown>>[]
  readonly loop?: number
}

const written = (finding: ShownFinding): string => writeFormat('itf', finding).text ?? ''

/** Why a value is no expression of the format; null when it is one. */
function expressionProblem(value: unknown): string | null {
  if (typeof value === 'string' || typeof value === 'boolean') return null
  if (typeof value !== 'object' || value === null) return `${JSON.stringify(value)} stands plainly`
  if (Array.isArray(value)) return value.map(expressionProblem).find(Boolean) ?? null
  const fields = Object.entries(value)
  const [[name, inner] = ['', null]] = fields
  if (!fields.some(([each]) => each.startsWith('#'))) {
    return fields.map(([, each]) => expressionProblem(each)).find(Boolean) ?? null
  }
  if (fields.length !== 1) return `${fields.map(([each]) => each)} stand together`
  if (name === '#bigint') return /^-?\d+$/.test(String(inner)) ? null : `no number: ${inner}`
  if (name === '#unserializable') return typeof inner === 'string' ? null : 'no text'
  if (name !== '#tup' && name !== '#map') return `there is no ${name}`
  if (!Array.isArray(inner)) return `${name} of no list`
  if (name === '#map' && inner.some((pair) => !Array.isArray(pair) || pair.length !== 2)) {
    return 'a map of no pairs'
  }
  return expressionProblem(inner)
}

export const itf = suite('ITF')

for (const { finding } of violations) {
  const { trace } = finding.run
  itf(`${trace.system.name}: each state has each variable, in expressions of the format`, () => {
    const { vars, states, loop } = JSON.parse(written(finding)) as Itf
    for (const state of states) {
      const { '#meta': meta, ...values } = state
      assert.equal(Object.keys(values), vars)
      assert.is(expressionProblem(values), null)
      assert.type(meta, 'object')
    }
    assert.is(new Set(vars).size, vars.length)
    const { steps } = trace
    assert.is(loop, trace.loop.length === 0 ? undefined : steps.length)
    assert.is(states.length, 1 + steps.length + Math.max(0, trace.loop.length - 1))
  })
}

itf('replay --from itf reads every run back that can be exported', () => {
  let count = 0
  for (const { row, finding } of violations) {
    const { trace } = finding.run
    const { exported } = exportSystem(row.interpreter.system, 'tla', {})
    // A run that shows a lock order is wrong with others only, and one that never ends has no last step.
    if (exported === null || trace.kind === 'lock-inversion' || trace.loop.length > 0) continue
    const { trail, refusal } = readForeign(row.interpreter, 'itf', written(finding))
    assert.is(refusal, null, trace.system.name)
    const again = replay(row.interpreter, trail as Trail, null)
    assert.is(again.trace?.kind, trace.kind, again.refusal ?? '')
    assert.is(again.trace?.steps.length, trace.steps.length)
    count += 1
  }
  assert.ok(count > 15, String(count))
})

itf('a run with a step of somebody else in it is not read back', () => {
  const [first] = violations
  assert.ok(first)
  const other = written(first.finding).replace(/"moved":\{"#tup":\[\{"#bigint":"1"/, (text) =>
    text.replace('"1"', '"0"'),
  )
  assert.is.not(other, written(first.finding))
  assert.ok(readForeign(first.row.interpreter, 'itf', other).refusal !== null)
})

itf('a variable of the model keeps its values when it is called like one of ours', () => {
  const { finding } = found(`model names;
int 0..3 moved;
int 0..3 moved_;
thread t { moved = 2; moved_ = 1; assert(moved == 1); }
expect violated assert otherwise;
`)
  assert.ok(finding.run)
  const { states, vars } = JSON.parse(written({ ...finding, run: finding.run })) as Itf
  assert.equal(vars.slice(0, 2), ['moved__', 'moved_'])
  assert.equal(states.at(-1)?.moved__, { '#bigint': '2' })
  assert.equal(states.at(-1)?.moved_, { '#bigint': '1' })
})
