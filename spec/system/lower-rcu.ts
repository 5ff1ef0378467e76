import type { Op } from '../analysis/model.js'
import { poolStruct } from '../analysis/types.js'
import { mayWrite } from './access.js'
import type { Builder } from './builder.js'
import { badHead, blockingInAtomic, wrongCallback } from './errors.js'
import type { Place } from './expression.js'
import { one, zero } from './fold.js'
import { lowerPointed } from './lower-place.js'
import { argument, type Lowering, operands } from './operands.js'
import type { Section } from './system.js'

/** Contexts, RCU and SRCU: each primitive is one step, also one that changes only the caller's context. */

const section =
  (which: Section, by: 1 | -1): Lowering =>
  (b, _env, e) => {
    mayWrite(b, null, e)
    b.emit({ kind: 'context', name: e.builtin, which, by })
    return zero
  }

const preemptible: Lowering = (b) => {
  const slot = b.temporary('', { kind: 'bool' })
  b.emit({ kind: 'preemptible', slot })
  return { kind: 'slot', slot }
}

const mightSleep: Lowering = (b, _env, e) => {
  b.emit({ kind: 'might-sleep', name: e.builtin })
  return zero
}

const srcuReadLock: Lowering = (b, env, e) => {
  const { place } = operands(b, env, e)
  mayWrite(b, place, e)
  b.emit({ kind: 'lock', name: e.builtin, action: 'section-enter', place, result: null })
  // The index is the domain's own affair; any value will do for srcu_read_unlock.
  return one
}

const synchronize: Lowering = (b, env, e) => {
  const domain: Place | null = e.arguments.length === 0 ? null : operands(b, env, e).place
  mayWrite(b, null, e)
  if (b.region !== 0) b.report(blockingInAtomic(e.span, e.builtin))
  b.emit({ kind: 'grace', name: e.builtin, domain })
  return zero
}

const barrier: Lowering = (b, _env, e) => {
  mayWrite(b, null, e)
  if (b.region !== 0) b.report(blockingInAtomic(e.span, e.builtin))
  b.emit({ kind: 'rcu-barrier' })
  return zero
}

const callRcu: Lowering = (b, env, e) => {
  const place = lowerPointed(b, env, argument(e, 0))
  const callback = argument(e, 1)
  mayWrite(b, null, e)
  if (callback.kind !== 'call') throw new Error('no callback')
  if (place.root.kind !== 'object' || place.path.length !== 1) b.report(badHead(e.span))
  else if (!takesObjectOf(b, callback.op, place.root.pools)) {
    b.report(wrongCallback(callback.span, callback.op.name))
  }
  const op = b.shared.ops.get(callback.op.name) ?? callback.op
  const { callbacks } = b.shared
  if (!callbacks.includes(op)) callbacks.push(op)
  b.emit({ kind: 'call-rcu', place, callback: callbacks.indexOf(op) })
  return zero
}

/** Whether an op's parameter points to what these pools hold. */
function takesObjectOf(b: Builder, op: Op, pools: readonly number[]): boolean {
  const wanted = op.parameters[0] && poolStruct(op.parameters[0].type)
  return [...b.shared.pools].some(([pool, at]) => pools.includes(at) && pool.struct === wanted)
}

export const rcu: Readonly<Record<string, Lowering>> = {
  preempt_disable: section('preempt', 1),
  preempt_enable: section('preempt', -1),
  local_irq_disable: section('irqs', 1),
  local_irq_enable: section('irqs', -1),
  local_irq_save: section('irqs', 1),
  local_irq_restore: section('irqs', -1),
  local_bh_disable: section('bh', 1),
  local_bh_enable: section('bh', -1),
  rcu_read_lock: section('rcu', 1),
  rcu_read_unlock: section('rcu', -1),
  preemptible,
  might_sleep: mightSleep,
  synchronize_rcu: synchronize,
  synchronize_srcu: synchronize,
  call_rcu: callRcu,
  rcu_barrier: barrier,
  srcu_read_lock: srcuReadLock,
}
