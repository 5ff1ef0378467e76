import type { Mutation, Span } from '../../spec/index.js'
import type { MutantOutcome } from './mutant.js'
import {
  type PlannedMutation,
  type StaleLine,
  staleLines,
  type TestedModel,
} from './mutation-plan.js'

/**
 * What is said of a mutation. `needed`: an assertion or invariant that no row violates, and that other mutations run
 * into: without it they would pass. `redundant`: nothing noticed, and a line says why. `unexecuted`: no process of any row
 * comes there.
 */
export type MutationStatus = MutantOutcome['status'] | 'needed' | 'redundant' | 'unexecuted'

export interface JudgedMutation {
  readonly mutation: Mutation
  readonly status: MutationStatus
  /** Null where no row was asked. */
  readonly outcome: MutantOutcome | null
  /** Of `redundant`: what the line says. */
  readonly why: string | null
  /** Of `needed`: the first mutation that runs into it. */
  readonly neededBy: Mutation | null
}

export interface MutationReport {
  readonly judged: readonly JudgedMutation[]
  readonly stale: readonly StaleLine[]
}

interface Asked {
  readonly planned: PlannedMutation
  readonly outcome: MutantOutcome | null
}

/** Puts together what came of all mutations; `listed` says which of them are to be told, `known` are all there are. */
export function reportMutations(
  models: readonly TestedModel[],
  asked: readonly Asked[],
  listed: (mutation: Mutation) => boolean,
  known: readonly PlannedMutation[] = asked.map(({ planned }) => planned),
): MutationReport {
  const judged = asked
    .filter(({ planned }) => listed(planned.mutation))
    .map((one) => judgedOf(one, asked))
  return { judged, stale: staleLines(models, asked, known) }
}

function judgedOf({ planned, outcome }: Asked, asked: readonly Asked[]): JudgedMutation {
  const { mutation, excuses } = planned
  const plain = { mutation, outcome, why: null, neededBy: null }
  if (outcome === null) return { ...plain, status: 'unexecuted' }
  const [excuse] = excuses
  const isMissed = outcome.status === 'noticed' && outcome.by.holds
  if (excuse !== undefined && !isMissed && outcome.status !== 'broken') {
    return { ...plain, status: 'redundant', why: excuse.text.slice(mutation.name.length + 2) }
  }
  if (outcome.status !== 'unnoticed' && outcome.status !== 'open') {
    return { ...plain, status: outcome.status }
  }
  const runner = asked.find((other) => runsInto(other, mutation))
  if (runner === undefined) return { ...plain, status: outcome.status }
  return { ...plain, status: 'needed', neededBy: runner.planned.mutation }
}

/** Whether what noticed another mutation is the assertion or invariant that this one takes out. */
function runsInto({ planned, outcome }: Asked, { kind, at }: Mutation): boolean {
  if (kind !== 'assertions' && kind !== 'invariants') return false
  if (outcome?.status !== 'noticed' || planned.mutation.at === at) return false
  return outcome.by.places.some((place) => isInside(place, at))
}

const isInside = (inner: Span, outer: Span): boolean =>
  inner.file === outer.file && inner.from >= outer.from && inner.to <= outer.to
