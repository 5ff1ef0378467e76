/** Two revisions of models side by side: what is said of each row, and where it is not the same. */

export const differenceFormat = 'gmemcheck-diff/1'

/** One row as it was searched. */
export interface RowFigures {
  readonly verdict: 'holds' | 'violated' | 'incomplete'
  readonly kind: string | null
  /** Steps of the counterexample. */
  readonly steps: number | null
  readonly states: number
  readonly depth: number
}

export const figures = ['verdict', 'kind', 'steps', 'states', 'depth'] as const
export type Figure = (typeof figures)[number]

/** A row of both revisions, or of one: the other is null then. */
export interface RowDifference {
  readonly row: string
  readonly a: RowFigures | null
  readonly b: RowFigures | null
  /** What is not the same; empty also where there is only one. */
  readonly changed: readonly Figure[]
}

export interface ModelDifference {
  /** The file below the folder that was given; of two single files, the second one's. */
  readonly name: string
  readonly inA: boolean
  readonly inB: boolean
  /** Design choices that only one revision has. */
  readonly choices: { readonly onlyA: readonly string[]; readonly onlyB: readonly string[] }
  readonly rows: readonly RowDifference[]
}

export const isChanged = ({ changed }: RowDifference): boolean =>
  changed.includes('verdict') || changed.includes('kind')

/** What a reader has to look at first is marked `!`; rows where nothing changed are left out unless asked for. */
export function renderDifference(
  names: { readonly a: string; readonly b: string },
  models: readonly ModelDifference[],
  all: boolean,
): string {
  const lines = [`--- ${names.a}`, `+++ ${names.b}`]
  for (const model of models) {
    const body = [...choiceLines(model), ...model.rows.flatMap((row) => rowLines(row, all))]
    if (body.length > 0) lines.push(model.name, ...body.map((line) => `  ${line}`))
  }
  return `${lines.join('\n')}\n${countsText(models)}\n`
}

function choiceLines({ choices }: ModelDifference): string[] {
  return [
    ...choices.onlyA.map((name) => `- design choice ${name}`),
    ...choices.onlyB.map((name) => `+ design choice ${name}`),
  ]
}

function rowLines(difference: RowDifference, all: boolean): string[] {
  const { row, a, b, changed } = difference
  if (a === null || b === null) {
    const one = a ?? b
    return one === null ? [] : [`${a === null ? '+' : '-'} ${row}: ${figuresText(one)}`]
  }
  if (changed.length === 0) return all ? [`  ${row}: ${figuresText(b)}`] : []
  const mark = isChanged(difference) ? '!' : '~'
  return [`${mark} ${row}: ${figuresText(a)} -> ${figuresText(b)}`]
}

function figuresText({ verdict, kind, steps, states, depth }: RowFigures): string {
  const what = [verdict, kind].filter(Boolean).join(' ')
  const length = steps === null ? `depth ${depth}` : `${steps} steps`
  return `${what}, ${length}, ${states} states`
}

/** How many rows of each sort there are; the sorts add up. */
export function differenceCounts(models: readonly ModelDifference[]) {
  const rows = models.flatMap((model) => model.rows)
  const count = (test: (row: RowDifference) => boolean) => rows.filter(test).length
  const inBoth = (row: RowDifference) => row.a !== null && row.b !== null
  return {
    rows: rows.length,
    verdictChanged: count(isChanged),
    figuresChanged: count((row) => row.changed.length > 0 && !isChanged(row)),
    same: count((row) => inBoth(row) && row.changed.length === 0),
    onlyA: count((row) => row.b === null),
    onlyB: count((row) => row.a === null),
  }
}

function countsText(models: readonly ModelDifference[]): string {
  const counts = differenceCounts(models)
  const parts = [
    `${counts.verdictChanged} with another verdict`,
    `${counts.figuresChanged} with other figures`,
    `${counts.same} the same`,
  ]
  if (counts.onlyA > 0) parts.push(`${counts.onlyA} gone`)
  if (counts.onlyB > 0) parts.push(`${counts.onlyB} new`)
  return `${counts.rows} rows: ${parts.join(', ')}`
}
