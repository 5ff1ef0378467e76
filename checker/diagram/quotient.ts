import type { State, Trap } from '../../spec/index.js'
import type { Engine, PackedState, Transition } from '../engine/engine.js'
import { layoutOf } from '../engine/layout.js'
import { unpack } from '../engine/pack.js'
import { standstill } from '../search/rest.js'
import { HashedSet } from '../store/hashed.js'
import type { StateId } from '../store/visited.js'
import { type Observed, seen } from './projection.js'
import { stepLabel } from './step-label.js'

/** All states in which the same is seen. */
export interface View {
  /** `seen`, without what does not hold. */
  readonly texts: readonly string[]
  readonly isInitial: boolean
  /** A run can end there: every thread has finished and nothing moves. */
  readonly mayEnd: boolean
}

/** Steps from one view to another, or into a violation. */
export interface Edge {
  readonly from: number
  /** Index of a view, or the kind of a violation. */
  readonly to: number | string
  /** In what the steps happen, sorted; none where it is the state itself that is wrong. */
  readonly labels: readonly string[]
}

/** The states of a system, those in which the same is seen taken for one. */
export interface Quotient {
  /** In the order in which a breadth-first search meets them. */
  readonly views: readonly View[]
  /** By `from`, then `to`: views before violations. */
  readonly edges: readonly Edge[]
  readonly states: number
}

/** Why there is no whole picture. */
export interface Unfinished {
  readonly why: string
}

/**
 * Looks at every state of an engine. A state that is wrong has no steps, as in a search; orders of locks and loops that
 * never rest are not looked for. Beyond `maxStates`, or where a bound of the model cuts a step, there is no result.
 */
export function quotientOf(
  engine: Engine,
  projection: readonly Observed[],
  maxStates: number,
): Quotient | Unfinished {
  return new Looking(engine, projection, maxStates).all()
}

interface Met {
  readonly texts: readonly string[]
  isInitial: boolean
  mayEnd: boolean
}

class Looking {
  readonly #engine: Engine
  readonly #projection: readonly Observed[]
  readonly #maxStates: number
  readonly #layout: ReturnType<typeof layoutOf>
  readonly #visited: HashedSet
  /** By state, its view. */
  readonly #viewOf: number[] = []
  readonly #views: Met[] = []
  readonly #numbers = new Map<string, number>()
  readonly #edges = new Map<string, { from: number; to: number | string; labels: Set<string> }>()
  #why: string | null = null

  constructor(engine: Engine, projection: readonly Observed[], maxStates: number) {
    this.#engine = engine
    this.#projection = projection
    this.#maxStates = maxStates
    this.#layout = layoutOf(engine.system)
    this.#visited = new HashedSet(engine.stateWords)
  }

  all(): Quotient | Unfinished {
    for (const transition of this.#engine.initial()) {
      if (transition.kind === 'cut') return { why: transition.bound.message }
      if (transition.kind === 'violation') return { why: `init fails: ${transition.trap.message}` }
      const view = this.#views[this.#viewOf[this.#reach(transition.state)] ?? -1]
      if (view !== undefined) view.isInitial = true
    }
    for (let id = 0; id < this.#visited.count && this.#why === null; id++) this.#expand(id)
    if (this.#why !== null) return { why: this.#why }
    const views = this.#views.map(({ texts, ...rest }) => ({
      ...rest,
      texts: texts.filter((text) => text !== ''),
    }))
    return { views, edges: this.#sortedEdges(), states: this.#visited.count }
  }

  #reach(packed: PackedState): StateId {
    const before = this.#visited.count
    const id = this.#visited.insert(packed)
    if (id < before) return id
    if (id >= this.#maxStates) this.#why = `there are more than ${this.#maxStates} states`
    const covered = this.#engine.covered(packed)
    const texts = seen(this.#engine.system, this.#projection, covered, this.#unpacked(packed))
    const key = texts.join('\0')
    const known = this.#numbers.get(key)
    const view = known ?? this.#views.push({ texts, isInitial: false, mayEnd: false }) - 1
    this.#numbers.set(key, view)
    this.#viewOf.push(view)
    return id
  }

  #expand(id: StateId): void {
    const engine = this.#engine
    const packed = this.#visited.state(id)
    const from = this.#viewOf[id] ?? -1
    const wrong = engine.judge(packed)
    if (wrong !== null) {
      this.#violates(from, wrong)
      return
    }
    // A label is worked out where the step is drawn: most steps change nothing that is seen.
    let state: State | null = null
    const label = (process: number): string => {
      state ??= this.#unpacked(packed)
      return stepLabel(engine.system, state, process)
    }
    let isAlone = true
    engine.successors(packed, (transition: Transition) => {
      isAlone = false
      if (transition.kind === 'next') {
        const to = this.#viewOf[this.#reach(transition.state)] ?? -1
        if (to !== from) this.#draw(from, to, label(transition.process))
      } else if (transition.kind === 'violation') {
        const { kind } = transition.trap
        if (!this.#isIgnored(kind)) this.#draw(from, kind, label(transition.process))
      } else {
        this.#why ??= transition.bound.message
      }
    })
    if (isAlone) this.#end(id, packed)
  }

  /** Nothing moves: that is rest, or somebody is stuck. */
  #end(id: StateId, packed: PackedState): void {
    const from = this.#viewOf[id] ?? -1
    const isRest = this.#engine.mayRest(packed)
    const wrong = isRest
      ? this.#engine.judgeRest(packed)
      : standstill(this.#engine, id, packed, 0).trap
    if (wrong !== null) this.#violates(from, wrong)
    const view = this.#views[from]
    if (wrong === null && isRest && view !== undefined) view.mayEnd = true
  }

  #violates(from: number, { kind }: Trap): void {
    if (!this.#isIgnored(kind)) this.#draw(from, kind, null)
  }

  #isIgnored = (kind: string): boolean => this.#engine.system.ignored.has(kind)

  #draw(from: number, to: number | string, label: string | null): void {
    const key = `${from} ${to}`
    const edge = this.#edges.get(key) ?? { from, to, labels: new Set<string>() }
    if (label !== null) edge.labels.add(label)
    this.#edges.set(key, edge)
  }

  #sortedEdges(): Edge[] {
    const rank = ({ to }: { readonly to: number | string }) =>
      typeof to === 'number' ? to : this.#views.length
    return [...this.#edges.values()]
      .sort(
        (one, other) =>
          one.from - other.from ||
          rank(one) - rank(other) ||
          (String(one.to) < String(other.to) ? -1 : 1),
      )
      .map(({ from, to, labels }) => ({ from, to, labels: [...labels].sort() }))
  }

  #unpacked = (packed: PackedState): State => unpack(this.#layout, packed)
}
