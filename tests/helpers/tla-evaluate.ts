import { type Evaluate, type Frame, Later, Locals } from './tla-frame.js'
import { operation } from './tla-operations.js'
import type { Definition, Module, Node, Update } from './tla-syntax.js'
import {
  Fields,
  itemsOf,
  keyOf,
  numberOf,
  Row,
  rowOf,
  Several,
  truthOf,
  type Value,
} from './tla-values.js'

/**
 * What a module of TLA+ means, worked out from its text: values of expressions, initial states, successors. Written
 * from the definition of the language, for the part of it that exported modules use.
 *
 * A definition may only use what stands before it, and no name may be given twice on the way to a place: both are
 * errors in TLA+.
 */

/** Calls `found` for every way in which a formula can hold, with the variables set accordingly. */
type Enumerate = (frame: Frame, found: () => void) => void

interface Operator {
  readonly definition: Definition
  /** Declared as recursive: may be used before it is defined. */
  readonly isPromised: boolean
  size: number
  value: Evaluate | null
  /** For `Init` (the variables are those of the first state) and for steps. */
  readonly ways: { init: Enumerate | null; step: Enumerate | null }
}

export type State = readonly Value[]

export class Evaluator {
  readonly variables: readonly string[]
  readonly #places: ReadonlyMap<string, number>
  readonly #operators = new Map<string, Operator>()
  #now: (Value | undefined)[] = []
  #next: (Value | undefined)[] = []

