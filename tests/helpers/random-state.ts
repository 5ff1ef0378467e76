import {
  type Code,
  definitions,
  isVisible,
  type LockValue,
  type ProcessState,
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
    processes: system.processes.map(({ code }) => values.process(system.codes[code] as Code)),
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
    const readers = this.#users(path, ['read-lock', 'downgrade'], true)
    const writers = this.#users(path, ['write-lock'], false)
    return {
      owner: random.pick([-1, ...owners]),
      readers: readers.flatMap((process) => new Array<number>(random.integer(0, 3)).fill(process)),
      waiting: random.some(writers, 0.5),
    }
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
  process(code: Code): ProcessState {
    const random = this.#random
    const given = new Set<Slot>()
    let at = code.entry
    let rest: ProcessState | null = null
    for (let step = 0; step < 40 || rest === null; step++) {
      const instruction = code.instructions[at]
      if (instruction === undefined || step > 1000) throw new Error('a walk that never rests')
      if (isVisible(instruction) || instruction.kind === 'end') {
        const kept = code.kept[at] ?? []
        for (const slot of given) if (!kept.includes(slot)) given.delete(slot)
        rest = {
          at,
          parked: this.#parked(instruction.kind),
          locals: this.#locals(code, kept, given),
        }
        if (instruction.kind === 'end' || random.chance(0.2)) return rest
      }
      for (const slot of definitions(instruction)) {
        if (instruction.kind === 'clear') given.delete(slot)
        else given.add(slot)
      }
      at = random.pick(successors(instruction))
    }
    return rest
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

function pathOf(place: {
  readonly root: {
    readonly kind: string
    readonly variable?: number
    readonly pools?: readonly number[]
  }
  readonly path: readonly { readonly kind: string; readonly name?: string }[]
}): string {
  const { root, path } = place
  const first = root.kind === 'shared' ? `v${root.variable}` : `p${root.pools?.[0]}`
  const names = path.flatMap((selector) => (selector.kind === 'field' ? [`${selector.name}`] : []))
  return [first, ...names].join('.')
}
