import type { TransitionSystem } from '../../spec/index.js'
import type { AmplePlan } from '../engine/ample-plan.js'
import { layoutOf } from '../engine/layout.js'
import { isEmpty, noSymmetry, type Symmetry } from '../engine/symmetry.js'
import { amplePlan } from './ample.js'
import { withoutParking } from './bit-locks.js'
import { foldingConstants } from './constants.js'
import { elidingUnused } from './elide.js'
import { families } from './families.js'
import { fusing } from './fuse.js'
import { forgettingDeadLocals } from './live.js'
import { moversOf } from './movers.js'
import { sorts } from './sorts.js'

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
  const used = new Set<ReductionName>()
  const refused: Refusal[] = []
  const mayJoin = whyNotJoin(system)
  if (mayJoin !== null) {
    const joining = names.filter((name) => name !== 'symmetry')
    refused.push(...joining.map((name) => ({ name, reason: mayJoin })))
  }
  let reduced = foldingConstants(system)
  if (mayJoin === null) {
    const joined = joining(reduced, names)
    for (const name of joined.used) used.add(name)
    reduced = joined.system
  }
  if (names.includes('fusion')) {
    reduced = forgettingDeadLocals(elidingUnused(reduced))
    if (layoutOf(reduced).stateBits < layoutOf(system).stateBits) used.add('fusion')
  }
  const found = names.includes('symmetry')
    ? symmetryOf(reduced)
    : { symmetry: noSymmetry, reasons: [] }
  const { symmetry } = found
  refused.push(...found.reasons.map((reason) => ({ name: 'symmetry', reason }) as const))
  if (!isEmpty(symmetry)) used.add('symmetry')
  const ample = names.includes('por') && mayJoin === null ? amplePlan(reduced) : []
  if (ample.some((steps) => steps.length > 0)) used.add('por')
  const inOrder = reductionNames.filter((name) => used.has(name))
  return { system: reduced, symmetry, ample, used: inOrder, refused }
}

/**
 * The same without symmetry. A lock order is of one process, and another shows it too only where they may begin alike: one
 * that is found with symmetry may be none.
 */
export function withoutSymmetry(reduced: Reduced): Reduced {
  const refusal: Refusal = { name: 'symmetry', reason: 'a lock order is of one process' }
  return {
    ...reduced,
    symmetry: noSymmetry,
    used: reduced.used.filter((name) => name !== 'symmetry'),
    refused: [...reduced.refused, refusal],
  }
}

/** Whatever may be exchanged, and why the rest may not. */
export function symmetryOf(system: TransitionSystem): {
  readonly symmetry: Symmetry
  readonly reasons: readonly string[]
} {
  const ofFamilies = families(system)
  const ofSorts = sorts(system)
  return {
    symmetry: {
      families: ofFamilies.flatMap((one) => ('orbit' in one ? [one.orbit] : [])),
      sorts: ofSorts.flatMap((one) => ('sort' in one ? [one.sort] : [])),
    },
    reasons: [
      ...ofFamilies.flatMap((one) => ('reason' in one ? [one.reason] : [])),
      ...ofSorts.flatMap((one) => ('reason' in one ? [`${one.name}: ${one.reason}`] : [])),
    ],
  }
}

/** Steps that commute, made one: with what is known of locks, or only what commutes whoever holds what. */
function joining(
  system: TransitionSystem,
  names: readonly ReductionName[],
): { readonly system: TransitionSystem; readonly used: readonly ReductionName[] } {
  const { withLocks, withoutLocks } = moversOf(system)
  const own = fusing(system, withoutLocks)
  const used: ReductionName[] = names.includes('fusion') && own.fused > 0 ? ['fusion'] : []
  if (!names.includes('transactions')) {
    return { system: names.includes('fusion') ? own.system : system, used }
  }
  const all = fusing(system, withLocks)
  const { bitLocks } = withLocks
  if (bitLocks.size > 0 || all.fused > own.fused) used.push('transactions')
  return { system: withoutParking(all.system, bitLocks), used }
}

function whyNotJoin(system: TransitionSystem): string | null {
  if (system.processes.some((process) => process.on !== null)) {
    return 'an interrupt may come between any two steps'
  }
  if (system.asked.has('data-race')) return 'a data race is between two single accesses'
  return null
}