  constructor({ variables, units, extended }: Module) {
    const [integers, sets = 'FiniteSets'] = extended
    if (integers !== 'Integers' || sets !== 'FiniteSets')
      throw new Error(`${extended.join()} is not known here`)
    this.variables = variables
    this.#places = new Map(variables.map((name, at) => [name, at]))
    if (this.#places.size < variables.length) throw new Error('a variable is declared twice')
    const promised = new Set<string>()
    for (const unit of units) if ('recursive' in unit) promised.add(unit.recursive)
    const pending = new Map<string, Definition>()
    for (const unit of units) if ('body' in unit) pending.set(unit.name, unit)
    for (const unit of units) {
      if ('recursive' in unit) {
        const definition = pending.get(unit.recursive)
        if (definition === undefined) throw new Error(`${unit.recursive} is never defined`)
        this.#declare(definition, true)
      } else {
        if (!promised.has(unit.name)) this.#declare(unit, false)
        this.#define(unit)
      }
    }
  }

  value(name: string, state: State): Value {
    this.#now = [...state]
    return this.#operator(name).value?.([]) ?? false
  }

  initial(): readonly State[] {
    this.#now = this.variables.map(() => undefined)
    this.#next = this.#now
    return this.#states(this.#operator('Init').ways.init)
  }

  /** Every way from a state to a next one, the same state maybe several times. */
  successors(state: State): readonly State[] {
    this.#now = [...state]
    this.#next = this.variables.map(() => undefined)
    return this.#states(this.#operator('Next').ways.step)
  }

  #states(enumerate: Enumerate | null): readonly State[] {
    const found: State[] = []
    enumerate?.([], () => {
      found.push(
        this.#next.map((value, at) => {
          if (value === undefined) throw new Error(`${this.variables[at]} gets no value`)
          return value
        }),
      )
    })
    return found
  }

  #operator(name: string): Operator {
    const operator = this.#operators.get(name)
    if (operator === undefined) throw new Error(`${name} is not defined`)
    return operator
  }

  #declare(definition: Definition, isPromised: boolean): void {
    const { name } = definition
    if (this.#operators.has(name) || this.#places.has(name))
      throw new Error(`${name} is defined twice`)
    const ways = { init: null, step: null }
    this.#operators.set(name, { definition, isPromised, size: 0, value: null, ways })
  }

  #define({ name, parameters, body }: Definition): void {
    const operator = this.#operator(name)
    let locals = new Locals()
    for (const parameter of parameters) [locals] = this.#bind(parameter, locals)
    if (hasPrime(body, this.#operators)) {
      operator.ways.step = this.#ways(body, locals, 'step')
    } else {
      operator.value = this.#evaluation(body, locals)
      if (name.startsWith('Init')) operator.ways.init = this.#ways(body, locals, 'init')
    }
    operator.size = locals.size
  }

  #bind(name: string, locals: Locals): readonly [Locals, number] {
    if (this.#operators.has(name) || this.#places.has(name))
      throw new Error(`${name} is defined twice`)
    return locals.with(name)
  }

  #call(name: string, passed: readonly Node[], locals: Locals) {
    const operator = this.#operator(name)
    const { parameters } = operator.definition
    const isDefined = operator.value !== null || operator.ways.step !== null
    if (!isDefined && !operator.isPromised) throw new Error(`${name} is used before it is defined`)
    if (parameters.length !== passed.length) {
      throw new Error(`${name} takes ${parameters.length} arguments, not ${passed.length}`)
    }
    const values = passed.map((each) => this.#evaluation(each, locals))
    const enter = (frame: Frame): Frame => {
      const inner: Frame = new Array(operator.size)
      for (const [at, value] of values.entries()) inner[at] = new Later(value, frame)
      return inner
    }
    return { operator, enter }
  }

  #evaluation(node: Node, locals: Locals): Evaluate {
    const evaluation = (each: Node) => this.#evaluation(each, locals)
    switch (node.kind) {
      case 'number':
      case 'boolean': {
        const value = typeof node.value === 'number' ? numberOf(node.value) : node.value
        return () => value
      }
      case 'name':
        return this.#named(node.name, node.passed, locals)
      case 'operator':
        return operation(node.symbol, node.operands.map(evaluation))
      case 'if': {
        const test = evaluation(node.test)
        const then = evaluation(node.then)
        const otherwise = evaluation(node.otherwise)
        return (frame) => (truthOf(test(frame)) ? then(frame) : otherwise(frame))
      }
      case 'let': {
        const value = evaluation(node.value)
        const [inside, slot] = this.#bind(node.name, locals)
        const inner = this.#evaluation(node.inner, inside)
        return (frame) => {
          frame[slot] = new Later(value, frame)
          return inner(frame)
        }
      }
      case 'exists':
      case 'forall':
      case 'filter':
      case 'map':
      case 'function':
        return this.#binding(node, locals)
      case 'set': {
        const items = node.items.map(evaluation)
        return (frame) => new Several(items.map((item) => item(frame)))
      }
      case 'tuple': {
        const items = node.items.map(evaluation)
        return (frame) =>
          new Row(
            1,
            items.map((item) => item(frame)),
          )
      }
      case 'record': {
        const fields = node.fields.map(([name, each]) => [name, evaluation(each)] as const)
        return (frame) => new Fields(new Map(fields.map(([name, each]) => [name, each(frame)])))
      }
      case 'field': {
        const of = evaluation(node.of)
        return (frame) => {
          const record = of(frame)
          const value = record instanceof Fields ? record.values.get(node.name) : undefined
          if (value === undefined) throw new Error(`${keyOf(record)} has no ${node.name}`)
          return value
        }
      }
      case 'apply': {
        const of = evaluation(node.of)
        const index = evaluation(node.index)
        return (frame) => rowOf(of(frame)).at(index(frame))
      }
      case 'except': {
        const of = evaluation(node.of)
        const updates = node.updates.map((update) => this.#update(update, locals))
        return (frame) => updates.reduce((value, update) => update(frame, value), of(frame))
      }
      default:
        throw new Error(`${node.kind} is no value`)
    }
  }

  #update({ path, value }: Update, locals: Locals): (frame: Frame, old: Value) => Value {
    const next = this.#evaluation(value, locals)
    const [first] = path
    if (typeof first === 'string') {
      if (path.length > 1) throw new Error('a path goes on behind a field')
      return (frame, old) => {
        if (!(old instanceof Fields)) throw new Error(`${keyOf(old)} is no record`)
        return old.with(first, next(frame))
      }
    }
    const steps = path.map((step) => {
      if (typeof step === 'string') throw new Error('a field behind an index')
      return this.#evaluation(step, locals)
    })
    return (frame, old) =>
      rowOf(old).with(
        steps.map((step) => step(frame)),
        next(frame),
      )
  }

  #named(name: string, passed: readonly Node[], locals: Locals): Evaluate {
    const slot = locals.slot(name)
    if (slot !== undefined) {
      if (passed.length > 0) throw new Error(`${name} is no operator`)
      return (frame) => {
        const value = frame[slot]
        if (value === undefined) throw new Error(`${name} has no value`)
        return value instanceof Later ? value.get() : value
      }
    }
    const place = this.#places.get(name)
    if (place !== undefined) {
      return () => {
        const value = this.#now[place]
        if (value === undefined) throw new Error(`${name} has no value yet`)
        return value
      }
    }
    const [argument] = passed
    if (name === 'Cardinality' && argument !== undefined) {
      const set = this.#evaluation(argument, locals)
      return (frame) => itemsOf(set(frame)).length
    }
    const { operator, enter } = this.#call(name, passed, locals)
    return (frame) => {
      if (operator.value === null) throw new Error(`${name} is no value`)
      return operator.value(enter(frame))
    }
  }

  #binding(
    node: Extract<Node, { readonly inner: Node; readonly set: Node }>,
    locals: Locals,
  ): Evaluate {
    const set = this.#evaluation(node.set, locals)
    const [inside, slot] = this.#bind(node.name, locals)
    const inner = this.#evaluation(node.inner, inside)
    const each = (frame: Frame, value: Value): Value => {
      frame[slot] = value
      return inner(frame)
    }
    switch (node.kind) {
      case 'exists':
        return (frame) => itemsOf(set(frame)).some((value) => truthOf(each(frame, value)))
      case 'forall':
        return (frame) => itemsOf(set(frame)).every((value) => truthOf(each(frame, value)))
      case 'filter':
        return (frame) =>
          new Several(itemsOf(set(frame)).filter((value) => truthOf(each(frame, value))))
      case 'map':
        return (frame) => new Several(itemsOf(set(frame)).map((value) => each(frame, value)))
      default:
        return (frame) => {
          const domain = itemsOf(set(frame)).map(numberOf)
          const [from = 1] = domain
          if (domain.some((value, at) => value !== from + at))
            throw new Error('the domain has gaps')
          return new Row(
            from,
            domain.map((value) => each(frame, value)),
          )
        }
    }
  }

  /** A formula as the ways in which it can hold; what gives a variable no value is only asked. */
  #ways(node: Node, locals: Locals, mode: 'init' | 'step'): Enumerate {
    const ways = (each: Node) => this.#ways(each, locals, mode)
    switch (node.kind) {
      case 'operator': {
        const { symbol, operands } = node
        const [left, right] = operands
        if (symbol === 'land') return inTurn(operands.map(ways))
        if (symbol === 'lor') {
          const each = operands.map(ways)
          return (frame, found) => {
            for (const way of each) way(frame, found)
          }
        }
        const place = symbol === 'eq' && left ? this.#target(left, locals, mode) : undefined
        if (place !== undefined && right) return this.#give(place, this.#evaluation(right, locals))
        break
      }
      case 'unchanged':
        return inTurn(
          node.names.map((name) => {
            const place = this.#places.get(name)
            if (place === undefined) throw new Error(`${name} is no variable`)
            return this.#give(place, () => this.#now[place] as Value)
          }),
        )
      case 'if': {
        const test = this.#evaluation(node.test, locals)
        const [then, otherwise] = [ways(node.then), ways(node.otherwise)]
        return (frame, found) => (truthOf(test(frame)) ? then : otherwise)(frame, found)
      }
      case 'let': {
        const value = this.#evaluation(node.value, locals)
        const [inside, slot] = this.#bind(node.name, locals)
        const inner = this.#ways(node.inner, inside, mode)
        return (frame, found) => {
          frame[slot] = new Later(value, frame)
          inner(frame, found)
        }
      }
      case 'exists': {
        const set = this.#evaluation(node.set, locals)
        const [inside, slot] = this.#bind(node.name, locals)
        const inner = this.#ways(node.inner, inside, mode)
        return (frame, found) => {
          for (const value of itemsOf(set(frame))) {
            frame[slot] = value
            inner(frame, found)
          }
        }
      }
      case 'name': {
        if (
          node.name === 'Cardinality' ||
          locals.slot(node.name) !== undefined ||
          this.#places.has(node.name)
        )
          break
        const { operator, enter } = this.#call(node.name, node.passed, locals)
        const inner = operator.ways[mode]
        if (inner !== null) return (frame, found) => inner(enter(frame), found)
        break
      }
      default:
    }
    const holds = this.#evaluation(node, locals)
    return (frame, found) => {
      if (truthOf(holds(frame))) found()
    }
  }

  /** The variable that an equation gives a value. */
  #target(left: Node, locals: Locals, mode: 'init' | 'step'): number | undefined {
    if (mode === 'step') return left.kind === 'prime' ? this.#places.get(left.name) : undefined
    const isName = left.kind === 'name' && locals.slot(left.name) === undefined
    return isName ? this.#places.get(left.name) : undefined
  }

  #give(place: number, value: Evaluate): Enumerate {
    return (frame, found) => {
      const given = value(frame)
      const old = this.#next[place]
      if (old !== undefined) {
        if (keyOf(old) === keyOf(given)) found()
        return
      }
      this.#next[place] = given
      found()
      this.#next[place] = undefined
    }
  }
}

const inTurn = (ways: readonly Enumerate[]): Enumerate =>
  ways.reduceRight<Enumerate>(
    (after, way) => (frame, found) => way(frame, () => after(frame, found)),
    (_, found) => found(),
  )

/** Whether a definition speaks of the next state. */
function hasPrime(node: Node, operators: ReadonlyMap<string, Operator>): boolean {
  if (node.kind === 'prime' || node.kind === 'unchanged') return true
  if (node.kind === 'name' && operators.get(node.name)?.ways.step != null) return true
  return Object.values(node).some((part: unknown) => {
    if (Array.isArray(part))
      return part.flat().some((each) => isNode(each) && hasPrime(each, operators))
    return isNode(part) && hasPrime(part, operators)
  })
}

const isNode = (part: unknown): part is Node =>
  typeof part === 'object' && part !== null && ('kind' in part || 'path' in part)
