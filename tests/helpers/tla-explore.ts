import { Evaluator, type State } from './tla-evaluate.js'
import type { Module } from './tla-syntax.js'
import { keyOf, truthOf } from './tla-values.js'

/** Everything that a module reaches under a configuration, breadth first, going on where TLC would stop. */
export interface Explored {
  /** Distinct by `VIEW` and within `CONSTRAINT`: what TLC counts. */
  readonly states: number
  /** Distinct, outside of it and without a fault in the step that led there: a check failed. */
  readonly harmed: number
  /** Of the states. */
  readonly depth: number
  /** The least depth at which an invariant fails, or a state without a next one; by what the line says about it. */
  readonly found: ReadonlyMap<string, number>
}

interface Config {
  readonly view: string
  readonly constraint: string
  readonly invariants: readonly { readonly name: string; readonly says: string }[]
  readonly deadlock: string | null
}

export function configOf(text: string): Config {
  const lines = text.split('\n').flatMap((line) => {
    const [, word, name, says = ''] = /^(\w+) (\w+)(?: \\\* (.*))?$/.exec(line) ?? []
    if (word === undefined && line !== '' && !line.startsWith('\\*')) throw new Error(line)
    return word === undefined ? [] : [{ word, name: name ?? '', says }]
  })
  const one = (wanted: string) => lines.find(({ word }) => word === wanted)
  const deadlock = one('CHECK_DEADLOCK')
  if (one('SPECIFICATION')?.name !== 'Spec') throw new Error('no specification')
  return {
    view: one('VIEW')?.name ?? '',
    constraint: one('CONSTRAINT')?.name ?? '',
    invariants: lines.filter(({ word }) => word === 'INVARIANT'),
    deadlock: deadlock?.name === 'TRUE' ? deadlock.says : null,
  }
}

export function explore(module: Module, configuration: string, statesMax = 200_000): Explored {
  if (!/^Init \/\\ \[\]\[Next\]_Vars$/.test(module.spec)) throw new Error(module.spec)
  const { view, constraint, invariants, deadlock } = configOf(configuration)
  const evaluator = new Evaluator(module)
  const fault = evaluator.variables.indexOf('fault')
  const seen = new Set<string>()
  const found = new Map<string, number>()
  const note = (says: string, depth: number): void => {
    if (!found.has(says)) found.set(says, depth)
  }
  let states = 0
  let harmed = 0
  let depth = -1
  let level: State[] = []
  const arrive = (reached: readonly State[], at: number): void => {
    for (const state of reached) {
      const key = keyOf(evaluator.value(view, state))
      if (seen.has(key)) continue
      seen.add(key)
      for (const { name, says } of invariants) {
        if (!truthOf(evaluator.value(name, state))) note(says, at)
      }
      if (truthOf(evaluator.value(constraint, state))) {
        states++
        depth = at
        level.push(state)
      } else if (state[fault] === -1) harmed++
    }
    if (seen.size > statesMax) throw new Error(`more than ${statesMax} states`)
  }
  arrive(evaluator.initial(), 0)
  for (let at = 0; level.length > 0; at++) {
    const before = level
    level = []
    for (const state of before) {
      const next = evaluator.successors(state)
      if (next.length === 0 && deadlock !== null) note(deadlock, at)
      arrive(next, at + 1)
    }
  }
  return { states, harmed, depth, found }
}
