import type { Interpreter } from '../../spec/interpreter/interpreter.js'
import type { State } from '../../spec/interpreter/state.js'

export interface Edge {
  readonly from: number
  /** -1: nobody's step, the state itself is wrong. */
  readonly process: number
  /** Null: the step violates something or is cut by a bound. */
  readonly to: number | null
}

/**
 * Rule 8 read literally, on a graph that is there as a whole. A state is at rest when every thread has finished,
 * every daemon is between two runs, and all that can still be reached can come back: so it lies in a component that
 * nothing leaves. A component that nothing leaves and that has no such state is a lost rest.
 */

export interface LostRest {
  readonly kind: string
  readonly state: number
  readonly message: string
}

export function lostRests(
  engine: Interpreter,
  states: readonly State[],
  edges: readonly Edge[],
): { readonly lost: readonly LostRest[]; readonly rests: readonly number[] } {
  const outgoing: Edge[][] = states.map(() => [])
  for (const edge of edges) outgoing[edge.from]?.push(edge)
  const component = components(states.length, outgoing)
  const members = new Map<number, number[]>()
  for (const [state, number] of component.entries()) {
    const list = members.get(number) ?? []
    list.push(state)
    members.set(number, list)
  }
  const lost: LostRest[] = []
  const rests: number[] = []
  for (const [number, list] of members) {
    const leaving = list.flatMap((state) => outgoing[state] ?? [])
    // A step that violates something or is cut leaves the component as well: rest is not lost there.
    if (leaving.some(({ to }) => to === null || component[to] !== number)) continue
    const resting = list.filter((state) => engine.mayRest(states[state] as State))
    rests.push(...resting)
    const [first] = list
    if (resting.length > 0 || first === undefined) continue
    const threadMoves = leaving.some(({ process }) => !engine.system.processes[process]?.daemon)
    const waits = engine.system.processes.flatMap(
      (_, process) => engine.wait(states[first] as State, process) ?? [],
    )
    const named = waits.find(({ names }) => names !== null)?.names
    const kind = threadMoves ? 'livelock' : (named ?? 'deadlock')
    lost.push({
      kind,
      state: first,
      message: waits.map(({ what, place }) => `${what} ${place}`).join('; '),
    })
  }
  return { lost, rests: rests.sort((a, b) => a - b) }
}

/** The number of each state's strongly connected component: two passes over the graph, by Kosaraju. */
function components(count: number, outgoing: readonly (readonly Edge[])[]): readonly number[] {
  const incoming: number[][] = Array.from({ length: count }, () => [])
  for (const list of outgoing) {
    for (const { from, to } of list) if (to !== null) incoming[to]?.push(from)
  }
  const forward = (state: number): readonly number[] =>
    (outgoing[state] ?? []).flatMap(({ to }) => (to === null ? [] : [to]))
  const finished = postorder(count, forward)
  const component: number[] = new Array(count).fill(-1)
  let number = 0
  for (const start of finished.reverse()) {
    if (component[start] !== -1) continue
    const work = [start]
    component[start] = number
    for (let state = work.pop(); state !== undefined; state = work.pop()) {
      for (const from of incoming[state] ?? []) {
        if (component[from] !== -1) continue
        component[from] = number
        work.push(from)
      }
    }
    number += 1
  }
  return component
}

function postorder(count: number, forward: (state: number) => readonly number[]): number[] {
  const seen = new Uint8Array(count)
  const order: number[] = []
  for (let start = 0; start < count; start++) {
    if (seen[start] === 1) continue
    seen[start] = 1
    const stack = [{ state: start, next: forward(start), at: 0 }]
    for (let top = stack.at(-1); top; top = stack.at(-1)) {
      const to = top.next[top.at++]
      if (to === undefined) {
        order.push(top.state)
        stack.pop()
      } else if (seen[to] === 0) {
        seen[to] = 1
        stack.push({ state: to, next: forward(to), at: 0 })
      }
    }
  }
  return order
}
