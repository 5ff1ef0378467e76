import type {
  CheckedModel,
  Expression,
  Label,
  Local,
  Statement,
} from '../../spec/analysis/model.js'
import { arithmetic, readsShared } from './tiny-arithmetic.js'
import { Blocked, type Place, Refused, type TinyMemory } from './tiny-memory.js'
import { numberOf } from './tiny-number.js'
import { modify } from './tiny-primitives.js'

/**
 * The language once more, written from language.md alone and as differently as possible: the typed tree is executed
 * as it stands, by generators that stop in front of each shared access. A process is never saved: what it has been
 * told so far (values read, choices made) is kept, and it is run again from its start and told the same.
 */

export type Step = Generator<undefined, number>

/** How a statement ends. */
type Ending = null | 'break' | 'continue' | { readonly value: number } | Label

export class TinyProcess {
  readonly #model: CheckedModel
  readonly #memory: TinyMemory
  readonly me: number
  /** What it has been told, in order; it reads from `#told` on what it was told before. */
  readonly record: number[]
  #told = 0
  /** Picks for the transition at hand, and how many each could have been. */
  picks: readonly number[] = []
  readonly widths: number[] = []
  readonly made: number[] = []
  /** Where it stands, what it has in its hands, and its locals: two processes equal in these have one future. */
  readonly #where: number[] = []
  readonly #hands: unknown[] = []
  readonly #locals = new Map<Local, number | Place>()
  /** More than zero inside atomic blocks and conditions. */
  #instant = 0
  #fuel = 10_000

  constructor(model: CheckedModel, memory: TinyMemory, me: number, record: readonly number[]) {
    this.#model = model
    this.#memory = memory
    this.me = me
    this.record = [...record]
  }

