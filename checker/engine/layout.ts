import {
  type Code,
  INIT,
  type Sections,
  type Slot,
  type TransitionSystem,
  type ValueType,
} from '../../spec/index.js'
import { controlOf } from './assigned.js'
import { type Coding, codingOf, widthOf } from './coding.js'
import { lockUsers } from './lock-users.js'
import { type LockKey, poolLockKey, sharedLockKey } from './place-keys.js'
import { awaitedAt, queuedCallbacks, rcuReaderProcesses } from './readers.js'

/**
 * Where every part of a state is, in bits. Shared variables come first, then pools, then processes, each in the order
 * of declaration; a field starts where the last one ended, except that none crosses a multiple of 64 bits, so that
 * each is in one 64-bit word. Bits are counted from the lowest of the first word.
 */
export interface Layout {
  readonly system: TransitionSystem
  readonly stateBits: number
  readonly stateWords: number
  /** Bits of the widest field. */
  readonly widest: number
  readonly shared: readonly NamedShape[]
  readonly pools: readonly PoolLayout[]
  readonly processes: readonly ProcessLayout[]
}

export interface BitField {
  /** For people: `mem_map[0]._refcount`, `vcpu0.at`. */
  readonly name: string
  readonly offset: number
  readonly width: number
  readonly coding: Coding
}

/** The fields of one value, nested as the value is. */
export type Shape =
  | { readonly kind: 'scalar'; readonly field: BitField }
  | LockShape
  | HeadShape
  | { readonly kind: 'array'; readonly items: readonly Shape[] }
  | { readonly kind: 'struct'; readonly fields: readonly NamedShape[] }

/** Readers are counted for each process, up to `READERS_MAX`; a writer waits or does not. */
export interface LockShape {
  readonly kind: 'lock'
  readonly name: string
  readonly owner: BitField
  readonly readers: readonly LockUser[]
  readonly waiting: readonly LockUser[]
}

/** An `rcu_head`: its callback, and by process whether its grace period still waits for it. */
export interface HeadShape {
  readonly kind: 'head'
  readonly name: string
  readonly callback: BitField
  readonly readers: readonly LockUser[]
}

export interface LockUser {
  readonly process: number
  readonly field: BitField
}

export interface NamedShape {
  readonly name: string
  readonly shape: Shape
}

export interface PoolLayout {
  readonly name: string
  readonly objects: readonly { readonly alive: BitField; readonly fields: readonly NamedShape[] }[]
}

export interface ProcessLayout {
  readonly name: string
  /** Its codes are ranks among the locations where control can rest. */
  readonly location: BitField
  /** Null where the code never sleeps on a bit. */
  readonly parked: BitField | null
  /** How deep it is in each section that its code ever enters. */
  readonly sections: readonly { readonly section: keyof Sections; readonly field: BitField }[]
  /** Null where the code never waits for readers or callbacks. */
  readonly awaits: AwaitsShape | null
  readonly cellCount: number
  /** By location, where control can rest: the slots kept there, each in the bits of its cell. */
  readonly kept: ReadonlyMap<number, readonly { readonly index: number; readonly shape: Shape }[]>
}

/** Whether a wait has begun, and by location, for each process or head it can be for, whether it still is. */
export interface AwaitsShape {
  readonly begun: BitField
  readonly members: ReadonlyMap<
    number,
    readonly { readonly member: number; readonly field: BitField }[]
  >
}

/** How often one process may hold one lock for reading. */
export const READERS_MAX = 3

/** How deep sections nest; the semantics sees to it. */
const SECTION_MAX = 7

const WORD_BITS = 64
const BIT = { kind: 'range', from: 0, to: 1, empty: false } as const
const SECTIONS = ['preempt', 'irqs', 'bh', 'rcu'] as const

const layouts = new WeakMap<TransitionSystem, Layout>()

/** The layout of a system's states; worked out once, for both engines ask. */
export function layoutOf(system: TransitionSystem): Layout {
  const known = layouts.get(system) ?? makeLayout(system)
  layouts.set(system, known)
  return known
}

