import type { Program } from '../program.js'
import type { ControlPoint, ReadBack } from './control-point.js'

/** A state of a trace of the exported TLA+: what its variable `moved` is, if the trace says. */
export type Moved = readonly [process: number, location: number] | null

/**
 * Every state says who came there from where, and the first that nobody did. A state that says nothing of it is one of
 * a trace that only has what changed.
 */
export function pointsOf(states: readonly Moved[], program: Program): ReadBack {
  const [first, ...others] = states
  if (first === undefined) return refused('this is no trace: it has no state')
  if (first === null)
    return refused('the first state has no `moved`: this is no trace of exported TLA+')
  if (first[0] !== -1) return refused('the trace does not begin with an initial state')
  const points: ControlPoint[] = []
  let last: NonNullable<Moved> = first
  for (const [index, moved] of others.entries()) {
    const [process, at] = moved ?? last
    const head = `state ${index + 2}:`
    const code = program.codes.findIndex(({ first, last }) => process >= first && process <= last)
    if (code < 0) return refused(`${head} there is no process ${process}`)
    if (!program.actions.some((action) => action.code === code && action.location === at)) {
      return refused(`${head} process ${process} has no step from ${at}`)
    }
    points.push({ process, at })
    last = [process, at]
  }
  return { points, refusal: null }
}

export const refused = (refusal: string): ReadBack => ({ points: null, refusal })
