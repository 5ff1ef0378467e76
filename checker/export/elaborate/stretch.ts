import type { Expr, Instruction, Location, Site, Slot, ValueType } from '../../../spec/index.js'
import type { End, Num, SourceNote, Statement, Temporary, Test } from '../program.js'
import { maybeMissing } from '../ranges.js'
import { Refused } from './catalogue.js'
import { readsRcu } from './contexts.js'
import { transitionFrom } from './flow.js'
import {
  type CodeStore,
  headCountOf,
  headSlots,
  maybeEmpty,
  ownIndexes,
  restingValue,
} from './locals.js'
import type { BodyMaker, Known, OpenBlock, Runner } from './maker.js'
import { type Target, valueAt } from './places.js'
import type { Procedures } from './procedures.js'
import { rangeOfType, type Store } from './storage.js'
import { isAlways, isNever, literal, never, number, take } from './terms.js'
import type { LocalCell, Scope, World } from './world.js'

/**
 * One stretch of a body: a code from one location to where control can rest, or to the end. It knows in which cell of
 * the program each local is, and gives the place of each statement.
 */
export class Stretch implements Scope {
  readonly maker: BodyMaker
  readonly runner: Runner
  readonly start: Location
  readonly #stored: ReadonlySet<Slot>
  readonly #temporaries = new Map<Slot, Temporary>()
  readonly #heads: ReadonlySet<Slot>
  /** The block that is written, and what is known in it. */
  #block: OpenBlock
  #number = 0
  known = new Map<Slot, number>()
  at: Location
  #site: Site | null = null
  #ended = false

  /** Ends the block: control goes on at a location. */
  readonly goOn: (next: Location) => void

  constructor(maker: BodyMaker, runner: Runner, start: Location, goOn: (next: Location) => void) {
    this.maker = maker
    this.goOn = goOn
    this.runner = runner
    this.start = start
    this.at = start
    this.#block = maker.at(0)
    this.#heads = headSlots(runner.flow.code)
    const { arrivals } = transitionFrom(runner.flow, start)
    const { kept } = runner.flow.code
    const places = runner.flow.resting.has(start) ? [start, ...arrivals] : [...arrivals]
    this.#stored = new Set(places.flatMap((at) => kept[at] ?? []))
  }

  get world(): World {
    return this.maker.world
  }
  get store(): CodeStore | null {
    return this.runner.store
  }
  get role(): Scope['role'] {
    return this.runner.role
  }
  get self(): Num {
    return this.runner.self
  }
  get note(): SourceNote | null {
    return this.#site ? this.world.catalogue.noteOf(this.#site) : null
  }
  /** Nobody else runs meanwhile, so blocking is for ever. */
  get isAlone(): boolean {
    return this.role !== 'process'
  }

  enter(block: number, at: Location, known: Known): void {
    this.#block = this.maker.at(block)
    this.#number = block
    this.at = at
    this.known = new Map(known)
    this.#ended = false
  }

  /** Writes of an instruction what follows. */
  beside(i: Instruction, at: Location): void {
    this.#site = i.site
    this.at = at
  }

  /** Nothing after a violation that is certain. */
  get hasEnded(): boolean {
    return this.#ended
  }