function makeLayout(system: TransitionSystem): Layout {
  const maker = new LayoutMaker(system)
  const shared = system.shared.map(({ name, type }, variable) => {
    const key = (path: readonly string[]) => sharedLockKey(variable, path)
    return { name, shape: maker.shape(name, type, { key, path: [], empty: false }) }
  })
  const pools = system.pools.map((_, pool) => maker.pool(pool))
  const processes = system.processes.map((_, process) => maker.process(process))
  const stateBits = maker.offset
  const stateWords = Math.max(1, Math.ceil(stateBits / 32))
  return { system, stateBits, stateWords, widest: maker.widest, shared, pools, processes }
}

/** What a shape is part of: the declaration its locks belong to, the members passed so far, whether values may be missing. */
interface Context {
  readonly key: (path: readonly string[]) => LockKey
  readonly path: readonly string[]
  readonly empty: boolean
}

class LayoutMaker {
  readonly #system: TransitionSystem
  readonly #usersOf: ReturnType<typeof lockUsers>
  readonly #callbacksOf: ReturnType<typeof queuedCallbacks>
  readonly #rcuReaders: readonly number[]
  offset = 0
  widest = 0

  constructor(system: TransitionSystem) {
    this.#system = system
    this.#usersOf = lockUsers(system)
    this.#callbacksOf = queuedCallbacks(system)
    this.#rcuReaders = rcuReaderProcesses(system)
  }

