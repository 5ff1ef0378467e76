import {
  type CheckedModel,
  type Choices,
  type Configuration,
  configure,
  describe,
  type LeftOut,
  type ScenarioPart,
  sameSpan,
  scenarioParts,
  withoutParts,
} from '../../spec/index.js'
import type { EngineName } from '../engine/choose.js'
import type { Violation } from '../property/violation.js'
import type { SearchOptions } from '../search/options.js'
import type { Progress } from '../search/statistics.js'
import type { SearchResult } from '../search/verdict.js'
import { prepareRow, type Row } from './row.js'
import { exploringRow, type RowSearch } from './search-row.js'
import { settingsChoices } from './settings.js'

/** The smallest scenario that was found in which the same violation happens. */
export interface Shrunk {
  readonly row: Row
  /** Of its search, with the violation first. */
  readonly result: SearchResult
  /** Params that have other values now: `users 3 -> 1`. */
  readonly smaller: readonly string[]
}

/** A scenario: settings of a row, and what is left out of the model. */
interface Scenario {
  readonly choices: Choices
  readonly leftOut: readonly LeftOut[]
}

/** More values of one `choose` or param are not tried one by one. */
const VALUES_MAX = 8

/**
 * Makes the scenario of a violation smaller: processes, params, choices of `init`, calls, one thing at a time, as long as
 * the search still finds the violation; again from the beginning until nothing more can go. It is the same violation when
 * kind and place are the same and its shortest run is the one there was, less some steps: to leave out a call that protects
 * something makes another one, and that is not what was asked for.
 */
export function* shrinking(
  given: {
    readonly model: CheckedModel
    readonly configuration: Configuration
    readonly engine: EngineName
    readonly row: Row
    readonly result: SearchResult
  },
  options: SearchOptions,
  search: RowSearch,
): Generator<Progress, Shrunk, void> {
  const { model, configuration, engine, row, result } = given
  const { violation } = result
  if (violation === null) throw new Error('there is no violation to shrink the scenario of')
  const { kind } = violation
  const parts = scenarioParts(model, configuration)
  const { params, design } = describe(model, configuration)
  let scenario: Scenario = { choices: settingsChoices(params, design), leftOut: [] }
  let best: Shrunk = { row, result, smaller: [] }
  for (let isSmaller = true; isSmaller; ) {
    isSmaller = false
    for (const smaller of smallerOnes(parts)) {
      for (const candidate of smaller(scenario, isThere)) {
        const found = yield* inScenario(candidate)
        if (found === null) continue
        scenario = candidate
        best = found
        isSmaller = true
        break
      }
    }
  }
  return best

  /** Not left out yet, nor part of what is. */
  function isThere(part: ScenarioPart, { leftOut }: Scenario): boolean {
    const left = withoutParts(model, configuration, leftOut) ?? model
    return scenarioParts(left, configuration).some(
      (each) => each.kind === part.kind && sameSpan(each.span, part.span),
    )
  }

  function* inScenario({ choices, leftOut }: Scenario): Generator<Progress, Shrunk | null, void> {
    if (options.stop() !== null) return null
    const configured = configure(model, choices)
    if (configured.result === null) return null
    const { row } = prepareRow(model, configured.result, engine, leftOut)
    if (row === null || row.interpreter.system.processes.length === 0) return null
    const wanted = { ...options, wanted: [kind], preferred: [kind], all: false, byCause: false }
    const result = yield* exploringRow(row, wanted, search)
    const same = result.violations.find(
      (each) => each.kind === kind && sameSpan(each.trap.at, violation?.trap.at ?? each.trap.at),
    )
    if (same === undefined || same.switches > (best.result.violation?.switches ?? 0)) return null
    if (!isSubsequence(runOf(row, same), runOf(best.row, best.result.violation ?? same)))
      return null
    const others = result.violations.filter((each) => each !== same)
    const smaller = Object.entries(row.params)
      .filter(([name, value]) => value !== params[name])
      .map(([name, value]) => `${name} ${params[name]} -> ${value}`)
    return { row, result: { ...result, violation: same, violations: [same, ...others] }, smaller }
  }
}

type IsThere = (part: ScenarioPart, scenario: Scenario) => boolean

/** For each thing that may go: the scenarios without it, the smallest first; none where it has gone already. */
function smallerOnes(
  parts: readonly ScenarioPart[],
): readonly ((scenario: Scenario, isThere: IsThere) => readonly Scenario[])[] {
  const leaving =
    (part: ScenarioPart, number: number) =>
    (scenario: Scenario, isThere: IsThere): readonly Scenario[] =>
      isThere(part, scenario) ? keepsOf(part).map((keep) => without(scenario, number, keep)) : []
  const of = (...kinds: readonly ScenarioPart['kind'][]) =>
    parts.flatMap((part, number) => (kinds.includes(part.kind) ? [leaving(part, number)] : []))
  return [...of('process'), smallerParams, ...of('either', 'choose'), ...of('call')]
}

const without = ({ choices, leftOut }: Scenario, part: number, keep: number | null): Scenario => ({
  choices,
  leftOut: [...leftOut, { part, keep }].sort((one, other) => one.part - other.part),
})

/** What a run executes: for each step the process and the place where it stands. */
function runOf({ interpreter }: Row, { trail }: Violation): readonly string[] {
  const { system } = interpreter
  const start = interpreter.replayInitial(trail.initial)
  let state = start?.kind === 'next' ? start.state : null
  return trail.steps.map(({ process, choices }) => {
    const instance = system.processes[process]
    const at = state?.processes[process]?.at ?? -1
    const span = system.codes[instance?.code ?? -1]?.instructions[at]?.site.span
    const next = state && interpreter.replay(state, process, choices)
    state = next?.kind === 'next' ? next.state : null
    return `${instance?.name} ${span?.file}:${span?.from}`
  })
}

function isSubsequence(some: readonly string[], all: readonly string[]): boolean {
  let at = 0
  for (const each of all) if (each === some[at]) at++
  return at === some.length
}

function keepsOf(part: ScenarioPart): readonly (number | null)[] {
  if (part.kind === 'either') return [...Array(part.branches).keys()]
  return part.kind === 'choose' ? part.values.slice(0, VALUES_MAX) : [null]
}

/** Sizes go down: of each param the least values first. Other values are none of the model's, and are passed over. */
function smallerParams({ choices, leftOut }: Scenario): readonly Scenario[] {
  const { params = {}, design = {} } = choices
  return Object.entries(params).flatMap(([name, text]) => {
    const value = /^\d+$/.test(text) ? Number(text) : 0
    const less = Math.min(value, VALUES_MAX)
    return [...Array(less).keys()].map((smaller) => ({
      choices: { params: { ...params, [name]: String(smaller) }, design },
      leftOut,
    }))
  })
}
