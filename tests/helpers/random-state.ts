import {
  type Code,
  definitions,
  type HeadValue,
  headPlaces,
  type Instruction,
  isVisible,
  type LockValue,
  type Place,
  type ProcessState,
  type Sections,
  type Slot,
  type State,
  successors,
  type TransitionSystem,
  type Value,
  type ValueType,
} from '../../spec/index.js'
import type { Random } from './random.js'

/** Who uses the lock at a place, by what the code of the processes says. */
type Users = (path: string, action: readonly string[], tries: boolean) => number[]

/** A random state a system might be in: every value in its type, locals as some walk through the code leaves them. */
export function randomState(system: TransitionSystem, random: Random): State {
  const values = new Values(system, random)
  return {
    shared: Object.fromEntries(
      system.shared.map(({ name, type }, variable) => [name, values.of(type, `v${variable}`)]),
    ),
    pools: Object.fromEntries(
      system.pools.map(({ name, size, safety, type }, pool) => {
        const objects = Array.from({ length: size }, () => ({
          alive: safety === 'tasks' ? 1 : random.integer(0, 1),
          value: values.of(type, `p${pool}`) as { readonly [field: string]: Value },
        }))
        return [name, objects]
      }),
    ),
    processes: system.processes.map((_, process) => values.process(process)),
  }
}

class Values {
  readonly #system: TransitionSystem
  readonly #random: Random

  constructor(system: TransitionSystem, random: Random) {
    this.#system = system
    this.#random = random
  }

  /** `path` names the declaration the value is in, for its locks. */
  of(type: ValueType, path: string): Value {
    const random = this.#random
    switch (type.kind) {
      case 'bool':
        return random.integer(0, 1)
      case 'int':
        return random.integer(type.from, type.to)
      case 'enum':
        return random.integer(0, type.values.length - 1)
      case 'bits':
        // As JavaScript's operators give it: a full word is signed.
        return random.integer(0, 2 ** type.bits.length - 1) | 0
      case 'pointer':
        return this.#pointer(type.pools)
      case 'lock':
        return this.#lock(path)
      case 'head':
        return this.#head(path)
      case 'array':
        return Array.from({ length: type.length }, () => this.of(type.of, path))
      case 'struct': {
        const entry = (field: { name: string; type: ValueType }) =>
          [field.name, this.of(field.type, `${path}.${field.name}`)] as const
        return Object.fromEntries(type.fields.map(entry))
      }
    }
  }

  #pointer(pools: readonly number[]): number {
    const storage = this.#system.pools[this.#random.pick(pools)]
    if (storage === undefined || this.#random.chance(0.3)) return 0
    const pointer = storage.base + 1 + this.#random.integer(0, storage.size - 1)
    const goesStale = storage.safety === 'ordinary' || storage.safety === 'typesafe_by_rcu'
    return goesStale && this.#random.chance(0.3) ? -pointer : pointer
  }

