import {
  type Code,
  definitions,
  type Expr,
  type Instruction,
  type Location,
  type Place,
  type Slot,
  successors,
  type TransitionSystem,
} from '../../spec/index.js'
import { placeOf } from './accesses.js'

/**
 * Which locks a process surely holds before each location: a forward analysis of one code. A lock behind a pointer is
 * named by the local that has the pointer, and `held` of it means: the local is null, or the lock of what it points to
 * is held. So a function that returns either null or a locked object is understood, and using null is a violation.
 */
export interface Lock {
  /** The local with the pointer, or null for a lock that is a shared variable. */
  readonly slot: Slot | null
  /** Of the shared variable, or inside of the object: `.lock`, `.flags#0`. */
  readonly path: string
  /** Whether others may hold it too. */
  readonly shared: boolean
}

export type Held = ReadonlySet<string>

const nameOf = ({ slot, path, shared }: Lock): string =>
  `${slot === null ? 's' : `o${slot.id}`}|${path}|${shared ? 'r' : 'w'}`

/** The locks of a name's other part: `null` slot for a shared variable. */
export interface HeldLock {
  readonly slotId: number | null
  readonly path: string
  readonly shared: boolean
}

export function readHeld(name: string): HeldLock {
  const [root = '', path = '', mode] = name.split('|')
  return { slotId: root === 's' ? null : Number(root.slice(1)), path, shared: mode === 'r' }
}

/** By location; null where control never comes. */
function heldLocks(code: Code): readonly (Held | null)[] {
  const universe = new Set(code.instructions.flatMap((i) => namesTaken(code, i)))
  const held: (Set<string> | null)[] = code.instructions.map(() => null)
  held[code.entry] = new Set()
  const work = new Set<Location>([code.entry])
  for (const at of work) {
    work.delete(at)
    const i = code.instructions[at]
    const before = held[at]
    if (i === undefined || before == null) continue
    const after = step(i, before, universe)
    for (const to of i.kind === 'end' ? [] : successors(i)) {
      const known = held[to]
      if (known == null) {
        held[to] = new Set(after)
        work.add(to)
        continue
      }
      const size = known.size
      for (const name of known) if (!after.has(name)) known.delete(name)
      if (known.size !== size) work.add(to)
    }
    // A body ends with nothing held, or in a violation.
    if (i.kind === 'end' && i.next !== at && held[i.next] === null) {
      held[i.next] = new Set()
      work.add(i.next)
    }
  }
  return held
}

function step(i: Instruction, before: Held, universe: ReadonlySet<string>): ReadonlySet<string> {
  const after = new Set(before)
  const released = lockOf(i)
  if (released !== null && released.action !== 'take') forget(after, released.lock)
  for (const slot of definitions(i)) {
    for (const name of after) if (readHeld(name).slotId === slot.id) after.delete(name)
  }
  if (i.kind === 'assign') copyNames(i.slot, i.value, before, after, universe)
  if (released?.action === 'take') after.add(nameOf(released.lock))
  return after
}

/** What is held of the lock, and of every lock that may be the same one behind another pointer, is not known any more. */
function forget(after: Set<string>, lock: Lock): void {
  for (const name of after) {
    const one = readHeld(name)
    if (one.path === lock.path && (one.slotId === null) === (lock.slot === null)) after.delete(name)
  }
}

/** After `slot = value`, what is held behind `value` is held behind `slot`; behind null there is nothing to hold. */
function copyNames(
  slot: Slot,
  value: Expr,
  before: Held,
  after: Set<string>,
  universe: ReadonlySet<string>,
): void {
  if (slot.type.kind !== 'pointer') return
  const isNull = value.kind === 'literal' && value.value === 0
  const from = value.kind === 'slot' ? value.slot.id : null
  if (!isNull && from === null) return
  for (const name of isNull ? universe : before) {
    const lock = readHeld(name)
    if (lock.slotId === null) continue
    if (isNull || lock.slotId === from) after.add(nameOf({ ...lock, slot }))
  }
}

function namesTaken(code: Code, i: Instruction): readonly string[] {
  const found = lockOf(i)
  if (found === null || found.action !== 'take') return []
  const { lock } = found
  if (lock.slot === null) return [nameOf(lock)]
  // Behind any local that may get the pointer.
  return code.slots
    .filter(({ type }) => type.kind === 'pointer')
    .map((slot) => nameOf({ ...lock, slot }))
}

/** What an instruction does to a lock whose place can be named, if anything; a trylock may fail and takes none. */
export function lockOf(
  i: Instruction,
): { readonly lock: Lock; readonly action: 'take' | 'release' } | null {
  const place = placeOf(i)
  if (place === null) return null
  const named = nameable(place)
  if (i.kind === 'bit-wait') return i.take && named ? bit(named, i.bit, 'take') : null
  if (i.kind === 'bit-wake') return i.clear ? bit(named ?? unknown(place), i.bit, 'release') : null
  if (i.kind !== 'lock') return null
  const shared = i.action.startsWith('read')
  if (i.action.endsWith('-unlock') || i.action === 'downgrade') {
    return { lock: { ...(named ?? unknown(place)), shared }, action: 'release' }
  }
  if (i.result !== null || !i.action.endsWith('-lock') || named === null) return null
  return { lock: { ...named, shared }, action: 'take' }
}

const bit = (
  named: Omit<Lock, 'shared'>,
  number: number,
  action: 'take' | 'release',
): { readonly lock: Lock; readonly action: 'take' | 'release' } => {
  return { lock: { ...named, path: `${named.path}#${number}`, shared: false }, action }
}

/** A place without computed indexes, behind a local or in a shared variable. */
function nameable({ root, path }: Place): Omit<Lock, 'shared'> | null {
  const texts: string[] = []
  for (const one of path) {
    if (one.kind === 'field') texts.push(`.${one.name}`)
    else if (one.index.kind === 'literal') texts.push(`[${one.index.value}]`)
    else return null
  }
  const tail = texts.join('')
  if (root.kind === 'shared') return { slot: null, path: `${root.variable}${tail}` }
  if (root.kind !== 'object' || root.pointer.kind !== 'slot') return null
  return { slot: root.pointer.slot, path: tail }
}

/** For a release of a lock that has no name: every lock it may be. */
const unknown = (place: Place): Omit<Lock, 'shared'> => {
  throw new Unnamed(place)
}

/** A lock is released at a place that cannot be told apart from others. */
export class Unnamed extends Error {
  readonly place: Place

  constructor(place: Place) {
    super('a lock is released at a place with a computed index')
    this.place = place
  }
}

/** By code and location; where a release cannot be told from others, nothing is known to be held in that code. */
export type AllHeld = readonly (readonly (Held | null)[])[]

export const heldInAll = (system: TransitionSystem): AllHeld =>
  system.codes.map((code) => {
    try {
      return heldLocks(code)
    } catch (problem) {
      if (!(problem instanceof Unnamed)) throw problem
      return code.instructions.map(() => new Set<string>())
    }
  })
