import { evaluate } from '../analysis/evaluate.js'
import type { Configuration, Expression, Pool, Struct, Type } from '../analysis/model.js'
import type { Diagnostic } from '../diagnostics/diagnostic.js'
import type { Span } from '../source/span.js'
import { badRange, badSize, constantTrouble, outsideRange } from './errors.js'
import type { ValueType } from './expression.js'
import type { InitialValue } from './system.js'

/** What nobody declared a range for gets this one; leaving it ends as `incomplete`. */
export const inferredRange = { from: -128, to: 127 } as const
const inferredCount = { from: 0, to: 255 } as const
export const sizeLimit = 4096

/** Types and initial values with the row's constants put in. Collects what does not fit. */
export class TypeResolver {
  readonly configuration: Configuration
  readonly diagnostics: Diagnostic[] = []
  readonly #pools: ReadonlyMap<Pool, number>
  readonly #structs = new Map<Struct, ValueType & { kind: 'struct' }>()

  constructor(configuration: Configuration, pools: ReadonlyMap<Pool, number>) {
    this.configuration = configuration
    this.#pools = pools
  }

  /** A type is resolved wherever it is used, a mistake in it is one mistake. */
  #report(diagnostic: Diagnostic): void {
    const { code, at } = diagnostic
    const known = this.diagnostics.some(
      (other) => other.code === code && other.at.file === at.file && other.at.from === at.from,
    )
    if (!known) this.diagnostics.push(diagnostic)
  }

  /** The value of a constant expression; 0 and a diagnostic when it has none. */
  constant(expression: Expression): number {
    try {
      return evaluate(expression, this.configuration)
    } catch (problem) {
      const message = problem instanceof Error ? problem.message : String(problem)
      this.#report(constantTrouble(expression.span, message))
      return 0
    }
  }

  size(expression: Expression, what: string): number {
    const size = this.constant(expression)
    if (size >= 1 && size <= sizeLimit) return size
    this.#report(badSize(expression.span, what, size))
    return 1
  }

  resolve(type: Type): ValueType {
    switch (type.kind) {
      case 'bool':
        return { kind: 'bool' }
      case 'int':
        return type.range === null
          ? { kind: 'int', ...inferredRange, inferred: true }
          : this.#range(type.range.from, type.range.to)
      case 'counter':
        if (type.range !== null) return this.#range(type.range.from, type.range.to)
        return type.which === 'refcount_t'
          ? { kind: 'int', ...inferredCount, inferred: true }
          : { kind: 'int', ...inferredRange, inferred: true }
      case 'enum':
        return { kind: 'enum', name: type.enumeration.name, values: type.enumeration.values }
      case 'bits':
        return { kind: 'bits', bits: type.bits }
      case 'lock':
        return type.which === 'rcu_head' ? { kind: 'head' } : { kind: 'lock', which: type.which }
      case 'struct':
        return this.struct(type.struct)
      case 'array':
        return {
          kind: 'array',
          of: this.resolve(type.of),
          length: this.size(type.length, 'this array'),
        }
      case 'pointer': {
        if (type.to.kind !== 'struct') return { kind: 'pointer', struct: type.to.kind, pools: [] }
        const { name, pools } = type.to.struct
        const numbers = pools.flatMap((pool) => this.#pools.get(pool) ?? [])
        return { kind: 'pointer', struct: name, pools: numbers }
      }
      case 'null':
        return { kind: 'pointer', struct: 'null', pools: [] }
      case 'void':
        return { kind: 'bool' }
    }
  }

  struct(struct: Struct): ValueType & { kind: 'struct' } {
    const known = this.#structs.get(struct)
    if (known) return known
    const resolved = {
      kind: 'struct' as const,
      name: struct.name,
      fields: struct.members.map((member) => ({
        name: member.name,
        type: this.resolve(member.type),
      })),
    }
    this.#structs.set(struct, resolved)
    return resolved
  }

  #range(from: Expression, to: Expression): ValueType {
    const low = this.constant(from)
    const high = this.constant(to)
    if (low > high) this.#report(badRange(from.span, low, high))
    return { kind: 'int', from: low, to: Math.max(low, high), inferred: false }
  }

  /** The value at the start: the initialiser's, else zero; an array's initialiser is for every element. */
  initial(type: ValueType, source: Type, initial: Expression | null): InitialValue {
    if (type.kind === 'array' && source.kind === 'array') {
      const element = this.initial(type.of, source.of, initial)
      return Array.from({ length: type.length }, () => element)
    }
    if (type.kind === 'struct' && source.kind === 'struct') return this.fields(type, source.struct)
    if (type.kind === 'lock') return { owner: -1, readers: [], waiting: [] }
    if (type.kind === 'head') return { callback: -1, readers: [] }
    const value = initial === null ? 0 : this.constant(initial)
    if (initial !== null) this.#fits(type, value, initial.span)
    return value
  }

  fields(
    type: ValueType & { kind: 'struct' },
    struct: Struct,
  ): { readonly [field: string]: InitialValue } {
    const values: { [field: string]: InitialValue } = {}
    for (const [at, member] of struct.members.entries()) {
      const field = type.fields[at]
      if (field) values[field.name] = this.initial(field.type, member.type, member.initial)
    }
    return values
  }

  #fits(type: ValueType, value: number, at: Span): void {
    if (type.kind !== 'int' || (value >= type.from && value <= type.to)) return
    this.#report(outsideRange(at, value, type.from, type.to))
  }
}
