import type { Engine, PackedState, Step } from '../engine/engine.js'
import { WordList } from '../store/growable.js'
import { HashedSet } from '../store/hashed.js'
import type { StateId, VisitedSet } from '../store/visited.js'

/** A step's name as a number: an index into the table of names met so far. */
export type StepName = number

/** Marks of a state, one bit each. */
export const MAY_REST = 1
/** A violating step, a step cut by a bound, or a property found false there: what comes after it is not known. */
export const OPEN_END = 2

/**
 * What a search has seen: the states by id, where each level begins, and every step between them. States are expanded
 * in the order of their ids, so the steps out of one state lie side by side, in the engine's order.
 */
export class StateGraph {
  readonly visited: VisitedSet
  /** By depth, the first id of the level. */
  readonly levelStarts: StateId[] = []
  readonly #marks = new WordList()
  readonly #stepStarts = new WordList()
  readonly #targets = new WordList()
  readonly #names = new WordList()
  readonly #steps: Step[] = []
  readonly #namesByProcess: Map<string, StepName>[]
  /** The initial states with their choices, ascending; two choices may lead to one state. */
  readonly initial: { readonly choices: readonly number[]; readonly state: StateId }[] = []
  /** Some step led to a state of its own or an earlier level: without one there is no cycle. */
  turnsBack = false

  constructor(engine: Engine) {
    this.visited = new HashedSet(engine.stateWords)
    this.#namesByProcess = engine.system.processes.map(() => new Map())
  }

  get count(): number {
    return this.visited.count
  }

  get processCount(): number {
    return this.#namesByProcess.length
  }

  get stepCount(): number {
    return this.#targets.length
  }

  get bytes(): number {
    const { bytes } = this.visited
    return (
      bytes + this.#marks.bytes + this.#stepStarts.bytes + this.#targets.bytes + this.#names.bytes
    )
  }

  /** The id of the state; it was new exactly when that id equals what `count` was before. */
  insert(state: PackedState): StateId {
    const id = this.visited.insert(state)
    if (id === this.#marks.length) this.#marks.push(0)
    return id
  }

  mark(id: StateId, mark: number): void {
    this.#marks.set(id, this.#marks.at(id) | mark)
  }

  isMarked(id: StateId, mark: number): boolean {
    return (this.#marks.at(id) & mark) !== 0
  }

  /** Begins the list of steps out of `id`; ids before it that were passed over have none. */
  beginSteps(id: StateId): void {
    while (this.#stepStarts.length <= id) this.#stepStarts.push(this.#targets.length)
  }

  addStep(source: StateId, name: StepName, target: StateId): void {
    this.#targets.push(target)
    this.#names.push(name)
    if (target <= source) this.turnsBack = true
  }

  /** First index of the steps out of `id`; those of `id` end where those of `id + 1` begin. */
  stepsFrom(id: StateId): number {
    return id < this.#stepStarts.length ? this.#stepStarts.at(id) : this.#targets.length
  }

  target(step: number): StateId {
    return this.#targets.at(step)
  }

  name(step: number): StepName {
    return this.#names.at(step)
  }

  /** The number of a step's name. */
  nameOf(process: number, choices: readonly number[]): StepName {
    const known = this.#namesByProcess[process]
    if (known === undefined) throw new Error(`a step of process ${process}, which does not exist`)
    const key = choices.length === 0 ? '' : choices.join(' ')
    let name = known.get(key)
    if (name === undefined) {
      name = this.#steps.length
      this.#steps.push({ process, choices: [...choices] })
      known.set(key, name)
    }
    return name
  }

  step(name: StepName): Step {
    const step = this.#steps[name]
    if (step === undefined) throw new Error(`no step is named ${name}`)
    return step
  }

  /** One more than the last id of a level. */
  levelEnd(depth: number): StateId {
    return this.levelStarts[depth + 1] ?? this.count
  }

  /** The depth at which a state was first reached. */
  depthOf(id: StateId): number {
    let low = 0
    let high = this.levelStarts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.levelStarts[middle] as number) <= id) low = middle
      else high = middle - 1
    }
    return low
  }
}
