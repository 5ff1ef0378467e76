import type { TransitionSystem } from '../../spec/index.js'
import type { Symmetry } from '../engine/symmetry.js'
import { withoutParking } from './bit-locks.js'
import { families } from './families.js'
import { fusing } from './fuse.js'
import { forgettingDeadLocals } from './live.js'
import { moversOf } from './movers.js'

/** What can be asked for, in the order of application. */
export const reductionNames = ['locals', 'transactions', 'symmetry'] as const
export type ReductionName = (typeof reductionNames)[number]

/** A smaller system with the same verdict, and what made it so. */
export interface Reduced {
  readonly system: TransitionSystem
  readonly symmetry: Symmetry
  readonly used: readonly ReductionName[]
  readonly refused: readonly { readonly name: ReductionName; readonly reason: string }[]
}

export function reduce(system: TransitionSystem, names: readonly ReductionName[]): Reduced {
  const used: ReductionName[] = []
  const refused: { name: ReductionName; reason: string }[] = []
  let reduced = system
  if (names.includes('transactions')) {
    const reason = whyNotFuse(system)
    if (reason !== null) refused.push({ name: 'transactions', reason })
    else {
      const movers = moversOf(system)
      const { system: fused, fused: count } = fusing(system, (code, at) => movers.of(code, at))
      if (count > 0 || movers.bitLocks.size > 0) used.push('transactions')
      reduced = withoutParking(fused, movers.bitLocks)
    }
  }
  if (names.includes('locals')) {
    reduced = forgettingDeadLocals(reduced)
    used.push('locals')
  }
  let symmetry: Symmetry = []
  if (names.includes('symmetry')) {
    const found = families(reduced)
    symmetry = found.flatMap((family) => ('orbit' in family ? [family.orbit] : []))
    for (const family of found) {
      if ('reason' in family) refused.push({ name: 'symmetry', reason: family.reason })
    }
    if (symmetry.length > 0) used.push('symmetry')
  }
  return { system: reduced, symmetry, used, refused }
}

function whyNotFuse(system: TransitionSystem): string | null {
  if (system.processes.some((process) => process.on !== null)) {
    return 'an interrupt may come between any two steps'
  }
  if (system.asked.has('data-race')) return 'a data race is between two single accesses'
  return null
}
