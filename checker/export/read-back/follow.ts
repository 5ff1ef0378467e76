import { type Interpreter, processName, type State, stateKey } from '../../../spec/index.js'
import type { Step, Trail } from '../../engine/engine.js'
import type { ControlPoint } from './control-point.js'

/** Our trail with the control points of a foreign trace, or where it cannot be followed. */
export type Followed =
  | { readonly trail: Trail; readonly refusal: null }
  | { readonly trail: null; readonly refusal: string }

/** A state that can be reached with the control points so far, and one way to it. */
interface Reached {
  readonly state: State
  readonly initial: readonly number[]
  readonly step: Step | null
  readonly before: Reached | null
}

/** A run that ends in a violation. */
interface End {
  readonly kind: string
  readonly trail: Trail
}

/**
 * A foreign trace says who moved from where, and not what was picked: all picks are tried, step by step, and kept while
 * they lead to a state in which the next process is where the trace says. The run must end in a violation, of the
 * kind `wanted` unless that is null.
 */
export function follow(
  interpreter: Interpreter,
  points: readonly ControlPoint[],
  wanted: string | null = null,
): Followed {
  const { reached: start, ends } = begin(interpreter)
  let reached = start
  if (points.length === 0 && reached.length === 0) return conclude(ends, wanted, 'init')
  for (const [index, point] of points.entries()) {
    const isLast = index === points.length - 1
    const fired = fireAll(interpreter, reached, point)
    if (fired.next.length === 0 && !isLast) {
      return { trail: null, refusal: problemAt(interpreter, reached, point, index + 1, fired) }
    }
    if (fired.next.length === 0 && fired.ends.length === 0) {
      return { trail: null, refusal: problemAt(interpreter, reached, point, index + 1, fired) }
    }
    if (isLast) ends.push(...fired.ends)
    reached = fired.next
  }
  const judged = reached.flatMap((one) => {
    const kind = endKind(interpreter, one.state)
    return kind === null ? [] : [{ kind, trail: trailOf(one) }]
  })
  return conclude([...ends, ...judged], wanted, `the run of ${points.length} steps`)
}

function begin(interpreter: Interpreter): { reached: readonly Reached[]; ends: End[] } {
  const ends: End[] = []
  const reached = distinct(
    interpreter.initial().flatMap((outcome): Reached[] => {
      const { choices: initial } = outcome
      if (outcome.kind === 'violation') {
        ends.push({ kind: outcome.trap.kind, trail: { initial, steps: [] } })
      }
      if (outcome.kind !== 'next') return []
      return [{ state: outcome.state, initial, step: null, before: null }]
    }),
  )
  return { reached, ends }
}

interface Fired {
  readonly next: readonly Reached[]
  readonly ends: readonly End[]
  /** A bound that was met. */
  readonly cut: string | null
}

function fireAll(
  interpreter: Interpreter,
  reached: readonly Reached[],
  { process, at }: ControlPoint,
): Fired {
  const next: Reached[] = []
  const ends: End[] = []
  let cut: string | null = null
  for (const before of reached) {
    if (before.state.processes[process]?.at !== at) continue
    for (const outcome of interpreter.fire(before.state, process)) {
      const step = { process, choices: outcome.choices }
      const { initial } = before
      if (outcome.kind === 'cut') cut = outcome.bound.message
      else if (outcome.kind === 'next') next.push({ state: outcome.state, initial, step, before })
      else {
        const { initial: start, steps } = trailOf(before)
        ends.push({
          kind: outcome.trap.kind,
          trail: { initial: start, steps: [...steps, step] },
        })
      }
    }
  }
  return { next: distinct(next), ends, cut }
}

/** The first way to each state. */
function distinct(reached: readonly Reached[]): readonly Reached[] {
  const byKey = new Map<string, Reached>()
  for (const one of reached) {
    const key = stateKey(one.state)
    if (!byKey.has(key)) byKey.set(key, one)
  }
  return [...byKey.values()]
}

function trailOf(reached: Reached): Trail {
  const steps: Step[] = []
  for (let one: Reached | null = reached; one !== null; one = one.before) {
    if (one.step !== null) steps.push(one.step)
  }
  return { initial: reached.initial, steps: steps.reverse() }
}

/** What a state itself is a violation of; null when of nothing. */
function endKind(interpreter: Interpreter, state: State): string | null {
  const trap = interpreter.judge(state)
  if (trap !== null) return trap.kind
  if (interpreter.mayRest(state)) return interpreter.judgeRest(state)?.kind ?? null
  const { processes } = interpreter.system
  const moves = processes.some((_, process) => interpreter.fire(state, process).length > 0)
  return moves ? null : lostKind(interpreter, state)
}

/** What a standstill is called: the kind that a blocked process names, else `deadlock`. */
function lostKind(interpreter: Interpreter, state: State): string {
  for (const process of interpreter.system.processes.keys()) {
    const names = interpreter.wait(state, process)?.names
    if (names != null) return names
  }
  return 'deadlock'
}

function conclude(ends: readonly End[], wanted: string | null, what: string): Followed {
  const found = wanted === null ? ends[0] : ends.find((end) => end.kind === wanted)
  if (found !== undefined) return { trail: found.trail, refusal: null }
  const kinds = [...new Set(ends.map((end) => end.kind))]
  const got = kinds.length === 0 ? 'no violation' : kinds.join(', ')
  const not = wanted === null || kinds.length === 0 ? '' : `, not in ${wanted}`
  return { trail: null, refusal: `${what} ends in ${got}${not}` }
}

function problemAt(
  interpreter: Interpreter,
  reached: readonly Reached[],
  { process, at }: ControlPoint,
  number: number,
  fired: Fired,
): string {
  const { system } = interpreter
  const head = `step ${number}:`
  if (system.processes[process] === undefined) return `${head} there is no process ${process}`
  const who = processName(process, system)
  const here = reached.filter(({ state }) => state.processes[process]?.at === at)
  if (here.length === 0) {
    const places = new Set(reached.map(({ state }) => state.processes[process]?.at))
    return `${head} ${who} is at ${[...places].join(' or ')} here, and not at ${at}`
  }
  if (fired.ends.length > 0) return `${head} ${who} already ends in ${fired.ends[0]?.kind}`
  if (fired.cut !== null) return `${head} ${who} meets a bound: ${fired.cut}`
  return `${head} ${who} cannot move from ${at} here`
}
