import {
  type Call,
  type Expr,
  type Instruction,
  type LogEntry,
  objectOf,
  type Place,
  pointerTo,
  type Slot,
  type State,
  type TransitionSystem,
  type Value,
} from '../../../spec/index.js'
import { sourcePlace, sourceText } from '../../trace/place.js'
import type { Event, Location, Register, Term } from './event.js'
import type { Fence } from './fences.js'

/** One transition of a process, as it was executed. */
export interface Executed {
  readonly before: State
  readonly after: State
  readonly log: readonly LogEntry[]
}

/** What a local holds: as a number, and in terms of registers. */
interface Held {
  readonly value: number | null
  readonly term: Term
}

const unknown = (why: string): Held => ({ value: null, term: { kind: 'unknown', why } })

/** Primitives that are said as they are, with the place alone. */
const ATOMICS: ReadonlySet<string> = new Set(
  [
    ['atomic_inc', 'atomic_dec', 'atomic_inc_return', 'atomic_dec_return', 'atomic_fetch_inc'],
    ['atomic_fetch_dec', 'atomic_dec_and_test', 'atomic_inc_and_test'],
  ].flat(),
)
const LOADS = ['READ_ONCE', 'rcu_dereference', 'smp_load_acquire', 'atomic_read']
const STORES = ['WRITE_ONCE', 'rcu_assign_pointer', 'smp_store_release', 'atomic_set']

/** Follows one process through its transitions, and notes what it does to memory. */
export class Listener {
  readonly events: Event[] = []
  readonly #system: TransitionSystem
  readonly #process: number
  readonly #fences: readonly Fence[]
  readonly #held = new Map<number, Held>()
  /** How far each call has come in the text of its body. */
  readonly #reached = new Map<Call, number>()
  readonly #initial: State
  #state: State

  constructor(system: TransitionSystem, process: number, initial: State, fences: readonly Fence[]) {
    this.#system = system
    this.#process = process
    this.#initial = initial
    this.#state = initial
    this.#fences = fences
  }

  /** One transition. Where the process is afterwards says how its last branch went. */
  hear({ before, after, log }: Executed): void {
    this.#state = before
    const { instructions } = this.#code()
    for (const [at, entry] of log.entries()) {
      const instruction = instructions[entry.location]
      if (instruction === undefined) continue
      const next = log[at + 1]?.location ?? after.processes[this.#process]?.at ?? -1
      this.#pass(instruction)
      this.#take(instruction, next, after)
    }
  }

  note(event: Event): void {
    this.events.push(event)
  }

  /** Notes the fences that are written between the last instruction and this one. */
  #pass(i: Instruction): void {
    if (i.kind === 'leave') {
      this.#reach(i.call, Number.POSITIVE_INFINITY, i)
      this.#reached.delete(i.call)
      return
    }
    let offset = i.site.statement.from
    for (let call: Call | null = i.site.call; call !== null; call = call.parent) {
      this.#reach(call, offset, i)
      offset = call.statement.from
    }
  }

