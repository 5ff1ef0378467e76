import type { Engine, PackedState, Step } from '../engine/engine.js'
import { lostRest } from '../property/lost-rest.js'
import type { StateId } from '../store/visited.js'
import { componentsOf } from './components.js'
import type { Finding } from './findings.js'
import { MAY_REST, OPEN_END, type StateGraph } from './graph.js'

/**
 * Rule 8, judged over the whole state graph once the frontier has emptied. Whatever happens, a run ends up in a bottom
 * component: a set of states that reach each other and that no step leaves. If a state in it may rest, that is rest,
 * and `finally` and leaks are judged there. If it has an open end, nobody knows. Otherwise rest is lost in it.
 *
 * Without daemons rest has no steps out of it, so the explorer has judged single states on the way; what is left are
 * loops.
 */
export function restFindings(engine: Engine, graph: StateGraph): readonly Finding[] {
  const hasDaemons = engine.system.processes.some((process) => process.daemon)
  if (!hasDaemons && !graph.turnsBack) return []
  const findings: Finding[] = []
  for (const members of bottomComponents(graph)) {
    if (!hasDaemons && hasNoSteps(graph, members)) continue
    if (members.some((id) => graph.isMarked(id, OPEN_END))) continue
    const resting = members.filter((id) => graph.isMarked(id, MAY_REST))
    if (resting.length > 0) findings.push(...restJudged(engine, graph, resting))
    else findings.push(...restLost(engine, graph, members))
  }
  return findings
}

/** The lost rest of a state without steps, which an explorer meets on its way. */
export function standstill(
  engine: Engine,
  id: StateId,
  state: PackedState,
  depth: number,
): Finding {
  const trap = lostRest(engine, { states: [state], moves: new Map() }).trapAt(state)
  return { trap, depth, state: id, step: null, initial: null, loop: null }
}

function bottomComponents(graph: StateGraph): Iterable<readonly StateId[]> {
  const { componentOf, left } = componentsOf(graph)
  const members = new Map<number, StateId[]>()
  for (let id = 0; id < graph.count; id++) {
    const component = componentOf[id] as number
    if (left[component] === 1) continue
    const known = members.get(component)
    if (known === undefined) members.set(component, [id])
    else known.push(id)
  }
  return members.values()
}

function hasNoSteps(graph: StateGraph, members: readonly StateId[]): boolean {
  return members.every((id) => graph.stepsFrom(id) === graph.stepsFrom(id + 1))
}

function restJudged(engine: Engine, graph: StateGraph, resting: readonly StateId[]): Finding[] {
  return resting.flatMap((id) => {
    const trap = engine.judgeRest(graph.visited.state(id))
    if (trap === null) return []
    return [{ trap, depth: graph.depthOf(id), state: id, step: null, initial: null, loop: null }]
  })
}

/** One finding for each state by which the loop can be entered at its least depth. */
function restLost(engine: Engine, graph: StateGraph, members: readonly StateId[]): Finding[] {
  const moves = movesOf(graph, members)
  const packed = (ids: Iterable<StateId>): Iterable<PackedState> => ({
    *[Symbol.iterator]() {
      for (const id of ids) yield graph.visited.state(id)
    },
  })
  const loop = {
    states: packed(members),
    moves: new Map([...moves].map(([process, ids]) => [process, packed(ids)])),
  }
  const lost = lostRest(engine, loop)
  const depth = graph.depthOf(members[0] as StateId)
  const isThread = (process: number) => engine.system.processes[process]?.daemon === false
  const mustShowThread = [...moves.keys()].some(isThread)
  return members
    .filter((id) => id < graph.levelEnd(depth))
    .map((id) => ({
      trap: lost.trapAt(graph.visited.state(id)),
      depth,
      state: id,
      step: null,
      initial: null,
      loop: () => onceRound(graph, id, mustShowThread ? isThread : () => true),
    }))
}

/** By process, the states of the component from which it moves. */
function movesOf(graph: StateGraph, members: readonly StateId[]): Map<number, Set<StateId>> {
  const moves = new Map<number, Set<StateId>>()
  for (const id of members) {
    for (let step = graph.stepsFrom(id); step < graph.stepsFrom(id + 1); step++) {
      const { process } = graph.step(graph.name(step))
      const states = moves.get(process)
      if (states === undefined) moves.set(process, new Set([id]))
      else states.add(id)
    }
  }
  return moves
}

/** A way to a state: the node before it and the step between. A node is `2 * state + (1 once one of those who must move has moved)`. */
type Ways = Map<number, { readonly node: number; readonly step: number }>

/** The shortest way from a state back to itself on which one of some processes moves; empty when nothing moves. */
function onceRound(
  graph: StateGraph,
  entry: StateId,
  mustMove: (process: number) => boolean,
): readonly Step[] {
  const ways: Ways = new Map()
  const frontier = [2 * entry]
  const goal = 2 * entry + 1
  for (const node of frontier) {
    const id = node >> 1
    for (let step = graph.stepsFrom(id); step < graph.stepsFrom(id + 1); step++) {
      const moved = (node & 1) === 1 || mustMove(graph.step(graph.name(step)).process)
      const next = 2 * graph.target(step) + (moved ? 1 : 0)
      if (next === 2 * entry || ways.has(next)) continue
      ways.set(next, { node, step })
      if (next === goal) return stepsTo(graph, ways, goal, 2 * entry)
      frontier.push(next)
    }
  }
  return []
}

function stepsTo(graph: StateGraph, ways: Ways, goal: number, start: number): readonly Step[] {
  const steps: Step[] = []
  for (let node = goal; node !== start; ) {
    const way = ways.get(node)
    if (way === undefined) throw new Error('a loop that was not walked')
    steps.push(graph.step(graph.name(way.step)))
    node = way.node
  }
  return steps.reverse()
}
