import { type Diagnostic, designRows } from '../../../spec/index.js'
import {
  type JunitSuite,
  type LargerSizes,
  type ReadModel,
  type TestedRow,
  type TestedSizes,
  type TestPoint,
  type TestTask,
  verdictText,
} from '../../index.js'
import { EXIT, type ExitCode } from '../exit.js'

/** What `test` judges of a model: its rows, and what none of them reached. */

/** One model under test, with the results of its rows as they come: at the default sizes, then at each of the larger ones. */
export interface Subject {
  readonly file: string
  readonly name: string
  readonly read: ReadModel
  readonly larger: readonly LargerSizes[]
  readonly rows: TestedRow[]
}

export type Status = 'passed' | 'failed' | 'incomplete' | 'broken' | 'internal'

export const CODES: Readonly<Record<Status, ExitCode>> = {
  passed: EXIT.ok,
  failed: EXIT.violated,
  incomplete: EXIT.incomplete,
  broken: EXIT.wrong,
  internal: EXIT.internal,
}

/** One judged thing: a row, or a `cover` that no row reached. */
export interface Point {
  readonly name: string
  readonly status: Status
  readonly message: string
  readonly details: string
  readonly seconds: number
}

/** The rows to search, in the order in which their results are kept. */
export const rowsOf = ({ read, larger }: Subject): readonly TestTask['row'][] => [
  ...(read.model === null ? [] : designRows(read.model).keys()),
  ...larger.flatMap(({ rows }) => rows),
]

/** The rows at the default sizes. */
export const defaultRows = ({ read, rows }: Subject): readonly TestedRow[] =>
  read.model === null ? [] : rows.slice(0, designRows(read.model).length)

/** The rows at each of the larger sizes. */
export function largerRows(subject: Subject): readonly TestedSizes[] {
  let from = defaultRows(subject).length
  return subject.larger.map((sizes) => {
    const rows = subject.rows.slice(from, from + sizes.rows.length)
    from += sizes.rows.length
    return { sizes, rows }
  })
}

/** A `cover` is to be reached at each of the sizes: what holds because nothing happens says nothing. */
export function pointsOf(subject: Subject): Point[] {
  const { read, rows } = subject
  if (read.model === null) {
    const message = messageOf(read.diagnostics)
    return [{ name: 'model', status: 'broken', message, details: message, seconds: 0 }]
  }
  return [
    ...rows.map(rowPoint),
    ...uncoveredPoints(read.model.covers, defaultRows(subject), ''),
    ...largerRows(subject).flatMap(({ sizes, rows: own }) =>
      uncoveredPoints(read.model?.covers ?? [], own, ` with ${sizes.text}`),
    ),
  ]
}

const uncoveredPoints = (
  covers: readonly { readonly name: string }[],
  rows: readonly TestedRow[],
  where: string,
): Point[] =>
  covers
    .filter(({ name }) =>
      rows.every(({ report }) => report?.document.coverage.uncovered.includes(name)),
    )
    .map(({ name }) => {
      const message = `cover ${name} is reached in no row${where}`
      const status = 'failed' as const
      return { name: `cover ${name}${where}`, status, message, details: message, seconds: 0 }
    })

const messageOf = (diagnostics: readonly Diagnostic[]): string =>
  diagnostics.find((each) => each.severity === 'error')?.message ?? 'the model is wrong'

function rowPoint(row: TestedRow): Point {
  const { name, report, judgement } = row
  if (report === null || judgement === null) {
    const message = messageOf(row.diagnostics)
    return { name, status: 'broken', message, details: message, seconds: 0 }
  }
  const { seconds } = report.document.search
  if (report.disagreement !== null) {
    const message = `the engine's counterexample is not one: ${report.disagreement}`
    return { name, status: 'internal', message, details: message, seconds }
  }
  const status = ({ met: 'passed', unmet: 'failed', incomplete: 'incomplete' } as const)[
    judgement.status
  ]
  const details = [verdictText(report.document), report.evidence?.columns ?? ''].join('\n\n').trim()
  return { name, status, message: judgement.reason, details, seconds }
}

export function countsText(points: readonly Point[]): string {
  const count = (...statuses: Status[]) =>
    points.filter((point) => statuses.includes(point.status)).length
  const parts = [`${count('passed')} as expected`]
  if (count('failed') > 0) parts.push(`${count('failed')} not as expected`)
  if (count('incomplete') > 0) parts.push(`${count('incomplete')} incomplete`)
  if (count('broken', 'internal') > 0) parts.push(`${count('broken', 'internal')} broken`)
  return parts.join(', ')
}

export function ktapPoint(subject: Subject, point: Point): TestPoint {
  const passed = point.status === 'passed'
  const notes = passed ? [] : [point.message, ...point.details.split('\n')]
  return { name: `${subject.name}: ${point.name}`, passed, notes }
}

export function junitSuite({ name }: Subject, points: readonly Point[]): JunitSuite {
  return {
    name,
    cases: points.map((point) => ({
      ...point,
      status: point.status === 'internal' ? 'broken' : point.status,
    })),
  }
}