  #field(name: string, coding: Coding): BitField {
    const width = widthOf(coding)
    const room = WORD_BITS - (this.offset % WORD_BITS)
    if (width > room) this.offset += room
    const field = { name, offset: this.offset, width, coding }
    this.offset += width
    this.widest = Math.max(this.widest, width)
    return field
  }

  shape(name: string, type: ValueType, context: Context): Shape {
    switch (type.kind) {
      case 'lock':
        return this.#lock(name, context)
      case 'head':
        return this.#head(name, context)
      case 'array': {
        const indexes = Array.from({ length: type.length }, (_, index) => index)
        const items = indexes.map((index) => this.shape(`${name}[${index}]`, type.of, context))
        return { kind: 'array', items }
      }
      case 'struct':
        return { kind: 'struct', fields: this.#fields(name, type, context) }
      default: {
        const coding = codingOf(type, context.empty, this.#system)
        return { kind: 'scalar', field: this.#field(name, coding) }
      }
    }
  }

  #fields(name: string, type: ValueType & { kind: 'struct' }, context: Context): NamedShape[] {
    return type.fields.map((field) => {
      const path = [...context.path, field.name]
      const shape = this.shape(`${name}.${field.name}`, field.type, { ...context, path })
      return { name: field.name, shape }
    })
  }

  #lock(name: string, context: Context): LockShape {
    const users = this.#usersOf(context.key(context.path))
    const owners = { kind: 'list', values: [-1, ...ascending(users.owners)], empty: false } as const
    const user = (what: string, most: number) => (process: number) => {
      const coding = { kind: 'range', from: 0, to: most, empty: false } as const
      return { process, field: this.#field(`${name}.${what}.${this.#nameOf(process)}`, coding) }
    }
    return {
      kind: 'lock',
      name,
      owner: this.#field(`${name}.owner`, owners),
      readers: ascending(users.readers).map(user('readers', READERS_MAX)),
      waiting: ascending(users.waiting).map(user('waiting', 1)),
    }
  }

  #head(name: string, context: Context): HeadShape {
    const callbacks = this.#callbacksOf(context.key(context.path))
    const readers = callbacks.length > 0 ? this.#rcuReaders : []
    return {
      kind: 'head',
      name,
      callback: this.#field(name, { kind: 'list', values: [-1, ...callbacks], empty: false }),
      readers: readers.map((process) => {
        return { process, field: this.#field(`${name}.readers.${this.#nameOf(process)}`, BIT) }
      }),
    }
  }

  pool(pool: number): PoolLayout {
    const storage = this.#system.pools[pool]
    if (storage === undefined) throw new Error(`no pool ${pool}`)
    const { name, size, type, safety } = storage
    const key = (path: readonly string[]) => poolLockKey(pool, path)
    const objects = Array.from({ length: size }, (_, index) => {
      const object = `${name}[${index}]`
      // Tasks are there from the beginning to the end.
      const from = safety === 'tasks' ? 1 : 0
      const alive = this.#field(`${object}.alive`, { kind: 'range', from, to: 1, empty: false })
      return { alive, fields: this.#fields(object, type, { key, path: [], empty: false }) }
    })
    return { name, objects }
  }

  process(process: number): ProcessLayout {
    const instance = this.#system.processes[process]
    const code = this.#system.codes[instance?.code ?? -1]
    if (instance === undefined || code === undefined) throw new Error(`no process ${process}`)
    const { name } = instance
    const { resting, maybeEmpty } = controlOf(code)
    const location = this.#field(`${name}.at`, { kind: 'list', values: resting, empty: false })
    const sleeps = resting.some((at) => code.instructions[at]?.kind === 'bit-wait')
    const parked = sleeps ? this.#field(`${name}.parked`, BIT) : null
    const sections = this.#sections(name, code)
    const awaits = this.#awaits(process, name, code)
    const slots = new Set(resting.flatMap((at) => code.kept[at] ?? []))
    const shapes = this.#cells(name, slots, maybeEmpty)
    const kept = resting.map((at) => {
      const parts = (code.kept[at] ?? []).map((slot) => {
        return { index: slot.index, shape: shapes.get(slot) as Shape }
      })
      return [at, parts] as const
    })
    const cellCount = code.cells
    return { name, location, parked, sections, awaits, cellCount, kept: new Map(kept) }
  }

  #sections(process: string, code: Code): ProcessLayout['sections'] {
    const coding = { kind: 'range', from: 0, to: SECTION_MAX, empty: false } as const
    return SECTIONS.flatMap((section) => {
      const enters = code.instructions.some((i) => {
        return i.kind === 'context' && i.which === section && i.by === 1
      })
      return enters ? [{ section, field: this.#field(`${process}.${section}`, coding) }] : []
    })
  }

  /** A process waits at one location at a time, so all share their bits. */
  #awaits(process: number, name: string, code: Code): AwaitsShape | null {
    const awaited = awaitedAt(this.#system, process, code, (key) => this.#usersOf(key).readers)
    if (awaited.size === 0) return null
    const begun = this.#field(`${name}.awaits`, BIT)
    const from = this.offset
    let to = from
    const members = [...awaited].map(([at, numbers]) => {
      this.offset = from
      const isBarrier = code.instructions[at]?.kind === 'rcu-barrier'
      const fields = numbers.map((member) => {
        const who = isBarrier ? `head ${member}` : this.#nameOf(member)
        return { member, field: this.#field(`${name}.awaits.${who}`, BIT) }
      })
      to = Math.max(to, this.offset)
      return [at, fields] as const
    })
    this.offset = to
    return { begun, members: new Map(members) }
  }

  /** Slots of one index are never kept together, so they share their bits; the widest says how many. */
  #cells(
    process: string,
    slots: ReadonlySet<Slot>,
    maybeEmpty: ReadonlySet<Slot>,
  ): ReadonlyMap<Slot, Shape> {
    const shapes = new Map<Slot, Shape>()
    for (const index of ascending(new Set([...slots].map((slot) => slot.index)))) {
      const from = this.offset
      let to = from
      for (const slot of slots) {
        if (slot.index !== index) continue
        this.offset = from
        const isAggregate = slot.type.kind === 'array' || slot.type.kind === 'struct'
        const empty = isAggregate || maybeEmpty.has(slot)
        const name = `${process}.${slot.name === '' ? `cell ${index}` : slot.name}`
        shapes.set(slot, this.shape(name, slot.type, { key: () => '', path: [], empty }))
        to = Math.max(to, this.offset)
      }
      this.offset = to
    }
    return shapes
  }

  #nameOf(process: number): string {
    return process === INIT ? 'init' : (this.#system.processes[process]?.name ?? '?')
  }
}

function ascending(numbers: ReadonlySet<number>): readonly number[] {
  return [...numbers].sort((left, right) => left - right)
}
