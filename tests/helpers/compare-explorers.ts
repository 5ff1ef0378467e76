import * as assert from 'uvu/assert'
import { referenceEngine } from '../../checker/engine/reference.js'
import { compiledEngine } from '../../checker/engine/wasm/compiled.js'
import { explore, exploringGraph } from '../../checker/search/explore.js'
import type { SearchOptions } from '../../checker/search/options.js'
import type { SearchResult } from '../../checker/search/verdict.js'
import type { TransitionSystem } from '../../spec/index.js'
import { trapText } from './compare-engines.js'

/** One way to search a system. Null: the system is beyond it. */
export interface Explorer {
  readonly name: string
  readonly explore: (system: TransitionSystem, options: SearchOptions) => SearchResult | null
}

/** All that must find the same; the first is right by definition. */
export const explorers: readonly [Explorer, ...Explorer[]] = [
  {
    name: 'reference',
    explore: (system, options) => explore(referenceEngine(system), options),
  },
  {
    name: 'compiled, with a graph',
    explore: (system, options) => {
      const engine = compiledEngine(system)
      return engine === null ? null : toTheEnd(exploringGraph(engine, options))
    },
  },
  {
    name: 'compiled',
    explore: (system, options) => {
      const engine = compiledEngine(system)
      return engine === null ? null : explore(engine, options)
    },
  },
]

function toTheEnd<Result>(search: Generator<unknown, Result, void>): Result {
  for (;;) {
    const next = search.next()
    if (next.done === true) return next.value
  }
}

/** Searches in every way; throws where two results differ. The result of the first. */
export function compareExplorers(
  system: TransitionSystem,
  options: SearchOptions,
  [first, ...others]: readonly [Explorer, ...Explorer[]] = explorers,
): SearchResult {
  const expected = first.explore(system, options)
  if (expected === null) throw new Error(`${first.name} explores everything`)
  for (const other of others) {
    const given = other.explore(system, options)
    if (given === null) continue
    assert.equal(resultText(given), resultText(expected), `${other.name} against ${first.name}`)
  }
  return expected
}

/** Everything in a result that does not depend on the machine, as text. */
export function resultText(result: SearchResult): readonly string[] {
  const { exhaustive, distinctStates, generatedStates, depth, stateBits } = result.statistics
  return [
    result.verdict,
    `limit ${result.limit?.name} ${result.limit?.message}`,
    JSON.stringify({ exhaustive, distinctStates, generatedStates, depth, stateBits }),
    ...searchedText(result),
  ]
}

/** What is left when the states take other bits. */
export const searchedText = (result: SearchResult): readonly string[] => [
  result.verdict,
  `${result.statistics.distinctStates} of ${result.statistics.generatedStates}`,
  `uncovered ${result.uncovered}`,
  `executed ${result.executed.map((code) => code.join('')).join(' ')}`,
  ...result.violations.flatMap(({ kind, trap, trail, depth, switches, loop, ...cause }) => [
    `${kind} at depth ${depth} with ${switches} switches: ${trapText(trap)}`,
    `cause ${cause.participants} ${cause.count}`,
    `trail ${JSON.stringify(trail)}`,
    `loop ${JSON.stringify(loop)}`,
  ]),
]
