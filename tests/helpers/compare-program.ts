import { chooseEngine } from '../../checker/engine/choose.js'
import type { PackedState, Transition } from '../../checker/engine/engine.js'
import { elaborate } from '../../checker/export/elaborate/elaborate.js'
import type { Refusal } from '../../checker/export/program.js'
import type { TransitionSystem } from '../../spec/index.js'
import { type Ran, runProgram } from './run-program.js'

export type Compared =
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] }
  /** More states than were wanted. */
  | { readonly kind: 'large' }
  | { readonly kind: 'same'; readonly states: number; readonly kinds: readonly string[] }
  | { readonly kind: 'different'; readonly ours: Ran; readonly theirs: Ran }

/** A row searched by our engine and, elaborated, by the tiny evaluator of programs: states, kinds and their depths. */
export function compareProgram(given: TransitionSystem, statesMax: number): Compared {
  // Data races are judged by looking at what is enabled together; no program does that.
  const system = { ...given, asked: new Set<string>() }
  const ours = searched(system, statesMax)
  if (!ours.isWhole) return { kind: 'large' }
  const { program, refusals } = elaborate(system)
  if (!program) return { kind: 'refused', refusals }
  const theirs = runProgram(program, statesMax)
  const kinds = [...ours.kinds.keys(), ...(ours.stuck === null ? [] : ['stuck'])].sort()
  return ranText(ours) === ranText(theirs)
    ? { kind: 'same', states: ours.states, kinds }
    : { kind: 'different', ours, theirs }
}

export const ranText = ({ states, isWhole, kinds, stuck }: Ran): string =>
  JSON.stringify({ states, isWhole, kinds: [...kinds].sort(), stuck })

/** Everything reachable by the engine, level by level, nothing concluded. */
function searched(system: TransitionSystem, statesMax: number): Ran {
  const engine = chooseEngine(system, 'compiled')
  const known = new Set<string>()
  const kinds = new Map<string, number>()
  let stuck: number | null = null
  let next: PackedState[] = []
  let depth = 0
  const note = (kind: string): void => {
    if (!kinds.has(kind)) kinds.set(kind, depth)
  }
  const reach = (transition: Transition): void => {
    if (transition.kind === 'violation') return note(transition.trap.kind)
    if (transition.kind === 'cut') return note('bound')
    const key = transition.state.join()
    if (known.has(key)) return
    known.add(key)
    const trap = engine.judge(transition.state)
    if (trap) note(trap.kind)
    else next.push(transition.state)
  }
  for (const transition of engine.initial()) reach(transition)
  while (next.length > 0 && known.size <= statesMax) {
    const frontier = next
    next = []
    for (const state of frontier) {
      let moves = false
      depth++
      engine.successors(state, (transition) => {
        moves = true
        reach(transition)
      })
      depth--
      if (moves) continue
      if (!engine.mayRest(state)) {
        stuck ??= depth
        continue
      }
      const trap = engine.judgeRest(state)
      if (trap) note(trap.kind)
    }
    depth++
  }
  return { states: known.size, isWhole: next.length === 0, kinds, stuck }
}
