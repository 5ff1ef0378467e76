import type { Bound } from '../../../spec/index.js'
import type { Engine, PackedState, Step, Transition } from '../../engine/engine.js'
import { CONTROL, COVERS_AT, MARK, type Station } from '../../engine/wasm/explorer/index.js'
import { comparePlaces } from '../../property/choose.js'
import type { StateId } from '../../store/visited.js'
import { type Participants, participation } from '../causes.js'
import { type Finding, Findings } from '../findings.js'
import { Inversions } from '../inversions.js'
import { standstill } from '../rest.js'
import type { Event } from './desks.js'
import type { Growth } from './growth.js'
import type { SharedStates } from './states.js'

/**
 * What the threads cannot say themselves: what is wrong with a state, where the steps lead that are not compiled, who
 * holds what. The main thread asks the engine, between phases; the order of events does not matter.
 */
export class Discoveries {
  readonly findings: Findings
  /** Null where nobody wants to know. */
  readonly inversions: Inversions | null
  /** Initial states, and successors that the reference engine gave. */
  generated = 0
  /** States found here that are to be expanded, since the last `descend`. */
  open = 0
  turnsBack = false
  /** There was no room for a state. */
  overflowed = false
  /** The bound met first: of the least depth, then the least place. */
  bound: Bound | null = null
  /** By state: where the steps lead on that only the reference engine knows. */
  readonly strange = new Map<StateId, StateId[]>()
  readonly #engine: Engine
  readonly #states: SharedStates
  readonly #station: Station
  readonly #growth: Growth
  readonly #hasDaemons: boolean
  readonly #covered: Uint8Array
  readonly #steps: Step[] = []
  #boundDepth = Number.POSITIVE_INFINITY

  constructor(
    engine: Engine,
    states: SharedStates,
    station: Station,
    growth: Growth,
    byCause = false,
  ) {
    const { processes, covers, ignored } = engine.system
    this.#engine = engine
    this.#states = states
    this.#station = station
    this.#growth = growth
    this.#hasDaemons = processes.some((process) => process.daemon)
    this.#covered = new Uint8Array(station.words.buffer, COVERS_AT, covers.length)
    this.findings = new Findings(ignored, byCause ? this.#participantsBy(engine) : null)
    this.inversions = ignored.has('lock-inversion') ? null : new Inversions(engine)
  }

  /** Before a level: what is left to cover is looked for while it lasts. */
  beginLevel(): void {
    this.#station.control[CONTROL.covers] = this.uncovered().length
  }

  uncovered(): readonly number[] {
    return [...this.#covered.keys()].filter((index) => this.#covered[index] === 0)
  }

  step(name: number): Step {
    return this.#steps[name] as Step
  }

  /** Reaches the initial states. */
  *begin(): Generator<void, void, void> {
    this.beginLevel()
    for (const transition of this.#engine.initial()) {
      if (transition.kind === 'next') yield* this.#reach(transition.state, 0)
      else if (transition.kind === 'cut') this.#cut(transition.bound, 0)
      else {
        const { choices: initial, trap } = transition
        this.findings.add({ trap, depth: 0, state: null, step: null, initial, loop: null })
      }
    }
  }

  /** Settles what came up while states of `depth - 1` were expanded and those of `depth` discovered. */
  *settle(events: readonly Event[], depth: number): Generator<void, void, void> {
    const asked = new Map<StateId, Set<number>>()
    for (const { kind, id, process } of events) {
      const state = this.#states.state(id)
      if (kind === 'order') this.inversions?.noteProcess(depth, state, process)
      else if (kind === 'wrong') {
        this.#states.unmark(id, MARK.openEnd | MARK.closed)
        this.#settleState(id, state, depth)
      } else if (kind === 'rest') this.#judgeRest(id, state, depth)
      else if (kind === 'stuck') this.addRest(standstill(this.#engine, id, state, depth - 1))
      else asked.set(id, (asked.get(id) ?? new Set()).add(process))
    }
    for (const [id, processes] of asked) yield* this.#ask(id, processes, depth)
  }

  #participantsBy(engine: Engine): (finding: Finding) => Participants {
    const participants = participation(engine)
    return ({ state, step }) =>
      state === null
        ? []
        : participants(this.#states.state(state), step === null ? null : this.step(step).process)
  }

  /** A state from which rest is lost, or one at rest in which something is wrong. */
  addRest(finding: Finding): void {
    const { trap, state, depth } = finding
    const isRest = state === null || this.#states.isMarked(state, MARK.mayRest)
    if (state !== null && !isRest && trap.kind !== 'livelock') {
      this.inversions?.noteDeadlock(this.#states.state(state), depth)
    }
    this.findings.add(finding)
  }

  *#ask(id: StateId, processes: ReadonlySet<number>, depth: number): Generator<void, void, void> {
    const taken: Transition[] = []
    this.#engine.successors(this.#states.state(id), (transition) => {
      if (processes.has(transition.process)) taken.push(transition)
    })
    for (const transition of taken) {
      if (transition.kind === 'next') {
        const target = yield* this.#reach(transition.state, depth)
        const known = this.strange.get(id)
        if (known) known.push(target)
        else this.strange.set(id, [target])
        if (target < (this.#station.control[CONTROL.level] as number)) this.turnsBack = true
        continue
      }
      this.#states.mark(id, MARK.openEnd)
      if (transition.kind === 'cut') {
        this.#cut(transition.bound, depth)
        continue
      }
      const { process, choices, trap } = transition
      const step = this.#steps.push({ process, choices }) - 1
      this.findings.add({ trap, depth, state: id, step, initial: null, loop: null })
    }
  }

  *#reach(state: PackedState, depth: number): Generator<void, StateId, void> {
    this.generated++
    if (!(yield* this.#growth.ensureRoom())) {
      this.overflowed = true
      return this.#states.end
    }
    const { id, isNew } = this.#station.insert(state)
    if (!isNew) return id
    if (this.#station.control[CONTROL.covers] !== 0) {
      for (const index of this.#engine.covered(state)) this.#covered[index] = 1
    }
    this.inversions?.note(depth, state)
    this.#settleState(id, state, depth)
    return id
  }

  #settleState(id: StateId, state: PackedState, depth: number): void {
    const engine = this.#engine
    const trap = engine.judge(state)
    if (trap !== null) {
      this.#states.mark(id, MARK.openEnd | MARK.closed)
      if (trap.kind === 'deadlock') this.inversions?.noteDeadlock(state, depth)
      this.findings.add({ trap, depth, state: id, step: null, initial: null, loop: null })
      return
    }
    if (engine.mayRest(state)) {
      this.#states.mark(id, MARK.mayRest)
      if (!this.#hasDaemons) {
        this.#states.mark(id, MARK.closed)
        this.#judgeRest(id, state, depth)
        return
      }
    }
    this.open++
  }

  #judgeRest(id: StateId, state: PackedState, depth: number): void {
    const trap = this.#engine.judgeRest(state)
    if (trap === null) return
    this.findings.add({ trap, depth, state: id, step: null, initial: null, loop: null })
  }

  #cut(bound: Bound, depth: number): void {
    const known = this.bound
    const isLess =
      known === null ||
      depth < this.#boundDepth ||
      (depth === this.#boundDepth && comparePlaces(bound.at, known.at) < 0)
    if (!isLess) return
    this.bound = bound
    this.#boundDepth = depth
  }
}
