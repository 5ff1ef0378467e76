import type { Step, Trail } from '../engine/engine.js'
import { compareSteps, compareTrails } from '../property/choose.js'
import type { StateId } from '../store/visited.js'
import type { Finding } from './findings.js'
import type { StateGraph } from './graph.js'

/** The run that shows one of some findings. */
export interface ShortestRun {
  readonly finding: Finding
  readonly trail: Trail
  readonly switches: number
}

const NONE = 0x7fffffff

/**
 * Among all the shortest runs to all these findings of one depth: the one with the fewest context switches, and among
 * those the lexicographically least schedule.
 *
 * Every shortest run descends level by level. Backwards over the levels, `cost(s, p)` is the least number of switches
 * from state s to a finding when the next step is by process p; forwards, the least step that keeps to the cost is
 * taken. Exact, because the cost of what follows depends on the state and on the process that moved last, and on
 * nothing else.
 */
export function shortestRun(graph: StateGraph, findings: readonly Finding[]): ShortestRun {
  const ofInit = findings.filter((finding) => finding.state === null)
  const ofStates = findings.filter((finding) => finding.state !== null)
  const runs = ofInit.map(runOfInit)
  if (ofStates.length > 0) runs.push(new Descent(graph, ofStates).run())
  runs.sort(
    (left, right) => left.switches - right.switches || compareTrails(left.trail, right.trail),
  )
  return runs[0] as ShortestRun
}

function runOfInit(finding: Finding): ShortestRun {
  return { finding, trail: { initial: finding.initial ?? [], steps: [] }, switches: 0 }
}

/** A way on from a state: to another state, or into a violating step. */
interface Way {
  readonly step: Step
  /** Switches after this step. */
  readonly rest: number
  readonly target: StateId | null
  readonly finding: Finding | null
}

class Descent {
  readonly #graph: StateGraph
  readonly #depth: number
  readonly #processCount: number
  readonly #goals = new Map<StateId, Finding>()
  /** Violating steps by the state they start from. */
  readonly #lastSteps = new Map<StateId, Finding[]>()
  /** `[state * processCount + process]`: switches from here when that process moves first. */
  readonly #costs: Int32Array

  constructor(graph: StateGraph, findings: readonly Finding[]) {
    this.#graph = graph
    this.#depth = (findings[0] as Finding).depth
    this.#processCount = graph.processCount
    for (const finding of findings) this.#addFinding(finding)
    this.#costs = new Int32Array(graph.levelEnd(this.#depth - 1) * this.#processCount).fill(NONE)
    for (let depth = this.#depth - 1; depth >= 0; depth--) this.#costLevel(depth)
  }

  run(): ShortestRun {
    const starts = this.#graph.initial.map((start) => ({
      ...start,
      cost: this.#costFrom(start.state, null),
    }))
    const switches = Math.min(...starts.map((start) => start.cost))
    const start = starts.find((candidate) => candidate.cost === switches)
    if (start === undefined || switches === NONE) throw new Error('a finding no run leads to')
    return this.#walk(start.choices, start.state, switches)
  }

  #addFinding(finding: Finding): void {
    const state = finding.state as StateId
    if (finding.step === null) {
      if (!this.#goals.has(state)) this.#goals.set(state, finding)
      return
    }
    const steps = this.#lastSteps.get(state)
    if (steps === undefined) this.#lastSteps.set(state, [finding])
    else steps.push(finding)
  }

  #costLevel(depth: number): void {
    const from = this.#graph.levelStarts[depth] as StateId
    for (let id = from; id < this.#graph.levelEnd(depth); id++) {
      this.#eachWay(id, depth, (process, rest) => {
        const cell = id * this.#processCount + process
        if (rest < (this.#costs[cell] as number)) this.#costs[cell] = rest
      })
    }
  }

  /** Calls `visit` for each step out of `id` from which a finding can be reached in time. */
  #eachWay(
    id: StateId,
    depth: number,
    visit: (process: number, rest: number, step: Step, target: StateId | null) => void,
  ): void {
    const graph = this.#graph
    const next = graph.levelStarts[depth + 1] ?? graph.count
    const nextEnd = graph.levelEnd(depth + 1)
    for (let index = graph.stepsFrom(id); index < graph.stepsFrom(id + 1); index++) {
      const target = graph.target(index)
      if (target < next || target >= nextEnd) continue
      const step = graph.step(graph.name(index))
      const rest = this.#costFrom(target, step.process)
      if (rest !== NONE) visit(step.process, rest, step, target)
    }
    if (depth !== this.#depth - 1) return
    for (const finding of this.#lastSteps.get(id) ?? []) {
      const step = graph.step(finding.step as number)
      visit(step.process, 0, step, null)
    }
  }

  /** Switches from a state on, when `last` moved into it (null: nobody has moved yet). */
  #costFrom(id: StateId, last: number | null): number {
    if (this.#goals.has(id)) return 0
    let least = NONE
    const first = id * this.#processCount
    if (first >= this.#costs.length) return NONE
    for (let process = 0; process < this.#processCount; process++) {
      const cost = this.#costs[first + process] as number
      if (cost === NONE) continue
      least = Math.min(least, last === null || last === process ? cost : cost + 1)
    }
    return least
  }

  #walk(initial: readonly number[], start: StateId, switches: number): ShortestRun {
    const steps: Step[] = []
    let state = start
    let left = switches
    for (let depth = 0; depth < this.#depth; depth++) {
      const last = steps.at(-1)?.process ?? null
      const way = this.#leastWay(state, depth, last, left)
      steps.push(way.step)
      if (way.finding !== null) return { finding: way.finding, trail: { initial, steps }, switches }
      left = way.rest
      state = way.target as StateId
    }
    const finding = this.#goals.get(state)
    if (finding === undefined || left !== 0) throw new Error('the least run missed its finding')
    return { finding, trail: { initial, steps }, switches }
  }

  #leastWay(id: StateId, depth: number, last: number | null, left: number): Way {
    const ways: Way[] = []
    this.#eachWay(id, depth, (process, rest, step, target) => {
      const cost = last === null || last === process ? rest : rest + 1
      const finding = target === null ? this.#violating(id, step) : null
      if (cost === left) ways.push({ step, rest, target, finding })
    })
    ways.sort((left, right) => compareSteps(left.step, right.step))
    const least = ways[0]
    if (least === undefined) throw new Error('the least run lost its way')
    return least
  }

  #violating(id: StateId, step: Step): Finding {
    const findings = this.#lastSteps.get(id) ?? []
    return findings.find((finding) => this.#graph.step(finding.step as number) === step) as Finding
  }
}
