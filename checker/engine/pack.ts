import type {
  HeadValue,
  LockValue,
  PoolObject,
  ProcessState,
  State,
  Value,
} from '../../spec/index.js'
import { decode, encode } from './coding.js'
import type { PackedState } from './engine.js'
import {
  type AwaitsShape,
  type BitField,
  type HeadShape,
  type Layout,
  type LockShape,
  type LockUser,
  type NamedShape,
  type ProcessLayout,
  READERS_MAX,
  type Shape,
} from './layout.js'

const WORD = 2 ** 32

/** Thrown where a process reads one lock more often than a state can hold: a bound that was met. */
export class TooManyReaders {
  readonly lock: string

  constructor(lock: string) {
    this.lock = lock
  }
}

/** The words of a state. Asserts that every value has a place: what does not fit is never bent. */
export function pack(layout: Layout, state: State): PackedState {
  const words = new Uint32Array(layout.stateWords)
  for (const { name, shape } of layout.shared) writeShape(words, shape, state.shared[name])
  for (const { name, objects } of layout.pools) {
    const values = state.pools[name] ?? []
    for (const [index, { alive, fields }] of objects.entries()) {
      const object = values[index]
      if (object === undefined) throw new Error(`a state without ${name}[${index}]`)
      write(words, alive, object.alive)
      for (const field of fields) writeShape(words, field.shape, object.value[field.name])
    }
  }
  for (const [index, process] of layout.processes.entries()) {
    writeProcess(words, process, state.processes[index])
  }
  return words
}

/** The state of some words: `unpack(pack(state))` equals `state`. */
export function unpack(layout: Layout, words: PackedState): State {
  const shared: Record<string, Value> = {}
  for (const { name, shape } of layout.shared) shared[name] = readShape(words, shape)
  const pools: Record<string, readonly PoolObject[]> = {}
  for (const { name, objects } of layout.pools) {
    pools[name] = objects.map(({ alive, fields }) => {
      return { alive: readNumber(words, alive), value: readFields(words, fields) }
    })
  }
  const processes = layout.processes.map((process) => readProcess(words, process))
  return { shared, pools, processes }
}

/** The location of one process, without unpacking the rest. */
export function unpackLocation(layout: Layout, words: PackedState, process: number): number {
  const place = layout.processes[process]
  if (place === undefined) throw new Error(`no process ${process}`)
  return readNumber(words, place.location)
}

function writeProcess(
  words: PackedState,
  layout: ProcessLayout,
  state: ProcessState | undefined,
): void {
  if (state === undefined) throw new Error(`a state without process ${layout.name}`)
  write(words, layout.location, state.at)
  if (layout.parked !== null) write(words, layout.parked, state.parked)
  else if (state.parked !== 0) throw new Error(`${layout.name} sleeps where it cannot`)
  writeSections(words, layout, state)
  if (state.awaits !== null) writeAwaits(words, layout, state.at, state.awaits)
  const kept = layout.kept.get(state.at) ?? []
  for (const { index, shape } of kept) writeShape(words, shape, state.locals[index])
  let valueCount = 0
  for (const value of state.locals) if (value !== null) valueCount++
  if (valueCount <= kept.length) return
  throw new Error(`${layout.name} at ${state.at} has locals that are not kept there`)
}

function writeSections(words: PackedState, layout: ProcessLayout, state: ProcessState): void {
  const { preempt, irqs, bh, rcu } = state.sections
  let left = preempt + irqs + bh + rcu
  for (const { section, field } of layout.sections) {
    write(words, field, state.sections[section])
    left -= state.sections[section]
  }
  if (left !== 0) throw new Error(`${layout.name} is in a section that it never enters`)
}

function writeAwaits(
  words: PackedState,
  layout: ProcessLayout,
  at: number,
  awaits: readonly number[],
): void {
  const members = layout.awaits?.members.get(at)
  if (layout.awaits === null || members === undefined) {
    throw new Error(`${layout.name} waits where it cannot`)
  }
  write(words, layout.awaits.begun, 1)
  let placed = 0
  for (const { member, field } of members) {
    if (!awaits.includes(member)) continue
    write(words, field, 1)
    placed++
  }
  if (placed !== awaits.length) throw new Error(`${layout.name} waits for what it cannot`)
}

function readAwaits(
  words: PackedState,
  shape: AwaitsShape | null,
  at: number,
): readonly number[] | null {
  if (shape === null || readNumber(words, shape.begun) === 0) return null
  const members = shape.members.get(at) ?? []
  return members.flatMap(({ member, field }) => (readNumber(words, field) === 1 ? [member] : []))
}

function readProcess(words: PackedState, layout: ProcessLayout): ProcessState {
  const at = readNumber(words, layout.location)
  const parked = layout.parked === null ? 0 : readNumber(words, layout.parked)
  const sections = { preempt: 0, irqs: 0, bh: 0, rcu: 0 }
  for (const { section, field } of layout.sections) sections[section] = readNumber(words, field)
  const awaits = readAwaits(words, layout.awaits, at)
  const locals: Value[] = new Array<Value>(layout.cellCount).fill(null)
  for (const { index, shape } of layout.kept.get(at) ?? []) locals[index] = readShape(words, shape)
  return { at, parked, sections, awaits, locals }
}

