import {
  analyse,
  type CheckedModel,
  type Configuration,
  designRows,
  dumpSystem,
  interpreter,
  type LoadedFiles,
  lower,
  type Mutation,
  type MutationKind,
  matchExpectation,
  mutated,
  type Span,
  type TransitionSystem,
} from '../../spec/index.js'
import { chooseEngine, type EngineName } from '../engine/choose.js'
import type { ReductionName } from '../reduction/reduce.js'
import type { SearchOptions } from '../search/options.js'
import type { SearchResult } from '../search/verdict.js'
import { judge } from './expectation.js'
import { sameGraph } from './same-graph.js'
import { exploreRow } from './search-row.js'
import { rowName } from './settings.js'

/** A model as it is, with what its rows reach: what mutants of it are held against. */
export interface Original {
  readonly loaded: LoadedFiles
  readonly model: CheckedModel
  /** By row: the names of covers that are not reached; null where the row is not expected to hold. */
  readonly uncovered: readonly (readonly string[] | null)[]
}

/** One row of one of the models, by their numbers. */
export interface AskedRow {
  readonly model: number
  readonly row: number
}

export interface MutantSearch {
  readonly options: () => Omit<SearchOptions, 'wanted' | 'preferred'>
  readonly engine: EngineName
  readonly reductions: readonly ReductionName[]
}

/** What came of one mutation. Plain data: it travels between threads. */
export type MutantOutcome =
  | { readonly status: 'noticed'; readonly by: Notice }
  | { readonly status: 'unnoticed' }
  /** No row can tell it from the original: the same steps with the same effects. */
  | { readonly status: 'equivalent' }
  /** It is no model any more. */
  | { readonly status: 'broken'; readonly message: string }
  /** Nothing noticed it, and a search was cut short. */
  | { readonly status: 'open'; readonly message: string }

/** The first row whose expectation is no longer met. */
export interface Notice {
  readonly model: number
  readonly row: string
  /** The row is expected to hold. */
  readonly holds: boolean
  readonly reason: string
  /** Kinds that were found there, the one that would be shown first. */
  readonly kinds: readonly string[]
  /** Where they were found. */
  readonly places: readonly Span[]
}

/** More states than these are not walked through to see whether two systems do the same. */
const SAME_STATES_MAX = 20_000

/** Judges mutations of some models; what the models themselves are is worked out once. */
export class MutantJudge {
  readonly #originals: readonly Original[]
  readonly #search: MutantSearch
  readonly #systems = new Map<string, { system: TransitionSystem; text: string }>()

  constructor(originals: readonly Original[], search: MutantSearch) {
    this.#originals = originals
    this.#search = search
  }

