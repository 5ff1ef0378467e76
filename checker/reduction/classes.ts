import {
  type Code,
  definitions,
  type Expr,
  type Instruction,
  type Place,
  type Slot,
  type TransitionSystem,
  type ValueType,
} from '../../spec/index.js'
import { keysOf } from './accesses.js'
import { type Orderless, orderlessLoops } from './orderless.js'

/** An interval of numbers, inclusive. */
export interface Numbers {
  readonly from: number
  readonly to: number
}

/** Places and locals between which values flow or are compared: what is said of one is said of all. */
export interface ValueClass {
  /** Numbers are told from those outside: by a range, the length of an array, a literal. */
  readonly cuts: readonly Numbers[]
  /** What somebody chooses among, and the local that gets it. */
  readonly chosen: readonly (Numbers & { readonly name: string })[]
  /** An instruction that tells all of its numbers apart: reckons with one, compares by size; and how. */
  readonly told: { readonly why: string; readonly by: Instruction } | null
}

/** By place (`keysOf`, or `localKey`): its class. The index of an array has the key of its elements and `#`. */
export interface Classes {
  readonly of: (key: string) => ValueClass | null
  readonly all: readonly ValueClass[]
}

/** The key of a local, for the places inside of it as for itself. */
export const localKey = (code: number, slot: Slot): string => `l${code}.${slot.id}`

/** The key of the index of an array whose elements have a key. */
export const indexKey = (elements: string): string => `${elements}#`

/** Codes that are told apart from those of processes by their numbers: all that may see a state but `init`. */
export const seeingCodes = (system: TransitionSystem): readonly Code[] => [
  ...system.codes,
  ...[...system.invariants, ...system.finals, ...system.covers].map(({ code }) => code),
]

/** What flows where, in everything that may move or judge. How `init` makes the first states does not matter. */
export function classesOf(system: TransitionSystem): Classes {
  const flows = new Flows(system)
  for (const [number, code] of seeingCodes(system).entries()) flows.addCode(code, number)
  for (const { code, result } of system.covers) {
    flows.addResult(result, seeingCodes(system).indexOf(code))
  }
  for (const [at, { type }] of system.shared.entries()) flows.declare(type, `s${at}`, null)
  for (const [at, pool] of system.pools.entries()) {
    for (const { name, type } of pool.type.fields) {
      // What an object is allocated or freed with is a literal.
      flows.declare(type, `p${at}.${name}`, pool.initial[name])
    }
  }
  return flows.classes()
}

interface Found {
  readonly cuts: Numbers[]
  readonly chosen: ValueClass['chosen'][number][]
  told: ValueClass['told']
}

class Flows {
  readonly #above = new Map<string, string>()
  readonly #found = new Map<string, Found>()
  readonly #system: TransitionSystem
  #code = 0
  #isProcess = true
  #fresh = 0
  #at: Instruction | null = null

  constructor(system: TransitionSystem) {
    this.#system = system
  }

  addCode(code: Code, number: number): void {
    this.#code = number
    this.#isProcess = number < this.#system.codes.length
    const loops = this.#isProcess ? [] : orderlessLoops(code)
    for (const [at, i] of code.instructions.entries()) {
      this.#at = i
      if (!loops.some((loop) => this.#isOver(loop, at))) this.#instruction(i)
    }
    for (const slot of code.slots) this.declare(slot.type, localKey(number, slot), undefined)
  }

  /** The frame of a loop over numbers tells them from those outside. */
  #isOver({ over, frame }: Orderless, at: number): boolean {
    if (!frame.has(at)) return false
    if (over.kind === 'range') this.#cut(localKey(this.#code, over.slot), over)
    return true
  }

  addResult(result: Expr, code: number): void {
    this.#code = code
    this.#test(result)
  }

  /** The range of what is declared, the lengths of its arrays, and what it begins with, where that comes again. */
  declare(type: ValueType, key: string, initial: unknown): void {
    switch (type.kind) {
      case 'array':
        this.#cut(indexKey(`${key}.[]`), { from: 0, to: type.length - 1 })
        for (let at = 0; at < type.length; at++) {
          const item = Array.isArray(initial) ? initial[at] : undefined
          this.declare(type.of, `${key}.[]`, item)
        }
        return
      case 'struct':
        for (const field of type.fields) {
          const inner = (initial as Record<string, unknown> | undefined)?.[field.name]
          this.declare(field.type, `${key}.${field.name}`, inner)
        }
        return
      case 'int':
        this.#cut(key, type)
        break
      case 'bool':
        this.#cut(key, { from: 0, to: 1 })
        break
      case 'enum':
        this.#cut(key, { from: 0, to: type.values.length - 1 })
        break
      default:
    }
    if (typeof initial === 'number') this.#cut(key, { from: initial, to: initial })
  }

  classes(): Classes {
    return {
      of: (key) => this.#found.get(this.#top(key)) ?? null,
      all: [...this.#found.entries()].flatMap(([key, found]) =>
        this.#top(key) === key ? [found] : [],
      ),
    }
  }

  // ---- classes

  #top(key: string): string {
    const above = this.#above.get(key)
    if (above === undefined) return key
    const top = this.#top(above)
    this.#above.set(key, top)
    return top
  }

