import type {
  Code,
  Instruction,
  Location,
  Section,
  Slot,
  TransitionSystem,
  ValueType,
} from '../../../spec/index.js'
import { awaitedAt } from '../../engine/readers.js'
import type { Dimension, Num, Variable } from '../program.js'
import { selfBetween } from '../ranges.js'
import type { Catalogue } from './catalogue.js'
import { type Flow, flowOf, isAggregate } from './flow.js'
import { noteOf, rangeOfType, type Store } from './storage.js'
import { number, read } from './terms.js'

/** A code of processes: which they are, and the variables that hold their control and their locals. */
export interface CodeStore {
  readonly index: number
  readonly code: Code
  readonly flow: Flow
  readonly first: number
  readonly last: number
  /** The process that moves: a number where there is only one. */
  readonly self: Num
  /** The family's index is this much less than the process's number; null for no family. */
  readonly familyOffset: number | null
  readonly isTask: boolean
  readonly at: Variable
  readonly parked: Variable | null
  readonly sections: ReadonlyMap<Section, Variable>
  /** Whether a wait for readers or callbacks has begun. */
  readonly awaits: Variable | null
  /** By process: whether a grace period is waited for because of it. */
  readonly awaited: Variable | null
  /** By number of the head: whether a barrier waits for it. */
  readonly awaitedHeads: Variable | null
  readonly slots: ReadonlyMap<Slot, Store>
  /** Every variable of a local, once. */
  readonly cells: readonly Store[]
}

const sectionNames: readonly Section[] = ['preempt', 'irqs', 'bh', 'rcu']

export function codeStore(
  system: TransitionSystem,
  catalogue: Catalogue,
  index: number,
  headCount: number,
): CodeStore {
  const code = system.codes[index]
  if (!code) throw new Error(`no code ${index}`)
  const numbers = system.processes.flatMap((one, at) => (one.code === index ? [at] : []))
  const first = numbers[0] ?? 0
  const last = numbers.at(-1) ?? first
  const instance = system.processes[first]
  if (!instance || last - first + 1 !== numbers.length) throw new Error(`${code.name} has gaps`)
  const name = instance.declared
  const flow = flowOf(code, true)
  const dimensions: readonly Dimension[] =
    first === last ? [] : [{ from: first, to: last, over: 'process' }]
  const scalar = (what: string, to: number, note: string, more: readonly Dimension[] = []) =>
    catalogue.variable({
      name: `${name}.${what}`,
      dimensions: [...dimensions, ...more],
      from: 0,
      to,
      initial: 0,
      note,
    })
  const at = catalogue.variable({
    name: `${name}.at`,
    dimensions,
    from: 0,
    to: Math.max(code.entry, ...flow.resting),
    initial: code.entry,
    note: 'location',
  })
  const rests = (kind: Instruction['kind']): boolean =>
    [...flow.resting].some((location) => code.instructions[location]?.kind === kind)
  const parked = rests('bit-wait') ? scalar('parked', 1, 'asleep on a bit') : null
  const sections = new Map<Section, Variable>()
  for (const which of sectionNames) {
    const enters = code.instructions.some(
      (i) => i.kind === 'context' && i.which === which && i.by === 1,
    )
    if (enters) sections.set(which, scalar(which, sectionMax, 'depth'))
  }
  const waits = rests('grace') || rests('rcu-barrier')
  const awaits = waits ? scalar('awaits', 1, 'a wait has begun') : null
  const readers = awaitedReaders(system, code, numbers)
  const awaited =
    readers === null
      ? null
      : scalar('awaited', 1, 'whether it still waits for the process', [readers])
  const heads: Dimension = { from: 0, to: headCount - 1, over: 'index' }
  const awaitedHeads =
    rests('rcu-barrier') && headCount > 0
      ? scalar('awaited_heads', 1, 'whether it still waits for the callback', [heads])
      : null
  const { slots, cells } = localStores(system, catalogue, name, flow, dimensions, headCount)
  return {
    index,
    code,
    flow,
    first,
    last,
    self: first === last ? number(first) : selfBetween(first, last),
    familyOffset: instance.family === null ? null : first - instance.family,
    isTask: instance.context === 'task',
    at,
    parked,
    sections,
    awaits,
    awaited,
    awaitedHeads,
    slots,
    cells,
  }
}

/** How deep sections nest. */
export const sectionMax = 7

/** The indexes of a process among those of its code, before any others. */
export const ownIndexes = (store: CodeStore, process: Num): readonly Num[] =>
  store.first === store.last ? [] : [process]

export const ownRead = (store: CodeStore, variable: Variable, process: Num): Num =>
  read(variable, ownIndexes(store, process))

