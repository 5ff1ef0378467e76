import { analyse } from '../../spec/analysis/analyse.js'
import { type Choices, configure } from '../../spec/analysis/configure.js'
import { loadModel } from '../../spec/analysis/load.js'
import type { CheckedModel, Configuration } from '../../spec/analysis/model.js'
import { type Diagnostic, hasErrors } from '../../spec/diagnostics/diagnostic.js'
import { frame } from '../../spec/diagnostics/frame.js'
import { type Interpreter, interpreter } from '../../spec/interpreter/interpreter.js'
import type { Outcome } from '../../spec/interpreter/outcome.js'
import { type State, stateKey } from '../../spec/interpreter/state.js'
import { type Sources, SourceText } from '../../spec/source/text.js'
import { lower } from '../../spec/system/lower.js'
import type { TransitionSystem } from '../../spec/system/system.js'
import { corpusReader } from './corpus.js'
import { type Edge, lostRests } from './pipeline-rest.js'

/** From the text of a model to its states: the parts of `spec` put together as plainly as possible. */

/** The text as a whole model: a test writes only what it is about. */
const whole = (text: string): string =>
  /^\s*model\s/m.test(text) ? text : `model inline;\n${text}`

const name = 'inline.gmem'

const shown = (diagnostics: readonly Diagnostic[], sources: Sources): string =>
  diagnostics.map((each) => frame(each, sources)).join('\n')

/** The checked model; throws with the diagnostics when there is none. */
export function checked(text: string): CheckedModel {
  const full = whole(text)
  const sources: Sources = new Map([[name, new SourceText(name, full)]])
  // `use "lib/…"` finds the project's own libraries.
  const loaded = loadModel(name, corpusReader(new Map([[name, full]])))
  if (!loaded.result) throw new Error(shown(loaded.diagnostics, sources))
  const analysed = analyse(loaded.result)
  if (!analysed.result) throw new Error(shown(analysed.diagnostics, loaded.result.sources))
  return analysed.result
}

/** One row of the model's design space: the defaults, but for these values. */
export function row(model: CheckedModel, choices: Choices = {}): Configuration {
  const { result, diagnostics } = configure(model, choices)
  if (!result) throw new Error(shown(diagnostics, model.sources))
  return result
}

/** The transition system of a model's text in one row; throws when there is none. */
export function systemOf(text: string, choices: Choices = {}): TransitionSystem {
  const model = checked(text)
  const { result, diagnostics } = lower(model, row(model, choices))
  if (!result || hasErrors(diagnostics)) throw new Error(shown(diagnostics, model.sources))
  return result
}

/** `code at line`, of what lowering reports; nothing when it is content. */
export function loweringErrors(text: string, choices: Choices = {}): readonly string[] {
  const model = checked(text)
  return lower(model, row(model, choices)).diagnostics.map(({ code, at }) => {
    // The line a test counts is that of its own text, without the line `whole` may have put before it.
    const before = whole(text) === text ? 0 : 1
    const line = model.sources.get(at.file)?.position(at.from).line ?? 0
    return `${code} at ${line - before}`
  })
}

/** A violation by kind: the least depth at which it is found, and one of its messages. */
export interface Found {
  readonly depth: number
  readonly message: string
}

export interface Reached {
  readonly system: TransitionSystem
  readonly interpreter: Interpreter
  /** In the order of their discovery, level by level. */
  readonly states: readonly State[]
  readonly depths: readonly number[]
  readonly edges: readonly Edge[]
  readonly violations: ReadonlyMap<string, Found>
  /** Messages of the bounds that cut a step. */
  readonly cuts: ReadonlySet<string>
  /** The states at rest (rule 8), by index. */
  readonly rests: readonly number[]
}

const stateLimit = 200_000

/** Everything that can be reached, level by level, with nothing left out. */
export function reach(
  system: TransitionSystem,
  visit: (outcome: Outcome, before: State | null, process: number) => void = () => {},
): Reached {
  const engine = interpreter(system)
  const states: State[] = []
  const depths: number[] = []
  const edges: Edge[] = []
  const violations = new Map<string, Found>()
  const cuts = new Set<string>()
  const known = new Map<string, number>()
  const note = (kind: string, depth: number, message: string): void => {
    if (!violations.has(kind)) violations.set(kind, { depth, message })
  }
  const arrive = (outcome: Outcome, depth: number): number | null => {
    if (outcome.kind === 'violation') note(outcome.trap.kind, depth, outcome.trap.message)
    if (outcome.kind === 'cut') cuts.add(outcome.bound.message)
    if (outcome.kind !== 'next') return null
    const key = stateKey(outcome.state)
    const old = known.get(key)
    if (old !== undefined) return old
    known.set(key, states.length)
    depths.push(depth)
    return states.push(outcome.state) - 1
  }
  for (const outcome of engine.initial()) {
    visit(outcome, null, -1)
    arrive(outcome, 0)
  }
  for (let from = 0; from < states.length; from++) {
    if (from > stateLimit) throw new Error(`more than ${stateLimit} states`)
    const state = states[from] as State
    const depth = depths[from] ?? 0
    const wrong = engine.judge(state)
    if (wrong) {
      // A violating step is not continued: nothing follows but the violation.
      note(wrong.kind, depth, wrong.message)
      edges.push({ from, process: -1, to: null })
      continue
    }
    for (const process of system.processes.keys()) {
      for (const outcome of engine.fire(state, process)) {
        visit(outcome, state, process)
        edges.push({ from, process, to: arrive(outcome, depth + 1) })
      }
    }
  }
  const { lost, rests } = lostRests(engine, states, edges)
  for (const { kind, state, message } of lost) note(kind, depths[state] ?? 0, message)
  for (const rest of rests) {
    const wrong = engine.judgeRest(states[rest] as State)
    if (wrong) note(wrong.kind, depths[rest] ?? 0, wrong.message)
  }
  return { system, interpreter: engine, states, depths, edges, violations, cuts, rests }
}

/** `reach` from a text. */
export const explored = (text: string, choices: Choices = {}): Reached =>
  reach(systemOf(text, choices))

/** The kinds of violation a text has, sorted; a bound that was met is `incomplete`. */
export function kindsIn(text: string, choices: Choices = {}): readonly string[] {
  const { violations, cuts } = explored(text, choices)
  return [...violations.keys(), ...(cuts.size > 0 ? ['incomplete'] : [])].sort()
}

/** How many states a text has. */
export const countOf = (text: string, choices: Choices = {}): number =>
  explored(text, choices).states.length

/** The values one shared variable has at rest, each once, in order of size. */
export function finals(text: string, name: string, choices: Choices = {}): readonly unknown[] {
  const { rests, states } = explored(text, choices)
  const values = new Set(rests.map((at) => JSON.stringify(states[at]?.shared[name])))
  return [...values].map((value) => JSON.parse(value)).sort((a, b) => a - b)
}
