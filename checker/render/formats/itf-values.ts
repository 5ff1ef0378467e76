import {
  type HeadValue,
  type LockValue,
  printValue,
  type TransitionSystem,
  type Value,
  type ValueType,
} from '../../../spec/index.js'
import { processName } from '../../trace/changes.js'

/** An expression of the format. Integers are never plain numbers there. */
export type Itf =
  | boolean
  | string
  | { readonly '#bigint': string }
  | { readonly '#tup': readonly Itf[] }
  | { readonly '#map': readonly (readonly [Itf, Itf])[] }
  | { readonly '#unserializable': string }
  | readonly Itf[]
  | { readonly [field: string]: Itf }

export const itfInteger = (value: number): Itf => ({ '#bigint': String(value) })

/** A value of the model: pointers and enumerators as texts, locks and rcu_heads as records that name processes. */
export function itfValue(system: TransitionSystem, type: ValueType, value: Value): Itf {
  if (value === null) return { '#unserializable': 'uninitialised' }
  switch (type.kind) {
    case 'bool':
      return value !== 0
    case 'int':
      return itfInteger(value as number)
    case 'enum':
    case 'pointer':
      return printValue(value, type, system)
    case 'bits':
      return Object.fromEntries(
        type.bits.map((bit, at) => [bit, ((Number(value) >> at) & 1) === 1]),
      )
    case 'lock': {
      const { owner, readers, waiting } = value as LockValue
      const names = (processes: readonly number[]) =>
        processes.map((process) => processName(system, process))
      return {
        owner: owner === -1 ? 'nobody' : processName(system, owner),
        readers: names(readers),
        waiting: names(waiting),
      }
    }
    case 'head':
      return printValue(value as HeadValue, type, system)
    case 'array':
      return (value as readonly Value[]).map((item) => itfValue(system, type.of, item))
    case 'struct': {
      const fields = value as { readonly [field: string]: Value }
      return Object.fromEntries(
        type.fields.map(({ name, type: inner }) => [
          name,
          itfValue(system, inner, fields[name] ?? null),
        ]),
      )
    }
  }
}
