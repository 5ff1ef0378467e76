import type { Place } from './expression.js'
import type { Code, Instruction, Location, TransitionSystem } from './system.js'
import { isVisible, successors } from './visible.js'

/**
 * What a transition may touch: names of shared variables and of pool members, indexes left out. Over-approximation
 * is sound; under-approximation is a bug here. Data for the reductions.
 */
export interface Footprint {
  readonly reads: ReadonlySet<string>
  readonly writes: ReadonlySet<string>
}

/** Of the transition that starts at a location: everything up to the next place where control can rest. */
export function footprint(system: TransitionSystem, code: Code, from: Location): Footprint {
  const reads = new Set<string>()
  const writes = new Set<string>()
  const seen = new Set<Location>([from])
  const work = [from]
  for (let at = work.pop(); at !== undefined; at = work.pop()) {
    const instruction = code.instructions[at]
    if (!instruction) continue
    touch(system, instruction, reads, writes)
    for (const to of successors(instruction)) {
      const next = code.instructions[to]
      if (!next || seen.has(to) || isVisible(next)) continue
      seen.add(to)
      work.push(to)
    }
  }
  return { reads, writes }
}

function touch(
  system: TransitionSystem,
  i: Instruction,
  reads: Set<string>,
  writes: Set<string>,
): void {
  const poolNames = (pools: readonly number[]): string[] =>
    pools.flatMap((at) => system.pools[at]?.name ?? [])
  switch (i.kind) {
    case 'load':
    case 'assert-held':
      for (const name of [...names(system, i.place), ...alive(system, i.place)]) reads.add(name)
      return
    case 'store':
      for (const name of names(system, i.place)) writes.add(name)
      for (const name of alive(system, i.place)) reads.add(name)
      return
    case 'update':
    case 'lock':
    case 'bit-wait':
    case 'bit-wake':
      for (const name of names(system, i.place)) {
        reads.add(name)
        writes.add(name)
      }
      // Spinning locks and SRCU sections are read sections too.
      if (i.kind === 'lock') writes.add('#sections')
      for (const name of alive(system, i.place)) reads.add(name)
      // A parked process is part of what a wake-up writes and a wait reads.
      if (i.kind === 'bit-wait' || i.kind === 'bit-wake') {
        reads.add('#parked')
        writes.add('#parked')
      }
      return
    case 'alloc':
    case 'destroy':
    case 'next-live':
      for (const name of poolNames([i.pool])) {
        reads.add(`${name}.#alive`)
        if (i.kind === 'alloc') wholeObject(system, name, writes)
      }
      return
    case 'touch':
      for (const name of poolNames(i.pools)) reads.add(`${name}.#alive`)
      return
    case 'free':
      for (const name of poolNames(i.pools)) {
        reads.add(`${name}.#alive`)
        wholeObject(system, name, writes)
        // Pointers anywhere become stale.
        writes.add(`*${name}`)
      }
      return
    case 'context':
      // Leaving a section lets grace periods end.
      writes.add('#sections')
      return
    case 'grace':
    case 'rcu-barrier':
    case 'callback-begin':
    case 'callback-end':
      reads.add('#sections')
      writes.add('#sections')
      return
    case 'call-rcu':
      reads.add('#sections')
      writes.add('#sections')
      for (const name of names(system, i.place)) writes.add(name)
      return
    default:
      return
  }
}

function wholeObject(system: TransitionSystem, name: string, writes: Set<string>): void {
  writes.add(`${name}.#alive`)
  const pool = system.pools.find((one) => one.name === name)
  for (const field of pool?.type.fields ?? []) writes.add(`${name}.${field.name}`)
}

/** The places an access may mean. */
function names(system: TransitionSystem, place: Place): readonly string[] {
  const { root } = place
  if (root.kind === 'local') return []
  if (root.kind === 'shared') {
    const name = system.shared[root.variable]?.name ?? ''
    const first = place.path.find((one) => one.kind === 'field')
    return [first?.kind === 'field' ? `${name}.${first.name}` : name]
  }
  const field = place.path[0]
  const member = field?.kind === 'field' ? field.name : ''
  return root.pools.map((at) => `${system.pools[at]?.name}.${member}`)
}

/** Reaching an object looks whether it is alive. */
function alive(system: TransitionSystem, place: Place): readonly string[] {
  const { root } = place
  return root.kind === 'object' ? root.pools.map((at) => `${system.pools[at]?.name}.#alive`) : []
}
