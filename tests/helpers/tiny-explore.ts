import type { CheckedModel, Configuration, Local, Statement } from '../../spec/analysis/model.js'
import { interpreter } from '../../spec/interpreter/interpreter.js'
import { type LockValue, type State, stateKey } from '../../spec/interpreter/state.js'
import type { TransitionSystem } from '../../spec/system/system.js'
import { Blocked, Refused, TinyMemory, type Values } from './tiny-memory.js'
import { type Step, TinyProcess } from './tiny-semantics.js'

/**
 * What two executors must agree on: the valuations that are reached (shared variables, who has finished), the moves
 * between them and whose they are, where it ends because nobody can move, and the kinds of violation.
 */
export interface Behaviour {
  readonly valuations: ReadonlySet<string>
  readonly moves: ReadonlySet<string>
  readonly ends: ReadonlySet<string>
  readonly kinds: ReadonlySet<string>
  readonly cut: boolean
}

class Collected implements Behaviour {
  readonly valuations = new Set<string>()
  readonly moves = new Set<string>()
  readonly ends = new Set<string>()
  readonly kinds = new Set<string>()
  cut = false
}

/** Explored too far to be worth waiting for. */
export class TooMany extends Error {}
const limit = 500

// ---- the tree, executed

interface Place {
  readonly record: readonly number[]
  readonly key: string
  readonly finished: boolean
}

interface Whole {
  readonly values: Values
  readonly places: readonly Place[]
}

interface Runner {
  readonly body: readonly Statement[]
  readonly family: Local | null
  readonly index: number
}

export function exploreTree(model: CheckedModel, configuration: Configuration): Behaviour {
  const memory = new TinyMemory(model, configuration)
  const runners = model.processes.flatMap(({ body, family }): Runner[] => {
    if (!family) return [{ body, family: null, index: 0 }]
    const from = memory.constant(family.range.from)
    const to = memory.constant(family.range.to)
    return Array.from({ length: to - from + 1 }, (_, at) => ({
      body,
      family: family.index,
      index: from + at,
    }))
  })
  const found = new Collected()
  /** The valuation of each state, by its key. */
  const known = new Map<string, string>()
  const work: { readonly whole: Whole; readonly here: string }[] = []
  const arrive = (whole: Whole): string => {
    const key = JSON.stringify([whole.values, whole.places.map((place) => place.key)])
    const old = known.get(key)
    if (old !== undefined) return old
    const here = JSON.stringify([whole.values, whole.places.map(({ finished }) => finished)])
    found.valuations.add(here)
    known.set(key, here)
    if (known.size > limit) throw new TooMany()
    work.push({ whole, here })
    return here
  }
  const attempt = (me: number, at: Place | null, values: Values) =>
    attempts(model, memory, runners[me] as Runner, me, at, values, found.kinds)
  const begin = (me: number, values: Values, places: readonly Place[]): void => {
    if (me === runners.length) return void arrive({ values, places })
    for (const { values: next, place } of attempt(me, null, values)) {
      begin(me + 1, next, [...places, place])
    }
  }
  begin(0, structuredClone(memory.values), [])
  for (const { whole, here } of work) {
    let moved = false
    for (const [me, place] of whole.places.entries()) {
      if (place.finished) continue
      const tried = attempt(me, place, whole.values)
      moved ||= tried.attempted
      for (const next of tried) {
        const places = whole.places.map((each, at) => (at === me ? next.place : each))
        found.moves.add(`${here} ${me} ${arrive({ values: next.values, places })}`)
      }
    }
    if (!moved) found.ends.add(here)
  }
  return found
}

interface Attempts extends Array<{ readonly values: Values; readonly place: Place }> {
  /** Something happened, if only a violation. */
  attempted: boolean
}

/** Every way the next transition of a process can go. */
function attempts(
  model: CheckedModel,
  memory: TinyMemory,
  { body, family, index }: Runner,
  me: number,
  at: Place | null,
  values: Values,
  kinds: Set<string>,
): Attempts {
  const results = Object.assign([], { attempted: false }) as Attempts
  for (let picks: readonly number[] | null = []; picks !== null; ) {
    const process = new TinyProcess(model, memory, me, at?.record ?? [])
    memory.values = structuredClone(values)
    process.picks = picks
    try {
      const run: Step = process.run(body, family, index)
      let { done } = run.next()
      if (at !== null) done = run.next().done
      const key = done ? 'done' : process.key()
      results.push({
        values: memory.values,
        place: { record: process.record, key, finished: done === true },
      })
      results.attempted = true
    } catch (signal) {
      if (signal instanceof Refused) {
        kinds.add(signal.kind)
        results.attempted = true
      } else if (!(signal instanceof Blocked)) throw signal
    }
    picks = nextPicks(process.made, process.widths)
  }
  return results
}

function nextPicks(made: readonly number[], widths: readonly number[]): readonly number[] | null {
  for (let at = made.length - 1; at >= 0; at--) {
    const pick = (made[at] ?? 0) + 1
    if (pick < (widths[at] ?? 1)) return [...made.slice(0, at), pick]
  }
  return null
}

// ---- the transition system, interpreted

export function exploreSystem(system: TransitionSystem): Behaviour {
  const engine = interpreter(system)
  const found = new Collected()
  /** The valuation of each state, by its key. */
  const known = new Map<string, string>()
  const work: { readonly state: State; readonly here: string }[] = []
  const arrive = (state: State): string => {
    const key = stateKey(state)
    const old = known.get(key)
    if (old !== undefined) return old
    const finished = system.processes.map((_, process) => engine.finished(state, process))
    const values = Object.entries(state.shared).map(([name, value]) => [name, ownersOnly(value)])
    const here = JSON.stringify([Object.fromEntries(values), finished])
    found.valuations.add(here)
    known.set(key, here)
    if (known.size > limit) throw new TooMany()
    work.push({ state, here })
    return here
  }
  const note = (outcome: ReturnType<typeof engine.initial>[number]): string | null => {
    if (outcome.kind === 'violation') found.kinds.add(outcome.trap.kind)
    if (outcome.kind === 'cut') found.cut = true
    return outcome.kind === 'next' ? arrive(outcome.state) : null
  }
  for (const outcome of engine.initial()) note(outcome)
  for (const { state, here } of work) {
    let moved = false
    for (const process of system.processes.keys()) {
      for (const outcome of engine.fire(state, process)) {
        moved = true
        const there = note(outcome)
        if (there !== null) found.moves.add(`${here} ${process} ${there}`)
      }
    }
    if (!moved) found.ends.add(here)
  }
  return found
}

/** Values with each lock as its owner. */
function ownersOnly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ownersOnly)
  if (typeof value !== 'object' || value === null) return value
  if ('waiting' in value) return (value as LockValue).owner
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, ownersOnly(each)]))
}
