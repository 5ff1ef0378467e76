import * as fc from 'fast-check'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { readToken, tokenFits, writeToken } from '../../checker/trace/trail.js'

const token = suite('token')

const hash = '0123456789abcdef'.repeat(4)
const short = '0123456789ab'
const step = (process: number, ...choices: number[]) => ({ process, choices })

token('is short: runs of steps are counted', () => {
  const steps = [step(0), step(0), step(0), step(1), step(0, 1, 0), step(0)]
  const written = writeToken({ hash, settings: [], trail: { initial: [], steps }, loop: [] })
  assert.is(written, `gm1-${short}-a3ba.1.0a`)
  assert.equal(readToken(written), {
    hash: short,
    settings: [],
    trail: { initial: [], steps },
    loop: [],
  })
})

token('holds settings, initial choices and a loop', () => {
  const written = writeToken({
    hash,
    settings: [
      [3, 1],
      [4, -2],
    ],
    trail: { initial: [1, 0], steps: [] },
    loop: [step(2), step(2)],
  })
  assert.is(written, `gm1-${short}-0d3.1_4.m2-0i1.0-0-c2`)
  assert.equal(readToken(written)?.settings, [
    [3, 1],
    [4, -2],
  ])
})

token('reads back whatever it wrote', () => {
  const small = fc.integer({ min: -3, max: 300 })
  const steps = fc.array(
    fc.record(
      { process: fc.integer({ min: 0, max: 70 }), choices: fc.array(small, { maxLength: 3 }) },
      { noNullPrototype: true },
    ),
    { maxLength: 40 },
  )
  const settings = fc.array(fc.tuple(fc.nat(50), small), { maxLength: 4 })
  void fc.assert(
    fc.property(
      settings,
      fc.array(small, { maxLength: 4 }),
      steps,
      steps,
      (set, initial, run, loop) => {
        const read = readToken(
          writeToken({ hash, settings: set, trail: { initial, steps: run }, loop }),
        )
        assert.equal(read, { hash: short, settings: set, trail: { initial, steps: run }, loop })
      },
    ),
    { numRuns: 300 },
  )
})

token('names what of the scenario is left out, between settings and choices', () => {
  const leftOut = [
    { part: 2, keep: null },
    { part: 5, keep: -1 },
  ]
  const written = {
    hash: short,
    settings: [],
    leftOut,
    trail: { initial: [1], steps: [] },
    loop: [],
  }
  const text = `gm1-${short}-0x2_5.m1-0i1-0`
  assert.is(writeToken(written), text)
  assert.equal(readToken(text), written)
})

token('is refused when it is damaged', () => {
  const broken = [
    '',
    'gm1',
    'gm2-0123456789ab-a',
    'gm1-0123456789-a',
    'gm1-0123456789ab',
    'gm1-0123456789ab-',
    'gm1-0123456789ab-a-b-c',
    'gm1-0123456789ab-a.',
    'gm1-0123456789ab-3',
    'gm1-0123456789ab-0d3-a',
    'gm1-0123456789ab-0x3.1.2-a',
    'gm1-0123456789ab-0x_-a',
    'gm1-0123456789ab-0d3.1.2-a',
    'gm1-0123456789ab-a99999999999',
    'gm1-0123456789ab-a b',
  ]
  for (const text of broken) assert.is(readToken(text), null, text)
})

token('fits only its own model', () => {
  const read = readToken(`gm1-${short}-a`)
  assert.ok(read)
  assert.ok(tokenFits(read, hash))
  assert.not.ok(tokenFits(read, `1${hash.slice(1)}`))
})

token.run()
