import type { ValueType } from '../system/expression.js'
import type { PoolStorage, TransitionSystem } from '../system/system.js'
import type { HeadValue, LockValue, Value } from './state.js'

/**
 * How values are coded: bool 0/1, enumerators and bits by number, ints as they are. A pointer is 0 for null, else
 * ±(1 + object number), where the objects of one struct are numbered over all its pools and a minus marks a stale
 * pointer: it still compares by address, using it is use-after-free (rule 4).
 */

/** Who runs `init`: not a process. As a lock's owner it must differ from -1, nobody. */
export const INIT = -2
/** Who evaluates a property. */
export const NOBODY = -3

export const free: LockValue = { owner: -1, readers: [], waiting: [] }

export const pointerTo = (pool: PoolStorage, index: number): number => pool.base + index + 1

/** The object a pointer that is not null points to, stale or not. */
export function objectOf(
  system: TransitionSystem,
  pools: readonly number[],
  pointer: number,
): { readonly pool: PoolStorage; readonly index: number } {
  const number = Math.abs(pointer) - 1
  for (const at of pools) {
    const pool = system.pools[at]
    if (pool && number >= pool.base && number < pool.base + pool.size) {
      return { pool, index: number - pool.base }
    }
  }
  throw new Error(`no object has number ${number}`)
}

/** A value as people write it. */
export function printValue(
  value: Value | undefined,
  type: ValueType,
  system: TransitionSystem,
): string {
  if (value === null || value === undefined) return 'uninitialised'
  switch (type.kind) {
    case 'bool':
      return value === 0 ? 'false' : 'true'
    case 'int':
      return String(value)
    case 'enum':
      return type.values[Number(value)] ?? String(value)
    case 'bits':
      return printBits(Number(value), type.bits)
    case 'pointer':
      return printPointer(Number(value), type.pools, system)
    case 'lock':
      return printLock(value as LockValue, system)
    case 'head': {
      const { callback, readers } = value as HeadValue
      if (callback < 0) return 'idle'
      const names = readers.map((process) => processName(process, system))
      return names.length === 0 ? 'ready' : `queued behind ${names.join(', ')}`
    }
    case 'array': {
      const items = value as readonly Value[]
      return `{ ${items.map((item) => printValue(item, type.of, system)).join(', ')} }`
    }
    case 'struct': {
      const fields = value as { readonly [field: string]: Value }
      const parts = type.fields.map(
        (field) => `.${field.name} = ${printValue(fields[field.name], field.type, system)}`,
      )
      return `{ ${parts.join(', ')} }`
    }
  }
}

function printBits(word: number, bits: readonly string[]): string {
  const set = bits.filter((_, at) => (word >> at) & 1)
  return set.length === 0 ? '0' : set.join('|')
}

function printPointer(value: number, pools: readonly number[], system: TransitionSystem): string {
  if (value === 0) return 'null'
  const { pool, index } = objectOf(system, pools, value)
  const name = pool.safety === 'tasks' ? processName(index, system) : `&${pool.name}[${index}]`
  return value < 0 ? `${name} (stale)` : name
}

export const processName = (process: number, system: TransitionSystem): string =>
  process === INIT ? 'init' : (system.processes[process]?.name ?? 'nobody')

function printLock(lock: LockValue, system: TransitionSystem): string {
  const names = (list: readonly number[]): string =>
    list.map((process) => processName(process, system)).join(', ')
  const parts: string[] = []
  if (lock.owner !== -1) parts.push(`held by ${processName(lock.owner, system)}`)
  if (lock.readers.length > 0) parts.push(`read-held by ${names(lock.readers)}`)
  if (lock.waiting.length > 0) parts.push(`${names(lock.waiting)} waiting to write`)
  return parts.length === 0 ? 'free' : parts.join('; ')
}
