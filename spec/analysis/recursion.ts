import type { Op } from './model.js'
import { recursion } from './model-errors.js'
import type { CallSite, Globals } from './scopes.js'

/**
 * Reports every circle of calls once, at the call that closes it, and gives the ops in an order in which
 * each comes after those it calls.
 */
export function checkRecursion(globals: Globals, ops: readonly Op[]): readonly Op[] {
  const calls = new Map<Op, CallSite[]>()
  for (const call of globals.calls) {
    if (!call.from) continue
    const from = calls.get(call.from)
    if (from) from.push(call)
    else calls.set(call.from, [call])
  }
  const state = new Map<Op, 'open' | 'done'>()
  const order: Op[] = []
  const path: CallSite[] = []
  const visit = (op: Op): void => {
    state.set(op, 'open')
    for (const call of calls.get(op) ?? []) {
      path.push(call)
      const seen = state.get(call.to)
      if (seen === 'open') report(globals, path, call.to)
      else if (!seen) visit(call.to)
      path.pop()
    }
    state.set(op, 'done')
    order.push(op)
  }
  for (const op of ops) if (!state.has(op)) visit(op)
  return order
}

function report(globals: Globals, path: readonly CallSite[], target: Op): void {
  const begin = path.findIndex((call) => call.from === target)
  const circle = path.slice(begin)
  const closing = circle.at(-1)
  if (!closing) return
  globals.report(
    recursion(
      closing.span,
      circle.map((call) => ({
        from: call.from?.name ?? '',
        to: call.to.name,
        span: call.span,
      })),
    ),
  )
}