/** Every process somebody's grace period may be waiting for, by all instances of the code. */
function awaitedReaders(
  system: TransitionSystem,
  code: Code,
  numbers: readonly number[],
): Dimension | null {
  const everybody = [...system.processes.keys()]
  const found = numbers.flatMap((process) => {
    const byLocation = awaitedAt(system, process, code, () => everybody)
    return [...byLocation].flatMap(([at, members]) =>
      code.instructions[at]?.kind === 'grace' ? members : [],
    )
  })
  if (found.length === 0) return null
  return { from: Math.min(...found), to: Math.max(...found), over: 'process' }
}

/** The slots that a state keeps somewhere. Those of one cell and name are never kept together, and share a variable. */
function localStores(
  system: TransitionSystem,
  catalogue: Catalogue,
  owner: string,
  flow: Flow,
  dimensions: readonly Dimension[],
  headCount: number,
): { readonly slots: ReadonlyMap<Slot, Store>; readonly cells: readonly Store[] } {
  const { code, resting } = flow
  const kept = new Set([...resting].flatMap((at) => code.kept[at] ?? []))
  for (const slot of code.slots) if (isAggregate(slot) && isUsed(flow, slot)) kept.add(slot)
  const groups = new Map<string, Slot[]>()
  for (const slot of [...kept].sort((one, other) => one.id - other.id)) {
    const key = JSON.stringify([slot.index, slot.name, slot.type])
    groups.set(key, [...(groups.get(key) ?? []), slot])
  }
  const heads = headSlots(code)
  const slots = new Map<Slot, Store>()
  const cells: Store[] = []
  for (const group of groups.values()) {
    const [slot] = group
    if (!slot) continue
    const empties = isAggregate(slot) || group.some((one) => maybeEmpty(flow, one))
    const name = `${owner}.${slot.name === '' ? 'value' : slot.name}`
    const type: ValueType = heads.has(slot)
      ? { kind: 'int', from: 0, to: Math.max(0, headCount - 1), inferred: true }
      : slot.type
    const store = localStore(system, catalogue, name, type, dimensions, empties)
    cells.push(store)
    for (const one of group) slots.set(one, store)
  }
  return { slots, cells }
}

const isUsed = ({ code }: Flow, slot: Slot): boolean =>
  code.instructions.some(
    (i) => 'place' in i && i.place.root.kind === 'local' && i.place.root.slot === slot,
  )

/** Where the callback runner remembers a head: never more than there are. */
export const headSlots = (code: Code): ReadonlySet<Slot> =>
  new Set(code.instructions.flatMap((i) => (i.kind === 'callback-begin' ? [i.head] : [])))

/** Whether a slot may be without a value where it matters: where it is kept, or still read. */
export const maybeEmpty = (flow: Flow, slot: Slot): boolean =>
  flow.empty.some((empty, at: Location) => {
    if (!empty.has(slot)) return false
    return flow.resting.has(at)
      ? (flow.code.kept[at] ?? []).includes(slot)
      : flow.live[at]?.has(slot)
  })

export function localStore(
  system: TransitionSystem,
  catalogue: Catalogue,
  name: string,
  type: ValueType,
  dimensions: readonly Dimension[],
  empties: boolean,
): Store {
  if (type.kind === 'array') {
    const more: readonly Dimension[] = [
      ...dimensions,
      { from: 0, to: type.length - 1, over: 'index' },
    ]
    const of = localStore(system, catalogue, name, type.of, more, empties)
    return { kind: 'array', of, length: type.length }
  }
  if (type.kind === 'struct') {
    const fields = type.fields.map((field) => {
      const inner = `${name}.${field.name}`
      return [
        field.name,
        localStore(system, catalogue, inner, field.type, dimensions, empties),
      ] as const
    })
    return { kind: 'struct', fields: new Map(fields) }
  }
  const range = rangeOfType(system, type)
  const empty = empties ? range.from - 1 : null
  const variable = catalogue.variable({
    name,
    dimensions,
    from: empty ?? range.from,
    to: range.to,
    initial: empty ?? Math.min(Math.max(0, range.from), range.to),
    empty,
    note: noteOf(system, type),
  })
  return { kind: 'scalar', variable, type }
}

/** What a local is where no state keeps it. */
export const restingValue = ({ initial }: Variable): number =>
  typeof initial === 'number' ? initial : (initial[0] ?? 0)

/** How many heads there are. */
export const headCountOf = (system: TransitionSystem): number =>
  system.pools.reduce(
    (sum, pool) =>
      sum + pool.size * pool.type.fields.filter(({ type }) => type.kind === 'head').length,
    0,
  )