  end(end: End): void {
    if (this.#ended) return
    this.#block.end = end
    this.#ended = true
  }

  get current(): number {
    return this.#number
  }

  /** What would be emitted, instead. */
  collect(write: () => void): readonly Statement[] {
    const block = this.#block
    const inner: OpenBlock = { statements: [], end: null }
    this.#block = inner
    write()
    this.#block = block
    this.#ended = false
    return inner.statements
  }

  /** Does something only where a test holds; it must end no block. */
  when(test: Test, write: () => void): void {
    if (isNever(test)) return
    if (isAlways(test)) return write()
    const then = this.collect(write)
    if (then.length > 0) this.emit({ kind: 'if', test, then, otherwise: [] })
  }

  /** The process's own indexes, where its code has several. */
  get own(): readonly Num[] {
    return this.store ? ownIndexes(this.store, this.self) : []
  }

  /** Whether the process is a reader of RCU. */
  get isReading(): Test {
    return this.store && this.role === 'process'
      ? readsRcu(this.world, this.store, this.self)
      : never
  }

  /** Two ways on; the first is gone on with, the block of the other is returned. */
  fork(test: Test): number {
    const then = this.maker.block()
    const otherwise = this.maker.block()
    this.end({ kind: 'branch', test, then, otherwise })
    this.enter(then, this.at, this.known)
    return otherwise
  }

  /** Either of two ways, as it likes. */
  choose(): number {
    const here = this.maker.block()
    const other = this.maker.block()
    this.end({ kind: 'either', blocks: [here, other] })
    this.enter(here, this.at, this.known)
    return other
  }

  /** The process stays where it is. */
  stay(): void {
    this.left()
    this.end({ kind: 'done' })
  }

  /** Whatever a handler does may end its being a reader. */
  left(): void {
    if (this.store && this.role === 'process' && !this.store.isTask) this.leftSection()
  }

  leftSection(): void {
    if (!this.store || this.role !== 'process') return
    const procedure = this.procedures.leaves(this.store)
    if (procedure) this.emit({ kind: 'call', procedure, arguments: [this.self] })
  }

  get procedures(): Procedures {
    return this.maker.procedures
  }

  /** What belongs to no statement of the model. */
  quietly(write: () => void): void {
    const site = this.#site
    this.#site = null
    write()
    this.#site = site
  }

  emit(statement: Statement): void {
    if (this.#ended) return
    const note = this.note
    this.#block.statements.push(note ? { ...statement, note } : statement)
  }

  fault(when: Test, kind: string | null, message: string): void {
    if (isNever(when)) return
    const fault = this.world.catalogue.fault(kind, message, this.note)
    this.emit({ kind: 'fault', when, fault })
    if (isAlways(when)) this.end({ kind: 'done' })
  }

  refuse(construct: string): never {
    throw new Refused(construct, this.note)
  }

  // ---- locals

  cell(slot: Slot): LocalCell {
    const { runner } = this
    const aggregate = runner.aggregates.get(slot)
    if (aggregate) return { kind: 'stored', store: aggregate, indexes: [] }
    const store = runner.store?.slots.get(slot)
    const isAggregate = slot.type.kind === 'array' || slot.type.kind === 'struct'
    if (runner.store && store && (isAggregate || this.#stored.has(slot))) {
      return { kind: 'stored', store, indexes: ownIndexes(runner.store, this.self) }
    }
    return { kind: 'temporary', temporary: this.#temporaryOf(slot) }
  }

  #temporaryOf(slot: Slot): Temporary {
    const known = this.#temporaries.get(slot)
    if (known) return known
    const range = this.#heads.has(slot)
      ? { from: 0, to: Math.max(0, headCountOf(this.world.system) - 1) }
      : rangeOfType(this.world.system, slot.type)
    const empties = maybeEmpty(this.runner.flow, slot)
    const from = empties ? range.from - 1 : range.from
    const name = slot.name === '' ? 'value' : slot.name
    const temporary: Temporary = { name, from, to: range.to }
    if (empties) {
      maybeMissing(temporary)
      // It has no value yet, whichever way the body goes.
      this.maker.at(0).statements.unshift({ kind: 'let', temporary, value: number(from) })
    }
    this.#temporaries.set(slot, temporary)
    return temporary
  }

  local(slot: Slot): { readonly value: Num; readonly empty: Test } {
    const known = this.known.get(slot)
    if (known !== undefined) return { value: number(known), empty: never }
    const { value, empty } = valueAt(this.cell(slot))
    const mayBeEmpty = this.runner.flow.empty[this.at]?.has(slot) === true
    return { value, empty: mayBeEmpty ? empty : never }
  }

  /** Gives a scalar local its value. */
  assign(slot: Slot, value: Num): void {
    const constant = literal(value)
    this.write(this.cell(slot), value)
    if (constant === null) this.known.delete(slot)
    else this.known.set(slot, constant)
  }

  /** Which way a branch went tells the value of a truth. */
  learn(test: Expr, holds: boolean): void {
    if (test.kind === 'unary' && test.operator === '!') this.learn(test.operand, !holds)
    if (test.kind === 'slot' && isTruth(test.slot.type)) this.known.set(test.slot, holds ? 1 : 0)
  }

  /** Makes a local uninitialised. */
  empty(slot: Slot): void {
    this.known.delete(slot)
    const cell = this.cell(slot)
    if (cell.kind === 'temporary') {
      const { empty } = valueAt(cell)
      if (empty !== never) this.write(cell, number(cell.temporary.from))
    } else if (cell.kind === 'stored') this.#emptyStored(cell.store, cell.indexes)
  }

  #emptyStored(store: Store, indexes: readonly Num[]): void {
    switch (store.kind) {
      case 'scalar':
        if (store.variable.empty === null) return
        return this.emit({
          kind: 'set',
          variable: store.variable,
          indexes,
          value: number(store.variable.empty),
        })
      case 'array':
        for (let at = 0; at < store.length; at++)
          this.#emptyStored(store.of, [...indexes, number(at)])
        return
      case 'struct':
        for (const field of store.fields.values()) this.#emptyStored(field, indexes)
        return
      default:
        throw new Error(`a ${store.kind} is no local`)
    }
  }

  write(target: Target, value: Num): void {
    switch (target.kind) {
      case 'temporary':
        return this.emit({ kind: 'let', temporary: target.temporary, value })
      case 'value':
        throw new Error('no place to write to')
      case 'stored':
        if (target.store.kind !== 'scalar') throw new Error('no scalar')
        return this.emit({
          kind: 'set',
          variable: target.store.variable,
          indexes: target.indexes,
          value,
        })
    }
  }

  /** A cell for the rest of the body. */
  fresh(name: string, from: number, to: number): Temporary {
    return { name, from, to }
  }

  /** Keeps a value as it is now. */
  hold(name: string, value: Num, type: ValueType): Num {
    if (literal(value) !== null) return value
    const { from, to } = rangeOfType(this.world.system, type)
    const temporary = this.fresh(name, from, to)
    this.emit({ kind: 'let', temporary, value })
    return take(temporary)
  }

  /** The scalar locals in temporaries that are read after this instruction, of a type. */
  liveTemporaries(next: Location, isWanted: (slot: Slot) => boolean): readonly Temporary[] {
    const live = this.runner.flow.live[next] ?? new Set<Slot>()
    return [...this.#temporaries].flatMap(([slot, temporary]) =>
      live.has(slot) && isWanted(slot) ? [temporary] : [],
    )
  }

  /** Locals that are kept at the start or where control arrives, but not there: nothing is left of them. */
  resetFor(arrival: Location, written: ReadonlySet<string>): void {
    const { store, flow } = this.runner
    if (!store) return
    const kept = new Set((flow.code.kept[arrival] ?? []).map((slot) => store.slots.get(slot)))
    const before = flow.resting.has(this.start) ? (flow.code.kept[this.start] ?? []) : []
    const held = new Set(before.map((slot) => store.slots.get(slot)))
    for (const cell of store.cells) {
      if (kept.has(cell) || !(held.has(cell) || isWritten(cell, written))) continue
      this.#rest(cell, ownIndexes(store, this.self))
    }
  }

  #rest(store: Store, indexes: readonly Num[]): void {
    if (store.kind === 'scalar') {
      const value = number(restingValue(store.variable))
      return this.emit({ kind: 'set', variable: store.variable, indexes, value })
    }
    this.#emptyStored(store, indexes)
  }
}

const isTruth = (type: ValueType): boolean =>
  type.kind === 'bool' || (type.kind === 'int' && type.from === 0 && type.to === 1)

function isWritten(store: Store, written: ReadonlySet<string>): boolean {
  switch (store.kind) {
    case 'scalar':
      return written.has(store.variable.name)
    case 'array':
      return isWritten(store.of, written)
    case 'struct':
      return [...store.fields.values()].some((field) => isWritten(field, written))
    default:
      return false
  }
}
