import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { explore } from '../../checker/search/explore.js'
import { defaultSearchOptions } from '../../checker/search/options.js'
import { graph, type ToyGraph } from '../helpers/graph.js'

const shortest = suite('search: the run that is shown')

function shown(toy: ToyGraph): readonly [run: string, switches: number | undefined] {
  const { violation } = explore(toy.engine(), defaultSearchOptions)
  return [toy.run(violation), violation?.switches]
}

shortest(
  'fewest context switches among the shortest, where the first parent is the worse one',
  () => {
    // Breadth first reaches d by b first (p before q), and so remembers p q p: two switches.
    const toy = graph('a p>b q>d p>e', 'a q>c q>d').never('e')
    assert.equal(shown(toy), ['a q>c q>d p>e', 1])
  },
)

shortest('a tie that only the last process shows', () => {
  // To d the way by c has no switch and the way by b has one, but e is reached by p: one each.
  const toy = graph('a q>b p>d', 'a q>c q>d p>e').never('e')
  assert.equal(shown(toy), ['a q>b p>d p>e', 1])
})

shortest('equal switches: the least process, then the least choice, from the first step on', () => {
  assert.equal(shown(graph('a q>c>d', 'a p>b q>d').order('p', 'q').never('d')), ['a p>b q>d', 1])
  const toy = graph('a>b q>d', 'a>c q>d').order('p', 'q').never('d')
  assert.equal(shown(toy), ['a p>b q>d', 1])
  assert.equal(
    explore(toy.engine(), defaultSearchOptions).violation?.trail.steps.map((step) => step.choices),
    [[0], []],
  )
})

shortest('initial states: fewest switches first, then the least choice', () => {
  const toy = graph('a p>c q>e', 'b q>d q>e').order('p', 'q').starts('a', 'b').never('e')
  assert.equal(shown(toy), ['b q>d q>e', 0])
  const even = graph('a p>c p>e', 'b p>d p>e').starts('b', 'a').never('e')
  assert.equal(shown(even), ['b p>d p>e', 0])
})

shortest('two choices of init that lead to one state: the first names it', () => {
  const toy = graph('a>b').starts('a', 'a').never('b')
  const { violation } = explore(toy.engine(), defaultSearchOptions)
  assert.equal(violation?.trail.initial, [0])
})

shortest('violating steps from several states compete', () => {
  const toy = graph('a p>b', 'a q>c').fails('b q').fails('c q')
  assert.equal(shown(toy), ['a q>c q!', 0])
})

shortest('violating steps of one state: the least choice', () => {
  const toy = graph('a p>b')
    .fails('b q', 'assert')
    .fails('b q', 'assert')
    .fails('b p', 'warn-on', 7)
  const { violations } = explore(toy.engine(), defaultSearchOptions)
  assert.equal(
    violations.map((violation) => [violation.kind, violation.trail.steps.at(-1)?.choices]),
    [
      ['warn-on', []],
      ['assert', [0]],
    ],
  )
})

shortest(
  'of two violations of one level the one with fewer switches is shown, then the lesser kind',
  () => {
    assert.equal(shown(graph('a p>b q>x', 'a p>c p>y').never('x', 'assert').never('y', 'leak')), [
      'a p>c p>y',
      0,
    ])
    assert.equal(shown(graph('a p>b p>x', 'a p>c p>y').never('x', 'leak').never('y', 'assert')), [
      'a p>c p>y',
      0,
    ])
  },
)

shortest('a longer way round with fewer switches is not taken', () => {
  const toy = graph('a p>b q>e', 'a q>c q>d q>e').never('e')
  assert.equal(shown(toy), ['a p>b q>e', 1])
})

shortest.run()
