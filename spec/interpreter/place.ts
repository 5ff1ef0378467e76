import type { Place, ValueType } from '../system/expression.js'
import { evaluate, inBounds } from './evaluate.js'
import type { Frame, Memory, Mutable } from './frame.js'
import { lockPlaces } from './locks.js'
import { readsRcu } from './sections.js'
import { CutSignal, type Path, TrapSignal } from './signal.js'
import { objectOf } from './value.js'

/** A scalar (or lock) in memory: its container, the key in it, and the way there. */
export interface Cell {
  readonly container: Record<string | number, Mutable>
  readonly key: string | number
  readonly path: Path
}

type Container = Record<string | number, Mutable>

/** Finds a place, checking on the way what rule 4 says about the object behind a pointer. */
export function resolve(place: Place, frame: Frame, memory: Memory, marked: boolean): Cell {
  const keys: (string | number)[] = []
  for (const selector of place.path) {
    if (selector.kind === 'field') keys.push(selector.name)
    else {
      const name = String(keys.at(-1) ?? rootName(place, frame))
      keys.push(inBounds(evaluate(selector.index, frame), selector.length, name))
    }
  }
  const { container, path } = root(place, frame, memory, marked)
  return descend(container, [...path.keys, ...keys], path.base)
}

function rootName(place: Place, frame: Frame): string {
  if (place.root.kind === 'shared') return frame.system.shared[place.root.variable]?.name ?? ''
  return place.root.kind === 'local' ? place.root.slot.name : 'the array'
}

interface Root {
  readonly container: Container
  /** Where the container is, and the first keys inside it. */
  readonly path: { readonly base: Path; readonly keys: readonly (string | number)[] }
}

function root(place: Place, frame: Frame, memory: Memory, marked: boolean): Root {
  const { root } = place
  switch (root.kind) {
    case 'shared': {
      const name = frame.system.shared[root.variable]?.name ?? ''
      return { container: memory.shared, path: { base: ['shared'], keys: [name] } }
    }
    case 'local': {
      const base = ['processes', frame.process, 'locals']
      return {
        container: frame.locals as unknown as Container,
        path: { base, keys: [root.slot.index] },
      }
    }
    case 'object': {
      const pointer = evaluate(root.pointer, frame)
      const { pool, index } = usable(frame, root.pools, pointer, memory, marked)
      const object = memory.pools[pool]?.[index]
      if (!object) throw new Error(`no object ${pool}[${index}]`)
      const base = ['pools', pool, index, 'value']
      return { container: object.value, path: { base, keys: [] } }
    }
  }
}

function descend(container: Container, keys: readonly (string | number)[], base: Path): Cell {
  let here = container
  for (const key of keys.slice(0, -1)) here = here[key] as Container
  return { container: here, key: keys.at(-1) ?? 0, path: [...base, ...keys] }
}

/** The object a pointer may be used for, by the kind of its pool and of the access. */
export function usable(
  { system, process }: Pick<Frame, 'system' | 'process'>,
  pools: readonly number[],
  pointer: number,
  memory: Memory,
  marked: boolean,
): { readonly pool: string; readonly index: number } {
  if (pointer === 0) throw new TrapSignal('null-dereference', 'a null pointer is used')
  const { pool, index } = objectOf(system, pools, pointer)
  const object = memory.pools[pool.name]?.[index]
  const found = { pool: pool.name, index }
  if (!object || pool.safety === 'tasks') return found
  const operand: Path = ['pools', pool.name, index, 'alive']
  const name = `${pool.name}[${index}]`
  if (pool.safety === 'typesafe') {
    if (object.alive === 1 || marked) return found
    throw new TrapSignal('use-after-free', `plain access to ${name}, which is free`, [operand])
  }
  if (pointer > 0 && object.alive === 1) return found
  if (pool.safety === 'typesafe_by_rcu' && marked) {
    if (readsRcu(system, lockPlaces(system), memory, process)) return found
  }
  const why = object.alive === 1 ? 'was freed and is in use again' : 'is free'
  throw new TrapSignal('use-after-free', `${name} is used through a pointer, but ${why}`, [operand])
}

/** Where a place is, without asking whether it may be used: to compare what two processes wait on. */
export function pathOf(place: Place, frame: Frame): string {
  const keys = place.path.map((selector) =>
    selector.kind === 'field' ? selector.name : evaluate(selector.index, frame),
  )
  const { root } = place
  if (root.kind === 'shared') return ['shared', root.variable, ...keys].join('.')
  if (root.kind === 'local') return ['local', frame.process, root.slot.index, ...keys].join('.')
  const { pool, index } = objectOf(frame.system, root.pools, evaluate(root.pointer, frame))
  return ['pools', pool.name, index, ...keys].join('.')
}

/** A place as people write it. */
export function printPlace(place: Place, frame: Frame): string {
  const tail = place.path
    .map((selector) =>
      selector.kind === 'field' ? `.${selector.name}` : `[${evaluate(selector.index, frame)}]`,
    )
    .join('')
  const { root } = place
  if (root.kind === 'shared') return `${frame.system.shared[root.variable]?.name}${tail}`
  if (root.kind === 'local') return `${root.slot.name}${tail}`
  const pointer = evaluate(root.pointer, frame)
  if (pointer === 0) return `null${tail}`
  const { pool, index } = objectOf(frame.system, root.pools, pointer)
  return `${pool.name}[${index}]${tail}`
}

/** What a cell is called in a message: `table[1]`, `_refcount`. */
export function cellName(cell: Cell, place: Place): string {
  const last = place.path.at(-1)
  if (last?.kind !== 'index') return String(cell.key)
  const field = place.path.findLast((selector) => selector.kind === 'field')
  const { root } = place
  const array =
    field?.kind === 'field'
      ? field.name
      : root.kind === 'local'
        ? root.slot.name
        : String(cell.path[1] ?? '')
  return `${array}[${cell.key}]`
}

/** Rule 3: never silent wrapping. A declared range is the design's claim, an inferred one is ours. */
export function checkRange(value: number, type: ValueType, name: string): void {
  if (type.kind !== 'int' || (value >= type.from && value <= type.to)) return
  const range = `${type.from}..${type.to}`
  if (!type.inferred) {
    throw new TrapSignal('count-overflow', `\`${name}\` would become ${value}, outside ${range}`)
  }
  const message = `\`${name}\` would become ${value}, outside the range ${range} inferred for it`
  throw new CutSignal({ kind: 'range', name, message })
}
