import {
  isAbout,
  type LoadedFiles,
  type Mutation,
  mutationsOf,
  type Position,
  type Redundant,
  redundantIn,
  type SourceText,
} from '../../spec/index.js'
import type { AskedRow, MutantOutcome, Original } from './mutant.js'
import type { TestedRow } from './test-row.js'

/** A model as it is, with the result of each of its rows. */
export interface TestedModel {
  readonly file: string
  readonly loaded: LoadedFiles
  readonly rows: readonly TestedRow[]
}

/** A mutation with the rows that may notice it, and the lines that say that nobody need notice it. */
export interface PlannedMutation {
  readonly mutation: Mutation
  /** Numbers of the models that have the file. */
  readonly models: readonly number[]
  readonly rows: readonly AskedRow[]
  /** Whether any row executes what is changed. */
  readonly isExecuted: boolean
  readonly excuses: readonly Redundant[]
}

/** What no mutation is asked about: a row that does not do what is expected of it anyway. */
export const isSound = (row: TestedRow): boolean => row.judgement?.status === 'met'

/**
 * All mutations of all models, one of a file that several models use once. Whoever holds is asked first, for that is
 * where something may be lost, and of these the smallest.
 */
export function planMutations(models: readonly TestedModel[]): readonly PlannedMutation[] {
  const planned = new Map<string, { mutation: Mutation; models: number[] }>()
  models.forEach(({ loaded }, number) => {
    for (const mutation of mutationsOf(loaded)) {
      const key = `${mutation.at.file}\0${mutation.kind}\0${mutation.name}`
      const known = planned.get(key)
      if (known === undefined) planned.set(key, { mutation, models: [number] })
      else known.models.push(number)
    }
  })
  const asked = new Map(models.map((model, number) => [number, rowsOf(model, number)]))
  return [...planned.values()].map(({ mutation, models: numbers }) => {
    const rows = numbers.flatMap((number) =>
      (asked.get(number) ?? []).filter(({ tested }) => executes(tested, mutation)),
    )
    const files = [mutation.at.file, ...numbers.map((number) => models[number]?.file)]
    const excuses = redundantLines(models).filter(
      (line) => files.includes(line.file) && isAbout(line, mutation.name),
    )
    const mayNotice = rows.filter(({ tested }) =>
      mayMiss(tested, mutation, models[numbers[0] ?? 0]),
    )
    const inOrder = mayNotice.sort(
      (a, b) => Number(b.holds) - Number(a.holds) || statesOf(a) - statesOf(b),
    )
    return {
      mutation,
      models: numbers,
      rows: inOrder.map(({ model, row }) => ({ model, row })),
      isExecuted: rows.length > 0,
      excuses,
    }
  })
}

interface KnownRow extends AskedRow {
  readonly tested: TestedRow
  readonly holds: boolean
}

function rowsOf({ rows }: TestedModel, model: number): readonly KnownRow[] {
  return rows
    .map((tested, row) => ({ model, row, tested, holds: tested.judgement?.expected === 'holds' }))
    .filter(({ tested }) => isSound(tested))
}

const statesOf = ({ tested }: KnownRow): number =>
  tested.report?.document.search.distinctStates ?? 0

/** What only `init` comes to is how a run begins, and no part of the design. */
function executes({ exercise }: TestedRow, { touches, at }: Mutation): boolean {
  if (touches.length === 0) return true
  const executed = exercise.find(({ file }) => file === at.file)?.afterInit ?? []
  return touches.some(({ from }) => executed.includes(from))
}

/**
 * Whether a row may notice that something is gone. Without an assertion or invariant every run goes on as before, and all
 * that was found elsewhere is found still: only a row in which it is violated can miss it.
 */
function mayMiss(
  { report }: TestedRow,
  { kind, at }: Mutation,
  model: TestedModel | undefined,
): boolean {
  if (kind !== 'assertions' && kind !== 'invariants') return true
  const source = model?.loaded.sources.get(at.file)
  if (source === undefined) return true
  const [first, last] = [source.position(at.from), source.position(at.to)]
  const found = report?.document.violations ?? []
  return found.some(
    (violation) =>
      violation.at.file === at.file &&
      !isBefore(violation.at, first) &&
      !isBefore(last, violation.at),
  )
}

const isBefore = (left: Position, right: Position): boolean =>
  left.line < right.line || (left.line === right.line && left.column < right.column)

/** The `// redundant:` lines of all files, each once. */
export function redundantLines(models: readonly TestedModel[]): readonly Redundant[] {
  const sources = new Map<string, SourceText>(models.flatMap(({ loaded }) => [...loaded.sources]))
  return [...sources.values()].flatMap(redundantIn)
}

/** What each row of a model that is expected to hold does not reach. */
export const uncoveredBy = ({ rows }: TestedModel): Original['uncovered'] =>
  rows.map(({ judgement, report }) =>
    judgement?.expected === 'holds' ? (report?.document.coverage.uncovered ?? null) : null,
  )

/** Lines that name no mutation of their model, or one that was noticed. */
export interface StaleLine {
  readonly line: Redundant
  /** Null: it names nothing. */
  readonly mutation: Mutation | null
  readonly outcome: MutantOutcome | null
}

/**
 * A line in a model speaks for that model alone, one in a library for all that use it; and both for rows that hold: what
 * only a row that is to be violated misses is needed for nothing that holds, and such rows are asked last. A line may
 * name any mutation there is, also one that nobody asked for: `known` are all of them.
 */
export function staleLines(
  models: readonly TestedModel[],
  judged: readonly { readonly planned: PlannedMutation; readonly outcome: MutantOutcome | null }[],
  known: readonly PlannedMutation[],
): readonly StaleLine[] {
  return redundantLines(models).flatMap((line): readonly StaleLine[] => {
    const named = judged.filter(({ planned }) =>
      planned.excuses.some((excuse) => isSameLine(excuse, line)),
    )
    if (named.length === 0)
      return isNamed(line, known) ? [] : [{ line, mutation: null, outcome: null }]
    return named.flatMap(({ planned: { mutation }, outcome }) => {
      if (outcome?.status !== 'noticed' || !outcome.by.holds) return []
      const isOwn = models.some(({ file }) => file === line.file)
      const isOther = models[outcome.by.model]?.file !== line.file
      return isOwn && isOther ? [] : [{ line, mutation, outcome }]
    })
  })
}

const isSameLine = (left: Redundant, right: Redundant): boolean =>
  left.file === right.file && left.line === right.line

const isNamed = (line: Redundant, known: readonly PlannedMutation[]): boolean =>
  known.some(({ mutation }) => isAbout(line, mutation.name))
