import {
  type CheckedModel,
  type Configuration,
  type Expression,
  type Interpreter,
  interpreter,
  lower,
  predicateAt,
  type Span,
  sameSpan,
  type Trap,
  withPart,
} from '../../spec/index.js'
import type { Trail } from '../engine/engine.js'
import type { Explanation } from '../render/explanation.js'
import { touches } from '../trace/replay.js'
import type { Trace } from '../trace/trace.js'

/**
 * The condition a violation is about; of one joined by `&&` or `||` the part that decided, which is found by asking: the
 * same run ends in the same violation when that part alone is the condition. Null where no condition was written.
 */
export function explain(
  row: { readonly model: CheckedModel; readonly configuration: Configuration },
  { trap, trail, operands }: Trace,
): Explanation | null {
  const at = trap.site?.statement ?? trap.at
  const predicate = predicateAt(row.model, at)
  if (predicate === null) return null
  for (const part of predicate.parts) {
    const decided = violatedBy(row, at, part, { trap, trail })
    if (decided === null) continue
    const isRead = (path: Trap['operands'][number]) =>
      decided.operands.some((read) => touches(read, path))
    const read = operands.filter(({ path }) => isRead(path))
    return { span: part.span, value: predicate.value, operands: read, isPart: true }
  }
  return { span: predicate.span, value: predicate.value, operands, isPart: false }
}

/** The violation that a run ends in with a part as the whole condition; null when it ends in none, or in another one. */
function violatedBy(
  { model, configuration }: Parameters<typeof explain>[0],
  at: Span,
  part: Expression,
  { trap, trail }: { readonly trap: Trap; readonly trail: Trail },
): Trap | null {
  const { result: system } = lower(withPart(model, at, part), configuration)
  if (system === null) return null
  const found = endOf(interpreter(system), trail)
  return found?.kind === trap.kind && sameSpan(found.at, trap.at) ? found : null
}

/** What a run ends in. A condition on locals alone takes no step of its own: it may fail one step early. */
function endOf(interpreter: Interpreter, trail: Trail): Trap | null {
  const start = interpreter.replayInitial(trail.initial)
  if (start?.kind !== 'next') return start?.kind === 'violation' ? start.trap : null
  let { state } = start
  for (const [index, { process, choices }] of trail.steps.entries()) {
    const outcome = interpreter.replay(state, process, choices)
    if (outcome?.kind === 'violation') {
      return index >= trail.steps.length - 2 ? outcome.trap : null
    }
    if (outcome?.kind !== 'next') return null
    state = outcome.state
  }
  return (
    interpreter.judge(state) ?? (interpreter.mayRest(state) ? interpreter.judgeRest(state) : null)
  )
}
