import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { expectedOf, replay } from '../../checker/trace/replay.js'
import { interpreter } from '../../spec/index.js'
import { abba, holder, inversions, kinds, messages, populate, run } from '../helpers/lock-order.js'
import { systemOf } from '../helpers/pipeline.js'

/** Language rule 10: lock orders are collected while a search goes on, and judged after it. */
const orders = suite('search: lock order and the search')

orders('an inversion neither ends nor cuts a search', () => {
  const alone = run(populate)
  const off = run(`check not lock-inversion; ${populate}`)
  assert.is(off.verdict, 'holds')
  assert.is(alone.verdict, 'violated')
  assert.ok(alone.statistics.exhaustive)
  assert.equal(
    [alone.statistics.distinctStates, alone.statistics.generatedStates],
    [off.statistics.distinctStates, off.statistics.generatedStates],
  )
})

orders('asking for it means to go on until the frontier empties', () => {
  const text = `bool x; ${populate} thread bad { x = true; assert(!x); }`
  const first = run(text, {}, { wanted: ['assert'] })
  assert.not.ok(first.statistics.exhaustive)
  const asked = run(text, {}, { wanted: ['lock-inversion'] })
  assert.ok(asked.statistics.exhaustive)
  assert.equal(kinds(text, {}, { all: false, wanted: ['lock-inversion'] }), [
    'assert',
    'lock-inversion',
  ])
})

orders('what one run does is shown first, unless the model expects the inversion', () => {
  const text = `bool x; ${populate} thread bad { x = true; assert(!x); }`
  assert.is(run(text, {}, { all: true }).violation?.kind, 'assert')
  const preferred = ['lock-inversion']
  assert.is(run(text, {}, { all: true, preferred }).violation?.kind, 'lock-inversion')
  assert.ok(
    messages(text)[0]?.endsWith(
      'the deadlock was not met, but runs ended in other violations before',
    ),
  )
})

orders('it is judged over what was explored when another violation ends the search', () => {
  const result = run(`bool x; ${populate} thread bad { x = true; assert(!x); }`)
  assert.is(result.violation?.kind, 'assert')
  assert.not.ok(result.statistics.exhaustive)
  assert.ok(result.violations.some(({ kind }) => kind === 'lock-inversion'))
})

orders('a search that a limit ends tells only what its last whole level shows', () => {
  const whole = run(populate).statistics.distinctStates
  const seen = new Map<number, string>()
  for (let maxStates = 1; maxStates < whole; maxStates++) {
    const { statistics, verdict, violations } = run(populate, {}, { maxStates })
    const text = `${verdict} ${violations.map(({ trap }) => trap.message).join()}`
    const known = seen.get(statistics.distinctStates)
    assert.is(known ?? text, text, `${maxStates} states`)
    seen.set(statistics.distinctStates, text)
    for (const { trap } of violations) {
      assert.ok(trap.message.endsWith('but not everything was explored'))
    }
  }
  assert.ok([...seen.values()].some((text) => text.startsWith('incomplete')))
  assert.ok([...seen.values()].some((text) => text.startsWith('violated')))
})

orders('the run leads to the last order of the circle, and replays', () => {
  for (const text of [populate, abba, holder.replace('CONTEXT', 'hardirq')]) {
    const system = systemOf(text)
    for (const violation of inversions(text)) {
      const { trail, depth, trap } = violation
      assert.is(trail.steps.length, depth)
      assert.is(trail.steps.at(-1)?.process, trap.process)
      const machine = interpreter(system)
      const expected = expectedOf(system, violation)
      assert.is(replay(machine, trail, expected).refusal, null)
      // Shorter, it shows nothing yet: neither with the place nor, as a token, without it.
      const cut = { ...trail, steps: trail.steps.slice(0, -1) }
      assert.is.not(replay(machine, cut, expected).refusal, null)
      assert.is(replay(machine, trail, null, [], true).trace?.kind, 'lock-inversion')
      assert.is.not(replay(machine, trail, null).refusal, null)
    }
  }
})

orders.run()
