import type { TransitionSystem } from '../../spec/index.js'
import type { AmplePlan } from '../engine/ample-plan.js'
import { layoutOf } from '../engine/layout.js'
import type { Symmetry } from '../engine/symmetry.js'
import { amplePlan } from './ample.js'
import { withoutParking } from './bit-locks.js'
import { foldingConstants } from './constants.js'
import { elidingUnused } from './elide.js'
import { families } from './families.js'
import { fusing } from './fuse.js'
import { forgettingDeadLocals } from './live.js'
import { moversOf } from './movers.js'

/** What can be asked for, in the order of application. */
export const reductionNames = ['fusion', 'transactions', 'symmetry', 'por'] as const
export type ReductionName = (typeof reductionNames)[number]

/** Why a reduction was not made, or not everywhere. */
export interface Refusal {
  readonly name: ReductionName
  readonly reason: string
}

/** A smaller system with the same verdict, and what made it so. */
export interface Reduced {
  readonly system: TransitionSystem
  readonly symmetry: Symmetry
  readonly ample: AmplePlan
  readonly used: readonly ReductionName[]
  readonly refused: readonly Refusal[]
}

/** A pass between the transition system and the engines: neither of them, nor the semantics, knows of it. */
export function reduce(system: TransitionSystem, names: readonly ReductionName[]): Reduced {
  const used: ReductionName[] = []
  const refused: Refusal[] = []
  const folded = foldingConstants(system)
  let reduced = folded
  let joins = false
  const fuses = names.filter((name) => name === 'fusion' || name === 'transactions')
  const reason = whyNotFuse(system)
  if (reason !== null) refused.push(...fuses.map((name) => ({ name, reason })))
  else if (fuses.length > 0) {
    const { withLocks, withoutLocks } = moversOf(folded)
    joins = fusing(folded, withoutLocks).fused > 0
    const found = fusing(folded, names.includes('transactions') ? withLocks : withoutLocks)
    reduced = found.system
    if (names.includes('transactions')) {
      const { bitLocks } = withLocks
      reduced = withoutParking(reduced, bitLocks)
      if (bitLocks.size > 0 || found.fused > fusing(folded, withoutLocks).fused) {
        used.push('transactions')
      }
    }
  }
  if (names.includes('fusion')) {
    reduced = forgettingDeadLocals(elidingUnused(reduced))
    if (joins || layoutOf(reduced).stateBits < layoutOf(system).stateBits) used.unshift('fusion')
  }
  let symmetry: Symmetry = []
  if (names.includes('symmetry')) {
    for (const family of families(reduced)) {
      if ('orbit' in family) symmetry = [...symmetry, family.orbit]
      else refused.push({ name: 'symmetry', reason: family.reason })
    }
    if (symmetry.length > 0) used.push('symmetry')
  }
  let ample: AmplePlan = []
  if (names.includes('por')) {
    if (reason !== null) refused.push({ name: 'por', reason })
    else ample = amplePlan(reduced)
    if (ample.some((steps) => steps.length > 0)) used.push('por')
  }
  return { system: reduced, symmetry, ample, used, refused }
}

function whyNotFuse(system: TransitionSystem): string | null {
  if (system.processes.some((process) => process.on !== null)) {
    return 'an interrupt may come between any two steps'
  }
  if (system.asked.has('data-race')) return 'a data race is between two single accesses'
  return null
}
