import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explore, exploreWithPauses } from '../../checker/search/explore.js'
import { defaultSearchOptions, type SearchOptions } from '../../checker/search/options.js'
import type { SearchResult } from '../../checker/search/verdict.js'
import { graph, type ToyGraph } from '../helpers/graph.js'

const search = suite('search: explore')

function run(toy: ToyGraph, options: Partial<SearchOptions> = {}): SearchResult {
  return explore(toy.engine(), { ...defaultSearchOptions, ...options })
}

function kinds(result: SearchResult): string[] {
  return result.violations.map((violation) => `${violation.kind}@${violation.depth}`)
}

search('a graph without a bad state holds, with its counts', () => {
  const result = run(graph('a>b>c', 'a q>d p>c'))
  assert.is(result.verdict, 'holds')
  assert.is(result.limit, null)
  assert.is(result.violation, null)
  assert.ok(result.statistics.exhaustive)
  assert.is(result.statistics.distinctStates, 4)
  assert.is(result.statistics.generatedStates, 5)
  assert.is(result.statistics.depth, 2)
})

search('takes the shorter of two ways to the bad state', () => {
  const toy = graph('a>b>c', 'a q>c').never('c')
  const result = run(toy)
  assert.is(result.verdict, 'violated')
  assert.is(toy.run(result.violation), 'a q>c')
  assert.is(result.violation?.depth, 1)
  assert.not.ok(result.statistics.exhaustive)
})

search('a violating step belongs to the trail and to the depth', () => {
  const toy = graph('a>b').fails('b q', 'bug-on')
  const result = run(toy)
  assert.is(toy.run(result.violation), 'a p>b q!')
  assert.is(result.violation?.depth, 2)
  assert.is(result.violation?.switches, 1)
})

search('a violation in an initial state and one in init have depth 0', () => {
  const bad = graph('a>b').starts('a', 'b').never('b')
  assert.equal(run(bad).violation?.trail, { initial: [1], steps: [] })
  const init = graph('a>b').startFails('assert')
  const result = run(init)
  assert.equal(result.violation?.trail, { initial: [1], steps: [] })
  assert.is(result.violation?.depth, 0)
})

search('a bad state and a violating step are not continued', () => {
  const result = run(graph('a>b>c>d').never('b'), { all: true })
  assert.is(result.statistics.distinctStates, 2)
  assert.equal(kinds(result), ['invariant@1'])
})

search('the search ends with the level of the first violation', () => {
  const result = run(graph('a>b>c>d', 'a q>e').never('e', 'leak').never('d'))
  assert.equal(kinds(result), ['leak@1'])
  assert.is(result.statistics.depth, 1)
})

search('the whole level is judged, one violation for each kind and place', () => {
  const toy = graph('a>b', 'a>c', 'a>d')
    .never('b', 'leak', 5)
    .never('c', 'leak', 2)
    .never('d', 'leak', 5)
  const result = run(toy)
  assert.equal(
    result.violations.map((violation) => [toy.run(violation), violation.trap.at.from]),
    [
      ['a p>c', 2],
      ['a p>b', 5],
    ],
  )
})

search('a state without steps that is not at rest is found with the level it is on', () => {
  const toy = graph('a p>b').stuck('b').fails('a q', 'assert')
  const result = run(toy)
  assert.equal(kinds(result), ['assert@1'])
  const alone = run(graph('a p>b').stuck('b'))
  assert.equal(kinds(alone), ['deadlock@1'])
})

search('a lost rest is shallower than a violating step of the same pass', () => {
  const toy = graph('a p>b', 'a q>c p>d').stuck('b').never('d')
  assert.equal(kinds(run(toy)), ['deadlock@1'])
})

search('rest without daemons is judged when it is reached', () => {
  const toy = graph('a>b', 'a q>c>d').leaks('b').never('d')
  assert.equal(kinds(run(toy)), ['leak@1'])
})

search('wanted kinds: the search goes on until each has been found', () => {
  const toy = graph('a>b', 'a q>c>d>e>f').never('b').never('d', 'leak').never('e', 'assert')
  assert.equal(kinds(run(toy, { wanted: ['leak'] })), ['invariant@1', 'leak@2'])
  assert.equal(kinds(run(toy, { wanted: ['leak', 'invariant'] })), ['invariant@1', 'leak@2'])
  assert.ok(run(toy, { wanted: ['data-race'] }).statistics.exhaustive)
})

