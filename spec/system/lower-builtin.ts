import { load, mayWrite, store } from './access.js'
import type { Builder } from './builder.js'
import type { Environment } from './environment.js'
import { blockingInAtomic } from './errors.js'
import type { Expr } from './expression.js'
import { conditional, not, truth, zero } from './fold.js'
import { locks, lowerLock } from './lower-lock.js'
import { lowerAlloc, lowerDestroy, lowerFree, lowerTouch } from './lower-object.js'
import { lowerPlace, lowerPointed } from './lower-place.js'
import { rcu } from './lower-rcu.js'
import { argument, type BuiltinCall, type Lowering, operands } from './operands.js'
import { touchesShared } from './purity.js'
import { settled } from './steady.js'
import { plainBits, testBit, updates } from './updates.js'

/** One primitive: its operands' loads, then the step itself. Returns its result (0 when it has none). */
export function lowerBuiltin(b: Builder, env: Environment, e: BuiltinCall): Expr {
  return b.at({ span: e.span }, () => {
    const name: string = e.builtin
    const lock = locks[name]
    if (lock) return lowerLock(b, env, e, lock)
    if (name in updates) return lowerUpdate(b, env, e)
    if (name in plainBits) return lowerPlainBit(b, env, e)
    const other = others[name]
    if (!other) throw new Error(`built-in ${name} has no meaning`)
    return other(b, env, e)
  })
}

function lowerUpdate(b: Builder, env: Environment, e: BuiltinCall): Expr {
  const { place, given } = operands(b, env, e)
  const rule = updates[e.builtin]
  if (!rule) throw new Error(`no rule for ${e.builtin}`)
  mayWrite(b, place, e)
  const old = b.temporary('', place.type)
  const { traps, when, value, result } = rule({ kind: 'slot', slot: old }, given, place.type)
  b.emit({ kind: 'update', name: e.builtin, place, old, traps, when, value })
  return result
}

function lowerPlainBit(b: Builder, env: Environment, e: BuiltinCall): Expr {
  const { place, given } = operands(b, env, e)
  const rule = plainBits[e.builtin]
  if (!rule) throw new Error(`no rule for ${e.builtin}`)
  const old = load(b, place, false, e)
  store(b, place, rule(old, given[0] ?? zero), false, e)
  return zero
}

// ---- everything else

const readPlace: Lowering = (b, env, e) => load(b, lowerPlace(b, env, argument(e, 0)), true, e)
const readPointed: Lowering = (b, env, e) => load(b, operands(b, env, e).place, true, e)

const writePlace: Lowering = (b, env, e) => {
  const target = argument(e, 0)
  const type = b.shared.types.resolve(target.type)
  const value = settled(b, env, b.value(env, argument(e, 1)), type, [target])
  store(b, lowerPlace(b, env, target), value, true, e)
  return zero
}

const writePointed: Lowering = (b, env, e) => {
  const { place, given } = operands(b, env, e)
  store(b, place, given[0] ?? zero, true, e)
  return zero
}

/** Memory barriers: nothing to do under sequential consistency (rule 5). */
const barrier: Lowering = () => zero

const assertHeld =
  (mode: 'any' | 'read' | 'write' | 'not'): Lowering =>
  (b, env, e) => {
    const { place } = operands(b, env, e)
    b.emit({ kind: 'assert-held', name: e.builtin, place, mode })
    return zero
  }

const bitWait =
  (take: boolean): Lowering =>
  (b, env, e) => {
    const { place, given } = operands(b, env, e)
    if (take) mayWrite(b, place, e)
    if (b.region !== 0) b.report(blockingInAtomic(e.span, e.builtin))
    b.emit({ kind: 'bit-wait', place, bit: bitNumber(given[0]), take })
    return zero
  }

const bitWake =
  (clear: boolean): Lowering =>
  (b, env, e) => {
    const { place, given } = operands(b, env, e)
    mayWrite(b, place, e)
    b.emit({ kind: 'bit-wake', place, bit: bitNumber(given[0]), clear })
    return zero
  }

