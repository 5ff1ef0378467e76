import type { Interpreter, State } from '../../../spec/index.js'
import type { Violation } from '../../property/violation.js'

/** What our own search says of a row, as far as others can be held against it. */
export interface Ours {
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  /** The name of the limit that ended it; `bound` where the model's own bound was met. */
  readonly limit: string | null
  /** Every reachable state was seen, and nothing was cut. */
  readonly exhaustive: boolean
  readonly states: number
  readonly violations: readonly OurViolation[]
  readonly seconds: number
}

export interface OurViolation {
  readonly kind: string
  /** The least number of steps to it. */
  readonly depth: number
  /**
   * What it is a property of. A `standstill`: nothing can move, and not everything has ended; others say that in their
   * own way, whatever we call it. What is of the `graph` keeps no state from being expanded.
   */
  readonly of: 'step' | 'state' | 'rest' | 'standstill' | 'graph'
  /** Why no other tool can say it; null where they can. */
  readonly unsaid: string | null
}

/** A violation as others see it. Its run is walked by the interpreter to look at where it ends. */
export function ourViolation(interpreter: Interpreter, violation: Violation): OurViolation {
  const { kind, depth } = violation
  const said = (of: OurViolation['of']): OurViolation => ({ kind, depth, of, unsaid: null })
  const unsaid = (why: string): OurViolation => ({ kind, depth, of: 'graph', unsaid: why })
  if (kind === 'lock-inversion') return unsaid('a circle of lock orders is made by several runs')
  if (kind === 'data-race') {
    return { ...unsaid('a data race is two steps that could both come next'), of: 'state' }
  }
  if (violation.trap.site !== null) return said('step')
  if (violation.loop.length > 0) return unsaid('rest is lost while something still moves')
  const end = endOf(interpreter, violation)
  if (interpreter.judge(end) !== null) return said('state')
  const { processes } = interpreter.system
  const moves = processes.some((_, process) => interpreter.fire(end, process).length > 0)
  if (interpreter.mayRest(end)) {
    return moves ? unsaid('it is judged at a rest in which daemons could still move') : said('rest')
  }
  return moves ? unsaid('rest is lost while something still moves') : said('standstill')
}

function endOf(interpreter: Interpreter, { trail }: Violation): State {
  const start = interpreter.replayInitial(trail.initial)
  if (start === null || start.kind === 'cut') throw new Error('a trail without an initial state')
  let { state } = start
  for (const { process, choices } of trail.steps) {
    const outcome = interpreter.replay(state, process, choices)
    if (outcome === null || outcome.kind === 'cut') throw new Error('a trail that cannot be walked')
    state = outcome.state
  }
  return state
}
