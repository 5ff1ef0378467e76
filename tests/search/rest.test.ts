import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Violation } from '../../checker/property/violation.js'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions, type SearchOptions } from '../../checker/search/options.js'
import { graph, type ToyGraph } from '../helpers/graph.js'

const rest = suite('search: rest (rule 8)')

function run(toy: ToyGraph, options: Partial<SearchOptions> = {}) {
  return explore(toy.engine(), { ...defaultSearchOptions, ...options })
}

/** Kind, run, and once round the loop from where the run ends. */
function found(toy: ToyGraph, options: Partial<SearchOptions> = {}): string[] {
  return run(toy, options).violations.map((violation) => {
    const way = toy.run(violation)
    const loop = violation.loop.length === 0 ? '' : ` loop ${round(toy, violation)}`
    return `${violation.kind}: ${way}${loop}`
  })
}

function round(toy: ToyGraph, violation: Violation): string {
  const end = toy.run(violation).split('>').at(-1) ?? ''
  return toy.follow(end, violation.loop).text
}

rest('a daemon that can come back: its idle states are at rest', () => {
  assert.equal(found(graph('a p>b d>c d>b').daemons('d').rests('b')), [])
})

rest('with daemons finally is judged at rest, and only there', () => {
  const toy = graph('a p>b d>c d>b').daemons('d').rests('b').leaks('b').leaks('c')
  assert.equal(found(toy), ['leak: a p>b'])
})

rest('an idle daemon that will still do something else for good is not at rest yet', () => {
  // In b every process may rest, but the daemon can go to c and never come back: only c is rest.
  const toy = graph('a p>b d>c').daemons('d').rests('b', 'c').leaks('b')
  assert.equal(found(toy), [])
  assert.equal(found(toy.leaks('c')), ['leak: a p>b d>c'])
})

rest('a daemon that cannot come back is a lost rest', () => {
  const toy = graph('a p>b d>c').daemons('d').rests('b').stuck('c').waits('c', 'd', [])
  assert.equal(found(toy), ['deadlock: a p>b d>c'])
})

rest('a daemon that goes round without ever being idle is a lost rest, shown once round', () => {
  const toy = graph('a p>b d>c d>e d>c').daemons('d').rests('b')
  assert.equal(found(toy), ['deadlock: a p>b d>c loop c d>e d>c'])
})

rest(
  'a thread that spins for ever is a livelock; the run goes to the loop, the loop once round',
  () => {
    const toy = graph('a p>b p>c p>b', 'a q>d')
    assert.equal(found(toy), ['livelock: a p>b loop b p>c p>b'])
  },
)

rest('the loop of a livelock shows a thread that moves, not the daemon alone', () => {
  const toy = graph('a p>b d>c d>b', 'b p>e d>f p>b').daemons('d')
  assert.equal(found(toy), ['livelock: a p>b loop b p>e d>f p>b'])
})

rest('a step to the same state is a loop', () => {
  assert.equal(found(graph('a p>b p>b')), ['livelock: a p>b loop b p>b'])
})

rest('a contended lock is no livelock while rest stays reachable', () => {
  assert.equal(found(graph('a p>b p>a', 'b q>c')), [])
})

rest('a loop from which a violating step can be reached is excused', () => {
  const toy = graph('a p>b p>c p>b').fails('c q')
  assert.equal(found(toy, { all: true }), ['assert: a p>b p>c q!'])
  const behind = graph('a p>b p>c p>b', 'c q>d').never('d')
  assert.equal(found(behind, { all: true }), ['invariant: a p>b p>c q>d'])
})

rest('a loop from which a cut step can be reached is excused, and the search incomplete', () => {
  const toy = graph('a p>b p>c p>b').cuts('c q')
  assert.is(run(toy).verdict, 'incomplete')
  assert.equal(found(toy), [])
})

rest('a daemon that a bound cuts is not known to come back', () => {
  const toy = graph('a p>b d>b').daemons('d').rests('b').leaks('b')
  assert.equal(found(toy), ['leak: a p>b'])
  assert.is(run(toy.cuts('b d')).verdict, 'incomplete')
})

