import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { reductionNames } from '../../checker/reduction/reduce.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { acceptedSystem } from '../helpers/accepted.js'
import { compareReduced } from '../helpers/compare-reduced.js'

/** What an invariant or a cover looks at in every state is not passed over, however well its steps commute. */
const watched = suite('what properties look at')

const LOCK = 'bits { L } w; int 0..1 x;'
const BODY = 'wait_on_bit_lock(&w, L); x = 1; x = 0; clear_and_wake_up_bit(L, &w);'
const THREADS = `thread a { ${BODY} } thread b { ${BODY} }`

for (const [name, property] of [
  ['a bit that is a lock', 'invariant unlocked (!test_bit(L, &w));'],
  ['what the lock protects', 'invariant zero (x == 0);'],
  ['both at once', 'invariant never (!(test_bit(L, &w) && x == 0));'],
  ['a cover of the bit', 'cover locked (test_bit(L, &w));'],
  ['a cover of what it protects', 'cover set (x == 1);'],
] as const) {
  watched(name, () => {
    const system = acceptedSystem(`${LOCK} ${THREADS} ${property}`)
    assert.ok(system)
    if (system === null) return
    for (const names of [reductionNames, ...reductionNames.map((one) => [one])]) {
      const { full, reduced } = compareReduced(system, defaultSearchOptions, names)
      assert.is(full.verdict, property.startsWith('invariant') ? 'violated' : 'holds')
      assert.equal(full.uncovered, reduced.uncovered)
    }
  })
}

watched('without them the lock section is one step', () => {
  const system = acceptedSystem(`${LOCK} ${THREADS}`)
  assert.ok(system)
  if (system === null) return
  const { full, reduced } = compareReduced(system, defaultSearchOptions)
  assert.ok(full.statistics.distinctStates > 3 * reduced.statistics.distinctStates)
})

watched.run()
