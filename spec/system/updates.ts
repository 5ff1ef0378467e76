import type { Expr, ValueType } from './expression.js'
import { addressesEqual, binary, one, truth, unary, zero } from './fold.js'
import type { TrapRule } from './system.js'

/**
 * The atomic read-modify-write operations, each as what it makes of the old value: include/linux/refcount.h,
 * atomic.h, bitops.h. One step each.
 */
export interface Update {
  readonly traps: readonly TrapRule[]
  /** Stored only when this is not zero. */
  readonly when: Expr
  readonly value: Expr
  readonly result: Expr
}

type Rule = (old: Expr, given: readonly Expr[], type: ValueType) => Update

const arg = (given: readonly Expr[], at: number): Expr => given[at] ?? zero
const equals = (left: Expr, right: Expr): Expr => binary('==', left, right)
const plus = (left: Expr, right: Expr): Expr => binary('+', left, right)
const minus = (left: Expr, right: Expr): Expr => binary('-', left, right)

const always = (value: Expr, result: Expr = zero, traps: readonly TrapRule[] = []): Update => ({
  traps,
  when: one,
  value,
  result,
})
const unless = (stop: Expr, value: Expr, traps: readonly TrapRule[] = []): Update => {
  const when = unary('!', stop)
  return { traps, when, value, result: when }
}

const fromZero = (old: Expr): TrapRule => ({
  when: equals(old, zero),
  kind: 'refcount-inc-from-zero',
  message: 'refcount_t: addition on 0; use-after-free',
})
const underflow = (old: Expr, by: Expr): TrapRule => ({
  when: binary('<', old, by),
  kind: 'refcount-underflow',
  message: 'refcount_t: underflow; use-after-free',
})
const hitZero = (old: Expr): TrapRule => ({
  when: equals(old, one),
  kind: 'refcount-underflow',
  message: 'refcount_t: decrement hit 0; leaking memory',
})
const subtractAndTest = (old: Expr, by: Expr): Update =>
  always(minus(old, by), equals(old, by), [underflow(old, by)])

const same = (left: Expr, right: Expr, type: ValueType): Expr =>
  type.kind === 'pointer' ? addressesEqual(left, right) : equals(left, right)

const bitOf = (given: readonly Expr[]): Expr => binary('<<', one, arg(given, 0))
const isSet = (old: Expr, given: readonly Expr[]): Expr => truth(binary('&', old, bitOf(given)))
const withBit = (old: Expr, given: readonly Expr[]): Expr => binary('|', old, bitOf(given))
const withoutBit = (old: Expr, given: readonly Expr[]): Expr =>
  binary('&', old, unary('~', bitOf(given)))

/** By name; `given` are the arguments other than the place, in the order of the text. */
export const updates: Readonly<Record<string, Rule>> = {
  refcount_inc: (old) => always(plus(old, one), zero, [fromZero(old)]),
  refcount_add: (old, given) => always(plus(old, arg(given, 0)), zero, [fromZero(old)]),
  refcount_inc_not_zero: (old) => unless(equals(old, zero), plus(old, one)),
  refcount_add_not_zero: (old, given) => unless(equals(old, zero), plus(old, arg(given, 0))),
  refcount_dec: (old) => always(minus(old, one), zero, [underflow(old, one), hitZero(old)]),
  refcount_dec_and_test: (old) => subtractAndTest(old, one),
  refcount_sub_and_test: (old, given) => subtractAndTest(old, arg(given, 0)),
  refcount_dec_not_one: (old) => unless(equals(old, one), minus(old, one), [underflow(old, one)]),
  refcount_dec_if_one: (old) => {
    const when = equals(old, one)
    return { traps: [], when, value: zero, result: when }
  },
  atomic_inc: (old) => always(plus(old, one)),
  atomic_dec: (old) => always(minus(old, one)),
  atomic_add: (old, given) => always(plus(old, arg(given, 0))),
  atomic_sub: (old, given) => always(minus(old, arg(given, 0))),
  atomic_inc_return: (old) => always(plus(old, one), plus(old, one)),
  atomic_dec_return: (old) => always(minus(old, one), minus(old, one)),
  atomic_add_return: (old, given) => always(plus(old, arg(given, 0)), plus(old, arg(given, 0))),
  atomic_sub_return: (old, given) => always(minus(old, arg(given, 0)), minus(old, arg(given, 0))),
  atomic_fetch_add: (old, given) => always(plus(old, arg(given, 0)), old),
  atomic_fetch_sub: (old, given) => always(minus(old, arg(given, 0)), old),
  atomic_fetch_inc: (old) => always(plus(old, one), old),
  atomic_fetch_dec: (old) => always(minus(old, one), old),
  atomic_inc_and_test: (old) => always(plus(old, one), equals(plus(old, one), zero)),
  atomic_dec_and_test: (old) => always(minus(old, one), equals(old, one)),
  atomic_sub_and_test: (old, given) =>
    always(minus(old, arg(given, 0)), equals(old, arg(given, 0))),
  atomic_add_negative: (old, given) =>
    always(plus(old, arg(given, 0)), binary('<', plus(old, arg(given, 0)), zero)),
  atomic_inc_not_zero: (old) => unless(equals(old, zero), plus(old, one)),
  atomic_add_unless: (old, given) => unless(equals(old, arg(given, 1)), plus(old, arg(given, 0))),
  atomic_xchg: (old, given) => always(arg(given, 0), old),
  xchg: (old, given) => always(arg(given, 0), old),
  cmpxchg: (old, given, type) => ({
    traps: [],
    when: same(old, arg(given, 0), type),
    value: arg(given, 1),
    result: old,
  }),
  atomic_cmpxchg: (old, given) => ({
    traps: [],
    when: equals(old, arg(given, 0)),
    value: arg(given, 1),
    result: old,
  }),
  set_bit: (old, given) => always(withBit(old, given)),
  clear_bit: (old, given) => always(withoutBit(old, given)),
  change_bit: (old, given) => always(binary('^', old, bitOf(given))),
  test_and_set_bit: (old, given) => always(withBit(old, given), isSet(old, given)),
  test_and_clear_bit: (old, given) => always(withoutBit(old, given), isSet(old, given)),
}

/** `__set_bit` and `__clear_bit` are a plain load and a plain store of the same arithmetic. */
export const plainBits: Readonly<Record<string, (old: Expr, bit: Expr) => Expr>> = {
  __set_bit: (old, bit) => withBit(old, [bit]),
  __clear_bit: (old, bit) => withoutBit(old, [bit]),
}

export const testBit = (word: Expr, bit: Expr): Expr => isSet(word, [bit])
