import type { Instruction, TransitionSystem } from '../../spec/index.js'
import { type Access, keysOf } from './accesses.js'
import { type Held, lockOf, readHeld } from './held.js'

type BitWait = Instruction & { kind: 'bit-wait' }

/**
 * Bits that are locks and nothing else: `p0.flags#0`. Of such a bit all that processes do is to wait for it and take it,
 * to release it with a wake-up while they surely hold it, or to wait until it is clear; nobody else writes or reads the
 * word. Then a process that sleeps on the bit and one that has not tried yet differ in nothing that anybody sees: the
 * release wakes the one and lets the other pass. So waiting is as good as not being enabled, and the two are one state.
 */
export function bitLocks(
  system: TransitionSystem,
  accesses: ReadonlyMap<string, readonly Access[]>,
  held: readonly (readonly (Held | null)[])[],
): ReadonlySet<string> {
  const found = new Set<string>()
  const allocates = allocatedPools(system)
  for (const [key, all] of accesses) {
    if (!all.some(({ instruction }) => instruction.kind === 'bit-wait')) continue
    if (!all.every((access) => isLockOnly(access, held))) continue
    // A page that is allocated anew is unlocked anew, whoever sleeps on it.
    if (!all.every(({ place }) => survives(system, place.root, allocates))) continue
    for (const { instruction: i } of all) if ('bit' in i) found.add(`${key}#${i.bit}`)
  }
  return found
}

function isLockOnly(
  { instruction: i, code, at }: Access,
  held: readonly (readonly (Held | null)[])[],
): boolean {
  if (i.kind === 'bit-wait') return true
  if (i.kind !== 'bit-wake' || !i.clear) return false
  const released = lockOf(i)
  const here = held[code]?.[at]
  if (released === null || here == null) return false
  const { slot, path } = released.lock
  return [...here].some((name) => {
    const one = readHeld(name)
    return one.path === path && one.slotId === (slot?.id ?? null)
  })
}

function survives(
  system: TransitionSystem,
  root: Access['place']['root'],
  allocates: ReadonlySet<number>,
): boolean {
  if (root.kind !== 'object') return true
  return root.pools.every((pool) => {
    const safety = system.pools[pool]?.safety
    // A pointer into an ordinary pool is stale then, and using it a violation.
    return (
      safety === 'tasks' || safety === 'ordinary' || (safety === 'typesafe' && !allocates.has(pool))
    )
  })
}

/** The pools that processes allocate from. */
export const allocatedPools = (system: TransitionSystem): ReadonlySet<number> =>
  new Set(
    system.codes.flatMap(({ instructions }) =>
      instructions.flatMap((i) => (i.kind === 'alloc' ? [i.pool] : [])),
    ),
  )

/** The pools that processes free objects of. */
export const freedPools = (system: TransitionSystem): ReadonlySet<number> =>
  new Set(
    system.codes.flatMap(({ instructions }) =>
      instructions.flatMap((i) => (i.kind === 'free' ? [...i.pools] : [])),
    ),
  )

export const isBitLock = (i: Instruction, locks: ReadonlySet<string>): boolean =>
  (i.kind === 'bit-wait' || i.kind === 'bit-wake') &&
  keysOf(i.place).every((key) => locks.has(`${key}#${i.bit}`))

/**
 * `wait_on_bit_lock(w, b)` as `atomic { might_sleep(); await (!(w & b)); w |= b; }`: the same but for the sleep. The
 * instructions of the block are put at the end of the code, so that all other locations stay what they are.
 */
export function withoutParking(
  system: TransitionSystem,
  locks: ReadonlySet<string>,
): TransitionSystem {
  return { ...system, codes: system.codes.map((code) => awaiting(code, locks)) }
}

function awaiting(
  code: TransitionSystem['codes'][number],
  locks: ReadonlySet<string>,
): TransitionSystem['codes'][number] {
  const added: Instruction[] = []
  const changed = new Map<number, Instruction>()
  let region = Math.max(
    0,
    ...code.instructions.map((i) => Math.max(i.region, i.kind === 'atomic' ? i.opens : 0)),
  )
  let id = Math.max(0, ...code.slots.map((slot) => slot.id))
  const slots = [...code.slots]
  let cells = code.cells
  for (const [at, i] of code.instructions.entries()) {
    if (i.kind !== 'bit-wait' || i.region !== 0 || !isBitLock(i, locks)) continue
    region += 1
    id += 1
    const word = { index: cells, name: '', type: i.place.type, temporary: true, id }
    cells += 1
    slots.push(word)
    const first = code.instructions.length + added.length
    const block = blockOf(i, word, region, first)
    changed.set(at, {
      ...common(i),
      region: 0,
      next: first,
      kind: 'atomic',
      opens: region,
      what: 'atomic',
    })
    added.push(...block)
  }
  if (added.length === 0) return code
  const instructions = [...code.instructions.map((i, at) => changed.get(at) ?? i), ...added]
  const kept = [...code.kept, ...added.map(() => [])]
  return { ...code, instructions, slots, cells, kept }
}

const common = ({ site }: Instruction): Pick<Instruction, 'site'> => ({ site })

function blockOf(
  i: BitWait,
  word: TransitionSystem['codes'][number]['slots'][number],
  region: number,
  first: number,
): readonly Instruction[] {
  const value = { kind: 'slot', slot: word } as const
  const mask = { kind: 'literal', value: 1 << i.bit } as const
  const and = { kind: 'binary', operator: '&', left: value, right: mask } as const
  const isClear = { kind: 'unary', operator: '!', operand: and } as const
  const taken = { kind: 'binary', operator: '|', left: value, right: mask } as const
  const last = first + (i.take ? 4 : 3) - 1
  const part = (at: number) => ({
    ...common(i),
    region,
    next: first + at === last ? i.next : first + at + 1,
  })
  const name = i.take ? 'wait_on_bit_lock' : 'wait_on_bit'
  const block: Instruction[] = [
    { ...part(0), kind: 'load', slot: word, place: i.place, marked: true },
    { ...part(1), kind: 'might-sleep', name },
    { ...part(2), kind: 'guard', condition: isClear, otherwise: null },
  ]
  if (i.take) block.push({ ...part(3), kind: 'store', place: i.place, value: taken, marked: true })
  return block
}
