import {
  type Call,
  type Code,
  type Expr,
  type Instruction,
  isVisible,
  type LockAction,
  type Place,
  type PoolStorage,
  type Site,
  type Slot,
  type TransitionSystem,
  type ValueType,
} from '../../spec/index.js'
import type { Random } from './random.js'

const SPAN = { file: 'random.gmem', from: 0, to: 0 }
const CALL: Call = {
  id: 0,
  op: null,
  annotation: null,
  parent: null,
  span: SPAN,
  statement: SPAN,
  parameters: [],
}
const SITE: Site = { span: SPAN, statement: SPAN, annotation: null, call: CALL }
const ZERO: Expr = { kind: 'literal', value: 0 }

const LOCKS = ['spinlock_t', 'rwlock_t', 'mutex', 'rwsem', 'srcu', 'lockdep_map'] as const

/** A lock or an `rcu_head` somewhere in shared memory. */
interface LockPlace {
  readonly place: Place
}

/**
 * A transition system of random shape for what looks at shape alone: types of every kind, pools of every safety,
 * code that goes anywhere, gives locals values and takes them away. It is not meant to be run.
 */
export function randomSystem(random: Random): TransitionSystem {
  const poolSizes = random.list(0, 3, () => random.integer(1, 3))
  const pools = poolSizes.map((size, pool) => randomPool(random, pool, size, poolSizes.length))
  const shared = random.list(0, 4, (index) => ({
    name: `v${index}`,
    span: SPAN,
    type: randomType(random, poolSizes.length, 2),
    initial: 0,
  }))
  const locks = [
    ...shared.flatMap(({ type }, variable) => {
      return locksIn({ root: { kind: 'shared', variable }, path: [], type })
    }),
    ...pools.flatMap(({ type }, pool) => {
      return locksIn({ root: { kind: 'object', pointer: ZERO, pools: [pool] }, path: [], type })
    }),
  ]
  const codes = random.list(1, 3, (index) => randomCode(random, index, poolSizes.length, locks))
  return {
    name: 'random',
    sources: new Map(),
    shared,
    pools,
    codes,
    processes: random.list(1, 4, (index) => ({
      name: `t${index}`,
      declared: `t${index}`,
      daemon: false,
      code: random.integer(0, codes.length - 1),
      family: null,
      context: random.pick(['task', 'task', 'softirq', 'hardirq'] as const),
      on: null,
      callbacks: false,
    })),
    init: [],
    invariants: [],
    finals: [],
    covers: [],
    headlines: new Map(),
    ignored: new Set(),
    asked: new Set(),
    lines: [],
  }
}

function randomPool(random: Random, pool: number, size: number, poolCount: number): PoolStorage {
  const name = `pool${pool}`
  const heads = random.list(0, 2, (index) => {
    return { name: `h${index}`, type: { kind: 'head' } } as const
  })
  return {
    name,
    span: SPAN,
    size,
    safety: random.pick(['ordinary', 'typesafe', 'typesafe_by_rcu', 'tasks'] as const),
    type: { kind: 'struct', name, fields: [...randomFields(random, poolCount, 1), ...heads] },
    initial: {},
    initialised: [],
    base: random.integer(0, 4),
  }
}

function randomFields(random: Random, poolCount: number, depth: number) {
  return random.list(1, 3, (index) => {
    return { name: `f${index}`, type: randomType(random, poolCount, depth) }
  })
}

function randomType(random: Random, poolCount: number, depth: number): ValueType {
  const nested = depth > 0 && random.chance(0.3)
  if (nested && random.chance(0.5)) {
    const of = randomType(random, poolCount, depth - 1)
    return { kind: 'array', of, length: random.integer(1, 3) }
  }
  if (nested)
    return { kind: 'struct', name: 's', fields: randomFields(random, poolCount, depth - 1) }
  if (random.chance(0.2)) {
    const which = random.pick(LOCKS)
    return { kind: 'lock', which }
  }
  return randomScalar(random, poolCount)
}

function randomScalar(random: Random, poolCount: number): ValueType {
  switch (random.integer(0, 5)) {
    case 0:
      return { kind: 'bool' }
    case 1: {
      const from = random.pick([0, -3, -(2 ** 31), 2 ** 31 - 5])
      const to = random.pick([from, from + 4, 2 ** 31 - 1])
      return { kind: 'int', from, to, inferred: false }
    }
    case 2:
      return { kind: 'enum', name: 'e', values: random.list(1, 5, (index) => `e${index}`) }
    case 3: {
      const bitCount = random.pick([1, 3, 31, 32])
      const bits = Array.from({ length: bitCount }, (_, index) => `b${index}`)
      return { kind: 'bits', bits }
    }
    default: {
      if (poolCount === 0) return { kind: 'bool' }
      const pools = random.some([...new Array(poolCount).keys()], 0.6)
      return { kind: 'pointer', struct: 's', pools: pools.length === 0 ? [0] : pools.slice(0, 1) }
    }
  }
}