  #lock(path: string): LockValue {
    const random = this.#random
    const owners = this.#users(path, ['spin-lock', 'mutex-lock', 'write-lock'], true)
    const readers = this.#users(path, ['read-lock', 'downgrade', 'section-enter'], true)
    const writers = this.#users(path, ['write-lock'], false)
    return {
      owner: random.pick([-1, ...owners]),
      readers: readers.flatMap((process) => new Array<number>(random.integer(0, 3)).fill(process)),
      waiting: random.some(writers, 0.5),
    }
  }

  #head(path: string): HeadValue {
    const random = this.#random
    const callbacks = this.#callbacks(path)
    if (callbacks.length === 0) return { callback: -1, readers: [] }
    const callback = random.pick([-1, ...callbacks])
    return { callback, readers: random.some(this.#rcuReaders(), 0.5) }
  }

  #callbacks(path: string): number[] {
    const everything = this.#system.codes.flatMap((code) => code.instructions)
    return everything.flatMap((i) => {
      return i.kind === 'call-rcu' && pathOf(i.place) === path ? [i.callback] : []
    })
  }

  /** Who may be in a read section of RCU: whoever turns anything off, spins, or is no task. */
  #rcuReaders(): number[] {
    const { codes, processes } = this.#system
    return [...processes.entries()].flatMap(([process, { code, context }]) => {
      const instructions = codes[code]?.instructions ?? []
      const enters = instructions.some((i) => {
        if (i.kind === 'context') return i.by > 0
        if (i.kind !== 'lock' || i.place.type.kind !== 'lock') return false
        return ['spinlock_t', 'rwlock_t'].includes(i.place.type.which)
      })
      return enters || context !== 'task' ? [process] : []
    })
  }

  readonly #users: Users = (path, actions, tries) => {
    const { codes, processes } = this.#system
    return [...processes.keys()].filter((process) =>
      codes[processes[process]?.code ?? 0]?.instructions.some(
        (i) =>
          i.kind === 'lock' &&
          actions.includes(i.action) &&
          (tries || i.result === null) &&
          pathOf(i.place) === path,
      ),
    )
  }

  /** Walks at random from the entry to some place where control can rest. */
  process(process: number): ProcessState {
    const random = this.#random
    const code = this.#system.codes[this.#system.processes[process]?.code ?? 0] as Code
    const given = new Set<Slot>()
    let at = code.entry
    for (let step = 0; ; step++) {
      const instruction = code.instructions[at]
      if (instruction === undefined || step > 1000) throw new Error('a walk that never rests')
      if (isVisible(instruction) || instruction.kind === 'end') {
        const kept = code.kept[at] ?? []
        for (const slot of given) if (!kept.includes(slot)) given.delete(slot)
        const rest = {
          at,
          parked: this.#parked(instruction.kind),
          sections: this.#sections(code),
          awaits: this.#awaits(process, instruction),
          locals: this.#locals(code, kept, given),
        }
        if (instruction.kind === 'end' || step >= 40 || random.chance(0.2)) return rest
      }
      for (const slot of definitions(instruction)) {
        if (instruction.kind === 'clear') given.delete(slot)
        else given.add(slot)
      }
      at = random.pick(successors(instruction))
    }
  }

  #sections(code: Code): Sections {
    const depth = (section: keyof Sections) => {
      const enters = code.instructions.some((i) => {
        return i.kind === 'context' && i.which === section && i.by > 0
      })
      return enters ? this.#random.integer(0, 7) : 0
    }
    return { preempt: depth('preempt'), irqs: depth('irqs'), bh: depth('bh'), rcu: depth('rcu') }
  }

  #awaits(process: number, instruction: Instruction): readonly number[] | null {
    const random = this.#random
    if (instruction.kind !== 'grace' && instruction.kind !== 'rcu-barrier') return null
    if (random.chance(0.3)) return null
    if (instruction.kind === 'rcu-barrier') {
      const heads = headPlaces(this.#system).flatMap(({ pool, field }, number) => {
        const index = this.#system.pools.findIndex(({ name }) => name === pool)
        return this.#callbacks(`p${index}.${field}`).length > 0 ? [number] : []
      })
      return random.some(heads, 0.5)
    }
    const { domain } = instruction
    const readers =
      domain === null ? this.#rcuReaders() : this.#users(pathOf(domain), ['section-enter'], true)
    return random.some(
      readers.filter((reader) => reader !== process),
      0.5,
    )
  }

  #parked(kind: string): number {
    return kind === 'bit-wait' ? this.#random.integer(0, 1) : 0
  }

  #locals(code: Code, kept: readonly Slot[], given: ReadonlySet<Slot>): Value[] {
    const locals = new Array<Value>(code.cells).fill(null)
    for (const slot of kept) {
      const value = this.of(slot.type, '')
      locals[slot.index] = given.has(slot) ? value : emptied(slot.type)
    }
    return locals
  }
}

function emptied(type: ValueType): Value {
  if (type.kind === 'array') return Array.from({ length: type.length }, () => emptied(type.of))
  if (type.kind !== 'struct') return null
  return Object.fromEntries(type.fields.map(({ name, type: of }) => [name, emptied(of)]))
}

function pathOf({ root, path }: Place): string {
  const first = root.kind === 'shared' ? `v${root.variable}` : poolOf(root)
  const names = path.flatMap((selector) => (selector.kind === 'field' ? [selector.name] : []))
  return [first, ...names].join('.')
}

const poolOf = (root: Place['root']): string =>
  root.kind === 'object' ? `p${root.pools[0]}` : 'local'
