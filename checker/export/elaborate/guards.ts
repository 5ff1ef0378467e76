import type { Instruction, Location, Slot } from '../../../spec/index.js'
import type { Num, Test } from '../program.js'
import { scopeAtRest } from './at-rest.js'
import { isInterrupted, mayInterrupt } from './contexts.js'
import { numOf, poolOf, testOf } from './evaluate.js'
import { type CodeStore, ownIndexes, ownRead } from './locals.js'
import { headPlaces, isReady } from './perform-callback.js'
import { canTry, isRelease } from './perform-lock.js'
import { checkRange, resolve, valueAt } from './places.js'
import {
  always,
  and,
  differs,
  equals,
  isAlways,
  isNever,
  literal,
  never,
  not,
  number,
  or,
  read,
} from './terms.js'
import type { LocalCell, Scope, World } from './world.js'

/** Everything that lets a process take a step from a location, or keeps it from it; the control point included. */
export function enabledAt(world: World, store: CodeStore, at: Location, self: Num): Test {
  const here = equals(ownRead(store, store.at, self), at)
  return and(here, not(isInterrupted(world, store, self)), canGoOn(world, store, at, self))
}

/** A step that is a violation is enabled. */
function canGoOn(world: World, store: CodeStore, at: Location, self: Num): Test {
  const i = store.code.instructions[at]
  switch (i?.kind) {
    case 'lock':
      if (i.result !== null || isRelease(i)) return always
      return asked(world, store, at, self, (scope) => canTry(scope, i))
    case 'bit-wait':
      return store.parked ? equals(ownRead(store, store.parked, self), 0) : always
    case 'grace':
    case 'rcu-barrier':
      return nobodyAwaited(store, self)
    case 'callback-begin':
      return or(...headPlaces(world).map(isReady))
    case 'atomic':
      return condition(world, store, at, self, i)
    default:
      return always
  }
}

/** What a look at an instruction finds, or a violation in looking. */
function asked(
  world: World,
  store: CodeStore,
  at: Location,
  self: Num,
  look: (scope: Scope) => Test,
): Test {
  const faults: Test[] = []
  const found = look(scopeAtRest(world, store, self, at, (when) => faults.push(when)))
  return or(...faults, found)
}

function nobodyAwaited(store: CodeStore, self: Num): Test {
  const own = ownIndexes(store, self)
  return and(
    ...[store.awaited, store.awaitedHeads].flatMap((variable) => {
      const last = variable?.dimensions.at(-1)
      if (!variable || !last) return []
      return Array.from({ length: last.to - last.from + 1 }, (_, at) =>
        equals(read(variable, [...own, number(last.from + at)]), 0),
      )
    }),
  )
}

// ---- regions that begin with a guard

const isGuard = (i: Instruction): boolean => i.kind === 'guard' || i.kind === 'interrupt'

/** More instructions than this lead to no guard. */
const readingMax = 4000

/** The reading that leads up to a guard, executed on terms instead of values. */
function condition(
  world: World,
  store: CodeStore,
  start: Location,
  self: Num,
  begin: Instruction & { kind: 'atomic' },
): Test {
  const { instructions } = store.code
  const guards = instructions.filter((i) => i.region === begin.opens && isGuard(i)).length
  if (guards === 0) return always
  const reader = new Reader(world, store, self, start)
  return reader.from(begin.next, new Map(), guards)
}

type Values = ReadonlyMap<Slot, Num>

class Reader {
  readonly #world: World
  readonly #store: CodeStore
  readonly #self: Num
  readonly #start: Location
  #fuel = readingMax

  constructor(world: World, store: CodeStore, self: Num, start: Location) {
    this.#world = world
    this.#store = store
    this.#self = self
    this.#start = start
  }

