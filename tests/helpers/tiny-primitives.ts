import { Blocked, type Place, Refused, type TinyMemory } from './tiny-memory.js'

/** What a read-modify-write makes of the old value: the new one (none: nothing is stored), and its result. */
type Change = (
  old: number,
  given: readonly number[],
) => readonly [next: number | null, result: number]

const at = (given: readonly number[], index: number): number => given[index] ?? 0
const refuse = (kind: string): never => {
  throw new Refused(kind)
}
const truth = (value: boolean): number => (value ? 1 : 0)

const changes: Readonly<Record<string, Change>> = {
  READ_ONCE: (old) => [null, old],
  smp_load_acquire: (old) => [null, old],
  atomic_read: (old) => [null, old],
  refcount_read: (old) => [null, old],
  atomic_set: (_, given) => [at(given, 0), 0],
  smp_store_release: (_, given) => [at(given, 0), 0],
  atomic_inc: (old) => [old + 1, 0],
  atomic_dec: (old) => [old - 1, 0],
  atomic_add: (old, given) => [old + at(given, 0), 0],
  atomic_inc_return: (old) => [old + 1, old + 1],
  atomic_fetch_add: (old, given) => [old + at(given, 0), old],
  atomic_dec_and_test: (old) => [old - 1, truth(old === 1)],
  atomic_add_unless: (old, given) => (old === at(given, 1) ? [null, 0] : [old + at(given, 0), 1]),
  atomic_inc_not_zero: (old) => (old === 0 ? [null, 0] : [old + 1, 1]),
  xchg: (old, given) => [at(given, 0), old],
  cmpxchg: (old, given) => [old === at(given, 0) ? at(given, 1) : null, old],
  refcount_inc: (old) => (old === 0 ? refuse('refcount-inc-from-zero') : [old + 1, 0]),
  refcount_inc_not_zero: (old) => (old === 0 ? [null, 0] : [old + 1, 1]),
  refcount_dec_and_test: (old) =>
    old < 1 ? refuse('refcount-underflow') : [old - 1, truth(old === 1)],
  test_bit: (old, given) => [null, (old >> at(given, 0)) & 1],
  set_bit: (old, given) => [old | (1 << at(given, 0)), 0],
  clear_bit: (old, given) => [old & ~(1 << at(given, 0)), 0],
  test_and_set_bit: (old, given) => [old | (1 << at(given, 0)), (old >> at(given, 0)) & 1],
}

/** One primitive on one place. */
export function modify(
  memory: TinyMemory,
  name: string,
  place: Place,
  given: readonly number[],
  me: number,
): number {
  const old = memory.read(place)
  const change = changes[name]
  if (change) {
    const [next, result] = change(old, given)
    if (next !== null) memory.write(place, next)
    return result
  }
  const [, kind, verb] = /^(spin|mutex)_(lock|trylock|unlock)$/.exec(name) ?? []
  if (!kind) throw new Error(`${name} is not in this subset`)
  if (verb === 'unlock') {
    if (old === -1) refuse('unlock-not-held')
    if (old !== me) refuse('unlock-not-owner')
    memory.write(place, -1)
    return 0
  }
  if (verb === 'trylock') {
    if (old === -1) memory.write(place, me)
    return truth(old === -1)
  }
  if (kind === 'mutex' && memory.holds(me, 'spinlock_t')) refuse('sleep-in-atomic')
  if (old === me) refuse('self-deadlock')
  if (old !== -1) throw new Blocked()
  memory.write(place, me)
  return 0
}
