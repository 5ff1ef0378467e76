import type { Span, TransitionSystem, ValueType } from '../../spec/index.js'
import { type Access, accessesOf } from './accesses.js'
import { foldingConstants } from './constants.js'
import { heldInAll, readHeld } from './held.js'

/** A place of shared memory, and the lock that processes hold when they access it. */
export interface GuardedPlace {
  /** `mem_map._mapcount`, `shared`. */
  readonly place: string
  /** The lock held at most of its accesses; null where none is held at half of them. */
  readonly lock: string | null
  readonly accesses: number
  /** Where that lock is not held; `init` is alone and does not count. */
  readonly exceptions: readonly GuardException[]
}

export interface GuardException {
  readonly at: Span
  readonly isWrite: boolean
  /** Of the process whose code it is. */
  readonly process: string
}

/**
 * Which lock protects what, read off the code: for each place, the locks that are surely held at each of its accesses.
 * Locks themselves are not listed. In the order of declaration.
 */
export function lockMap(given: TransitionSystem): readonly GuardedPlace[] {
  const system = foldingConstants(given)
  const held = heldInAll(system)
  return [...accessesOf(system)]
    .filter(([, all]) => all.some(({ instruction: i }) => isData(i.kind)))
    .map(([key, all]) => {
      const names = all.map((access) => locksAt(system, held[access.code]?.[access.at], access))
      const lock = mostHeld(names)
      const exceptions = all.filter((_, at) => lock !== null && !names[at]?.has(lock))
      return {
        place: placeName(system, key),
        lock,
        accesses: all.length,
        exceptions: exceptions.map(({ instruction, isWrite, code }) => ({
          at: instruction.site.span,
          isWrite,
          process: system.codes[code]?.name ?? '',
        })),
      }
    })
    .sort((a, b) => (a.place < b.place ? -1 : a.place > b.place ? 1 : 0))
}

const isData = (kind: string): boolean => kind === 'load' || kind === 'store' || kind === 'update'

/** The lock at most accesses, if those are more than half; of several, the first by name. */
function mostHeld(names: readonly ReadonlySet<string>[]): string | null {
  const counts = new Map<string, number>()
  for (const set of names) for (const name of set) counts.set(name, (counts.get(name) ?? 0) + 1)
  const [best] = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
  return best !== undefined && 2 * best[1] > names.length ? best[0] : null
}

/** The locks held at an access, as people name them, seen from what is accessed. */
function locksAt(
  system: TransitionSystem,
  held: ReadonlySet<string> | null | undefined,
  { code, place }: Access,
): ReadonlySet<string> {
  const root =
    place.root.kind === 'object' && place.root.pointer.kind === 'slot'
      ? place.root.pointer.slot.id
      : null
  const found = new Set<string>()
  for (const name of held ?? []) {
    const { slotId, path } = readHeld(name)
    if (slotId === null) found.add(sharedName(system, path))
    else {
      const type = system.codes[code]?.slots.find(({ id }) => id === slotId)?.type
      if (type?.kind !== 'pointer') continue
      const member = memberName(system, type, path)
      found.add(slotId === root ? `its ${member}` : `${type.struct}.${member}`)
    }
  }
  // Behind another local it may be the same lock: what is told is the nearer one.
  for (const name of found) {
    if (name.startsWith('its ')) {
      for (const other of found)
        if (other !== name && other.endsWith(`.${name.slice(4)}`)) found.delete(other)
    }
  }
  return found
}

/** `.flags#0` as `PG_locked`. */
function memberName(
  system: TransitionSystem,
  type: ValueType & { readonly kind: 'pointer' },
  path: string,
): string {
  const [where = '', bit] = path.split('#')
  const name = where.replace(/^\./, '')
  if (bit === undefined) return name
  const struct = system.pools.find(({ type: one }) => one.name === type.struct)?.type
  return bitName(struct, name, Number(bit))
}

function bitName(type: ValueType | undefined, path: string, bit: number): string {
  let here = type
  for (const part of path.split('.').filter((one) => one !== '')) {
    const field =
      here?.kind === 'struct' ? here.fields.find(({ name }) => name === part) : undefined
    here = field?.type
  }
  return here?.kind === 'bits' ? (here.bits[bit] ?? `${path}#${bit}`) : `${path}#${bit}`
}

/** `3.lock` as `inode.lock`. */
function sharedName(system: TransitionSystem, path: string): string {
  const [, number = '', rest = ''] = /^(\d+)(.*)$/.exec(path) ?? []
  const variable = system.shared[Number(number)]
  const [where = '', bit] = rest.split('#')
  const name = `${variable?.name ?? number}${where}`
  return bit === undefined ? name : bitName(variable?.type, where, Number(bit))
}

/** `p0.mapping` as `mem_map.mapping`. */
function placeName(system: TransitionSystem, key: string): string {
  const [, kind = '', number = '', rest = ''] = /^([sp])(\d+)(.*)$/.exec(key) ?? []
  const name =
    kind === 's' ? system.shared[Number(number)]?.name : system.pools[Number(number)]?.name
  return `${name ?? key}${rest.replace(/\.\[\]/g, '[]')}`
}
