import type { ReductionName } from '../reduction/reduce.js'
import { unreachedLines } from '../render/json.js'
import { exploring } from '../search/explore.js'
import type { SearchOptions } from '../search/options.js'
import type { Progress } from '../search/statistics.js'
import type { SearchResult } from '../search/verdict.js'
import type { Row } from './row.js'
import { exploringRow, withPauses } from './search-row.js'

/** What two searches of a row found, one of all states and one with reductions. */
export interface Audit {
  readonly used: readonly string[]
  readonly refused: readonly { readonly name: string; readonly reason: string }[]
  readonly full: AuditedSearch
  readonly reduced: AuditedSearch
  /** What one found and the other did not, in words; a difference is a bug of a reduction. */
  readonly differences: readonly string[]
  /** Neither search met a limit, so that they can be compared. */
  readonly isComplete: boolean
}

export interface AuditedSearch {
  readonly verdict: SearchResult['verdict']
  readonly states: number
  readonly seconds: number
}

/** Searches a row to the end twice, and compares verdict, kinds of violations, covers and which lines were reached. */
export async function auditRow(
  row: Row,
  options: SearchOptions,
  reductions: readonly ReductionName[],
  pause: (progress: Progress) => Promise<void>,
): Promise<Audit> {
  const to = { ...options, all: true }
  const begin = options.seconds()
  const full = await withPauses(exploring(row.engine, to), pause)
  const between = options.seconds()
  const search = { reductions, trialStates: 0, confirmStates: 0 }
  const reduced = await withPauses(exploringRow(row, to, search), pause)
  const isComplete = full.limit?.name !== 'states' && isEnded(full) && isEnded(reduced)
  return {
    used: reduced.shortcuts.used,
    refused: reduced.shortcuts.refused,
    full: audited(full, between - begin),
    reduced: audited(reduced, options.seconds() - between),
    differences: isComplete ? differences(row, full, reduced) : [],
    isComplete,
  }
}

/** By nothing but what the model itself bounds. */
const isEnded = ({ limit }: SearchResult): boolean => limit === null || limit.name === 'bound'

const audited = ({ verdict, statistics }: SearchResult, seconds: number): AuditedSearch => {
  return { verdict, states: statistics.distinctStates, seconds }
}

function differences(row: Row, full: SearchResult, reduced: SearchResult): readonly string[] {
  const { system } = row.interpreter
  const found: string[] = []
  const compare = (what: string, all: Iterable<string>, some: Iterable<string>): void => {
    const [left, right] = [new Set(all), new Set(some)]
    for (const one of left)
      if (!right.has(one)) found.push(`${what} ${one}: only without reductions`)
    for (const one of right) if (!left.has(one)) found.push(`${what} ${one}: only with reductions`)
  }
  compare('verdict', [full.verdict], [reduced.verdict])
  compare('violation', kindsOf(full), kindsOf(reduced))
  const coverName = (index: number): string => system.covers[index]?.name ?? String(index)
  compare('uncovered', full.uncovered.map(coverName), reduced.uncovered.map(coverName))
  const unreached = ({ executed }: SearchResult): string[] =>
    unreachedLines(system, executed).map(({ file, line, text }) => `${file}:${line}: ${text}`)
  compare('unreached', unreached(full), unreached(reduced))
  return found
}

const kindsOf = ({ violations }: SearchResult): readonly string[] =>
  violations.map(({ kind }) => kind)
