import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Step } from '../../checker/engine/engine.js'
import { contextSwitches, violationOrder } from '../../checker/property/choose.js'
import type { Violation } from '../../checker/property/violation.js'

const choose = suite('property: the order of violations')

interface Parts {
  readonly kind?: string
  readonly depth?: number
  readonly switches?: number
  readonly file?: string
  readonly from?: number
  readonly to?: number
  readonly initial?: readonly number[]
  readonly steps?: readonly Step[]
}

function violation(parts: Parts): Violation {
  const { kind = 'k', depth = 3, switches = 1, file = 'm', from = 0, to = 1 } = parts
  const at = { file, from, to }
  const trap = { kind, message: '', at, site: null, process: null, operands: [] }
  const trail = { initial: parts.initial ?? [], steps: parts.steps ?? [] }
  return { kind, trap, trail, depth, switches, loop: [] }
}

const step = (process: number, ...choices: readonly number[]): Step => ({ process, choices })

/** Each is better than the next: they differ in one rank of the rule, and would be the other way round by all later ones. */
const ladder: readonly (readonly [rank: string, better: Parts, worse: Parts])[] = [
  ['a preferred kind', { kind: 'z', depth: 9, switches: 9 }, { kind: 'a', depth: 1, switches: 0 }],
  ['depth', { depth: 2, switches: 9, kind: 'k2' }, { depth: 3, switches: 0, kind: 'k1' }],
  ['switches', { switches: 1, kind: 'k2' }, { switches: 2, kind: 'k1' }],
  ['kind', { kind: 'K', file: 'n' }, { kind: 'k', file: 'm' }],
  ['file', { file: 'm', from: 9 }, { file: 'n', from: 1 }],
  ['offset, as a number', { from: 9, initial: [1] }, { from: 10, initial: [0] }],
  ['initial choices', { initial: [0, 9], steps: [step(1)] }, { initial: [1], steps: [step(0)] }],
  ['process', { steps: [step(0, 9)] }, { steps: [step(1, 0)] }],
  ['choice', { steps: [step(1, 2), step(5)] }, { steps: [step(1, 10), step(0)] }],
  ['later steps', { steps: [step(1), step(0)] }, { steps: [step(1), step(1)] }],
]

for (const [rank, better, worse] of ladder) {
  choose(`by ${rank}`, () => {
    const order = violationOrder(['y', 'z'])
    assert.ok(order(violation(better), violation(worse)) < 0)
    assert.ok(order(violation(worse), violation(better)) > 0)
  })
}

choose('preferred kinds in their own order', () => {
  const order = violationOrder(['y', 'x'])
  const kinds = ['a', 'x', 'y'].map((kind) => violation({ kind }))
  assert.equal(
    kinds.sort(order).map((one) => one.kind),
    ['y', 'x', 'a'],
  )
})

choose('equal violations are equal', () => {
  assert.is(violationOrder([])(violation({}), violation({})), 0)
})

choose('a context switch is a change of process between two steps', () => {
  assert.is(contextSwitches([]), 0)
  assert.is(contextSwitches([step(2)]), 0)
  assert.is(contextSwitches([step(2), step(2, 1), step(0), step(2)]), 2)
})

choose.run()
