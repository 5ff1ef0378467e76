import {
  type LockType,
  type LockValue,
  type PoolObject,
  type PoolStorage,
  printValue,
  type State,
  type TransitionSystem,
  type Value,
  type ValueType,
} from '../../spec/index.js'
import { processDifferences } from './process-changes.js'
import type { Change, LocalChange, StatePath } from './trace.js'

/** Where a walk through two states stands. */
interface Position {
  readonly path: StatePath
  readonly object: string | null
  readonly name: string
}

/** How reports name a process; whoever runs `init` has no index of its own. */
export const processName = (system: TransitionSystem, process: number): string =>
  system.processes[process]?.name ?? 'init'

/** `mem_map[0]`; a task is called by its process. */
const objectName = (system: TransitionSystem, pool: PoolStorage, index: number): string =>
  pool.safety === 'tasks' ? processName(system, index) : `${pool.name}[${index}]`

/** A lock's state in words: `free`, `held by vmm`, `readers vcpu0 vcpu1, vmm queued`. */
export function lockText(system: TransitionSystem, which: LockType, lock: LockValue): string {
  const names = (processes: readonly number[]) =>
    processes.map((process) => processName(system, process)).join(' ')
  const holder =
    lock.owner !== -1
      ? `held by ${processName(system, lock.owner)}`
      : lock.readers.length > 0
        ? `${heldWord(which, lock.readers.length)} ${names(lock.readers)}`
        : 'free'
  return lock.waiting.length > 0 ? `${holder}, ${names(lock.waiting)} queued` : holder
}

/** A lockdep map is entered like a read section, but nobody calls it one. */
const heldWord = (which: LockType, count: number): string =>
  which === 'lockdep_map' ? 'held by' : count > 1 ? 'readers' : 'reader'

/** Any value in the words of the model. */
export function valueText(system: TransitionSystem, type: ValueType, value: Value): string {
  if (value === null) return 'uninitialised'
  if (type.kind === 'lock') return lockText(system, type.which, value as LockValue)
  if (type.kind === 'array') {
    const items = (value as readonly Value[]).map((item) => valueText(system, type.of, item))
    return `{ ${items.join(', ')} }`
  }
  if (type.kind === 'struct') {
    const fields = value as { readonly [field: string]: Value }
    return `{ ${type.fields
      .map((field) => `${field.name} ${valueText(system, field.type, fields[field.name] ?? null)}`)
      .join(', ')} }`
  }
  return printValue(value as number, type, system)
}

/** Everything others can see that differs between two states: shared, in the order of declaration, then contexts. */
export function differences(system: TransitionSystem, before: State, after: State): Change[] {
  const found: Change[] = []
  for (const variable of system.shared) {
    const position = { path: ['shared', variable.name], object: null, name: variable.name }
    const old = before.shared[variable.name] ?? null
    compare(system, variable.type, old, after.shared[variable.name] ?? null, position, found)
  }
  for (const pool of system.pools) {
    const old = before.pools[pool.name] ?? []
    const now = after.pools[pool.name] ?? []
    if (old === now) continue
    now.forEach((object, index) => {
      const other = old[index]
      if (other !== undefined) compareObjects(system, pool, index, other, object, found)
    })
  }
  found.push(...processDifferences(system, before, after))
  return found
}

function compareObjects(
  system: TransitionSystem,
  pool: PoolStorage,
  index: number,
  before: PoolObject,
  after: PoolObject,
  found: Change[],
): void {
  if (before === after) return
  const object = objectName(system, pool, index)
  const path = ['pools', pool.name, index]
  if (before.alive !== after.alive) {
    const text = (alive: number) => (alive === 1 ? 'allocated' : 'free')
    const life = { before: text(before.alive), after: text(after.alive) }
    found.push({ path: [...path, 'alive'], kind: 'life', object: null, name: object, ...life })
    // What the memory of a dead object holds says nothing to anybody.
    if (after.alive === 0 && pool.safety === 'ordinary') return
  }
  const position = { path: [...path, 'value'], object, name: '' }
  compare(system, pool.type, before.value, after.value, position, found)
}