function locksIn(place: Place): LockPlace[] {
  const { type } = place
  if (type.kind === 'lock' || type.kind === 'head') return [{ place }]
  if (type.kind === 'array') {
    const selector = { kind: 'index', index: ZERO, length: type.length } as const
    return locksIn({ ...place, path: [...place.path, selector], type: type.of })
  }
  if (type.kind !== 'struct') return []
  return type.fields.flatMap(({ name, type: of }) => {
    return locksIn({ ...place, path: [...place.path, { kind: 'field', name }], type: of })
  })
}

function randomCode(
  random: Random,
  index: number,
  poolCount: number,
  locks: readonly LockPlace[],
): Code {
  const cells = random.integer(0, 4)
  const slots: Slot[] = Array.from({ length: cells }, (_, cell) => cell).flatMap((cell) => {
    return random.list(1, 2, (turn) => ({
      index: cell,
      name: `x${cell}_${turn}`,
      type: withoutLocks(randomType(random, poolCount, 1)),
      temporary: false,
      id: cell * 10 + turn,
    }))
  })
  const length = random.integer(1, 10)
  const instructions = Array.from({ length }, (_, at) => {
    return randomInstruction(random, at, length, slots, locks)
  })
  for (const [at, i] of instructions.entries()) {
    // No loop without a step: back only to one.
    const back = i.kind === 'branch' && i.otherwise <= at ? instructions[i.otherwise] : undefined
    if (i.kind !== 'branch' || back === undefined || isVisible(back)) continue
    instructions[at] = { ...i, otherwise: i.next }
  }
  const kept = instructions.map(() => {
    const here = random.some(slots, 0.6)
    return here.filter((slot, at) => here.findIndex((one) => one.index === slot.index) === at)
  })
  const name = `code${index}`
  return { name, span: SPAN, instructions, entry: 0, slots, cells, kept, idle: new Set() }
}

/** Locals hold no locks and no heads. */
function withoutLocks(type: ValueType): ValueType {
  if (type.kind === 'lock' || type.kind === 'head') return { kind: 'bool' }
  if (type.kind === 'array') return { ...type, of: withoutLocks(type.of) }
  if (type.kind !== 'struct') return type
  return {
    ...type,
    fields: type.fields.map((field) => ({ ...field, type: withoutLocks(field.type) })),
  }
}

const ACTIONS: readonly LockAction[] = [
  'spin-lock',
  'mutex-lock',
  'read-lock',
  'read-unlock',
  'write-lock',
  'downgrade',
  'section-enter',
  'section-leave',
]

function randomInstruction(
  random: Random,
  at: number,
  length: number,
  slots: readonly Slot[],
  locks: readonly LockPlace[],
): Instruction {
  const common = { site: SITE, next: Math.min(at + 1, length - 1), region: 0 }
  if (at === length - 1) return { ...common, kind: 'end', next: at }
  switch (random.integer(0, 8)) {
    case 0: {
      if (locks.length === 0) break
      const { place } = random.pick(locks)
      if (place.type.kind === 'head') {
        return { ...common, kind: 'call-rcu', place, callback: random.integer(0, 2) }
      }
      const result = random.chance(0.3) && slots.length > 0 ? random.pick(slots) : null
      return { ...common, kind: 'lock', name: 'lock', action: random.pick(ACTIONS), place, result }
    }
    case 1:
      if (slots.length === 0) break
      return { ...common, kind: 'assign', slot: random.pick(slots), value: ZERO }
    case 2:
      return { ...common, kind: 'clear', slots: random.some(slots, 0.3) }
    case 3: {
      const then = random.integer(at + 1, length - 1)
      const otherwise = random.integer(0, length - 1)
      return { ...common, kind: 'branch', test: ZERO, then, otherwise }
    }
    case 4: {
      const type = { kind: 'bits', bits: ['b'] } as const
      const place = { root: { kind: 'shared', variable: 0 }, path: [], type } as const
      return { ...common, kind: 'bit-wait', place, bit: 0, take: false }
    }
    case 5: {
      const which = random.pick(['preempt', 'irqs', 'bh', 'rcu'] as const)
      return { ...common, kind: 'context', name: which, which, by: random.pick([1, -1]) }
    }
    case 6: {
      const domains = locks.filter(({ place: { type } }) => {
        return type.kind === 'lock' && type.which === 'srcu'
      })
      const domain = domains.length === 0 ? null : random.pick([null, random.pick(domains).place])
      return { ...common, kind: 'grace', name: 'synchronize', domain }
    }
    case 7:
      return { ...common, kind: 'rcu-barrier' }
  }
  return { ...common, kind: 'touch', pointer: ZERO, pools: [] }
}