  /** Asks the rows one after the other, until one notices. */
  judge(mutation: Mutation, rows: readonly AskedRow[]): MutantOutcome {
    // A file of the library may be in every model, and the first row that is asked may notice: no mutant is made before.
    const mutants = new Map<number, Mutant>()
    let open: string | null = null
    const differing: { readonly asked: AskedRow; readonly system: TransitionSystem }[] = []
    const judged = new Set<string>()
    for (const asked of rows) {
      const { model, row } = asked
      const mutant = mutants.get(model) ?? mutantOf(this.#original(model), mutation)
      if (typeof mutant === 'string') return { status: 'broken', message: mutant }
      mutants.set(model, mutant)
      const configuration = mutant.rows[row] as Configuration
      const { result: system, diagnostics } = lower(mutant.model, configuration)
      if (system === null) return { status: 'broken', message: diagnostics[0]?.message ?? '' }
      const text = dumpSystem(system)
      if (text === this.#system(asked).text) continue
      differing.push({ asked, system })
      const expectation = matchExpectation(mutant.model, configuration)
      const key = `${JSON.stringify(expectation)}\n${text}`
      if (judged.has(key)) continue
      judged.add(key)
      const answer = this.#ask(asked, mutant.model, configuration, system)
      if (answer.notice !== null) return { status: 'noticed', by: answer.notice }
      open ??= answer.open
    }
    if (open !== null) return { status: 'open', message: open }
    const isSame =
      differing.length === 0 ||
      (MOVES.includes(mutation.kind) &&
        differing.every(({ asked, system }) => this.#isSame(asked, system)))
    return { status: isSame ? 'equivalent' : 'unnoticed' }
  }

  #original(model: number): Original {
    const original = this.#originals[model]
    if (original === undefined) throw new Error(`there is no model ${model}`)
    return original
  }

  #system(asked: AskedRow): { readonly system: TransitionSystem; readonly text: string } {
    const key = `${asked.model} ${asked.row}`
    const known = this.#systems.get(key)
    if (known !== undefined) return known
    const { model } = this.#original(asked.model)
    const { result: system } = lower(model, designRows(model)[asked.row] as Configuration)
    if (system === null) throw new Error(`row ${key} cannot be lowered`)
    const made = { system, text: dumpSystem(system) }
    this.#systems.set(key, made)
    return made
  }

  #ask(
    { model: number, row }: AskedRow,
    model: CheckedModel,
    configuration: Configuration,
    system: TransitionSystem,
  ): { readonly notice: Notice | null; readonly open: string | null } {
    const { options, engine, reductions } = this.#search
    const expectation = matchExpectation(model, configuration)
    const kinds = expectation?.kinds ?? []
    const searched = { engine: chooseEngine(system, engine), interpreter: interpreter(system) }
    const result = exploreRow(
      searched,
      { ...options(), wanted: kinds, preferred: kinds },
      { reductions },
    )
    const judgement = judge(expectation, { document: documentOf(result) })
    const name = rowName(model, configuration)
    if (judgement.status === 'incomplete') {
      return { notice: null, open: `${name}: ${judgement.reason}` }
    }
    const lost = lostCover(this.#original(number).uncovered[row] ?? null, system, result)
    const reason = judgement.status === 'unmet' ? judgement.reason : lost
    if (reason === null) return { notice: null, open: null }
    const { violations } = result
    return {
      notice: {
        model: number,
        row: name,
        holds: expectation?.verdict === 'holds',
        reason,
        kinds: [...new Set(violations.map(({ kind }) => kind))],
        places: violations.flatMap(({ trap }) =>
          trap.site === null ? [trap.at] : [trap.at, trap.site.statement],
        ),
      },
      open: null,
    }
  }

  #isSame(asked: AskedRow, system: TransitionSystem): boolean {
    const { engine } = this.#search
    const original = chooseEngine(this.#system(asked).system, engine)
    return sameGraph(original, chooseEngine(system, engine), SAME_STATES_MAX)
  }
}

interface Mutant {
  readonly model: CheckedModel
  readonly rows: readonly Configuration[]
}

/** The model after the mutation, or why it is none any more. */
function mutantOf({ loaded }: Original, mutation: Mutation): Mutant | string {
  const { result, diagnostics } = analyse(mutated(loaded, mutation))
  if (result !== null) return { model: result, rows: designRows(result) }
  return diagnostics.find(({ severity }) => severity === 'error')?.message ?? ''
}

/**
 * Mutations that may leave everything as it is. A test that is never true, or an assertion, does so as well when it is
 * taken out; but that nobody needs it is what is asked.
 */
const MOVES: readonly MutationKind[] = ['order', 'sections']

const documentOf = ({ verdict, limit, violations }: SearchResult) => ({
  verdict,
  violations,
  ...(limit === null ? {} : { limit: limit.name, limitMessage: limit.message }),
})

/** A cover that a row which holds no longer reaches: it holds because less happens. */
function lostCover(
  before: readonly string[] | null,
  system: TransitionSystem,
  { uncovered }: SearchResult,
): string | null {
  if (before === null) return null
  const names = uncovered.map((index) => system.covers[index]?.name ?? String(index))
  const lost = names.find((name) => !before.includes(name))
  return lost === undefined ? null : `cover ${lost} is no longer reached`
}
