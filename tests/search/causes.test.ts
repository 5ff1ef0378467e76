import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { check, renderSummary } from '../../checker/index.js'
import { type Cause, tellingCauses } from '../../checker/search/causes.js'

const causes = suite('search: one cause told from another')

const cause = (names: string, depth: number, count = 1): Cause<never> => ({
  participants: names.split(' '),
  depth,
  findings: [],
  count,
})
const told = (...given: readonly Cause<never>[]): string[] =>
  tellingCauses(given).map(
    ({ participants, depth, count }) => `${participants.join(' ')}: ${depth}, ${count}`,
  )

causes('bystanders are no cause of their own, and count for the one they stand by', () => {
  assert.equal(told(cause('a b c', 6, 5), cause('a b', 4, 2)), ['a b: 4, 7'])
  assert.equal(told(cause('a b c', 4, 5), cause('a b', 4, 2)), ['a b: 4, 7'])
})

causes('who makes it happen in fewer steps is more than a bystander', () => {
  assert.equal(told(cause('a b c', 3, 5), cause('a b', 4, 2)), ['a b: 4, 2', 'a b c: 3, 5'])
})

causes('others than these are another cause', () => {
  assert.equal(told(cause('b c', 4), cause('a b', 9)), ['b c: 4, 1', 'a b: 9, 1'])
})

const model = `model two-causes;
int 0..3 mapped;
bool gone;
op truncate() { WRITE_ONCE(gone, true); BUG_ON(mapped > 0); }
op fault() { if (!READ_ONCE(gone)) mapped = 1; }
op populate() { if (!READ_ONCE(gone)) { skip; mapped = 2; } }
thread vcpu[p in 0..1] { fault(); }
thread user { populate(); }
thread vmm { truncate(); }
expect violated bug-on otherwise;
`

causes(
  'one place, two ways to it: each with its smallest run, whichever of the threads it is',
  () => {
    const { report } = check(model, { path: 'm.gmem', search: { all: true, byCause: true } })
    assert.ok(report)
    const { violations } = report.document
    assert.equal(
      violations.map(({ kind, processes, trace }) => [kind, processes, trace?.steps]),
      [
        ['bug-on', ['vcpu', 'vmm'], 4],
        ['bug-on', ['user', 'vmm'], 4],
      ],
    )
    // Each with the evidence for it, which its own token replays.
    assert.is(report.others.length, 1)
    assert.match(report.others[0]?.columns ?? '', violations[1]?.trace?.token ?? 'no token')
    const [first, second] = [report.evidence, report.others[0]].map((each) => each?.columns ?? '')
    assert.not.match(first ?? '', second?.includes('fault()') ? 'fault()' : 'populate()')
    assert.match(renderSummary(report.document), /^cause: 2 of 2, bug-on at m.gmem:4:41, by /m)
  },
)

causes('without being asked the search ends with the first level, and tells no causes', () => {
  const { report } = check(model, { path: 'm.gmem' })
  assert.is(report?.document.violations.length, 1)
  assert.is(report?.document.violations[0]?.count, undefined)
  assert.equal(report?.others, [])
})

causes.run()
