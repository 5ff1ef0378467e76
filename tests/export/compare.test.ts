import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { compare, kindToFind, type Theirs } from '../../checker/export/cross-check/compare.js'
import type { Ours, OurViolation } from '../../checker/export/cross-check/ours.js'

const violation = (
  kind: string,
  depth: number,
  more: Partial<OurViolation> = {},
): OurViolation => ({
  kind,
  depth,
  of: 'step',
  unsaid: null,
  ...more,
})
const holds: Ours = {
  verdict: 'holds',
  limit: null,
  exhaustive: true,
  states: 42,
  violations: [],
  seconds: 0,
}
const violated = (...violations: OurViolation[]): Ours => ({
  ...holds,
  verdict: 'violated',
  exhaustive: false,
  violations,
})
const cut = (limit: string): Ours => ({ ...holds, verdict: 'incomplete', exhaustive: false, limit })

const said = (more: Partial<Theirs>): Theirs => ({
  tool: 'rumur',
  verdict: 'holds',
  kind: null,
  standstill: false,
  states: null,
  depth: null,
  limit: null,
  seconds: 0,
  ...more,
})
const finds = (kind: string, depth: number | null, more: Partial<Theirs> = {}): Theirs =>
  said({ verdict: 'violated', kind, depth, ...more })

const unsaid = { of: 'state', unsaid: 'two steps' } as const
const whole = { of: 'graph', unsaid: 'the whole graph' } as const

const CASES: readonly (readonly [what: string, ours: Ours, theirs: Theirs, is: RegExp])[] = [
  ['the same number of states', holds, said({ states: 42 }), /^agree $/],
  ['no number of states', holds, said({}), /^agree $/],
  ['one state too many', holds, said({ states: 43 }), /^disagree rumur counts 43 states, ours 42/],
  [
    'a violation that is none',
    holds,
    finds('leak', 3),
    /^disagree rumur finds leak, ours does not/,
  ],
  [
    'a violation that is missed',
    violated(violation('leak', 3)),
    said({}),
    /^disagree ours finds leak/,
  ],
  ['the same violation', violated(violation('leak', 3)), finds('leak', 3), /^agree $/],
  [
    'another one of the level',
    violated(violation('leak', 3), violation('assert', 3)),
    finds('assert', 3),
    /^agree $/,
  ],
  ['too deep', violated(violation('leak', 3)), finds('leak', 4), /^disagree .* after 4 .* after 3/],
  [
    'too shallow',
    violated(violation('leak', 3)),
    finds('leak', 2),
    /^disagree .* after 2 .* after 3/,
  ],
  [
    'depth first, any depth',
    violated(violation('leak', 3)),
    finds('leak', 9, { tool: 'spin' }),
    /^agree $/,
  ],
  [
    'a standstill, whatever it is called',
    violated(violation('lost-wakeup', 3, { of: 'standstill' })),
    finds('deadlock', 3, { standstill: true }),
    /^agree $/,
  ],
  [
    'a deadlock that is a standstill here and a cycle of owners there',
    violated(violation('deadlock', 3, { of: 'state' })),
    finds('deadlock', 3, { standstill: true }),
    /^disagree/,
  ],
  [
    'nothing that can be said',
    violated(violation('data-race', 3, unsaid)),
    said({}),
    /^not-comp.*two steps$/,
  ],
  [
    'nothing that can be said, all seen',
    { ...violated(violation('livelock', 3, whole)), exhaustive: true },
    said({ states: 42 }),
    /^not-compared .*; the states are as many$/,
  ],
  [
    'nothing that can be said, all seen, and not as many',
    { ...violated(violation('livelock', 3, whole)), exhaustive: true },
    said({ states: 41 }),
    /^disagree rumur counts 41/,
  ],
  [
    'they ended early',
    holds,
    said({ verdict: 'incomplete', limit: 'time' }),
    /^not-compared .*time/,
  ],
  ['we ended early', cut('memory'), said({ states: 99 }), /^not-compared .*memory/],
  ['a bound for both', cut('bound'), said({ verdict: 'incomplete', limit: 'bound' }), /^agree $/],
  ['a bound for them only', holds, said({ verdict: 'incomplete', limit: 'bound' }), /^disagree/],
  ['a bound for us only', cut('bound'), said({ states: 42 }), /^disagree/],
  [
    'a bound on their way to our violation',
    violated(violation('leak', 3)),
    said({ verdict: 'incomplete', limit: 'bound' }),
    /^not-compared/,
  ],
]

const test = suite('comparing answers')
for (const [what, ours, theirs, is] of CASES) {
  test(what, () => {
    const { status, reason } = compare(ours, ours, theirs)
    assert.match(`${status} ${reason}`, is)
  })
}

test('a kind that was not on our level is looked for', () => {
  const ours = violated(violation('deadlock', 3, { of: 'standstill' }))
  assert.is(kindToFind(ours, finds('leak', 4)), 'leak')
  assert.is(kindToFind(ours, finds('deadlock', 3, { standstill: true })), null)
  assert.is(kindToFind(ours, said({})), null)
})

test('what is found as a state is expanded may come after a step from its level', () => {
  const late = violation('deadlock', 3, { of: 'standstill' })
  const found = (depth: number) => violated(late, violation('leak', depth))
  assert.is(compare(violated(late), found(4), finds('leak', 4)).status, 'agree')
  assert.match(compare(violated(late), found(5), finds('leak', 5)).reason, /deadlock after 3/)
  const early = violation('assert', 3)
  const both = violated(early, violation('leak', 4))
  assert.match(compare(violated(early), both, finds('leak', 4)).reason, /assert after 3/)
})

test('our search for their kind may end early, or find nothing', () => {
  const ours = violated(violation('data-race', 3, unsaid))
  assert.match(compare(ours, cut('time'), finds('leak', 4)).reason, /^ours ended early/)
  assert.is(compare(ours, { ...ours, exhaustive: true }, finds('leak', 4)).status, 'disagree')
})

test.run()
