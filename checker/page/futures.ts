import type { Engine, Step, Trail } from '../engine/engine.js'
import { Expander } from '../search/expand.js'
import type { Finding } from '../search/findings.js'
import type { StateGraph } from '../search/graph.js'
import { restFindings } from '../search/rest.js'
import type { StateId } from '../store/visited.js'
import type { Leads } from './document.js'

/** Further from a violation than any run is long. */
const NEVER = 0xffffffff

/** For every state of a small model, whether a violation can still happen, and how soon. */
export class Futures {
  readonly #graph: StateGraph
  /** By state, the fewest steps to a violation; `NEVER`: there is no way to one. */
  readonly #distance: Uint32Array
  /** Some run was cut by a bound of the model: what nobody saw may be a violation. */
  readonly #isCut: boolean

  private constructor(graph: StateGraph, distance: Uint32Array, isCut: boolean) {
    this.#graph = graph
    this.#distance = distance
    this.#isCut = isCut
  }

  /** Explores the whole model, violations and all; null when it has more states than that. */
  static of(engine: Engine, statesMax: number): Futures | null {
    const findings: Finding[] = []
    const expander = new Expander(engine, false, (finding) => findings.push(finding))
    const { graph } = expander
    expander.begin()
    for (let level = expander.descend(); level.length > 0; level = expander.descend()) {
      for (const discovered of level) {
        expander.expand(discovered)
        if (graph.count > statesMax) return null
      }
    }
    for (const finding of restFindings(engine, graph)) expander.addRest(finding)
    return new Futures(graph, distances(graph, findings), expander.bound !== null)
  }

  /** The states a trail passes, the initial one first; it ends before a step that leads to none. */
  along(trail: Trail): StateId[] {
    const same = (choices: readonly number[]) => choices.join() === trail.initial.join()
    const start = this.#graph.initial.find(({ choices }) => same(choices))
    if (start === undefined) return []
    const found = [start.state]
    for (const step of trail.steps) {
      const next = this.#after(found.at(-1) as StateId, step)
      if (next === null) break
      found.push(next)
    }
    return found
  }

  /** What can come of a step out of a state, where it leads to another state. */
  leads(from: StateId, step: Step): Leads {
    const next = this.#after(from, step)
    if (next === null) return { kind: 'unknown' }
    const steps = this.#distance[next] as number
    if (steps !== NEVER) return { kind: 'reaches', steps }
    return { kind: this.#isCut ? 'unknown' : 'safe' }
  }

  #after(from: StateId, { process, choices }: Step): StateId | null {
    const graph = this.#graph
    const name = graph.nameOf(process, choices)
    for (let step = graph.stepsFrom(from); step < graph.stepsFrom(from + 1); step++) {
      if (graph.name(step) === name) return graph.target(step)
    }
    return null
  }
}

/** Breadth first against the direction of the steps, from everything that is wrong. */
function distances(graph: StateGraph, findings: readonly Finding[]): Uint32Array {
  const distance = new Uint32Array(graph.count).fill(NEVER)
  const before = predecessors(graph)
  const wrong = findings.filter(({ state, step }) => state !== null && step === null)
  let level = [...new Set(wrong.flatMap((finding) => statesOf(graph, finding)))]
  // A state from which a step violates is one step away, unless something is wrong with the state itself.
  let next = findings.flatMap(({ state, step }) => (state !== null && step !== null ? state : []))
  for (let depth = 0; level.length > 0 || next.length > 0; depth++) {
    for (const id of level) {
      if (distance[id] !== NEVER) continue
      distance[id] = depth
      for (const source of before(id)) if (distance[source] === NEVER) next.push(source)
    }
    level = next
    next = []
  }
  return distance
}

/** The states a finding is about: a lost rest is lost in all that its loop goes on to. */
function statesOf(graph: StateGraph, { state, loop }: Finding): StateId[] {
  const found = new Set([state as StateId])
  if (loop === null) return [...found]
  for (const id of found) {
    for (let step = graph.stepsFrom(id); step < graph.stepsFrom(id + 1); step++) {
      found.add(graph.target(step))
    }
  }
  return [...found]
}

/** By state, the states with a step to it. */
function predecessors(graph: StateGraph): (id: StateId) => Iterable<StateId> {
  const starts = new Uint32Array(graph.count + 1)
  for (let step = 0; step < graph.stepCount; step++) {
    const slot = graph.target(step) + 1
    starts[slot] = (starts[slot] as number) + 1
  }
  for (let id = 0; id < graph.count; id++) {
    starts[id + 1] = (starts[id + 1] as number) + (starts[id] as number)
  }
  const filled = starts.slice()
  const sources = new Uint32Array(graph.stepCount)
  for (let id = 0; id < graph.count; id++) {
    for (let step = graph.stepsFrom(id); step < graph.stepsFrom(id + 1); step++) {
      const target = graph.target(step)
      sources[filled[target] as number] = id
      filled[target] = (filled[target] as number) + 1
    }
  }
  return (id) => sources.subarray(starts[id], starts[id + 1])
}
