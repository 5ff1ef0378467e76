import type { Code, Instruction, Location, TransitionSystem } from '../../spec/index.js'
import { landings, visibleIn } from './flow.js'
import type { Mover, Movers } from './movers.js'

/**
 * Steps that follow one another are made one: right movers, then at most one step that is neither, then left movers
 * (Lipton 1975). Only the first of them may block, no circle of control is made one step, and control still rests
 * where a daemon is between two runs. What lies in between is a state that no other process can tell from the one before
 * or the one after.
 */
export function fusing(
  system: TransitionSystem,
  movers: Movers,
): { readonly system: TransitionSystem; readonly fused: number } {
  let fused = 0
  const codes = system.codes.map((code, number) => {
    const joined = joinedLocations(code, (at) => movers.of(number, at))
    fused += joined.size
    return joined.size === 0 ? code : joining(code, joined)
  })
  return { system: { ...system, codes }, fused }
}

/** An instruction inside of a region never starts a transition. */
function joining(code: Code, joined: ReadonlySet<Location>): Code {
  const regions = code.instructions.flatMap((i) => [i.region, i.kind === 'atomic' ? i.opens : 0])
  const region = Math.max(...regions) + 1
  const instructions = code.instructions.map((i, at): Instruction => {
    return joined.has(at) ? { ...i, region } : i
  })
  return { ...code, instructions }
}

/** What has been executed of a transition: only right movers, or more. */
type Phase = 'before' | 'after'

/** The visible locations where control need not rest. */
function joinedLocations(code: Code, moverOf: (at: Location) => Mover): ReadonlySet<Location> {
  const { instructions } = code
  const visible = visibleIn(code)
  const joined = new Set<Location>()
  for (const [at, i] of instructions.entries()) {
    if (visible[at] && at !== code.entry && !code.idle.has(at) && !mayBlock(code, i)) joined.add(at)
  }
  // The first steps of a process belong to no transition before them.
  for (const at of landings(code, visible, code.entry, true)) joined.delete(at)
  for (let before = -1; before !== joined.size; ) {
    before = joined.size
    dropIllMatched(code, visible, joined, moverOf)
    dropCircles(code, visible, joined)
  }
  return joined
}

/** A step that must not follow all that may come before it starts a transition of its own. */
function dropIllMatched(
  code: Code,
  visible: readonly boolean[],
  joined: Set<Location>,
  moverOf: (at: Location) => Mover,
): void {
  const phases = new Map<Location, Set<Phase>>()
  const work: [Location, Phase][] = []
  const arrive = (at: Location, phase: Phase): void => {
    const known = phases.get(at) ?? new Set()
    if (known.has(phase)) return
    phases.set(at, known.add(phase))
    work.push([at, phase])
  }
  const leave = (at: Location, phase: Phase): void => {
    const after = phase === 'before' && moverOf(at).right ? 'before' : 'after'
    for (const to of landings(code, visible, at)) arrive(to, after)
  }
  for (const [at] of code.instructions.entries()) {
    if (visible[at] && !joined.has(at)) leave(at, 'before')
  }
  for (let next = work.pop(); next !== undefined; next = work.pop()) {
    const [at, phase] = next
    if (!joined.has(at)) continue
    if (phase === 'after' && !moverOf(at).left) {
      joined.delete(at)
      leave(at, 'before')
    } else leave(at, phase)
  }
}

/** A circle of joined steps would be one step without end: one of them stays a step of its own. */
function dropCircles(code: Code, visible: readonly boolean[], joined: Set<Location>): void {
  const state = new Map<Location, 'open' | 'done'>()
  const visit = (at: Location): void => {
    state.set(at, 'open')
    for (const to of landings(code, visible, at)) {
      if (!joined.has(to)) continue
      if (state.get(to) === 'open') joined.delete(to)
      else if (!state.has(to)) visit(to)
    }
    state.set(at, 'done')
  }
  for (const at of [...joined].sort((a, b) => a - b)) {
    if (joined.has(at) && !state.has(at)) visit(at)
  }
}

/** Whether the step may have to wait, or is to be seen before it is taken. */
function mayBlock(code: Code, i: Instruction): boolean {
  switch (i.kind) {
    case 'lock':
      // What is entered is never waited for, but coming to it is part of the order of locks.
      return i.result === null && (i.action.endsWith('-lock') || i.action === 'section-enter')
    case 'bit-wait':
    case 'grace':
    case 'rcu-barrier':
    case 'callback-begin':
    case 'interrupt':
      return true
    case 'atomic':
      return code.instructions.some(
        (one) => one.region === i.opens && (one.kind === 'guard' || one.kind === 'interrupt'),
      )
    default:
      return false
  }
}
