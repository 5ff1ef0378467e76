import * as assert from 'uvu/assert'
import { exploreRow } from '../../checker/design/search-row.js'
import type { EngineName } from '../../checker/engine/choose.js'
import { chooseEngine } from '../../checker/engine/choose.js'
import { type ReductionName, reductionNames } from '../../checker/reduction/reduce.js'
import { explore } from '../../checker/search/explore.js'
import type { SearchOptions } from '../../checker/search/options.js'
import type { SearchResult } from '../../checker/search/verdict.js'
import { orderKind } from '../../checker/trace/order-end.js'
import { expectedOf, replay } from '../../checker/trace/replay.js'
import { interpreter, type TransitionSystem } from '../../spec/index.js'

/** Two searches of one system. */
export interface Compared {
  readonly full: SearchResult
  readonly reduced: SearchResult
}

/** What a reduction must preserve, of a search that was not cut; throws where it does not. */
export function compareReduced(
  system: TransitionSystem,
  options: SearchOptions,
  names: readonly ReductionName[] = reductionNames,
  name: EngineName = 'compiled',
): Compared {
  const engine = chooseEngine(system, name)
  const row = { engine, interpreter: interpreter(system) }
  const full = explore(engine, options)
  const search = { reductions: names, trialStates: 0, confirmStates: 0 }
  const reduced = exploreRow(row, options, search)
  if (full.limit?.name === 'states' || reduced.limit?.name === 'states') return { full, reduced }
  assert.is(reduced.verdict, full.verdict)
  for (const violation of reduced.violations) {
    const isOrder = violation.kind === orderKind
    const expected = isOrder ? null : expectedOf(system, violation)
    const { refusal } = replay(row.interpreter, violation.trail, expected, violation.loop, isOrder)
    assert.is(refusal, null)
  }
  if (full.verdict !== 'holds') return { full, reduced }
  assert.ok(reduced.statistics.distinctStates <= full.statistics.distinctStates)
  assert.equal(reduced.uncovered, full.uncovered)
  assert.equal(reached(system, reduced), reached(system, full))
  return { full, reduced }
}

/** By code: the instructions of the model that were executed. */
const reached = (system: TransitionSystem, { executed }: SearchResult): readonly string[] =>
  system.codes.map(({ instructions }, code) =>
    instructions.map((_, at) => (executed[code]?.[at] ? '1' : '0')).join(''),
  )