  /** All that decides what comes next. */
  key(): string {
    const locals = [...this.#locals].map(([local, value]) => [numberOf(local), value])
    return JSON.stringify([this.#where, this.#hands, locals])
  }

  *run(body: readonly Statement[], family: Local | null, index: number): Step {
    if (family) this.#locals.set(family, index)
    yield* this.#block(body)
    this.#memory.leave(this.me)
    return 0
  }

  // ---- what touches the world

  /** One access: a stop in front of it, unless it is part of an instant. */
  *#access(act: () => number): Step {
    const known = this.record[this.#told]
    this.#told += 1
    if (known !== undefined) return known
    if (this.#instant === 0) yield
    const value = act()
    this.record.push(value)
    return value
  }

  #choose(width: number): number {
    const known = this.record[this.#told]
    this.#told += 1
    if (known !== undefined) return known
    const pick = width === 1 ? 0 : (this.picks[this.made.length] ?? 0)
    if (width > 1) {
      this.made.push(pick)
      this.widths.push(width)
    }
    this.record.push(pick)
    return pick
  }

  /** Everything in `body` happens in the one step that begins here. */
  *#instantly<T>(body: () => Generator<undefined, T>): Generator<undefined, T> {
    if (this.#instant === 0) yield* this.#access(() => 0)
    this.#instant += 1
    const result = yield* body()
    this.#instant -= 1
    return result
  }

  // ---- statements

  *#block(body: readonly Statement[]): Generator<undefined, Ending> {
    const declared: Local[] = []
    let ending: Ending = null
    for (let at = 0; at < body.length; at++) {
      const statement = body[at] as Statement
      if (statement.kind === 'declare') declared.push(statement.local)
      this.#where.push(numberOf(statement))
      ending = yield* this.#statement(statement)
      this.#where.pop()
      if (ending === null) continue
      const label = ending
      const target = body.findIndex((each) => each.kind === 'label' && each.label === label)
      if (target < 0) break
      at = target
      ending = null
    }
    for (const local of declared) this.#locals.delete(local)
    return ending
  }

  *#statement(s: Statement): Generator<undefined, Ending> {
    if (this.#told >= this.record.length && --this.#fuel < 0) throw new Refused('livelock')
    switch (s.kind) {
      case 'block':
        return yield* this.#block(s.body)
      case 'declare':
        if (s.initial) this.#setLocal(s.local, yield* this.value(s.initial))
        return null
      case 'assign':
        yield* this.#assign(s)
        return null
      case 'evaluate':
        yield* this.value(s.expression)
        return null
      case 'if': {
        const taken = (yield* this.value(s.test)) !== 0 ? s.then : s.otherwise
        return taken ? yield* this.#block([taken]) : null
      }
      case 'while':
        return yield* this.#while(s)
      case 'for-range':
        return yield* this.#for(s)
      case 'break':
      case 'continue':
        return s.kind
      case 'return':
        return { value: s.value ? yield* this.value(s.value) : 0 }
      case 'goto':
        return s.label
      case 'either':
        return yield* this.#block(s.branches[this.#choose(s.branches.length)] ?? [])
      case 'choose': {
        const [from, to] = yield* this.#pair(s.range.from, s.range.to)
        if (from > to) throw new Refused('bug-on')
        this.#setLocal(s.local, from + this.#choose(to - from + 1))
        return null
      }
      case 'atomic':
        return yield* this.#instantly(() => this.#block(s.body))
      case 'await':
        if ((yield* this.#instantly(() => this.value(s.condition))) === 0) throw new Blocked()
        return null
      case 'assert':
        yield* this.require(s.condition, 'assert', true)
        return null
      case 'fail':
        throw new Refused(s.violation)
      case 'label':
      case 'skip':
        return null
      case 'for-pool':
        throw new Error('not in this subset')
    }
  }

  /** `assert` and the like: one instant when anything shared is read. Gives the condition. */
  *require(condition: Expression, kind: string, wanted: boolean): Step {
    const check = function* (self: TinyProcess): Step {
      const value = yield* self.value(condition)
      if ((value !== 0) !== wanted) throw new Refused(kind)
      return value
    }
    if (!readsShared(condition)) return yield* check(this)
    return yield* this.#instantly(() => check(this))
  }

  *#while(s: Statement & { kind: 'while' }): Generator<undefined, Ending> {
    while ((yield* this.value(s.test)) !== 0) {
      const ending = yield* this.#block([s.body])
      if (ending === 'break') break
      if (ending !== null && ending !== 'continue') return ending
    }
    return null
  }

  *#for(s: Statement & { kind: 'for-range' }): Generator<undefined, Ending> {
    const [from, to] = yield* this.#pair(s.range.from, s.range.to)
    this.#hands.push(to)
    let ending: Ending = null
    for (let i = from; i <= to && ending === null; i++) {
      this.#locals.set(s.local, i)
      ending = yield* this.#block([s.body])
      if (ending === 'continue') ending = null
    }
    this.#hands.pop()
    this.#locals.delete(s.local)
    return ending === 'break' ? null : ending
  }

  /** Rule 1: the right side, the address of the left side, the store; `x op= e` computes its address once. */
  *#assign(s: Statement & { kind: 'assign' }): Step {
    const { target, value, operator } = s
    if (target.type.kind === 'struct') return yield* this.#copy(target, value)
    if (operator === null) {
      const given = yield* this.value(value)
      const place = yield* this.#held(given, () => this.place(target))
      return yield* this.#held([place, given], () => this.#write(place, given))
    }
    const place = yield* this.place(target)
    const old = yield* this.#held(place, () => this.#at(target, () => this.#read(place)))
    const sum = yield* this.#held([place, old], () => this.value(value))
    const result = arithmetic(operator, old, sum)
    return yield* this.#held([place, result], () => this.#write(place, result))
  }

  *#copy(target: Expression, value: Expression): Step {
    const from = yield* this.place(value)
    const to = yield* this.#held(from, () => this.place(target))
    for (const path of this.#memory.leaves(from)) {
      const source: Place = { ...from, path: [...from.path, ...path] }
      const goal: Place = { ...to, path: [...to.path, ...path] }
      const read = yield* this.#held([from, to, path], () => this.#read(source))
      yield* this.#held([from, to, path, read], () => this.#write(goal, read))
    }
    return 0
  }

  /** Goes on with something in its hands. */
  *#held<T>(what: unknown, go: () => Generator<undefined, T>): Generator<undefined, T> {
    this.#hands.push(what)
    const result = yield* go()
    this.#hands.pop()
    return result
  }

