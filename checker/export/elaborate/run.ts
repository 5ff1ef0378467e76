import type { Code, Instruction, Location, Slot } from '../../../spec/index.js'
import type { Statement, Variable } from '../program.js'
import { holdsLock, someLock } from './contexts.js'
import { testOf } from './evaluate.js'
import { ownRead } from './locals.js'
import type { BodyMaker, Known, Runner } from './maker.js'
import { perform } from './perform.js'
import { rangeOfType } from './storage.js'
import { Stretch } from './stretch.js'
import { equals, isAlways, isNever, isTrue, number } from './terms.js'

/** A location reached with certain values of locals; more than so many are not told apart. */
const blocksMax = 600

/** What follows a stretch: the block it goes on with, or none. */
export type After = () => number | null

/**
 * Writes a code from a location on: up to where control can rest, or to its end where it never rests. Locals that are
 * known to be constant are told apart, so that loops over constants are written out. Returns its first block.
 */
export function writeStretch(
  maker: BodyMaker,
  runner: Runner,
  start: Location,
  begins: 'performs' | 'settles',
  after: After,
  counters: readonly Slot[] = [],
): number {
  const run = new StretchWriter(maker, runner, start, after)
  const first =
    begins === 'settles' && runner.flow.resting.has(start)
      ? run.arrival(start)
      : run.divided(start, counters, new Map())
  run.finish()
  return first
}

class StretchWriter {
  readonly #maker: BodyMaker
  readonly #runner: Runner
  readonly #stretch: Stretch
  readonly #after: After
  readonly #blocks = new Map<string, number>()
  readonly #arrivals = new Map<Location, number>()
  readonly #work: { block: number; at: Location; known: Known }[] = []
  readonly #first: number
  #count = 0

  constructor(maker: BodyMaker, runner: Runner, start: Location, after: After) {
    this.#maker = maker
    this.#runner = runner
    this.#after = after
    this.#stretch = new Stretch(maker, runner, start, (next) => this.#goTo(next))
    this.#first = maker.blocks.length
  }

