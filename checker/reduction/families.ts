import type { Code, Expr, Instruction, Place, TransitionSystem } from '../../spec/index.js'
import type { Bits } from '../engine/bits.js'
import type { BitField, Layout, LockUser, Shape } from '../engine/layout.js'
import { layoutOf } from '../engine/layout.js'
import { COLUMN_BITS_MAX, type Orbit } from '../engine/symmetry.js'
import { keysOf, placeOf } from './accesses.js'
import { expressionsOf } from './expressions-of.js'
import { placeText } from './place-text.js'

/** The instances of a family that may be exchanged, or why they may not. */
export type FamilyFinding =
  | { readonly code: number; readonly orbit: Orbit }
  | { readonly code: number; readonly reason: string }

/**
 * Families whose instances differ in nothing. Any two may be exchanged if whatever tells them apart is a column of its
 * own: its control point and locals, whether it is in a lock, its element of an array that only the instances reach, each
 * by its index, its task. Then the systems before and after the exchange are the same (Ip and Dill 1996), and a state
 * stands for all that arise from it so. `init` may treat them differently.
 */
export function families(system: TransitionSystem): readonly FamilyFinding[] {
  return system.codes.flatMap((_, code): FamilyFinding[] => {
    const processes = [...system.processes.keys()].filter((p) => system.processes[p]?.code === code)
    if (processes.length < 2) return []
    const own = ownKeys(system, code)
    const reason = whyDifferent(system, code, processes, own)
    if (reason !== null) return [{ code, reason }]
    const found = columnsOf(layoutOf(system), system, processes, own)
    return [typeof found === 'string' ? { code, reason: found } : { code, orbit: found }]
  })
}

/** The arrays that the code reaches by its index, each with the position of that index in the path. */
function ownKeys(system: TransitionSystem, code: number): ReadonlySet<string> {
  const found = new Set<string>()
  for (const i of system.codes[code]?.instructions ?? []) {
    const place = placeOf(i)
    if (place?.root.kind === 'shared' && place.path.some(isOwnIndex)) {
      for (const key of keysOf(place)) found.add(key)
    }
  }
  return found
}

const isOwnIndex = (one: Place['path'][number]): boolean =>
  one.kind === 'index' && one.index.kind === 'family'

/** The index of the family is the first index of the place, and occurs once. */
function isOwnPlace({ path }: Place): boolean {
  const [first, ...others] = path.filter((one) => one.kind === 'index')
  return first !== undefined && isOwnIndex(first) && !others.some(isOwnIndex)
}

function whyDifferent(
  system: TransitionSystem,
  code: number,
  processes: readonly number[],
  own: ReadonlySet<string>,
): string | null {
  const name = system.codes[code]?.name ?? ''
  if (system.processes.some(({ on }) => on !== null && processes.includes(on))) {
    return `a handler runs on the CPU of one ${name}`
  }
  const all: Code[] = [
    ...system.codes,
    ...[...system.invariants, ...system.finals, ...system.covers].map((one) => one.code),
  ]
  const waits = (i: Instruction) => i.kind === 'grace' || i.kind === 'rcu-barrier'
  if (all.some(({ instructions }) => instructions.some(waits))) {
    return 'a grace period waits for readers by name'
  }
  for (const [number, each] of all.entries()) {
    for (const i of each.instructions) {
      const why = whyTold(system, i, own, number === code)
      if (why !== null) return `${why} (${placeText(system, i)})`
    }
  }
  return null
}

/** How an instruction may tell instances of the family apart. */
function whyTold(
  system: TransitionSystem,
  i: Instruction,
  own: ReadonlySet<string>,
  isOfFamily: boolean,
): string | null {
  const place = placeOf(i)
  if (place !== null) {
    const reaches = place.root.kind === 'shared' && keysOf(place).some((key) => own.has(key))
    if (reaches && !(isOfFamily && isOwnPlace(place))) return 'others look at what belongs to each'
  }
  if (i.kind === 'next-live' && system.pools[i.pool]?.safety === 'tasks') {
    return 'goes through the tasks in their order'
  }
  for (const e of expressionsOf(i)) {
    const why = whyNamed(system, e, isOfFamily)
    if (why !== null) return why
  }
  return null
}

function whyNamed(system: TransitionSystem, e: Expr, isOfFamily: boolean): string | null {
  switch (e.kind) {
    case 'family':
      return isOfFamily ? 'uses the index as a number' : null
    case 'current':
      return 'a task is a value'
    case 'object':
      return system.pools[e.pool]?.safety === 'tasks' ? 'names a task' : null
    default:
      return null
  }
}

// ---- columns