function writeShape(words: PackedState, shape: Shape, value: Value | undefined): void {
  switch (shape.kind) {
    case 'scalar':
      if (typeof value === 'object' && value !== null) throw misfit(shape.field, value)
      write(words, shape.field, value)
      return
    case 'lock':
      writeLock(words, shape, value as LockValue)
      return
    case 'head':
      writeHead(words, shape, value as HeadValue)
      return
    case 'array': {
      const items = value as readonly Value[]
      for (let index = 0; index < shape.items.length; index++) {
        writeShape(words, shape.items[index] as Shape, items[index])
      }
      return
    }
    case 'struct': {
      const fields = value as { readonly [field: string]: Value }
      for (const field of shape.fields) writeShape(words, field.shape, fields[field.name])
    }
  }
}

function readShape(words: PackedState, shape: Shape): Value {
  switch (shape.kind) {
    case 'scalar':
      return decode(shape.field.coding, readCode(words, shape.field))
    case 'lock':
      return readLock(words, shape)
    case 'head':
      return {
        callback: readNumber(words, shape.callback),
        readers: shape.readers.flatMap(({ process, field }) => {
          return readNumber(words, field) === 1 ? [process] : []
        }),
      }
    case 'array':
      return shape.items.map((item) => readShape(words, item))
    case 'struct':
      return readFields(words, shape.fields)
  }
}

function readFields(words: PackedState, fields: readonly NamedShape[]): Record<string, Value> {
  const value: Record<string, Value> = {}
  for (const { name, shape } of fields) value[name] = readShape(words, shape)
  return value
}

function writeLock(words: PackedState, shape: LockShape, lock: LockValue): void {
  write(words, shape.owner, lock.owner)
  if (lock.readers.length > 0) {
    for (const { process } of shape.readers) {
      if (timesIn(lock.readers, process) > READERS_MAX) throw new TooManyReaders(shape.name)
    }
    writeUsers(words, shape, shape.readers, lock.readers)
  }
  if (lock.waiting.length > 0) writeUsers(words, shape, shape.waiting, lock.waiting)
}

function writeUsers(
  words: PackedState,
  shape: LockShape | HeadShape,
  users: readonly LockUser[],
  processes: readonly number[],
): void {
  let placed = 0
  for (const { process, field } of users) {
    const times = timesIn(processes, process)
    write(words, field, times)
    placed += times
  }
  if (placed !== processes.length) throw new Error(`${shape.name} is used by one who cannot use it`)
}

function writeHead(words: PackedState, shape: HeadShape, head: HeadValue): void {
  write(words, shape.callback, head.callback)
  if (head.readers.length > 0) {
    writeUsers(words, shape, shape.readers, head.readers)
  }
}

function readLock(words: PackedState, shape: LockShape): LockValue {
  const listed = (users: readonly LockUser[]): readonly number[] =>
    users.flatMap(({ process, field }) => new Array<number>(readNumber(words, field)).fill(process))
  return {
    owner: readNumber(words, shape.owner),
    readers: listed(shape.readers),
    waiting: listed(shape.waiting),
  }
}

function timesIn(processes: readonly number[], process: number): number {
  let times = 0
  for (const one of processes) if (one === process) times++
  return times
}

/** The one place where bits are set: all fields are zero before. */
function write(words: PackedState, field: BitField, value: number | null | undefined): void {
  const code = value === undefined ? -1 : encode(field.coding, value)
  if (code < 0) throw misfit(field, value)
  const { offset, width } = field
  const index = offset >>> 5
  const shift = offset & 31
  if (shift + width <= 32) {
    words[index] = (words[index] as number) | (code << shift)
    return
  }
  // Over a word's end. Arithmetic instead of shifts: a code may have 33 bits.
  const scaled = code * 2 ** shift
  const low = scaled % WORD
  words[index] = (words[index] as number) | low
  words[index + 1] = (words[index + 1] as number) | ((scaled - low) / WORD)
}

function readCode(words: PackedState, field: BitField): number {
  const { offset, width } = field
  const index = offset >>> 5
  const shift = offset & 31
  if (shift + width <= 32) {
    const mask = width === 32 ? 0xffffffff : (1 << width) - 1
    return (((words[index] ?? 0) >>> shift) & mask) >>> 0
  }
  const low = (words[index] as number) >>> shift
  const high = (words[index + 1] as number) % 2 ** (width - (32 - shift))
  return low + high * 2 ** (32 - shift)
}

/** A field that is never empty. */
function readNumber(words: PackedState, field: BitField): number {
  return decode(field.coding, readCode(words, field)) as number
}

function misfit(field: BitField, value: Value | undefined): Error {
  return new Error(`${field.name} cannot be ${JSON.stringify(value)}`)
}