  get #code(): Code {
    return this.#runner.flow.code
  }

  blockOf(at: Location, known: Known): number {
    const { live } = this.#runner.flow
    const kept = new Map([...known].filter(([slot]) => live[at]?.has(slot)))
    if (this.#count > blocksMax) kept.clear()
    const key = `${at} ${[...kept]
      .map(([slot, value]) => `${slot.id}=${value}`)
      .sort()
      .join(' ')}`
    const existing = this.#blocks.get(key)
    if (existing !== undefined) return existing
    const block = this.#maker.block()
    this.#count++
    this.#blocks.set(key, block)
    this.#work.push({ block, at, known: kept })
    return block
  }

  /** A way for each value of the counters: then their loops have an end that can be seen. */
  divided(start: Location, counters: readonly Slot[], known: Known): number {
    const [counter, ...others] = counters
    if (counter === undefined) return this.blockOf(start, known)
    const { from, to } = rangeOfType(this.#maker.world.system, counter.type)
    const first = this.#maker.block()
    let block = first
    for (let value = from; value <= to; value++) {
      const rest = this.divided(start, others, new Map([...known, [counter, value]]))
      if (value === to) {
        this.#maker.at(block).end = { kind: 'goto', block: rest }
        break
      }
      const otherwise = this.#maker.block()
      this.#stretch.enter(block, start, new Map())
      const test = equals(this.#stretch.local(counter).value, value)
      this.#stretch.end({ kind: 'branch', test, then: rest, otherwise })
      block = otherwise
    }
    return first
  }

  arrival(at: Location): number {
    const existing = this.#arrivals.get(at)
    if (existing !== undefined) return existing
    const block = this.#maker.block()
    this.#arrivals.set(at, block)
    return block
  }

  /** Writes everything that was asked for, the arrivals last: they must know what was written to. */
  finish(): void {
    for (let next = this.#work.pop(); next; next = this.#work.pop()) {
      this.#stretch.enter(next.block, next.at, next.known)
      this.#write(next.at)
    }
    const written = new Set<string>()
    for (const block of this.#maker.blocks.slice(this.#first)) {
      for (const statement of block.statements) noteWritten(statement, written)
    }
    for (const [at, block] of this.#arrivals) this.#arrive(at, block, written)
  }

  #write(from: Location): void {
    const s = this.#stretch
    const { resting, entries } = this.#runner.flow
    for (let at: Location | null = from; at !== null && !s.hasEnded; ) {
      const i: Instruction | undefined = this.#code.instructions[at]
      if (!i) throw new Error(`no location ${at} in ${this.#code.name}`)
      s.beside(i, at)
      const next: Location | null = this.#execute(i, at)
      if (next === null || s.hasEnded) return
      if (resting.has(next) || (entries[next] ?? 0) > 1) return this.#goTo(next)
      at = next
    }
  }

  /** Ends the block that is written: control goes on at a location. */
  #goTo(next: Location): void {
    const s = this.#stretch
    if (s.hasEnded) return
    const { resting } = this.#runner.flow
    const block = resting.has(next) ? this.arrival(next) : this.blockOf(next, s.known)
    s.end({ kind: 'goto', block })
  }

  #execute(i: Instruction, at: Location): Location | null {
    const s = this.#stretch
    switch (i.kind) {
      case 'branch': {
        const test = testOf(s, i.test)
        if (isAlways(test)) return i.then
        if (isNever(test)) return i.otherwise
        if (s.hasEnded) return null
        const otherwise = s.fork(test)
        const known = new Map(s.known)
        s.learn(i.test, true)
        s.goOn(i.then)
        s.enter(otherwise, at, known)
        s.learn(i.test, false)
        return i.otherwise
      }
      case 'either': {
        const [only] = i.targets
        if (i.targets.length === 1 && only !== undefined) return only
        const { known } = s
        const ways = i.targets.map(() => this.#maker.block())
        s.end({ kind: 'either', blocks: ways })
        for (const [which, target] of i.targets.entries()) {
          s.enter(ways[which] ?? 0, at, known)
          s.goOn(target)
        }
        return null
      }
      case 'end':
        return this.#leaveBody(i)
      default:
        return perform(s, i)
    }
  }

  #leaveBody(i: Instruction): Location | null {
    const s = this.#stretch
    if (this.#runner.role !== 'property') checkNothingHeld(s)
    if (this.#runner.role === 'process') return i.next
    this.#leave()
    return null
  }

  #leave(): void {
    const block = this.#after()
    this.#stretch.end(block === null ? { kind: 'done' } : { kind: 'goto', block })
  }

  #arrive(at: Location, block: number, written: ReadonlySet<string>): void {
    const s = this.#stretch
    const { store } = this.#runner
    if (!store) throw new Error('only processes rest')
    s.enter(block, at, new Map())
    const i = this.#code.instructions[at]
    // A thread that ends: nothing may still be held.
    if (i?.kind === 'end') {
      s.beside(i, at)
      checkNothingHeld(s)
    }
    s.quietly(() => {
      s.emit({ kind: 'set', variable: store.at, indexes: s.own, value: number(at) })
      s.resetFor(at, written)
      if (this.#after !== nothing) return
      s.left()
    })
    this.#leave()
  }
}

/** After a transition: nothing more. */
export const nothing: After = () => null

function noteWritten(statement: Statement, written: Set<string>): void {
  if (statement.kind === 'set') written.add(statement.variable.name)
  if (statement.kind === 'if') {
    for (const one of [...statement.then, ...statement.otherwise]) noteWritten(one, written)
  }
}

/** A body ends: nothing may still be held. */
function checkNothingHeld(s: Stretch): void {
  const { world, store, self } = s
  const { ignored } = world.system
  const depth = (variable: Variable | undefined) =>
    store && variable ? isTrue(ownRead(store, variable, self)) : null
  const rcu = s.isAlone ? null : depth(store?.sections.get('rcu'))
  if (rcu) s.fault(rcu, 'rcu-unbalanced', 'ends inside an RCU read section')
  for (const section of ['preempt', 'irqs', 'bh'] as const) {
    const open = s.isAlone ? null : depth(store?.sections.get(section))
    if (open) s.fault(open, 'unbalanced', `ends inside a section (${section})`)
  }
  for (const lock of world.storage.locks) {
    const isDomain = lock.which === 'srcu'
    if (!isDomain && ignored.has('held-at-exit')) continue
    const held = someLock(lock, (indexes) => holdsLock(lock, indexes, self, store))
    if (isDomain) s.fault(held, 'rcu-unbalanced', `ends inside a read section of ${lock.name}`)
    else s.fault(held, 'held-at-exit', `ends while holding ${lock.name}`)
  }
}