function columnsOf(
  layout: Layout,
  system: TransitionSystem,
  processes: readonly number[],
  own: ReadonlySet<string>,
): Orbit | string {
  const columns = processes.map((process) => ownBits(layout, process))
  const owners: { field: Bits; codes: readonly number[] }[] = []
  const ofUsers = (users: readonly LockUser[]): void => {
    for (const [at, process] of processes.entries()) {
      const found = users.find((user) => user.process === process)
      if (found !== undefined) columns[at]?.push(found.field)
    }
  }
  const ofOwner = ({ offset, width, coding }: BitField): void => {
    if (coding.kind !== 'list' || width === 0) return
    const codes = processes.map((process) => coding.values.indexOf(process))
    if (codes.every((code) => code >= 0)) owners.push({ field: { offset, width }, codes })
  }
  const ofShape = (shape: Shape, key: string): void => {
    switch (shape.kind) {
      case 'scalar':
        return
      case 'lock':
        ofOwner(shape.owner)
        ofUsers(shape.readers)
        ofUsers(shape.waiting)
        return
      case 'head':
        ofUsers(shape.readers)
        return
      case 'array':
        if (isOwnArray(own, `${key}.[]`)) return ofOwnArray(shape.items)
        for (const item of shape.items) ofShape(item, `${key}.[]`)
        return
      case 'struct':
        for (const field of shape.fields) ofShape(field.shape, `${key}.${field.name}`)
    }
  }
  let names = false
  const give = (at: number, shape: Shape): void => {
    names ||= hasNames(shape)
    columns[at]?.push(...scalarsIn(shape))
  }
  const ofOwnArray = (items: readonly Shape[]): void => {
    for (const [at, process] of processes.entries()) {
      const item = items[system.processes[process]?.family ?? -1]
      if (item !== undefined) give(at, item)
    }
  }
  for (const [at, { shape }] of layout.shared.entries()) ofShape(shape, `s${at}`)
  for (const [at, pool] of layout.pools.entries()) {
    const isTasks = system.pools[at]?.safety === 'tasks'
    for (const [index, object] of pool.objects.entries()) {
      if (isTasks && processes.includes(index)) {
        for (const { shape } of object.fields) give(processes.indexOf(index), shape)
      } else for (const { shape, name } of object.fields) ofShape(shape, `p${at}.${name}`)
    }
  }
  return names ? 'each has a lock of its own' : checked(processes, columns, owners)
}

/** Locks and queued heads name processes. */
function hasNames(shape: Shape): boolean {
  switch (shape.kind) {
    case 'scalar':
      return false
    case 'array':
      return shape.items.some(hasNames)
    case 'struct':
      return shape.fields.some((field) => hasNames(field.shape))
    default:
      return true
  }
}

function checked(
  processes: readonly number[],
  columns: readonly (readonly Bits[])[],
  owners: Orbit['owners'],
): Orbit | string {
  const used = columns.map((column) => column.filter(({ width }) => width > 0))
  const widths = used.map((column) => column.map(({ width }) => width).join())
  if (new Set(widths).size !== 1) return 'their parts of a state differ'
  const bits = (used[0] ?? []).reduce((sum, { width }) => sum + width, owners.length)
  if (bits > COLUMN_BITS_MAX) return `each has ${bits} bits, more than ${COLUMN_BITS_MAX}`
  return { processes, columns: joined(used), owners }
}

/** Fields that follow one another in every column are one. */
function joined(columns: readonly (readonly Bits[])[]): readonly (readonly Bits[])[] {
  const found: Bits[][] = columns.map(() => [])
  for (let at = 0; at < (columns[0]?.length ?? 0); at++) {
    const fields = columns.map((column) => column[at] as Bits)
    const follows = fields.every((field, index) => {
      const last = found[index]?.at(-1)
      const isNext = last !== undefined && last.offset + last.width === field.offset
      return isNext && field.offset % 64 !== 0
    })
    for (const [index, field] of fields.entries()) {
      const column = found[index] as Bits[]
      const last = column.at(-1)
      if (follows && last !== undefined) {
        column[column.length - 1] = { offset: last.offset, width: last.width + field.width }
      } else column.push(field)
    }
  }
  return found
}

/** Where nothing but own elements is reached below. */
const isOwnArray = (own: ReadonlySet<string>, key: string): boolean =>
  [...own].some((one) => one === key || one.startsWith(`${key}.`))

/** The control point and locals of a process; locals of different locations share their bits. */
function ownBits(layout: Layout, process: number): Bits[] {
  const shape = layout.processes[process]
  if (shape === undefined) throw new Error('no such process')
  const fields: BitField[] = [
    shape.location,
    ...(shape.parked === null ? [] : [shape.parked]),
    ...shape.sections.map(({ field }) => field),
    ...[...shape.kept.values()].flatMap((slots) => slots.flatMap((slot) => scalarsIn(slot.shape))),
  ]
  return merged(fields)
}

function scalarsIn(shape: Shape): readonly BitField[] {
  switch (shape.kind) {
    case 'scalar':
      return [shape.field]
    case 'array':
      return shape.items.flatMap(scalarsIn)
    case 'struct':
      return shape.fields.flatMap((field) => scalarsIn(field.shape))
    default:
      return []
  }
}

/** The union of overlapping stretches. */
function merged(fields: readonly BitField[]): Bits[] {
  const found: { offset: number; width: number }[] = []
  const byOffset = fields.filter(({ width }) => width > 0).sort((a, b) => a.offset - b.offset)
  for (const { offset, width } of byOffset) {
    const last = found.at(-1)
    if (last !== undefined && offset < last.offset + last.width) {
      last.width = Math.max(last.width, offset + width - last.offset)
    } else found.push({ offset, width })
  }
  return found
}
