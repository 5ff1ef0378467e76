import { interpreter, type TransitionSystem } from '../../spec/index.js'
import { narrow, wide } from '../engine/bits.js'
import { layoutOf } from '../engine/layout.js'
import { pack } from '../engine/pack.js'
import { exchange, type Sort } from '../engine/renaming.js'

/**
 * Whether exchanging members of a sort makes of every initial state another one. Then it does so with every state that is
 * reached, and what is seen of some members is seen of all: with which locks held somebody takes another.
 */
export function beginsAlike(system: TransitionSystem, { exchanges }: Sort): boolean {
  const layout = layoutOf(system)
  const states = interpreter(system)
    .initial()
    .flatMap((outcome) => (outcome.kind === 'next' ? [pack(layout, outcome.state)] : []))
  const known = new Set(states.map((state) => state.join()))
  return states.every((state) =>
    exchanges.every((one) => {
      const words = wide(state)
      exchange(words, one)
      return known.has(narrow(words, state.length).join())
    }),
  )
}