rest('with daemons a lost rest is reported only where there is no other violation', () => {
  const toy = graph('a p>b', 'a q>c q>d').daemons('d').stuck('b').never('d')
  assert.equal(found(toy), ['invariant: a q>c q>d'])
  assert.equal(found(toy, { all: true }), ['deadlock: a p>b', 'invariant: a q>c q>d'])
  assert.equal(found(toy, { wanted: ['deadlock'] }), ['deadlock: a p>b', 'invariant: a q>c q>d'])
})

rest('without daemons a deadlock is not reported twice when the search goes on', () => {
  const toy = graph('a p>b', 'a q>c q>a').stuck('b')
  assert.equal(found(toy, { all: true }), ['deadlock: a p>b'])
})

rest('the kind a blocked process names wins over deadlock; the first process names it', () => {
  const toy = graph('a p>b').order('p', 'q', 'r').stuck('b')
  const one = toy
    .waits('b', 'r', [], 'never-sent')
    .waits('b', 'q', [], 'lost-wakeup')
    .waits('b', 'p', [])
  const { violation } = run(one)
  assert.is(violation?.kind, 'lost-wakeup')
  assert.is(violation?.trap.process, 1)
  assert.match(violation?.trap.message ?? '', /^q waits for mutex m \(toy.gmem:2\)$/)
})

rest('an idle daemon waits for work, not for help: it names nothing', () => {
  const toy = graph('a p>b')
    .daemons('d')
    .order('d', 'p')
    .stuck('b')
    .waits('b', 'd', [], 'lost-wakeup')
    .waits('b', 'p', [])
  assert.is(run(toy).violation?.kind, 'lost-wakeup')
  const { violation } = run(toy.idles('b'))
  assert.is(violation?.kind, 'deadlock')
  assert.is(violation?.trap.message, 'p waits for mutex m (toy.gmem:2)')
})

rest('livelock wins over a name: a thread still moves', () => {
  const toy = graph('a p>b p>c p>b')
    .waits('b', 'q', [], 'lost-wakeup')
    .waits('c', 'q', [], 'lost-wakeup')
  const { violation } = run(toy)
  assert.is(violation?.kind, 'livelock')
  assert.is(
    violation?.trap.message,
    'p goes round for ever (toy.gmem:2, toy.gmem:3); q waits for mutex m (toy.gmem:2)',
  )
})

rest('a deadlock says who waits for whom, from the least process in the cycle', () => {
  const toy = graph('a p>b')
    .order('p', 'q', 'r', 's')
    .stuck('b')
    .waits('b', 's', ['q'])
    .waits('b', 'r', ['q'])
    .waits('b', 'q', ['s', 'r'])
    .waits('b', 'p', ['q'])
  assert.is(
    run(toy).violation?.trap.message,
    'q waits for mutex m_s_r, held by s and r (toy.gmem:2); ' +
      's waits for mutex m_q, held by q (toy.gmem:2)',
  )
  assert.is(run(toy).violation?.trap.process, 1)
})

rest('without a cycle everybody who waits is named', () => {
  const toy = graph('a p>b').order('p', 'q').stuck('b').waits('b', 'q', ['p']).waits('b', 'p', [])
  assert.is(
    run(toy).violation?.trap.message,
    'p waits for mutex m (toy.gmem:2); q waits for mutex m_p, held by p (toy.gmem:2)',
  )
})

rest(
  'one loop is one violation, entered where the run is shortest, then has fewest switches',
  () => {
    const toy = graph('a p>b p>c', 'a q>d p>e p>c', 'c p>e').order('p', 'q')
    assert.equal(found(toy), ['livelock: a p>b p>c loop c p>e p>c'])
    const even = graph('a q>b p>c p>e p>c', 'a p>d p>e').order('p', 'q')
    assert.equal(found(even), ['livelock: a p>d p>e loop e p>c p>e'])
  },
)

rest.run()
