import type { Sources, Span } from '../../spec/index.js'
import type { Notice } from './mutant.js'
import type { StaleLine } from './mutation-plan.js'
import type { JudgedMutation, MutationReport, MutationStatus } from './mutation-report.js'

/** A report on mutations for people, and for other programs. */

export const mutationsFormat = 'gmemcheck-mutate/1'

interface MutationLines {
  /** Where, and what was done. */
  readonly what: string
  readonly came: string
}

const placeOf = (sources: Sources, { file, from }: Span) => ({
  file,
  ...(sources.get(file)?.position(from) ?? { line: 1, column: 1 }),
})

/** The two lines of a mutation; null where there is nothing to tell. */
export function mutationText(
  judged: JudgedMutation,
  models: readonly string[],
  sources: Sources,
): MutationLines | null {
  const { mutation, status } = judged
  if (status === 'equivalent' || status === 'broken' || status === 'unexecuted') return null
  const { file, line } = placeOf(sources, mutation.at)
  const what = `${file}:${line}: ${mutation.name}: ${mutation.done}`
  return { what, came: cameText(judged, models) }
}

function cameText(
  { status, outcome, why, neededBy }: JudgedMutation,
  models: readonly string[],
): string {
  if (status === 'needed') return `no row violates it; noticed: ${neededBy?.name ?? ''}`
  if (status === 'redundant') return `redundant: ${why}`
  if (outcome?.status === 'noticed') return `noticed by ${noticeText(outcome.by, models)}`
  return outcome?.status === 'open'
    ? `nothing noticed so far; ${outcome.message}`
    : 'nothing noticed'
}

/** `truncate-vs-fault test=refcount: expected holds, got violated mapped-at-free`. */
const noticeText = ({ model, row, reason }: Notice, models: readonly string[]): string =>
  `${models[model] ?? ''} ${row}: ${reason}`

/** A line that says of something that it is redundant, and should not. */
export function staleText(
  { line, mutation, outcome }: StaleLine,
  models: readonly string[],
): string {
  const at = `${line.file}:${line.line}: `
  if (mutation === null || outcome?.status !== 'noticed') {
    return `${at}there is nothing of this name to take out: ${line.text.split(': ')[0]}`
  }
  return `${at}${mutation.name} is not redundant: noticed by ${noticeText(outcome.by, models)}`
}

const TITLES: readonly (readonly [MutationStatus, string])[] = [
  ['noticed', 'noticed'],
  ['needed', 'needed by what notices others'],
  ['redundant', 'redundant'],
  ['unnoticed', 'not noticed'],
  ['open', 'incomplete'],
  ['equivalent', 'equivalent'],
  ['broken', 'no longer compile'],
  ['unexecuted', 'never executed'],
]

/** `81 mutations: 60 noticed, …`; lines that are wrong are counted behind them. */
export function mutationsSummary({ judged, stale }: MutationReport): string {
  const counts = countsOf(judged)
  const parts = TITLES.flatMap(([status, title]) =>
    counts[status] > 0 ? [`${counts[status]} ${title}`] : [],
  )
  const told = `${judged.length} mutations: ${parts.join(', ') || 'nothing to change'}`
  return stale.length === 0 ? told : `${told}; ${stale.length} wrong \`// redundant:\` lines`
}

function countsOf(judged: readonly JudgedMutation[]): Readonly<Record<MutationStatus, number>> {
  const counts = Object.fromEntries(TITLES.map(([status]) => [status, 0])) as Record<
    MutationStatus,
    number
  >
  for (const { status } of judged) counts[status] += 1
  return counts
}

/** The document of `mutate --json`; `spec/schema/mutate.schema.json` describes it. */
export function mutationsDocument(
  report: MutationReport,
  models: readonly { readonly model: string; readonly file: string }[],
  sources: Sources,
) {
  const names = models.map(({ model }) => model)
  return {
    format: mutationsFormat,
    models,
    mutations: report.judged.map((judged) => {
      const { mutation, status, outcome, why, neededBy } = judged
      const { kind, name, done, at } = mutation
      return {
        ...placeOf(sources, at),
        kind,
        name,
        done,
        status,
        ...(outcome?.status === 'noticed' ? { by: byOf(outcome.by, names) } : {}),
        ...(outcome?.status === 'open' || outcome?.status === 'broken'
          ? { message: outcome.message }
          : {}),
        ...(why === null ? {} : { why }),
        ...(neededBy === null ? {} : { neededBy: neededBy.name }),
      }
    }),
    stale: report.stale.map((each) => ({
      file: each.line.file,
      line: each.line.line,
      text: staleText(each, names),
    })),
    summary: countsOf(report.judged),
  }
}

const byOf = ({ model, row, reason, kinds }: Notice, models: readonly string[]) => ({
  model: models[model] ?? '',
  row,
  reason,
  kinds,
})