search('preferred kinds come first, in their order, however deep', () => {
  const toy = graph('a>b', 'a q>c>d').never('b').never('d', 'leak')
  const wanted = ['leak', 'invariant']
  const result = run(toy, { wanted, preferred: wanted })
  assert.equal(kinds(result), ['leak@2', 'invariant@1'])
  assert.is(result.violation?.kind, 'leak')
  assert.equal(kinds(run(toy, { wanted, preferred: ['deadlock'] })), ['invariant@1', 'leak@2'])
})

search('an ignored kind is not reported', () => {
  const toy = graph('a>b').leaks('b').ignores('leak')
  assert.is(run(toy).verdict, 'holds')
})

search('--max-states cuts at a completed level and forgets the half one', () => {
  const toy = graph('a>b>d', 'a>c>e', 'b q>f', 'd>g').never('d')
  const cut = run(toy, { maxStates: 5 })
  assert.is(cut.verdict, 'incomplete')
  assert.is(cut.limit?.name, 'states')
  assert.is(cut.limit?.message, '--max-states 5 reached at depth 2')
  assert.is(cut.statistics.distinctStates, 3)
  assert.is(cut.statistics.generatedStates, 3)
  assert.is(cut.statistics.depth, 1)
  assert.not.ok(cut.statistics.exhaustive)
  assert.is(run(toy, { maxStates: 6 }).verdict, 'violated')
})

search('--max-states just large enough is no limit', () => {
  const result = run(graph('a>b>c'), { maxStates: 3 })
  assert.is(result.verdict, 'holds')
  assert.is(run(graph('a>b>c'), { maxStates: 2 }).limit?.name, 'states')
  assert.is(run(graph('a>b').starts('a', 'b'), { maxStates: 1 }).limit?.name, 'states')
})

search(
  'a violation of a level that a count cut half-way is found again by the larger search only',
  () => {
    const toy = graph('a>b', 'b p>d', 'b q>c', 'b r>e').never('d')
    assert.is(run(toy, { maxStates: 4 }).verdict, 'incomplete')
    assert.is(run(toy, { maxStates: 5 }).verdict, 'violated')
  },
)

search('memory: a level forecast to need more is not begun', () => {
  const toy = graph('a>b>c')
  const result = run(toy, { memoryBytes: 1000 })
  assert.is(result.verdict, 'incomplete')
  assert.is(result.limit?.name, 'memory')
  assert.is(result.statistics.distinctStates, 1)
  assert.match(result.limit?.message ?? '', /^--memory 1 MiB reached at depth 1/)
  assert.ok(run(toy).statistics.peakBytes > 1000)
})

search('time and Ctrl-C end the search as incomplete, with the levels completed', () => {
  for (const reason of ['time', 'interrupted'] as const) {
    let questions = 0
    const stop = () => (questions++ < 2 ? null : reason)
    const result = run(graph('a>b>c>d'), { stop })
    assert.is(result.verdict, 'incomplete')
    assert.is(result.limit?.name, reason)
    assert.is(result.statistics.distinctStates, 3)
    assert.match(result.limit?.message ?? '', /at depth 3$/)
  }
})

search('a bound that was met is no proof', () => {
  const toy = graph('a>b>c').cuts('b q')
  const result = run(toy)
  assert.is(result.verdict, 'incomplete')
  assert.is(result.limit?.name, 'bound')
  assert.is(result.limit?.bound?.name, 'toy')
  assert.not.ok(result.statistics.exhaustive)
  assert.is(run(toy.never('c')).verdict, 'violated')
  assert.is(run(toy).limit, null)
})

search('covers never reached are named', () => {
  const toy = graph('a>b>c').covers('c').covers('nowhere').covers('a')
  assert.equal(run(toy).uncovered, [1])
  assert.equal(run(toy, { maxStates: 2 }).uncovered, [0, 1])
})

search('the caller may breathe between expansions', async () => {
  const toy = graph('a>b>c')
  const seen: number[] = []
  const result = await exploreWithPauses(toy.engine(), defaultSearchOptions, async (progress) => {
    seen.push(progress.distinctStates)
  })
  assert.equal(seen, [1, 2])
  assert.is(result.verdict, 'holds')
})

search('the statistics carry the clock of the caller', () => {
  assert.is(run(graph('a>b'), { seconds: () => 1.5 }).statistics.seconds, 1.5)
})

search.run()