function compare(
  system: TransitionSystem,
  type: ValueType,
  before: Value,
  after: Value,
  position: Position,
  found: Change[],
): void {
  if (before === after) return
  switch (type.kind) {
    case 'struct':
      for (const field of type.fields) {
        const name = position.name === '' ? field.name : `${position.name}.${field.name}`
        const path = [...position.path, field.name]
        const inside = { path, object: position.object, name }
        compare(system, field.type, at(before, field.name), at(after, field.name), inside, found)
      }
      return
    case 'array':
      for (let index = 0; index < type.length; index += 1) {
        const name = `${position.name}[${index}]`
        const inside = { path: [...position.path, index], object: position.object, name }
        compare(system, type.of, at(before, index), at(after, index), inside, found)
      }
      return
    case 'bits':
      compareBits(type.bits, Number(before ?? 0), Number(after ?? 0), position, found)
      return
    default: {
      const old = valueText(system, type, before)
      const now = valueText(system, type, after)
      if (old === now) return
      const kind =
        type.kind === 'lock' ? 'lock' : type.kind === 'pointer' ? 'pointer' : ('value' as const)
      found.push({ ...position, kind, before: old, after: now })
    }
  }
}

function compareBits(
  bits: readonly string[],
  before: number,
  after: number,
  position: Position,
  found: Change[],
): void {
  bits.forEach((bit, index) => {
    const old = (before >> index) & 1
    const now = (after >> index) & 1
    if (old === now) return
    const name = position.name === '' ? bit : `${position.name}.${bit}`
    found.push({ ...position, name, kind: 'bit', before: String(old), after: String(now) })
  })
}

function at(value: Value, key: string | number): Value {
  if (value === null || typeof value !== 'object') return null
  return (value as { readonly [key: string | number]: Value })[key] ?? null
}

/** Locals in scope at the process's new location that got another value in the step. */
export function localDifferences(
  system: TransitionSystem,
  process: number,
  before: State,
  after: State,
): LocalChange[] {
  const code = system.codes[system.processes[process]?.code ?? -1]
  const old = before.processes[process]
  const now = after.processes[process]
  if (code === undefined || old === undefined || now === undefined) return []
  const wasKept = new Set(code.kept[old.at] ?? [])
  const found: LocalChange[] = []
  for (const slot of code.kept[now.at] ?? []) {
    const value = now.locals[slot.index] ?? null
    if (slot.temporary || slot.name === '' || value === null) continue
    const text = valueText(system, slot.type, value)
    const earlier = wasKept.has(slot) ? (old.locals[slot.index] ?? null) : null
    const earlierText = earlier === null ? null : valueText(system, slot.type, earlier)
    if (earlierText !== text) found.push({ name: slot.name, before: earlierText, after: text })
  }
  return found
}

/** Name and value of the place a path leads to; null when it leads nowhere. */
export function lookUp(
  system: TransitionSystem,
  state: State,
  path: StatePath,
): { object: string | null; name: string; value: string } | null {
  const [area, first, second, third, ...rest] = path
  if (area === 'shared') {
    const variable = system.shared.find((each) => each.name === first)
    if (variable === undefined) return null
    const keys = path.slice(2)
    return descend(system, variable.type, state.shared[variable.name] ?? null, keys, {
      object: null,
      name: variable.name,
    })
  }
  const pool = system.pools.find((each) => each.name === first)
  const object = pool && state.pools[pool.name]?.[Number(second)]
  if (area !== 'pools' || pool === undefined || object === undefined) return null
  const name = objectName(system, pool, Number(second))
  if (third === undefined || third === 'alive') {
    return { object: null, name, value: object.alive === 1 ? 'allocated' : 'free' }
  }
  return descend(system, pool.type, object.value, rest, { object: name, name: '' })
}

function descend(
  system: TransitionSystem,
  type: ValueType,
  value: Value,
  keys: StatePath,
  position: { readonly object: string | null; readonly name: string },
): { object: string | null; name: string; value: string } | null {
  const [key, ...rest] = keys
  if (key === undefined) return { ...position, value: valueText(system, type, value) }
  if (type.kind === 'struct') {
    const field = type.fields.find((each) => each.name === key)
    if (field === undefined) return null
    const name = position.name === '' ? field.name : `${position.name}.${field.name}`
    return descend(system, field.type, at(value, field.name), rest, { ...position, name })
  }
  if (type.kind === 'array') {
    const name = `${position.name}[${key}]`
    return descend(system, type.of, at(value, key), rest, { ...position, name })
  }
  // Paths may go on into a lock's fields: the lock as a whole is what people read.
  return { ...position, value: valueText(system, type, value) }
}
