import type { Location } from '../../../spec/index.js'
import type { Num, Variable } from '../program.js'
import { Facts } from './facts.js'
import { type CodeStore, ownIndexes, ownRead, restingValue } from './locals.js'
import { number, read } from './terms.js'

/** What is known before a transition: where control is, and that what is not kept there is at rest. */
export function factsAt(store: CodeStore, at: Location): Facts {
  const facts = new Facts()
  facts.learnValue(ownRead(store, store.at, store.self), at)
  const kept = new Set((store.code.kept[at] ?? []).map((slot) => store.slots.get(slot)))
  for (const cell of store.cells) {
    if (cell.kind !== 'scalar' || kept.has(cell)) continue
    const value = restingValue(cell.variable)
    facts.learnValue(read(cell.variable, ownIndexes(store, store.self)), value)
  }
  return facts
}

/** Larger variables are not looked into. */
const elementsMax = 16

/** Before `init` everything has its initial value. */
export function initialFacts(variables: readonly Variable[]): Facts {
  const facts = new Facts()
  for (const variable of variables) {
    for (const [at, indexes] of elementsOf(variable).entries()) {
      const { initial } = variable
      const value = typeof initial === 'number' ? initial : (initial[at] ?? 0)
      facts.learnValue(read(variable, indexes), value)
    }
  }
  return facts
}

/** The indexes of every element, in row-major order; none where there are many. */
function elementsOf({ dimensions }: Variable): readonly (readonly Num[])[] {
  const count = dimensions.reduce((product, { from, to }) => product * (to - from + 1), 1)
  if (count > elementsMax) return []
  return dimensions.reduce<readonly (readonly Num[])[]>(
    (found, { from, to }) =>
      found.flatMap((indexes) =>
        Array.from({ length: to - from + 1 }, (_, at) => [...indexes, number(from + at)]),
      ),
    [[]],
  )
}
