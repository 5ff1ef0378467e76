import type { Engine, PackedState } from '../../engine/engine.js'
import { MARK } from '../../engine/wasm/explorer/index.js'
import type { StateId } from '../../store/visited.js'
import { MAY_REST, OPEN_END, StateGraph } from '../graph.js'
import type { SharedStates } from './states.js'

/** Some of the explored states with the steps between them, level by level; within a level in the order of content. */
export interface Subgraph {
  readonly graph: StateGraph
  /** The id in the subgraph of a state of the search. */
  idOf(id: StateId): StateId
  /** And back. */
  originOf(id: StateId): StateId
}

/**
 * Builds the graph of some states. Its ids depend on what the states are, and not on who discovered them when. Steps
 * are fired again; those that lead out of the subgraph are left out.
 */
export function subgraphOf(
  engine: Engine,
  states: SharedStates,
  levels: readonly (readonly StateId[])[],
): Subgraph {
  const graph = new StateGraph(engine)
  const origins: StateId[] = []
  const members = new Map<StateId, StateId>()
  for (const level of levels) {
    graph.levelStarts.push(graph.count)
    const sorted = level
      .map((origin) => ({ origin, state: states.state(origin) }))
      .sort((left, right) => compareStates(left.state, right.state))
    for (const { origin, state } of sorted) {
      const id = graph.insert(state)
      members.set(origin, id)
      origins.push(origin)
      if (states.isMarked(origin, MARK.mayRest)) graph.mark(id, MAY_REST)
      if (states.isMarked(origin, MARK.openEnd)) graph.mark(id, OPEN_END)
    }
  }
  for (const [id, origin] of origins.entries()) {
    graph.beginSteps(id)
    if (!states.isMarked(origin, MARK.closed)) addSteps(engine, states, graph, members, id)
  }
  for (const { kind, choices, ...rest } of engine.initial()) {
    if (kind !== 'next' || !('state' in rest)) continue
    const id = members.get(states.find(rest.state))
    if (id !== undefined) graph.initial.push({ choices, state: id })
  }
  return {
    graph,
    idOf: (origin) => {
      const id = members.get(origin)
      if (id === undefined) throw new Error(`state ${origin} is not in the subgraph`)
      return id
    },
    originOf: (id) => origins[id] as StateId,
  }
}

function addSteps(
  engine: Engine,
  states: SharedStates,
  graph: StateGraph,
  members: ReadonlyMap<StateId, StateId>,
  id: StateId,
): void {
  engine.successors(graph.visited.state(id), (transition) => {
    if (transition.kind !== 'next') return
    const target = members.get(states.find(transition.state))
    if (target === undefined) return
    graph.addStep(id, graph.nameOf(transition.process, transition.choices), target)
  })
}

function compareStates(left: PackedState, right: PackedState): number {
  for (let at = left.length - 1; at >= 0; at--) {
    const difference = (left[at] as number) - (right[at] as number)
    if (difference !== 0) return difference
  }
  return 0
}