  /** Goes on at a part of the statement. */
  *#at<T>(node: object, go: () => Generator<undefined, T>): Generator<undefined, T> {
    this.#where.push(numberOf(node))
    const result = yield* go()
    this.#where.pop()
    return result
  }

  *#pair(left: Expression, right: Expression): Generator<undefined, readonly [number, number]> {
    const first = yield* this.value(left)
    return [first, yield* this.#held(first, () => this.value(right))]
  }

  // ---- places

  *place(e: Expression): Generator<undefined, Place> {
    switch (e.kind) {
      case 'shared':
        return { name: e.variable.name, path: [] }
      case 'local':
        return { name: e.local, path: [] }
      case 'member': {
        const place = yield* this.place(e.object)
        return { ...place, path: [...place.path, e.member.name] }
      }
      case 'index': {
        const place = yield* this.place(e.array)
        const index = yield* this.#held(place, () => this.value(e.index))
        return { ...place, path: [...place.path, index] }
      }
      case 'deref':
        return yield* this.pointed(e.pointer)
      default:
        throw new Error(`${e.kind} is no place`)
    }
  }

  /** What a pointer argument points to. */
  *pointed(e: Expression): Generator<undefined, Place> {
    if (e.kind === 'address') return yield* this.place(e.of)
    if (e.kind === 'local') return this.#locals.get(e.local) as Place
    throw new Error('no place behind this')
  }

  *#load(e: Expression): Step {
    const place = yield* this.place(e)
    return yield* this.#held(place, () => this.#read(place))
  }

  *#read(place: Place): Step {
    if (typeof place.name !== 'string') return this.#local(place.name)
    return yield* this.#access(() => this.#memory.read(place))
  }

  *#write(place: Place, value: number): Step {
    if (typeof place.name !== 'string') this.#setLocal(place.name, value)
    else yield* this.#access(() => this.#memory.write(place, value))
    return 0
  }

  #local(local: Local): number {
    const value = this.#locals.get(local)
    if (typeof value === 'number') return value
    throw new Refused('uninitialised-read')
  }

  #setLocal(local: Local, value: number): void {
    this.#memory.fits(local.type, value)
    this.#locals.set(local, value)
  }

  // ---- values

  *value(e: Expression): Step {
    switch (e.kind) {
      case 'literal':
        return e.value
      case 'constant':
        return this.#memory.constant(e)
      case 'local':
        return this.#local(e.local)
      case 'shared':
      case 'member':
      case 'index':
      case 'deref':
        return yield* this.#at(e, () => this.#load(e))
      case 'unary': {
        const operand = yield* this.value(e.operand)
        if (e.operator === '!') return operand === 0 ? 1 : 0
        return e.operator === '-' ? -operand | 0 : ~operand
      }
      case 'binary': {
        if (e.operator === '&&' || e.operator === '||') {
          const left = (yield* this.value(e.left)) !== 0
          if (left === (e.operator === '||')) return left ? 1 : 0
          return (yield* this.value(e.right)) !== 0 ? 1 : 0
        }
        const [left, right] = yield* this.#pair(e.left, e.right)
        return arithmetic(e.operator, left, right)
      }
      case 'conditional':
        return yield* this.value((yield* this.value(e.test)) !== 0 ? e.then : e.otherwise)
      case 'call':
        return yield* this.#call(e)
      case 'builtin':
        return yield* this.#at(e, () => this.#builtin(e))
      default:
        throw new Error(`${e.kind} is not in this subset`)
    }
  }

  *#call(e: Expression & { kind: 'call' }): Step {
    const op = this.#model.ops.find(({ name }) => name === e.op.name) ?? e.op
    const given: (number | Place)[] = []
    this.#hands.push(given)
    for (const [at, argument] of e.arguments.entries()) {
      const pointer = op.parameters[at]?.type.kind === 'pointer'
      given.push(pointer ? yield* this.pointed(argument) : yield* this.value(argument))
    }
    this.#hands.pop()
    this.#where.push(numberOf(e))
    for (const [at, parameter] of op.parameters.entries()) {
      this.#locals.set(parameter, given[at] ?? 0)
    }
    const body = (): Generator<undefined, Ending> => this.#block(op.body)
    const ending = op.atomic ? yield* this.#instantly(body) : yield* body()
    for (const parameter of op.parameters) this.#locals.delete(parameter)
    this.#where.pop()
    return ending !== null && typeof ending === 'object' && 'value' in ending ? ending.value : 0
  }

  *#builtin(e: Expression & { kind: 'builtin' }): Step {
    const [first] = e.arguments
    if (!first) return 0
    if (e.builtin === 'BUG_ON') return yield* this.require(first, 'bug-on', false)
    if (e.builtin === 'WRITE_ONCE') {
      const value = yield* this.value(e.arguments[1] as Expression)
      const place = yield* this.#held(value, () => this.place(first))
      return yield* this.#held([place, value], () => this.#write(place, value))
    }
    let place: Place | null = e.builtin === 'READ_ONCE' ? yield* this.place(first) : null
    const given: number[] = []
    for (const argument of place ? [] : e.arguments) {
      this.#hands.push([place, ...given])
      if (argument.type.kind === 'pointer') place = yield* this.pointed(argument)
      else given.push(yield* this.value(argument))
      this.#hands.pop()
    }
    if (!place) return 0
    const target = place
    const act = (): number => modify(this.#memory, e.builtin, target, given, this.me)
    return yield* this.#held([target, ...given, 'act'], () => this.#access(act))
  }
}
