import { stateKey } from '../../spec/index.js'
import type { Engine, PackedState, Transition } from '../engine/engine.js'
import { layoutOf } from '../engine/layout.js'
import { unpack } from '../engine/pack.js'

/**
 * Whether two systems do the same, step by step: there is a one-to-one map of their reachable states in which each process
 * can do the same steps, with the same picks, in both; shared variables, objects and judgements are equal; only where
 * the processes stand, and what their locals hold, is told otherwise. Answers false when there are more states than `statesMax`.
 */
export function sameGraph(left: Engine, right: Engine, statesMax: number): boolean {
  return new Walk(left, right, statesMax).isSame()
}

class Walk {
  readonly #left: Engine
  readonly #right: Engine
  readonly #statesMax: number
  readonly #leftOf = new Map<string, string>()
  readonly #rightOf = new Map<string, string>()
  readonly #open: (readonly [PackedState, PackedState])[] = []

  constructor(left: Engine, right: Engine, statesMax: number) {
    this.#left = left
    this.#right = right
    this.#statesMax = statesMax
  }

  isSame(): boolean {
    if (!this.#match(this.#left.initial(), this.#right.initial())) return false
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) {
      const [left, right] = next
      if (!this.#match(successorsOf(this.#left, left), successorsOf(this.#right, right))) {
        return false
      }
    }
    return true
  }

  #match(left: readonly Transition[], right: readonly Transition[]): boolean {
    if (left.length !== right.length) return false
    return left.every((transition, at) => this.#pair(transition, right[at] as Transition))
  }

  #pair(left: Transition, right: Transition): boolean {
    if (left.process !== right.process || String(left.choices) !== String(right.choices)) {
      return false
    }
    if (left.kind === 'violation' && right.kind === 'violation') {
      return left.trap.kind === right.trap.kind
    }
    if (left.kind === 'cut' && right.kind === 'cut') return left.bound.kind === right.bound.kind
    if (left.kind !== 'next' || right.kind !== 'next') return false
    return this.#pairStates(left.state, right.state)
  }

  #pairStates(left: PackedState, right: PackedState): boolean {
    const [leftKey, rightKey] = [left.join(' '), right.join(' ')]
    const known = this.#rightOf.get(leftKey)
    if (known !== undefined) return known === rightKey
    if (this.#leftOf.has(rightKey) || this.#rightOf.size >= this.#statesMax) return false
    if (outside(this.#left, left) !== outside(this.#right, right)) return false
    this.#rightOf.set(leftKey, rightKey)
    this.#leftOf.set(rightKey, leftKey)
    this.#open.push([left, right])
    return true
  }
}

function successorsOf(engine: Engine, state: PackedState): readonly Transition[] {
  const found: Transition[] = []
  engine.successors(state, (transition) => {
    found.push(transition)
  })
  return found
}

/** All that can be told of a state without looking into a process. */
function outside(engine: Engine, packed: PackedState): string {
  const { shared, pools } = unpack(layoutOf(engine.system), packed)
  const rest = engine.mayRest(packed)
  const judged = [engine.judge(packed), rest ? engine.judgeRest(packed) : null]
  const seen = stateKey({ shared, pools, processes: [] })
  const kinds = judged.map((trap) => trap?.kind ?? '').join(' ')
  return [seen, rest, kinds, engine.covered(packed)].join('\n')
}