  #foundAt(key: string): Found {
    const top = this.#top(key)
    const found = this.#found.get(top) ?? { cuts: [], chosen: [], told: null }
    this.#found.set(top, found)
    return found
  }

  #join(one: string, other: string): void {
    const [left, right] = [this.#top(one), this.#top(other)]
    if (left === right) return
    const found = this.#foundAt(left)
    const { cuts, chosen, told } = this.#foundAt(right)
    found.cuts.push(...cuts)
    found.chosen.push(...chosen)
    found.told ??= told
    this.#above.set(right, left)
    this.#found.delete(right)
  }

  #cut(key: string, { from, to }: Numbers): void {
    this.#foundAt(key).cuts.push({ from, to })
  }

  #tell(key: string, why: string): void {
    if (this.#at !== null) this.#foundAt(key).told ??= { why, by: this.#at }
  }

  /** A value of its own, which nobody looks into. */
  #number(why: string): string {
    const key = `n${this.#fresh++}`
    this.#tell(key, why)
    return key
  }

  // ---- instructions

  #slot(slot: Slot): string {
    return localKey(this.#code, slot)
  }

  #place(place: Place): readonly string[] {
    const { root, path } = place
    if (root.kind === 'object') this.#value(root.pointer)
    const roots = root.kind === 'local' ? [this.#slot(root.slot)] : keysOf({ ...place, path: [] })
    return roots.map((first) => {
      let key = first
      for (const one of path) {
        key += one.kind === 'field' ? `.${one.name}` : '.[]'
        if (one.kind === 'index') this.#join(indexKey(key), this.#value(one.index))
      }
      return key
    })
  }

  /** Joins what is at a place with something, and the places it may be with one another. */
  #meet(place: Place, value: string): void {
    for (const key of this.#place(place)) this.#join(key, value)
  }

  #instruction(i: Instruction): void {
    switch (i.kind) {
      case 'assign':
        this.#join(this.#slot(i.slot), this.#value(i.value))
        break
      case 'branch':
        this.#test(i.test)
        break
      case 'require':
      case 'guard':
        this.#test(i.condition)
        break
      case 'choose':
        this.#choose(i)
        break
      case 'load':
        this.#meet(i.place, this.#slot(i.slot))
        break
      case 'store':
        this.#meet(i.place, this.#value(i.value))
        break
      case 'update':
        this.#meet(i.place, this.#slot(i.old))
        for (const { when } of i.traps) this.#test(when)
        this.#test(i.when)
        this.#join(this.#slot(i.old), this.#value(i.value))
        break
      case 'lock':
      case 'assert-held':
      case 'bit-wait':
      case 'bit-wake':
      case 'call-rcu':
        this.#place(i.place)
        break
      case 'grace':
        if (i.domain !== null) this.#place(i.domain)
        break
      case 'alloc':
        if (i.object !== null) this.#value(i.object)
        if (i.flags !== null) this.#tell(this.#value(i.flags), 'takes it for flags')
        break
      case 'free':
      case 'touch':
        this.#value(i.pointer)
        break
      case 'next-live':
        this.#tell(this.#value(i.from), 'goes on from it')
        break
      case 'callback-begin':
        for (const slot of definitions(i)) this.#tell(this.#slot(slot), 'numbers callbacks')
        break
      default:
    }
    if (i.kind === 'lock' && i.result !== null) this.#tell(this.#slot(i.result), 'is a result')
    if (i.kind === 'preemptible') this.#tell(this.#slot(i.slot), 'is a result')
  }

  #choose({ slot, from, to }: Instruction & { readonly kind: 'choose' }): void {
    const key = this.#slot(slot)
    if (from.kind === 'literal' && to.kind === 'literal') {
      const numbers = { from: from.value, to: to.value }
      this.#cut(key, numbers)
      this.#foundAt(key).chosen.push({ ...numbers, name: slot.name })
      return
    }
    for (const one of [key, this.#value(from), this.#value(to)]) this.#tell(one, 'is a bound')
  }

  /** Whether it is 0. */
  #test(e: Expr): void {
    this.#cut(this.#value(e), { from: 0, to: 0 })
  }

  /** The class of a value; joins and tells apart on the way. */
  #value(e: Expr): string {
    switch (e.kind) {
      case 'literal': {
        const key = `n${this.#fresh++}`
        this.#cut(key, { from: e.value, to: e.value })
        return key
      }
      case 'slot':
        return this.#slot(e.slot)
      case 'family':
        return this.#number('is the index of a process')
      case 'current':
        return this.#number('is a task')
      case 'unary':
        if (e.operator === '!') this.#test(e.operand)
        else this.#tell(this.#value(e.operand), 'reckons with it')
        return this.#number('is a result')
      case 'binary':
        return this.#binary(e)
      case 'conditional': {
        this.#test(e.test)
        const then = this.#value(e.then)
        this.#join(then, this.#value(e.otherwise))
        return then
      }
      case 'same-address':
        this.#join(this.#value(e.left), this.#value(e.right))
        return this.#number('is a result')
      case 'object':
        this.#tell(this.#value(e.index), 'is the number of an object')
        return this.#number('is an object')
      case 'advance':
        this.#tell(this.#value(e.by), 'reckons with it')
        this.#value(e.pointer)
        return this.#number('is an object')
      case 'index-in-pool':
        this.#value(e.pointer)
        return this.#number('is the number of an object')
    }
  }

  #binary(e: Expr & { readonly kind: 'binary' }): string {
    switch (e.operator) {
      case '==':
      case '!=':
        this.#join(this.#value(e.left), this.#value(e.right))
        break
      case '&&':
      case '||':
        this.#test(e.left)
        this.#test(e.right)
        break
      case '<':
      case '<=':
      case '>':
      case '>=':
        this.#tell(this.#value(e.left), 'compares it by size')
        this.#tell(this.#value(e.right), 'compares it by size')
        break
      default:
        this.#tell(this.#value(e.left), 'reckons with it')
        this.#tell(this.#value(e.right), 'reckons with it')
    }
    return this.#number('is a result')
  }
}
