import { type Interpreter, type State, stateKey } from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'
import type { Trace, TraceStep } from '../../trace/trace.js'
import { changeTexts, type Naming, namingOf } from '../change-text.js'
import { headline } from '../headline.js'
import { ALARM, edge, INK, node, PALE } from './dot-text.js'
import { stepName } from './step-name.js'

/** Of one process at one state; more ways to go on are one edge that says how many. */
const WAYS_MAX = 4

/** A slice of the state graph: the states of a run, numbered, and the steps that leave them otherwise. */
export function stateGraph(interpreter: Interpreter, trace: Trace): readonly string[] {
  return new Slice(interpreter, trace).lines()
}

class Slice {
  readonly #interpreter: Interpreter
  readonly #trace: Trace
  readonly #naming: Naming
  /** Names of the states of the run, and of those beside it, by content. */
  readonly #names = new Map<string, string>()
  readonly #lines: string[] = []
  #beside = 0

  constructor(interpreter: Interpreter, trace: Trace) {
    this.#interpreter = interpreter
    this.#trace = trace
    this.#naming = namingOf(trace)
  }

  lines(): readonly string[] {
    const { initial, steps, loop } = this.#trace
    const all = [...steps, ...loop]
    const failing = this.#failingStep()
    const states = [initial.state, ...all.filter((step) => step !== failing).map((s) => s.after)]
    for (const [index, state] of states.entries()) this.#state(state, index)
    for (const step of all) this.#step(step, step === failing)
    for (const [index, state] of states.entries()) this.#others(state, all[index])
    return this.#lines
  }

  /** The step that is itself the violation: it leads to no state. */
  #failingStep(): TraceStep | undefined {
    const { trap, steps } = this.#trace
    return trap.site === null ? undefined : steps.at(-1)
  }

  #state(state: State, index: number): void {
    const key = stateKey(state)
    if (this.#names.has(key)) return
    const name = `s${index}`
    this.#names.set(key, name)
    const isWrong = this.#trace.trap.site === null && index === this.#trace.steps.length
    const label = isWrong ? `${index}\n${headline(this.#trace)}` : String(index)
    const shape: Readonly<Record<string, string>> = isWrong
      ? { shape: 'box', peripheries: '2', color: ALARM, fontcolor: ALARM }
      : { shape: 'circle', width: '0.3', margin: '0.02' }
    this.#lines.push(node(name, { label, ...shape }))
  }

  #step(step: TraceStep, isFailing: boolean): void {
    const from = this.#name(step.before)
    const { system } = this.#trace
    const who = processName(system, step.process)
    const text = stepName(system, step.site)
    const said = { process: step.process, text, whole: true }
    const changes = changeTexts(system, step.before, step.after, this.#naming, said)
    const label = [`${who}: ${text}`, ...changes.map((change) => `  ${change}`)].join('\n')
    const ink = isFailing ? ALARM : INK
    const look = { label, color: ink, fontcolor: ink, penwidth: '2', weight: '10' }
    if (!isFailing) {
      this.#lines.push(edge(from, this.#name(step.after), look))
      return
    }
    const wrong = {
      label: headline(this.#trace),
      shape: 'box',
      peripheries: '2',
      color: ALARM,
      fontcolor: ALARM,
    }
    this.#lines.push(node('violation', wrong), edge(from, 'violation', look))
  }

  /** The steps that could have been taken instead. */
  #others(state: State, taken: TraceStep | undefined): void {
    const { system } = this.#trace
    for (const process of system.processes.keys()) {
      const outcomes = this.#interpreter
        .fire(state, process)
        .filter(({ choices }) => taken?.process !== process || !same(choices, taken.choices))
      const code = system.codes[system.processes[process]?.code ?? -1]
      const site = code?.instructions[state.processes[process]?.at ?? -1]?.site
      if (site === undefined || outcomes.length === 0) continue
      const label = `${processName(system, process)}: ${stepName(system, site)}`
      const from = this.#name(state)
      if (outcomes.length > WAYS_MAX) {
        const ways = taken?.process === process ? 'other ways' : 'ways'
        this.#pale(from, this.#fresh(), `${label}, in ${outcomes.length} ${ways}`)
        continue
      }
      for (const outcome of outcomes) {
        if (outcome.kind === 'next') this.#pale(from, this.#name(outcome.state), label)
        else if (outcome.kind === 'cut') this.#pale(from, this.#fresh('a bound'), label)
        else this.#pale(from, this.#fresh(outcome.trap.kind), label)
      }
    }
  }

  #pale(from: string, to: string, label: string): void {
    this.#lines.push(edge(from, to, { label, color: PALE, fontcolor: PALE, style: 'dashed' }))
  }

  #name(state: State): string {
    const key = stateKey(state)
    const known = this.#names.get(key)
    if (known !== undefined) return known
    const name = this.#fresh()
    this.#names.set(key, name)
    return name
  }

  /** A node beside the run: a dot, or what the step ends in. */
  #fresh(label = ''): string {
    this.#beside += 1
    const name = `o${this.#beside}`
    const shape = label === '' ? { shape: 'point' } : { shape: 'plaintext', fontcolor: ALARM }
    this.#lines.push(node(name, { label, color: PALE, ...shape }))
    return name
  }
}

const same = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((choice, index) => choice === other[index])
