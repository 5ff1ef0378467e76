import type {
  CheckedModel,
  Configuration,
  Expression,
  Local,
  Type,
} from '../../spec/analysis/model.js'

/** Stops a process that cannot go on: nothing has happened. */
export class Blocked {}

/** Something is wrong: a violation of this kind. */
export class Refused {
  readonly kind: string

  constructor(kind: string) {
    this.kind = kind
  }
}

/** A shared variable's name, or a local of the process; then members and indexes. */
export interface Place {
  readonly name: string | Local
  readonly path: readonly (string | number)[]
}

/** Numbers; a lock is its owner, -1 when free. */
export type Value = number | Value[] | { [member: string]: Value }

export type Values = { [name: string]: Value }

/** The shared variables of a model, with their types to keep to. */
export class TinyMemory {
  values: Values
  readonly #configuration: Configuration
  readonly #types: ReadonlyMap<string, Type>

  constructor(model: CheckedModel, configuration: Configuration) {
    this.#configuration = configuration
    this.#types = new Map(model.variables.map(({ name, type }) => [name, type]))
    this.values = Object.fromEntries(
      model.variables.map(({ name, type, initial }) => [name, this.#initial(type, initial)]),
    )
  }

  constant(e: Expression): number {
    switch (e.kind) {
      case 'literal':
        return e.value
      case 'constant':
        return this.#configuration.get(e.constant) ?? 0
      case 'unary':
        return e.operator === '-' ? -this.constant(e.operand) : Number(!this.constant(e.operand))
      case 'binary': {
        const [a, b] = [this.constant(e.left), this.constant(e.right)]
        if (e.operator === '+') return a + b
        return e.operator === '-' ? a - b : a * b
      }
      default:
        throw new Error(`${e.kind} is not in this subset`)
    }
  }

  #initial(type: Type, initial: Expression | null): Value {
    switch (type.kind) {
      case 'array': {
        const length = this.constant(type.length)
        return Array.from({ length }, () => this.#initial(type.of, initial))
      }
      case 'struct': {
        const members = type.struct.members
        return Object.fromEntries(members.map((m) => [m.name, this.#initial(m.type, m.initial)]))
      }
      case 'lock':
        return -1
      default:
        return initial ? this.constant(initial) : 0
    }
  }

  /** Rule 3: a value keeps to the range of its type, an index to its array. */
  fits(type: Type, value: number): void {
    if ((type.kind !== 'int' && type.kind !== 'counter') || type.range === null) return
    const { from, to } = type.range
    if (value < this.constant(from) || value > this.constant(to))
      throw new Refused('count-overflow')
  }

  #cell(place: Place): { holder: Value[] | Values; key: string | number; type: Type } {
    let holder: Value[] | Values = this.values
    let key: string | number = String(place.name)
    let type = this.#types.get(key) as Type
    for (const step of place.path) {
      holder = (holder as Values)[key] as Value[] | Values
      key = step
      if (type.kind === 'array') {
        if (Number(step) < 0 || Number(step) >= this.constant(type.length)) {
          throw new Refused('count-overflow')
        }
        type = type.of
      } else if (type.kind === 'struct') {
        type = type.struct.members.find(({ name }) => name === step)?.type as Type
      }
    }
    return { holder, key, type }
  }

  read(place: Place): number {
    const { holder, key } = this.#cell(place)
    return (holder as Values)[key] as number
  }

  write(place: Place, value: number): number {
    const { holder, key, type } = this.#cell(place)
    this.fits(type, value)
    ;(holder as Values)[key] = value
    return value
  }

  /** The ways from a place down to its scalars, in the order of declaration. */
  leaves(place: Place): readonly (readonly (string | number)[])[] {
    const below = (type: Type): readonly (readonly (string | number)[])[] => {
      if (type.kind === 'struct') {
        return type.struct.members.flatMap((m) => below(m.type).map((path) => [m.name, ...path]))
      }
      if (type.kind !== 'array') return [[]]
      const inner = below(type.of)
      return Array.from({ length: this.constant(type.length) }, (_, at) => at).flatMap((at) =>
        inner.map((path) => [at, ...path]),
      )
    }
    return below(this.#cell(place).type)
  }

  /** Whether a process holds a lock of this kind. */
  holds(process: number, which: string): boolean {
    const look = (type: Type, value: Value): boolean => {
      if (type.kind === 'lock') return type.which === which && value === process
      if (type.kind === 'array') return (value as Value[]).some((each) => look(type.of, each))
      if (type.kind !== 'struct') return false
      return type.struct.members.some((m) => look(m.type, (value as Values)[m.name] as Value))
    }
    return [...this.#types].some(([name, type]) => look(type, this.values[name] as Value))
  }

  /** The end of a thread: nothing may be held. */
  leave(process: number): void {
    if (this.holds(process, 'mutex') || this.holds(process, 'spinlock_t')) {
      throw new Refused('held-at-exit')
    }
  }
}