  /** Whether the process can go on, from a location with what has been read so far; `left`: guards still to come. */
  from(at: Location, values: Values, left: number): Test {
    const i = this.#store.code.instructions[at]
    if (!i || i.region === 0) return always
    const base = scopeAtRest(this.#world, this.#store, this.#self, at)
    if (this.#fuel-- <= 0) base.refuse('an await whose condition loops')
    const faults: Test[] = []
    const scope = this.#scope(base, at, values, faults)
    const after = this.#after(scope, i, values, left)
    return or(...faults, after)
  }

  #after(s: Scope, i: Instruction, values: Values, left: number): Test {
    const given = (slot: Slot, value: Num): Values => new Map([...values, [slot, value]])
    const next = (now: Values = values): Test => this.from(i.next, now, left)
    switch (i.kind) {
      case 'guard':
        return this.#guard(testOf(s, i.condition), i.next, values, left)
      case 'interrupt':
        return this.#guard(this.#mayInterrupt(), i.next, values, left)
      case 'assign':
        return next(given(i.slot, this.#inRange(s, numOf(s, i.value), i.slot)))
      case 'load': {
        const { value, empty } = valueAt(resolve(s, i.place, i.marked))
        s.fault(empty, 'uninitialised-read', '')
        return next(given(i.slot, this.#inRange(s, value, i.slot)))
      }
      case 'branch': {
        const test = testOf(s, i.test)
        const then = isNever(test) ? never : this.from(i.then, values, left)
        const otherwise = isAlways(test) ? never : this.from(i.otherwise, values, left)
        return choice(test, then, otherwise)
      }
      case 'next-live':
        return this.#nextLive(s, i, values, left)
      case 'require':
        s.fault(not(testOf(s, i.condition)), i.violation, '')
        return next()
      case 'fail':
        return always
      case 'enter':
      case 'leave':
      case 'atomic':
        return next()
      case 'clear':
        return next(new Map([...values].filter(([slot]) => !i.slots.includes(slot))))
      default:
        return s.refuse(`\`${i.kind}\` in the condition of an await`)
    }
  }

  #guard(test: Test, next: Location, values: Values, left: number): Test {
    if (left === 1 || isNever(test)) return test
    return and(test, this.from(next, values, left - 1))
  }

  #mayInterrupt(): Test {
    const { first, last } = this.#store
    const process = literal(this.#self)
    if (process !== null) return mayInterrupt(this.#world, process)
    const all = Array.from({ length: last - first + 1 }, (_, at) => first + at)
    return or(...all.map((one) => and(equals(this.#self, one), mayInterrupt(this.#world, one))))
  }

  #inRange(s: Scope, value: Num, slot: Slot): Num {
    checkRange(s, value, slot.type, slot.name)
    return value
  }

  #nextLive(s: Scope, i: Instruction & { kind: 'next-live' }, values: Values, left: number): Test {
    const from = literal(numOf(s, i.from))
    if (from === null) return s.refuse('an await whose condition loops')
    const pool = poolOf(s, i.pool)
    const alive = s.world.storage.structs.get(pool.type.name)?.alive
    const after = (pointer: number): Test =>
      this.from(i.next, new Map([...values, [i.slot, number(pointer)]]), left)
    let result = after(0)
    for (let index = pool.size - 1; index >= Math.max(0, from); index--) {
      const object = pool.base + index
      const here = alive ? differs(read(alive, [number(object)]), 0) : always
      result = choice(here, after(object + 1), result)
    }
    return result
  }

  #scope(base: Scope, at: Location, values: Values, faults: Test[]): Scope {
    const cell = (slot: Slot): LocalCell => {
      const value = values.get(slot)
      return value === undefined ? base.cell(slot) : { kind: 'value', value }
    }
    const kept = new Set(this.#store.code.kept[this.#start])
    const { world, store, role, self } = base
    return {
      world,
      store,
      role,
      self,
      cell,
      local: (slot) => {
        const value = values.get(slot)
        if (value !== undefined) return { value, empty: never }
        const isEmpty = this.#store.flow.empty[at]?.has(slot) === true
        if (!kept.has(slot)) return { value: number(0), empty: isEmpty ? always : never }
        const found = valueAt(base.cell(slot))
        return { value: found.value, empty: isEmpty ? found.empty : never }
      },
      fault: (when) => {
        if (!isNever(when)) faults.push(when)
      },
      refuse: (construct) => base.refuse(construct),
    }
  }
}

function choice(test: Test, then: Test, otherwise: Test): Test {
  if (isAlways(test)) return then
  if (isNever(test)) return otherwise
  if (isAlways(then)) return or(test, otherwise)
  if (isNever(then)) return and(not(test), otherwise)
  if (isAlways(otherwise)) return or(not(test), then)
  if (isNever(otherwise)) return and(test, then)
  return or(and(test, then), and(not(test), otherwise))
}