  #reach(call: Call, offset: number, i: Instruction): void {
    const before = this.#reached.get(call) ?? -1
    this.#reached.set(call, offset)
    const body = call.op ?? this.#code().name
    const passed = this.#fences.filter(
      (fence) => fence.body === body && fence.from > before && fence.from < offset,
    )
    for (const { name, nested } of passed) {
      const base = { process: this.#process, line: this.#line(i) }
      if (nested) this.note({ ...base, kind: 'unsayable', why: `${name} inside of a condition` })
      else this.note({ ...base, kind: 'order', call: name })
    }
  }

  #code() {
    const { codes, processes } = this.#system
    const code = codes[processes[this.#process]?.code ?? -1]
    if (code === undefined) throw new Error(`no process ${this.#process}`)
    return code
  }

  #take(i: Instruction, next: number, after: State): void {
    const line = this.#line(i)
    const base = { process: this.#process, line }
    const unsayable = (why: string): void => {
      this.note({ ...base, kind: 'unsayable', why })
    }
    switch (i.kind) {
      case 'assign':
        this.#held.set(i.slot.id, this.#evaluate(i.value))
        return
      case 'clear':
        for (const slot of i.slots) this.#held.delete(slot.id)
        return
      case 'choose':
        this.#held.set(i.slot.id, unknown('a value that is chosen freely'))
        return
      case 'branch': {
        if (i.then === i.otherwise) return
        this.#when(base, i.test, next === i.then)
        return
      }
      case 'guard':
        this.#when(base, i.condition, true)
        return
      case 'load': {
        if (i.place.root.kind === 'local') {
          this.#held.set(i.slot.id, unknown('an element of a local array'))
          return
        }
        const found = this.#locate(i.place)
        if (typeof found === 'string') {
          this.#held.set(i.slot.id, unknown(found))
          return unsayable(found)
        }
        const { place, through } = found
        const value = this.#read(this.#state, place)
        const register: Register = { load: place, isPointer: place.type.kind === 'pointer' }
        this.#held.set(i.slot.id, { value, term: { kind: 'register', register } })
        const form = this.#form(i, i.marked, LOADS)
        if (form === null) return unsayable(`${this.#text(i)} is no access that LKMM knows`)
        const access = { form, reads: true, writes: false, stored: null, register, through }
        const atomic = this.#isAtomic(i)
        this.note({
          ...base,
          kind: 'access',
          place,
          ...access,
          atomic,
          ...this.#values(place, this.#state),
        })
        return
      }
      case 'store': {
        if (i.place.root.kind === 'local') return
        const found = this.#locate(i.place)
        if (typeof found === 'string') return unsayable(found)
        const { place, through } = found
        const form = this.#form(i, i.marked, STORES)
        if (form === null) return unsayable(`${this.#text(i)} is no access that LKMM knows`)
        const stored = this.#evaluate(i.value).term
        const access = { form, reads: false, writes: true, stored, register: null, through }
        const values = this.#values(place, after)
        this.note({
          ...base,
          kind: 'access',
          place,
          ...access,
          atomic: this.#isAtomic(i),
          ...values,
        })
        return
      }
      case 'update': {
        const found = this.#locate(i.place)
        if (typeof found === 'string') return unsayable(found)
        this.#held.set(i.old.id, unknown(`the result of ${i.name}`))
        if (!ATOMICS.has(i.name)) return unsayable(`${i.name} is not among what is exported`)
        const { place, through } = found
        const access = { form: i.name, reads: true, writes: true, stored: null, register: null }
        const values = this.#values(place, after)
        this.note({
          ...base,
          kind: 'access',
          place,
          ...access,
          through,
          atomic: this.#isAtomic(i),
          ...values,
        })
        return
      }
      case 'lock': {
        const found = this.#locate(i.place)
        if (typeof found === 'string') return unsayable(found)
        const call = { 'spin-lock': 'spin_lock', 'spin-unlock': 'spin_unlock' }[i.action as string]
        if (call === undefined || i.result !== null || found.through !== null) {
          return unsayable(`${i.name}: the locks of LKMM are spinlocks`)
        }
        this.note({ ...base, kind: 'lock', call, place: found.place })
        return
      }
      case 'context':
        if (i.which !== 'rcu') return unsayable(`${i.name} is nothing that LKMM knows`)
        this.note({
          ...base,
          kind: 'order',
          call: i.by === 1 ? 'rcu_read_lock' : 'rcu_read_unlock',
        })
        return
      case 'grace':
        if (i.domain !== null) return unsayable(`${i.name} is not among what is exported`)
        // It is executed twice: once to take note of the readers, once to go on.
        if (next !== i.next) return
        this.note({ ...base, kind: 'order', call: 'synchronize_rcu' })
        return
      case 'alloc': {
        const { pools } = this.#system
        const pool = pools[i.pool]
        const now = after.pools[pool?.name ?? ''] ?? []
        const was = this.#state.pools[pool?.name ?? ''] ?? []
        const index = now.findIndex((object, at) => object.alive === 1 && was[at]?.alive === 0)
        const value = pool === undefined || index < 0 ? 0 : pointerTo(pool, index)
        const object = pool === undefined || index < 0 ? null : `${pool.name}[${index}]`
        this.#held.set(i.slot.id, { value, term: { kind: 'address', object } })
        return
      }
      case 'next-live':
        this.#held.set(i.slot.id, unknown('a walk over a pool'))
        return
      case 'bit-wait':
      case 'bit-wake':
      case 'call-rcu':
      case 'rcu-barrier':
      case 'interrupt':
      case 'callback-begin':
      case 'callback-end':
        return unsayable(`${this.#text(i)} is nothing that LKMM knows`)
      default:
        return
    }
  }

  #when(base: { process: number; line: string }, test: Expr, outcome: boolean): void {
    const { term } = this.#evaluate(test)
    this.note({ ...base, kind: 'when', test: term, outcome })
  }

  #isAtomic({ region }: Instruction): boolean {
    const { instructions } = this.#code()
    return (
      region !== 0 &&
      instructions.some((i) => i.kind === 'atomic' && i.opens === region && i.what === 'atomic')
    )
  }

  /** `plain`, or the primitive that is written there; null where it is none of those that are known. */
  #form(i: Instruction, marked: boolean, known: readonly string[]): string | null {
    if (!marked) return 'plain'
    const text = this.#text(i)
    return known.find((name) => new RegExp(`^${name}\\s*\\(`).test(text)) ?? null
  }

  #text(i: Instruction): string {
    return sourceText(this.#system, i.site.span)
  }

  #line(i: Instruction): string {
    const { file, line } = sourcePlace(this.#system, i.site.span)
    return `${file}:${line}`
  }

  /** The place as it is in this state, or why it cannot be said. */
  #locate({
    root,
    path,
    type,
  }: Place): { readonly place: Location; readonly through: Register | null } | string {
    if (root.kind === 'local') return 'a local array'
    let key = ''
    let object: string | null = null
    let through: Register | null = null
    if (root.kind === 'shared') key = this.#system.shared[root.variable]?.name ?? ''
    else {
      const { value, term } = this.#evaluate(root.pointer)
      if (value === null || value === 0) return 'a place whose address is computed'
      const { pool, index } = objectOf(this.#system, root.pools, value)
      object = `${pool.name}[${index}]`
      key = object
      if (term.kind === 'register') through = term.register
      else if (term.kind !== 'address') return 'a place whose address is computed'
    }
    for (const selector of path) {
      if (selector.kind === 'field') key += `.${selector.name}`
      else {
        const { value, term } = this.#evaluate(selector.index)
        if (value === null || term.kind !== 'number') return 'an element whose index is computed'
        key += `[${value}]`
      }
    }
    return { place: { key, object, type }, through }
  }

  #values(place: Location, state: State): { readonly initial: number; readonly value: number } {
    return { initial: this.#read(this.#initial, place), value: this.#read(state, place) }
  }

  #read(state: State, { key, object }: Location): number {
    const [, name = '', rest = ''] = /^(\w+)(.*)$/.exec(key) ?? []
    let value: Value | undefined
    let path = rest
    if (object === null) value = state.shared[name]
    else {
      const index = Number(/^\[(\d+)\]/.exec(rest)?.[1])
      value = state.pools[name]?.[index]?.value
      path = rest.replace(/^\[\d+\]/, '')
    }
    for (const [, field, index] of path.matchAll(/\.(\w+)|\[(\d+)\]/g)) {
      value = (value as Record<string, Value>)[field ?? index ?? '']
    }
    return typeof value === 'number' ? value : 0
  }

  #slot(slot: Slot): Held {
    const followed = this.#held.get(slot.id)
    if (followed !== undefined) return followed
    return unknown(`the local ${slot.name}`)
  }

  #evaluate(expression: Expr): Held {
    switch (expression.kind) {
      case 'literal':
        return { value: expression.value, term: { kind: 'number', value: expression.value } }
      case 'slot':
        return this.#slot(expression.slot)
      case 'family': {
        const value = this.#system.processes[this.#process]?.family ?? 0
        return { value, term: { kind: 'number', value } }
      }
      case 'object': {
        const pool = this.#system.pools[expression.pool]
        const { value: index } = this.#evaluate(expression.index)
        if (pool === undefined || index === null)
          return unknown('an object whose index is computed')
        const object = `${pool.name}[${index}]`
        return { value: pointerTo(pool, index), term: { kind: 'address', object } }
      }
      case 'unary': {
        const { term } = this.#evaluate(expression.operand)
        return {
          value: null,
          term: { kind: 'unary', operator: expression.operator, operand: term },
        }
      }
      case 'same-address':
      case 'binary': {
        const operator = expression.kind === 'binary' ? expression.operator : '=='
        const [left, right] = [this.#evaluate(expression.left), this.#evaluate(expression.right)]
        const term: Term = { kind: 'binary', operator, left: left.term, right: right.term }
        return { value: null, term }
      }
      default:
        return unknown('a value that is computed')
    }
  }
}
