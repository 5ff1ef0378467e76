import { headPlaces, type TransitionSystem } from '../../spec/index.js'
import type { Bits } from '../engine/bits.js'
import type { BitField, Layout, LockUser, NamedShape, Shape } from '../engine/layout.js'
import { indexKey, localKey } from './classes.js'

/** One field of a state, with what leads to it. */
export interface Field {
  readonly field: BitField
  /** The place without its indexes, as `keysOf` has it; `#` with something where a place has several fields. */
  readonly key: string
  /** Which it is of those with the same key: objects by pool, elements of arrays by the key of their index, processes. */
  readonly path: readonly Coordinate[]
  /** Where control of a process has to rest for it to mean this; null: always. */
  readonly resting: { readonly location: BitField; readonly codes: readonly number[] } | null
  /** The lock it is the owner of. */
  readonly lock: string | null
  /** It holds the number of a process. */
  readonly isProcess: boolean
}

export interface Coordinate {
  readonly by: string
  readonly at: number
}

/** How objects are counted in a path. */
export const objectKey = (pool: number): string => `object ${pool}`

/** Every field of a state, those of locals once for each slot; in the order of the layout. */
export function namedFields(layout: Layout, system: TransitionSystem): readonly Field[] {
  const found: Field[] = []
  const always = { path: [], resting: null }
  for (const [at, { shape }] of layout.shared.entries()) add(found, shape, `s${at}`, always)
  for (const [at, pool] of layout.pools.entries()) {
    for (const [index, { alive, fields }] of pool.objects.entries()) {
      const context = { path: [{ by: objectKey(at), at: index }], resting: null }
      push(found, alive, `p${at}#alive`, context)
      addFields(found, fields, `p${at}`, context)
    }
  }
  for (const process of layout.processes.keys()) addProcess(found, layout, system, process)
  return found.filter(({ field }) => field.width > 0)
}

type Context = Pick<Field, 'path' | 'resting'>

function push(found: Field[], field: BitField, key: string, context: Context): void {
  found.push({ field, key, ...context, lock: null, isProcess: false })
}

function add(found: Field[], shape: Shape, key: string, context: Context): void {
  switch (shape.kind) {
    case 'scalar':
      return push(found, shape.field, key, context)
    case 'lock': {
      const owner = { field: shape.owner, key: `${key}#owner`, ...context }
      found.push({ ...owner, lock: shape.name, isProcess: true })
      addUsers(found, shape.readers, `${key}#readers`, context)
      return addUsers(found, shape.waiting, `${key}#waiting`, context)
    }
    case 'head':
      push(found, shape.callback, `${key}#callback`, context)
      return addUsers(found, shape.readers, `${key}#readers`, context)
    case 'array':
      for (const [at, item] of shape.items.entries()) {
        const path = [...context.path, { by: indexKey(`${key}.[]`), at }]
        add(found, item, `${key}.[]`, { ...context, path })
      }
      return
    case 'struct':
      addFields(found, shape.fields, key, context)
  }
}

function addFields(
  found: Field[],
  fields: readonly NamedShape[],
  key: string,
  context: Context,
): void {
  for (const { name, shape } of fields) add(found, shape, `${key}.${name}`, context)
}

function addUsers(found: Field[], users: readonly LockUser[], key: string, context: Context): void {
  for (const { process, field } of users) {
    push(found, field, key, { ...context, path: [...context.path, ofProcess(process)] })
  }
}

const ofProcess = (process: number): Coordinate => ({ by: 'process', at: process })

/** What a process has at some of its locations; what it always has is no matter of objects or values. */
function addProcess(
  found: Field[],
  layout: Layout,
  system: TransitionSystem,
  process: number,
): void {
  const shape = layout.processes[process]
  const number = system.processes[process]?.code ?? -1
  const code = system.codes[number]
  if (shape === undefined || code === undefined) throw new Error(`no process ${process}`)
  const { location } = shape
  const resting = (at: number) => {
    const codes = location.coding.kind === 'list' ? [location.coding.values.indexOf(at)] : []
    return { location, codes }
  }
  for (const [at, slots] of shape.kept) {
    const kept = code.kept[at] ?? []
    for (const [index, slot] of slots.entries()) {
      const one = kept[index]
      if (one === undefined) throw new Error(`${shape.name} keeps what it does not at ${at}`)
      const context = { path: [ofProcess(process)], resting: resting(at) }
      add(found, slot.shape, localKey(number, one), context)
    }
  }
  const heads = headPlaces(system)
  for (const [at, members] of shape.awaits?.members ?? []) {
    if (code.instructions[at]?.kind !== 'rcu-barrier') continue
    for (const { member, field } of members) {
      const head = heads[member]
      const pool = system.pools.findIndex(({ name }) => name === head?.pool)
      const object = { by: objectKey(pool), at: head?.index ?? -1 }
      const context = { path: [ofProcess(process), object], resting: resting(at) }
      push(found, field, `awaits.${head?.field}`, context)
    }
  }
}

/** The bits that say which object a pointer is to, without the one that says whether it is stale. */
export function addressBits({ offset, width, coding }: BitField): Bits {
  const isMarked = coding.kind === 'pointer' && coding.staleBit !== 0
  return { offset, width: isMarked ? width - 1 : width }
}
