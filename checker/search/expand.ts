import type { Bound, Trap } from '../../spec/index.js'
import type { Engine, PackedState, Transition } from '../engine/engine.js'
import { comparePlaces } from '../property/choose.js'
import type { StateId } from '../store/visited.js'
import { type Participants, participation } from './causes.js'
import { type Finding, Findings } from './findings.js'
import { MAY_REST, OPEN_END, StateGraph } from './graph.js'
import { Inversions } from './inversions.js'
import type { Extent } from './limits.js'
import { standstill } from './rest.js'

/** What a state of the frontier takes with the reference engine, words and structured state: about 950 bytes were measured. */
const FRONTIER_STATE_BYTES = 1024

/** A state of the frontier: its number and the engine's own words, which an engine may know more about. */
export interface Discovered {
  readonly id: StateId
  readonly state: PackedState
}

/** The inner loop: fires all steps of a state, records them, and judges every state the first time it is reached. */
export class Expander {
  readonly graph: StateGraph
  readonly findings: Findings
  /** Null where nobody wants to know. */
  readonly inversions: Inversions | null
  /** Initial states and successors, new or not. */
  generated = 0
  /** The bound met first: of the least depth, then the least place. */
  bound: Bound | null = null
  readonly #engine: Engine
  readonly #hasDaemons: boolean
  readonly #covered: Uint8Array
  /** Some `cover` had not been reached when the level began; for a whole level, so that no order within it matters. */
  #covers: boolean
  #boundDepth = Number.POSITIVE_INFINITY
  #depth = 0
  #next: Discovered[] = []
  #source: StateId = 0
  #outcomes = 0
  #frontier = 0
  #peakBytes = 0

  /** `note` is told of each finding, also of those deeper than one that is known. */
  constructor(engine: Engine, byCause = false, note?: (finding: Finding) => void) {
    this.#engine = engine
    this.#hasDaemons = engine.system.processes.some((process) => process.daemon)
    this.#covers = engine.system.covers.length > 0
    this.#covered = new Uint8Array(engine.system.covers.length)
    this.graph = new StateGraph(engine)
    const { ignored } = engine.system
    this.findings = new Findings(ignored, byCause ? this.#participantsBy(engine) : null, note)
    this.inversions = ignored.has('lock-inversion') ? null : new Inversions(engine)
  }

  /** Depth of the states being discovered. */
  get depth(): number {
    return this.#depth
  }

  /** What the search holds now: the graph as it is, and the frontier by a measured average. */
  get bytes(): number {
    return this.graph.bytes + (this.#frontier + this.#next.length) * FRONTIER_STATE_BYTES
  }

  get extent(): Extent {
    const { count, visited } = this.graph
    return { count, countMax: visited.countMax, bytes: this.bytes, depth: this.#depth }
  }

  get peakBytes(): number {
    return Math.max(this.#peakBytes, this.bytes)
  }

  get executed(): readonly Uint8Array[] {
    return this.#engine.executed
  }

  uncovered(): readonly number[] {
    return [...this.#covered.keys()].filter((index) => this.#covered[index] === 0)
  }

  /** Reaches the initial states: the level of depth 0. A search may begin elsewhere. */
  begin(initial: readonly Transition[] = this.#engine.initial()): void {
    this.graph.levelStarts.push(0)
    for (const transition of initial) {
      const { choices } = transition
      if (transition.kind === 'next') {
        const id = this.#reach(transition.state)
        this.graph.initial.push({ choices, state: id })
      } else if (transition.kind === 'cut') {
        this.#cut(transition.bound)
      } else {
        const { trap } = transition
        this.findings.add({ trap, depth: 0, state: null, step: null, initial: choices, loop: null })
      }
    }
  }

  /** Takes the level just discovered as the frontier, and begins the next one. */
  descend(): readonly Discovered[] {
    this.#peakBytes = this.peakBytes
    const frontier = this.#next
    this.#covers = this.#covered.includes(0)
    this.#frontier = frontier.length
    this.#next = []
    this.#depth++
    if (frontier.length > 0) this.graph.levelStarts.push(this.graph.count)
    return frontier
  }

  #participantsBy(engine: Engine): (finding: Finding) => Participants {
    const participants = participation(engine)
    return ({ state, step }) =>
      state === null
        ? []
        : participants(
            this.graph.visited.state(state),
            step === null ? null : this.graph.step(step).process,
          )
  }

  /** A state from which rest is lost, or one at rest in which something is wrong. */
  addRest(finding: Finding): void {
    const { trap, state, depth } = finding
    const isRest = state === null || this.graph.isMarked(state, MAY_REST)
    if (state !== null && !isRest && trap.kind !== 'livelock') {
      this.inversions?.noteDeadlock(this.graph.visited.state(state), depth)
    }
    this.findings.add(finding)
  }

  expand(discovered: Discovered): void {
    this.#source = discovered.id
    this.#outcomes = 0
    this.graph.beginSteps(discovered.id)
    this.#engine.successors(discovered.state, this.#visit)
    if (this.#outcomes > 0 || this.#hasDaemons) return
    this.addRest(standstill(this.#engine, discovered.id, discovered.state, this.#depth - 1))
  }

  readonly #visit = (transition: Transition): void => {
    this.#outcomes++
    const name = this.graph.nameOf(transition.process, transition.choices)
    if (transition.kind === 'next') {
      this.graph.addStep(this.#source, name, this.#reach(transition.state))
      return
    }
    this.graph.mark(this.#source, OPEN_END)
    if (transition.kind === 'cut') {
      this.#cut(transition.bound)
      return
    }
    const { trap } = transition
    const state = this.#source
    this.findings.add({ trap, depth: this.#depth, state, step: name, initial: null, loop: null })
  }

  #reach(state: PackedState): StateId {
    this.generated++
    const before = this.graph.count
    const id = this.graph.insert(state)
    if (id === before) this.#judge(id, state)
    return id
  }

  /** Judges a new state. One that a property is false in is not expanded, and neither is rest without daemons: nothing moves. */
  #judge(id: StateId, state: PackedState): void {
    const engine = this.#engine
    if (this.#covers) this.#cover(state)
    this.inversions?.note(this.#depth, state)
    const trap = engine.judge(state)
    if (trap !== null) {
      this.graph.mark(id, OPEN_END)
      if (trap.kind === 'deadlock') this.inversions?.noteDeadlock(state, this.#depth)
      this.#findState(id, trap)
      return
    }
    const mayRest = engine.mayRest(state)
    if (mayRest) this.graph.mark(id, MAY_REST)
    if (mayRest && !this.#hasDaemons) {
      const lost = engine.judgeRest(state)
      if (lost !== null) this.#findState(id, lost)
      return
    }
    this.#next.push({ id, state })
  }

  #findState(id: StateId, trap: Trap): void {
    const depth = this.#depth
    this.findings.add({ trap, depth, state: id, step: null, initial: null, loop: null })
  }

  #cover(state: PackedState): void {
    for (const index of this.#engine.covered(state)) {
      this.#covered[index] = 1
    }
  }

  #cut(bound: Bound): void {
    const known = this.bound
    const isLess =
      known === null ||
      this.#depth < this.#boundDepth ||
      (this.#depth === this.#boundDepth && comparePlaces(bound.at, known.at) < 0)
    if (!isLess) return
    this.bound = bound
    this.#boundDepth = this.#depth
  }
}
