import type { Engine } from '../../engine/engine.js'
import { MARK } from '../../engine/wasm/explorer/index.js'
import type { StateId } from '../../store/visited.js'
import type { Finding } from '../findings.js'
import { StateGraph } from '../graph.js'
import { type ShortestRun, shortestRun } from '../shortest.js'
import type { Discoveries } from './discoveries.js'
import type { SharedStates } from './states.js'
import { subgraphOf } from './subgraph.js'
import type { Sweeps } from './sweeps.js'

const toTheEnd = (): boolean => false

/**
 * The run to show of some findings of one depth. The search has stored no steps, so the states from which a finding can
 * be reached in time are marked level by level upwards; in the graph of these the run is chosen as ever.
 */
export function* runTo(
  given: {
    readonly engine: Engine
    readonly states: SharedStates
    readonly sweeps: Sweeps
    readonly discoveries: Discoveries
  },
  findings: readonly Finding[],
): Generator<void, ShortestRun, void> {
  const { engine, states, sweeps, discoveries } = given
  const inGraph = findings.flatMap(({ state }) => (state === null ? [] : [state]))
  if (inGraph.length === 0) return shortestRun(new StateGraph(engine), findings)
  const { depth } = findings[0] as Finding
  states.clear(MARK.reaches)
  for (const id of inGraph) states.mark(id, MARK.reaches)
  yield* sweeps.levelsUp(depth, toTheEnd)
  const levels: StateId[][] = []
  for (let level = 0; level <= depth; level++) {
    levels.push([...states.idsAt(level, MARK.reaches)])
  }
  const { graph, idOf } = subgraphOf(engine, states, levels)
  const moved = findings.map((finding) => {
    if (finding.state === null) return finding
    const { step } = finding
    const named = step === null ? null : discoveries.step(step)
    const name = named === null ? null : graph.nameOf(named.process, named.choices)
    return { ...finding, state: idOf(finding.state), step: name }
  })
  return shortestRun(graph, moved)
}
