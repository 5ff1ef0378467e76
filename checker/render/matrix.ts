import { boxes } from './matrix-boxes.js'
import type { Matrix, MatrixRow } from './matrix-row.js'
import { type Cell, layTable } from './table.js'

export const matrixFormat = 'gmemcheck-matrix/1'

/** More rows than these are shown together where they have the same verdict. */
const ROWS_MAX = 24

/** The columns, for people; `full`: a line for each row, however many there are. */
export function matrixTable(matrix: Matrix, full: boolean): string {
  const dimensions = [...matrix.varied, ...matrix.design]
  const isGrouped = !full && matrix.rows.length > ROWS_MAX
  const groups = isGrouped
    ? boxes(matrix.rows, dimensions)
    : matrix.rows.map((row) => ({
        values: dimensions.map(({ name }) => [settingOf(row, name)]),
        rows: [row],
      }))
  const head: Cell[] = [
    ...dimensions.map(({ name }) => ({ text: name, breaks: '_' })),
    'verdict',
    ...(isGrouped ? ['rows'] : []),
    'steps',
    'switches',
    'states',
    'seconds',
    ...(matrix.hasCosts ? ['cost'] : []),
  ].map((each): Cell => (typeof each === 'string' ? { text: each } : each))
  const lines = groups.map(({ values, rows }): Cell[] => [
    ...values.map((some, at) => ({
      text: setText(some, dimensions[at]?.values ?? []),
      breaks: '|',
    })),
    { text: outcomeText(rows[0]) },
    ...(isGrouped ? [number(String(rows.length))] : []),
    number(between(rows, ({ steps }) => steps)),
    number(between(rows, ({ switches }) => switches)),
    number(between(rows, ({ states }) => states)),
    number(rows.reduce((sum, { seconds }) => sum + seconds, 0).toFixed(2)),
    ...(matrix.hasCosts ? [number(between(rows, ({ cost }) => cost))] : []),
  ])
  const marks = groups.map(({ rows }) => (rows[0]?.minimal === true ? '*' : ' '))
  const table = layTable([head, ...lines]).map(
    (line, at) => `${at === 0 ? ' ' : marks[at - 1]} ${line.replaceAll('\n', '\n  ')}`,
  )
  return `${table.join('\n')}\n`
}

const number = (text: string): Cell => ({ text, right: true })

const settingOf = (row: MatrixRow, name: string): string =>
  String(row.design[name] ?? row.params[name])

const outcomeText = (row: MatrixRow | undefined): string =>
  row === undefined ? '' : [row.verdict, row.kind ?? row.limit ?? ''].join(' ').trim()

/** `any`, `a|b`, or `all but c` where that is shorter. */
function setText(some: readonly string[], all: readonly string[]): string {
  if (some.length === all.length && all.length > 1) return 'any'
  const listed = some.join('|')
  const others = `all but ${all.filter((value) => !some.includes(value)).join('|')}`
  return others.length < listed.length ? others : listed
}

function between(rows: readonly MatrixRow[], of: (row: MatrixRow) => number | undefined): string {
  const numbers = rows.map(of).filter((each) => each !== undefined)
  if (numbers.length === 0) return '-'
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)]
  return least === most ? String(least) : `${least}..${most}`
}

/** What is said below the table: how many rows are what, and the minimal safe designs. */
export function matrixSummary(matrix: Matrix): string {
  const { rows, design } = matrix
  const count = (verdict: MatrixRow['verdict']) =>
    rows.filter((row) => row.verdict === verdict).length
  const counts = [`${rows.length} rows`, `${count('holds')} hold`, `${count('violated')} violated`]
  if (count('incomplete') > 0) counts.push(`${count('incomplete')} incomplete`)
  const texts = new Set(
    rows
      .filter(({ minimal }) => minimal)
      .map((row) => design.map(({ name }) => `${name}=${row.design[name]}`).join(' ')),
  )
  const minimal =
    texts.size === 0
      ? ['no design is safe']
      : [...texts].map((text) => `* minimal safe: ${text || 'the only design'}`)
  return `${[...minimal, counts.join(', ')].join('\n')}\n`
}

/** Comma-separated values, a line for each row; `-` nowhere: what a row does not have is empty. */
export function matrixCsv(matrices: readonly Matrix[]): string {
  const names = (of: (matrix: Matrix) => readonly MatrixRow[], which: 'params' | 'design') => [
    ...new Set(matrices.flatMap(of).flatMap((row) => Object.keys(row[which]))),
  ]
  const params = names(({ rows }) => rows, 'params')
  const design = names(({ rows }) => rows, 'design')
  const figures = [
    'verdict',
    'kind',
    'limit',
    'steps',
    'switches',
    'states',
    'seconds',
    'cost',
    'minimal',
    'token',
  ] as const
  const lines = matrices.flatMap(({ model, rows }) =>
    rows.map((row) => [
      model,
      ...params.map((name) => row.params[name]),
      ...design.map((name) => row.design[name]),
      ...figures.map((name) => row[name]),
    ]),
  )
  return [['model', ...params, ...design, ...figures], ...lines]
    .map((line) => `${line.map(csvField).join(',')}\r\n`)
    .join('')
}

const csvField = (value: string | number | boolean | undefined): string => {
  const text = String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** The document of `matrix --json`; `spec/schema/matrix.schema.json` describes it. */
export const matrixDocument = (matrices: readonly Matrix[]) => ({
  format: matrixFormat,
  models: matrices.map(({ model, file, design, varied, fixed, rows }) => ({
    model,
    file,
    design,
    varied,
    fixed,
    rows,
  })),
})