/** A bit is named, so its number is known; a bitlock has the one bit 0. */
const bitNumber = (bit: Expr | undefined): number => (bit?.kind === 'literal' ? bit.value : 0)

const lowerTestBit: Lowering = (b, env, e) => {
  const { place, given } = operands(b, env, e)
  return testBit(load(b, place, true, e), given[0] ?? zero)
}

/** `try_cmpxchg(&x, &old, new)`: on failure `old` becomes what was there. */
const lowerTryCmpxchg: Lowering = (b, env, e) => {
  const place = lowerPointed(b, env, argument(e, 0))
  const expected = lowerPointed(b, env, argument(e, 1))
  const value = b.value(env, argument(e, 2))
  const wanted: Expr =
    expected.root.kind === 'local' && expected.path.length === 0
      ? { kind: 'slot', slot: expected.root.slot }
      : load(b, expected, false, e)
  const rule = updates['cmpxchg']
  if (!rule) throw new Error('no rule for cmpxchg')
  mayWrite(b, place, e)
  const slot = b.temporary('', place.type)
  const old: Expr = { kind: 'slot', slot }
  const { traps, when, value: stored } = rule(old, [wanted, value], place.type)
  b.emit({ kind: 'update', name: e.builtin, place, old: slot, traps, when, value: stored })
  const done = b.temporary('', { kind: 'bool' })
  b.emit({ kind: 'assign', slot: done, value: when })
  // On success what was expected stays as it is: a stale pointer does not become a good one.
  store(b, expected, conditional({ kind: 'slot', slot: done }, wanted, old), false, e)
  return { kind: 'slot', slot: done }
}

/** BUG_ON and WARN_ON read their condition in one instant; WARN_ON gives it back. */
const report =
  (violation: 'bug-on' | 'warn-on'): Lowering =>
  (b, env, e) => {
    const condition = argument(e, 0)
    const result = b.temporary('', { kind: 'bool' })
    const message = `${e.builtin}(${b.shared.text(condition.span)})`
    const body = (): void => {
      const value = truth(b.value(env, condition))
      b.emit({ kind: 'assign', slot: result, value })
      if (violation === 'warn-on' && b.shared.ignored.has('warn-on')) return
      const holds = not({ kind: 'slot', slot: result })
      b.emit({ kind: 'require', condition: holds, violation, message })
    }
    if (touchesShared(env, condition)) b.inRegion('check', body)
    else body()
    return { kind: 'slot', slot: result }
  }

const others: Readonly<Record<string, Lowering>> = {
  READ_ONCE: readPlace,
  rcu_dereference: readPlace,
  srcu_dereference: readPlace,
  WRITE_ONCE: writePlace,
  rcu_assign_pointer: writePlace,
  smp_load_acquire: readPointed,
  smp_store_release: writePointed,
  smp_mb: barrier,
  smp_rmb: barrier,
  smp_wmb: barrier,
  refcount_read: readPointed,
  atomic_read: readPointed,
  refcount_set: writePointed,
  atomic_set: writePointed,
  test_bit: lowerTestBit,
  try_cmpxchg: lowerTryCmpxchg,
  wait_on_bit: bitWait(false),
  wait_on_bit_lock: bitWait(true),
  wake_up_bit: bitWake(false),
  clear_and_wake_up_bit: bitWake(true),
  lockdep_assert_held: assertHeld('any'),
  lockdep_assert_held_read: assertHeld('read'),
  lockdep_assert_held_write: assertHeld('write'),
  lockdep_assert_not_held: assertHeld('not'),
  alloc: lowerAlloc,
  free: lowerFree,
  destroy: lowerDestroy,
  touch: lowerTouch,
  BUG_ON: report('bug-on'),
  VM_BUG_ON: report('bug-on'),
  WARN_ON: report('warn-on'),
  WARN_ON_ONCE: report('warn-on'),
  ...rcu,
}
