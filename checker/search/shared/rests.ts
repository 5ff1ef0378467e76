import type { Engine } from '../../engine/engine.js'
import { MARK } from '../../engine/wasm/explorer/index.js'
import type { StateId } from '../../store/visited.js'
import type { Finding } from '../findings.js'
import { restFindings } from '../rest.js'
import type { SharedStates } from './states.js'
import { subgraphOf } from './subgraph.js'
import type { Sweeps } from './sweeps.js'

/**
 * Rule 8 over everything explored. A state is well if rest, or an end that nobody knows, can be reached from it: a
 * bottom component has such a state exactly when all its states are well. What is not well is closed under steps, and
 * small or empty; its components are found as ever, in the graph of these states alone. With daemons, rest is judged in
 * bottom components only: then the graph has what can be reached from states that may rest, too, where only daemons
 * still move.
 *
 * Null when it was stopped.
 */
export function* sharedRestFindings(
  given: { readonly engine: Engine; readonly states: SharedStates; readonly sweeps: Sweeps },
  turnsBack: boolean,
  mustStop: () => boolean,
): Generator<void, readonly Finding[] | null, void> {
  const { engine, states, sweeps } = given
  const hasDaemons = engine.system.processes.some((process) => process.daemon)
  if (!hasDaemons && !turnsBack) return []
  states.clear(MARK.reaches)
  for (let id = 0; id < states.end; id++) {
    if (states.isMarked(id, MARK.mayRest | MARK.openEnd)) states.mark(id, MARK.reaches)
  }
  if (!(yield* sweeps.everywhere(mustStop))) return null
  const members = new Set<StateId>()
  for (let depth = 0; depth < states.levelStarts.length; depth++) {
    for (const id of states.idsAt(depth, MARK.present, MARK.reaches)) members.add(id)
  }
  if (hasDaemons) addRests(engine, states, members)
  if (members.size === 0) return []
  const levels: StateId[][] = states.levelStarts.map(() => [])
  for (const id of members) levels[states.depthOf(id)]?.push(id)
  const { graph, originOf } = subgraphOf(engine, states, levels)
  return restFindings(engine, graph).map((finding) => {
    return { ...finding, state: originOf(finding.state as StateId) }
  })
}

/** Adds every state that may rest, and what can be reached from there. */
function addRests(engine: Engine, states: SharedStates, members: Set<StateId>): void {
  const frontier: StateId[] = []
  for (let id = 0; id < states.end; id++) {
    if (states.isMarked(id, MARK.mayRest)) frontier.push(id)
  }
  for (const id of frontier) members.add(id)
  for (const id of frontier) {
    if (states.isMarked(id, MARK.closed)) continue
    engine.successors(states.state(id), (transition) => {
      if (transition.kind !== 'next') return
      const target = states.find(transition.state)
      if (members.has(target)) return
      members.add(target)
      frontier.push(target)
    })
  }
}
