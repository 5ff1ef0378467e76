import fc from 'fast-check'
import { graph, type ToyGraph } from './graph.js'

/** A random toy graph as plain data, so that a failing one can be read and shrunk. */
export interface RandomGraph {
  readonly stateCount: number
  readonly starts: readonly number[]
  readonly daemon: boolean
  readonly edges: readonly RandomEdge[]
  readonly bad: readonly RandomEnd[]
  readonly leaks: readonly number[]
  readonly stuck: readonly number[]
  readonly rests: readonly number[]
}

/** A step of a process; to a state, into a violation (`place`), or into a bound. */
export interface RandomEdge {
  readonly from: number
  readonly process: number
  readonly to: number | 'violates' | 'cut'
  readonly place: number
}

export interface RandomEnd {
  readonly state: number
  readonly place: number
}

export const PROCESSES = ['p', 'q', 'd']

/** Graphs of few states, so that every path can be listed. `daemon`: process `d` is one. */
export function randomGraph(daemon: boolean): fc.Arbitrary<RandomGraph> {
  return fc.integer({ min: 2, max: 7 }).chain((stateCount) => {
    const state = fc.nat({ max: stateCount - 1 })
    const place = fc.nat({ max: 1 })
    const to = fc.oneof(
      { weight: 18, arbitrary: state },
      { weight: 2, arbitrary: fc.constant('violates' as const) },
      { weight: 1, arbitrary: fc.constant('cut' as const) },
    )
    const edge = fc.record({ from: state, process: fc.nat({ max: 2 }), to, place })
    return fc.record({
      stateCount: fc.constant(stateCount),
      starts: fc.uniqueArray(state, { minLength: 1, maxLength: 2 }),
      daemon: fc.constant(daemon),
      edges: fc.array(edge, { minLength: 1, maxLength: 12 }),
      bad: fc.array(fc.record({ state, place }), { maxLength: 1 }),
      leaks: fc.array(state, { maxLength: 1 }),
      stuck: fc.array(state, { maxLength: 2 }),
      rests: fc.array(state, { maxLength: 3 }),
    })
  })
}

export function stateName(state: number): string {
  return `s${state}`
}

/** At rest only daemons may move, so a state with a step of a thread never rests. */
export function mayRest(random: RandomGraph, state: number): boolean {
  const movers = random.edges.filter((edge) => edge.from === state).map((edge) => edge.process)
  if (movers.length === 0) return !random.stuck.includes(state)
  return random.daemon && movers.every((process) => process === 2) && random.rests.includes(state)
}

export function build(random: RandomGraph): ToyGraph {
  const toy = graph().order(...PROCESSES)
  if (random.daemon) toy.daemons('d')
  toy.starts(...random.starts.map(stateName))
  for (const { from, process, to, place } of random.edges) {
    const source = `${stateName(from)} ${PROCESSES[process]}`
    if (to === 'violates') toy.fails(source, 'assert', place)
    else if (to === 'cut') toy.cuts(source)
    else toy.path(`${source}>${stateName(to)}`)
  }
  for (const { state, place } of random.bad) toy.never(stateName(state), 'invariant', place)
  for (let state = 0; state < random.stateCount; state++) {
    if (mayRest(random, state)) toy.rests(stateName(state))
    else toy.stuck(stateName(state))
  }
  for (const state of random.leaks) toy.leaks(stateName(state))
  return toy
}
