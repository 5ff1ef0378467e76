import type { Code, Instruction, Location, Place, TransitionSystem } from '../../spec/index.js'

/** What an instruction of a process does to one place of shared memory. Reaching an object counts separately. */
export interface Access {
  readonly code: number
  readonly at: Location
  readonly instruction: Instruction
  readonly place: Place
  /** The place with its indexes left out: two accesses can meet only where these are equal. */
  readonly key: string
  readonly isWrite: boolean
}

/** All accesses of the processes, by key. `init` is not among them: nothing runs beside it. */
export function accessesOf(system: TransitionSystem): ReadonlyMap<string, readonly Access[]> {
  const found = new Map<string, Access[]>()
  for (const [code, { instructions }] of system.codes.entries()) {
    for (const [at, instruction] of instructions.entries()) {
      for (const access of accesses(code, at, instruction)) {
        const known = found.get(access.key)
        if (known === undefined) found.set(access.key, [access])
        else known.push(access)
      }
    }
  }
  return found
}

function accesses(code: number, at: Location, instruction: Instruction): readonly Access[] {
  const place = placeOf(instruction)
  if (place === null || place.root.kind === 'local') return []
  const isWrite = instruction.kind !== 'load' && instruction.kind !== 'assert-held'
  return keysOf(place).map((key) => ({ code, at, instruction, place, key, isWrite }))
}

/** The place of shared memory an instruction is about, or null. */
export function placeOf(i: Instruction): Place | null {
  switch (i.kind) {
    case 'load':
    case 'store':
    case 'update':
    case 'lock':
    case 'assert-held':
    case 'bit-wait':
    case 'bit-wake':
    case 'call-rcu':
      return i.place
    case 'grace':
      return i.domain
    default:
      return null
  }
}

/** `s3.a.[]`, and for what pointers lead to, one for each pool: `p0.mapping`. */
export function keysOf({ root, path }: Place): readonly string[] {
  const tail = path.map((one) => (one.kind === 'field' ? `.${one.name}` : '.[]')).join('')
  if (root.kind === 'shared') return [`s${root.variable}${tail}`]
  return root.kind === 'object' ? root.pools.map((pool) => `p${pool}${tail}`) : []
}

/** What properties read in every state: a write to one of these is seen at once. */
export function watchedKeys(system: TransitionSystem): ReadonlySet<string> {
  const codes: Code[] = [...system.invariants, ...system.covers].map(({ code }) => code)
  const places = codes.flatMap(({ instructions }) => instructions.flatMap((i) => placeOf(i) ?? []))
  return new Set(places.flatMap(keysOf))
}

/** Properties that look which objects are alive, or that cannot be told what they look at. */
export const watchesObjects = (system: TransitionSystem): boolean =>
  [...system.invariants, ...system.covers].some(({ code }) =>
    code.instructions.some((i) => i.kind === 'next-live' || i.kind === 'touch'),
  )
